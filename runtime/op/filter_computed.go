package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// computedFilter reports whether the model computes the weights or the bias.
func (p *Prep) computedFilter() bool {
	w, b := p.View(1), p.View(2)
	return !w.Known() || b.DType != tensor.None && !b.Known()
}

// packs reports whether weights that the model computes can be packed while it
// runs, where they lie; others are used by ref.
func (f *filter) packs(s scheme, w tensor.DType) bool {
	return s == schemeF32 || s == schemeS8 && w == tensor.I8 && !f.perChannel() && f.wi == 1
}

// after returns a step that runs first, if there is one, and then next.
func after(first, next Step) Step {
	if first == nil {
		return next
	}
	return func() error {
		if err := first(); err != nil {
			return err
		}
		return next()
	}
}

// split returns copies of the parameters for each group.
func (g *gemmS8) split() []*kernels.Requant {
	n := g.oc / g.groups
	parts := make([]*kernels.Requant, g.groups)
	for i := range parts {
		parts[i] = g.all.Part(i*n, n)
	}
	return parts
}

// packer returns a step that packs the weights to b and folds the bias into q.
func (g *gemmS8) packer(m *Mem, b []int8, q []*kernels.Requant) Step {
	n, k, bias := g.oc/g.groups, g.k(), make([]int32, g.oc)
	size := g.PackedS8Len(n, k)
	return func() error {
		w := m.In[1].I8()
		g.foldedBias(bias, w, input(m.In, 2), g.zero)
		for group := range g.groups {
			g.PackS8(b[group*size:], w[group*n*k:], n, k)
			copy(q[group].Bias[:n], bias[group*n:])
		}
		return nil
	}
}

// packer returns a step that packs the weights to b and pads the bias.
func (g *gemmF32) packer(m *Mem, b []float32, bias [][]float32) Step {
	n := g.oc / g.groups
	panels := (n + g.NR - 1) / g.NR
	w := m.In[1].F32()
	pack := inShares(m, panels*g.groups, 1, g.NR*g.k(), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			first := i % panels * g.NR
			g.panel(b[i*g.NR*g.k():][:g.NR*g.k()], w, i/panels*n+first, min(g.NR, n-first))
		}
	})
	return func() error {
		g.setBias(bias, input(m.In, 2))
		return pack()
	}
}

// panel packs the weights of n outputs from output first on as PackF32 does.
func (g *gemmF32) panel(dst, w []float32, first, n int) {
	if n < g.NR {
		clear(dst)
	}
	if g.wi == 1 && g.tapAt == nil && g.wt == g.kc { // the outputs' weights are rows
		g.turnF32(dst, w[g.weight(first, 0, 0):], n, g.k(), g.NR, g.wo)
		return
	}
	for t := range g.kh * g.kw {
		at, to := g.weight(first, t, 0), dst[t*g.kc*g.NR:]
		switch {
		case g.wi == 1:
			g.turnF32(to, w[at:], n, g.kc, g.NR, g.wo)
		case g.wo == 1 && n == 16:
			for i := range g.kc {
				*(*[16]float32)(to[i*g.NR:]) = *(*[16]float32)(w[at+i*g.wi:])
			}
		case g.wo == 1:
			for i := range g.kc {
				copy(to[i*g.NR:], w[at+i*g.wi:][:n])
			}
		default:
			for i := range g.kc {
				for o := range n {
					to[i*g.NR+o] = w[at+o*g.wo+i*g.wi]
				}
			}
		}
	}
}

// turnF32 is TransposeX4 on float32.
func (g *gemmF32) turnF32(y, x []float32, rows, cols, ldy, ldx int) {
	g.turn(tensor.Cast[int32](tensor.Bytes(y)), tensor.Cast[int32](tensor.Bytes(x)), rows, cols, ldy, ldx)
}

// session returns a copy of d with weights and a bias of its own, for a session
// of a model that computes them.
func (d *depthwiseF32) session() *depthwiseF32 {
	s := *d
	s.weights, s.bias = slices.Clone(d.weights), slices.Clone(d.bias)
	s.few = d.few.session()
	if d.padded != nil {
		p := *d.padded
		p.weights, p.bias, p.few = s.weights, s.bias, p.few.session()
		s.padded = &p
	}
	return &s
}

func (f *foldedF32) session() *foldedF32 {
	if f == nil {
		return nil
	}
	s := *f
	s.weights, s.bias = slices.Clone(f.weights), slices.Clone(f.bias)
	return &s
}

// packer returns a step that copies the weights, tap by tap, and the bias.
func (d *depthwiseF32) packer(m *Mem) Step {
	w, b := m.In[1].F32(), input(m.In, 2)
	return func() error {
		if d.wo == 1 && d.wg == 0 {
			for t := range d.kh * d.kw {
				copy(d.weights[t*d.oc:(t+1)*d.oc], w[d.weight(0, t, 0):])
			}
		} else {
			channelMajor(&d.filter, d.weights, w)
		}
		if !b.Absent() {
			for i, v := range b.F32()[:d.oc] {
				d.bias[i] = v + 0
			}
		}
		d.few.fill(d)
		if d.padded != nil {
			d.padded.few.fill(d)
		}
		return nil
	}
}

// fill repeats the weights and the bias of d.
func (f *foldedF32) fill(d *depthwiseF32) {
	if f == nil {
		return
	}
	n := f.pixels * d.oc
	for t := range len(f.weights) / n {
		for p := range f.pixels {
			copy(f.weights[t*n+p*d.oc:][:d.oc], d.weights[t*d.oc:])
		}
	}
	for p := range f.pixels {
		copy(f.bias[p*d.oc:][:d.oc], d.bias)
	}
}
