package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// updates are the slots of optimisers. The last elements, fewer than a block, pass
// through copies.
var updates = kernels.Updates{SGDF32: sgdF32, AdamF32: adamF32, RMSpropF32: rmspropF32}

func sgdF32(w, m, g []float32, p *kernels.SGDF32) {
	n := len(w)
	pw, pm, pg := first(w, n), orNil(m, n), first(g, n)
	for i := 0; i+block <= n; i += callLength {
		sgdF32NEON(at(pw, i), at(pm, i), at(pg, i), blocks(n-i), p)
	}
	if n%block == 0 {
		return
	}
	t := restOfUpdate(w, m, nil, g)
	sgdF32NEON(&t[0][0], there(m, &t[1]), &t[3][0], 1, p)
	t.back(w, m, nil)
}

func adamF32(w, m, v, g []float32, p *kernels.AdamF32) {
	n := len(w)
	pw, pm, pv, pg := first(w, n), first(m, n), first(v, n), first(g, n)
	for i := 0; i+block <= n; i += callLength {
		adamF32NEON(at(pw, i), at(pm, i), at(pv, i), at(pg, i), blocks(n-i), p)
	}
	if n%block == 0 {
		return
	}
	t := restOfUpdate(w, m, v, g)
	adamF32NEON(&t[0][0], &t[1][0], &t[2][0], &t[3][0], 1, p)
	t.back(w, m, v)
}

func rmspropF32(w, m, v, g []float32, p *kernels.RMSpropF32) {
	n := len(w)
	pw, pm, pv, pg := first(w, n), orNil(m, n), first(v, n), first(g, n)
	for i := 0; i+block <= n; i += callLength {
		rmspropF32NEON(at(pw, i), at(pm, i), at(pv, i), at(pg, i), blocks(n-i), p)
	}
	if n%block == 0 {
		return
	}
	t := restOfUpdate(w, m, v, g)
	rmspropF32NEON(&t[0][0], there(m, &t[1]), &t[2][0], &t[3][0], 1, p)
	t.back(w, m, v)
}

// updateRest holds the last elements of the operands of an update.
type updateRest [4][block]float32

func restOfUpdate(w, m, v, g []float32) (t updateRest) {
	for i, x := range [4][]float32{w, m, v, g} {
		if x != nil {
			t[i] = restOf(x, len(w))
		}
	}
	return t
}

// back copies what an update changed.
func (t *updateRest) back(w, m, v []float32) {
	n := len(w)
	for i, x := range [3][]float32{w, m, v} {
		if x != nil {
			copy(x[n-n%block:n], t[i][:])
		}
	}
}

// there returns a pointer to t, nil if m is.
func there(m []float32, t *[block]float32) *float32 {
	if m == nil {
		return nil
	}
	return &t[0]
}
