package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// RandomDropout keeps each element of input 0 with probability 1 − Rate, times
// 1/(1 − Rate), and makes the others 0. Input 1 is the number of the training
// step, one int32: element i is kept if word i mod 4 of Philox4x32-10 is at least
// Rate·2^32. The key is the lower half of Seed and Layer; the counter i/4, 64 bits,
// the step, and the upper half of Seed. There is no state, so that the gradient draws
// the same numbers again.
type RandomDropout struct {
	Rate  float32 // 0 up to, but without, 1
	Seed  uint64
	Layer uint32
}

// Infer returns input 0's type.
func (o *RandomDropout) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.I32); err != nil {
		return nil, err
	}
	if !(o.Rate >= 0 && o.Rate < 1) {
		return nil, errorf("a rate of %v to drop, want 0 up to 1", o.Rate)
	}
	if in[1].Static() && in[1].Len() != 1 {
		return nil, errorf("input 1 has shape %v, want one step", in[1].Shape)
	}
	return []tensor.Type{in[0].Type}, nil
}

// least is the least word that keeps an element: Rate·2^32 is no whole number only
// below 2^-8, and cut there.
func (o *RandomDropout) least() uint32 { return uint32(float64(o.Rate) * (1 << 32)) }

// Ref draws element by element.
func (o *RandomDropout) Ref(in, out []tensor.View) error {
	d, x, y := o.drop(in[1].I32()), in[0].F32(), out[0].F32()
	for i := range y {
		words := kernels.Philox4x32([4]uint32{uint32(i / 4), uint32(uint64(i/4) >> 32), d.Step, d.High}, d.Key)
		v := x[i] * d.Scale
		if words[i%4] < d.Least {
			v = 0
		}
		y[i] = v
	}
	return nil
}

// drop returns the parameters of a kernel.
func (o *RandomDropout) drop(step []int32) kernels.Drop {
	return kernels.Drop{
		Key: [2]uint32{uint32(o.Seed), o.Layer}, Step: uint32(step[0]), High: uint32(o.Seed >> 32),
		Least: o.least(), Scale: 1 / (1 - o.Rate),
	}
}

// dropWork is what an element takes, as inShares has it.
const dropWork = 2

// Prepare shares blocks of elements.
func (o *RandomDropout) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		x, y, step := m.In[0].F32(), m.Out[0].F32(), m.In[1].I32()
		d := new(kernels.Drop)
		drop := inShares(m, len(y), shareGrain, dropWork, func(lo, hi int) { k.DropF32(y[lo:hi], x[lo:hi], uint64(lo/4), d) })
		return func() error {
			*d = o.drop(step)
			return drop()
		}, nil
	}}, nil
}

// InPlace says that the output may replace the input.
func (*RandomDropout) InPlace(in, out []tensor.Type) []int { return whole() }

// Grad drops the same elements of the gradient.
func (o *RandomDropout) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return oneGrad(n, 0, b.Add(n.Label+"/grad", o, dy[0], n.In[1])), nil
}
