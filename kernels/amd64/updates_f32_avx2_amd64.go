//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// updatesAVX2 are the slots of optimisers. The last elements, fewer than eight,
// pass through copies.
var updatesAVX2 = kernels.Updates{SGDF32: sgdF32Slices, AdamF32: adamF32Slices, RMSpropF32: rmspropF32Slices}

func sgdF32Slices(w, m, g []float32, p *kernels.SGDF32) {
	needUpdate(w, m, g, g)
	for len(w) >= 8 {
		n := min(len(w), callUnary) &^ 7
		sgdF32AVX2(&w[0], first(m), &g[0], n/8, p)
		w, m, g = w[n:], after(m, n), g[n:]
	}
	if len(w) > 0 {
		t := restOfUpdate(w, m, nil, g)
		sgdF32AVX2(&t[0][0], there(m, &t[1]), &t[3][0], 1, p)
		t.back(w, m, nil)
	}
}

func adamF32Slices(w, m, v, g []float32, p *kernels.AdamF32) {
	needUpdate(w, m, v, g)
	need(len(m), len(w))
	for len(w) >= 8 {
		n := min(len(w), callUnary) &^ 7
		adamF32AVX2(&w[0], &m[0], &v[0], &g[0], n/8, p)
		w, m, v, g = w[n:], m[n:], v[n:], g[n:]
	}
	if len(w) > 0 {
		t := restOfUpdate(w, m, v, g)
		adamF32AVX2(&t[0][0], &t[1][0], &t[2][0], &t[3][0], 1, p)
		t.back(w, m, v)
	}
}

func rmspropF32Slices(w, m, v, g []float32, p *kernels.RMSpropF32) {
	needUpdate(w, m, v, g)
	for len(w) >= 8 {
		n := min(len(w), callUnary) &^ 7
		rmspropF32AVX2(&w[0], first(m), &v[0], &g[0], n/8, p)
		w, m, v, g = w[n:], after(m, n), v[n:], g[n:]
	}
	if len(w) > 0 {
		t := restOfUpdate(w, m, v, g)
		rmspropF32AVX2(&t[0][0], there(m, &t[1]), &t[2][0], &t[3][0], 1, p)
		t.back(w, m, v)
	}
}

// updateRest holds the last elements of the operands of an update.
type updateRest [4][8]float32

func restOfUpdate(w, m, v, g []float32) (t updateRest) {
	for i, x := range [4][]float32{w, m, v, g} {
		if x != nil {
			copy(t[i][:], x[:len(w)])
		}
	}
	return t
}

// back copies what an update changed.
func (t *updateRest) back(w, m, v []float32) {
	for i, x := range [3][]float32{w, m, v} {
		if x != nil {
			copy(x[:len(w)], t[i][:])
		}
	}
}

// there returns a pointer to t, nil if m is.
func there(m []float32, t *[8]float32) *float32 {
	if m == nil {
		return nil
	}
	return &t[0]
}

//go:noescape
func sgdF32AVX2(w, m, grad *float32, eights int, p *kernels.SGDF32)

//go:noescape
func adamF32AVX2(w, m, v, grad *float32, eights int, p *kernels.AdamF32)

//go:noescape
func rmspropF32AVX2(w, m, v, grad *float32, eights int, p *kernels.RMSpropF32)
