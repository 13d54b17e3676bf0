package op

import (
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
	return !f.perChannel() && f.wi == 1 && (s == schemeF32 || s == schemeS8 && w == tensor.I8)
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
	n, k := g.oc/g.groups, g.k()
	size := g.PackedF32Len(n, k)
	return func() error {
		w := m.In[1].F32()
		g.setBias(bias, input(m.In, 2))
		for group := range g.groups {
			g.PackF32(b[group*size:], w[group*n*k:], n, k)
		}
		return nil
	}
}
