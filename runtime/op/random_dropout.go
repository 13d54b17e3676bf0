package op

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// RandomDropout keeps each element of input 0 with probability 1 − Rate, times
// 1/(1 − Rate), and makes the others 0. Input 1 is the number of the training
// step, one int32: element i is kept if word i mod 4 of Philox4x32-10 is at least
// Rate·2^32, of which the key is (Seed, Layer) and the counter (i/4, step), 64
// bits each. There is no state, so that the gradient draws the same numbers again.
type RandomDropout struct {
	Rate        float32 // 0 up to, but without, 1
	Seed, Layer uint32
}

// Name returns "RandomDropout".
func (RandomDropout) Name() string { return "RandomDropout" }

// Infer returns input 0's type.
func (o RandomDropout) Infer(in []tensor.View) ([]tensor.Type, error) {
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
		return nil, fmt.Errorf("a rate of %v to drop, want 0 up to 1", o.Rate)
	}
	if in[1].Static() && in[1].Len() != 1 {
		return nil, fmt.Errorf("input 1 has shape %v, want one step", in[1].Shape)
	}
	return []tensor.Type{in[0].Type}, nil
}

// least is the least word that keeps an element: Rate·2^32 is no whole number only
// below 2^-8, and cut there.
func (o RandomDropout) least() uint32 { return uint32(float64(o.Rate) * (1 << 32)) }

// Ref draws four elements at a time.
func (o RandomDropout) Ref(in, out []tensor.View) error {
	o.drop(out[0].F32(), in[0].F32(), 0, uint32(in[1].I32()[0]))
	return nil
}

// drop makes y of x, of which the first is element 4·block.
func (o RandomDropout) drop(y, x []float32, block uint64, step uint32) {
	least, scale := o.least(), 1/(1-o.Rate)
	for ; len(x) >= 8; x, y, block = x[8:], y[8:], block+2 {
		p, q := philoxPair(block, step, o.Seed, o.Layer)
		from, to := x[:8], y[:8]
		for l, r := range p {
			to[l] = keep(from[l]*scale, r, least)
		}
		for l, r := range q {
			to[4+l] = keep(from[4+l]*scale, r, least)
		}
	}
	for ; len(x) > 0; x, y, block = x[min(4, len(x)):], y[min(4, len(x)):], block+1 {
		p := philox4x32([4]uint32{uint32(block), uint32(block >> 32), step}, [2]uint32{o.Seed, o.Layer})
		for l := range x[:min(4, len(x))] {
			y[l] = keep(x[l]*scale, p[l], least)
		}
	}
}

// keep returns v or 0, without a branch: the borrow of r − least makes the mask.
func keep(v float32, r, least uint32) float32 {
	mask := uint32((int64(r) - int64(least)) >> 63)
	return math.Float32frombits(math.Float32bits(v) &^ mask)
}

// dropWork is what an element takes, as inShares has it.
const dropWork = 8

// Prepare shares blocks of elements.
func (o RandomDropout) Prepare(*Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		x, y, step := m.In[0].F32(), m.Out[0].F32(), m.In[1].I32()
		return inShares(m, len(y), shareGrain, dropWork, func(lo, hi int) {
			o.drop(y[lo:hi], x[lo:hi], uint64(lo/4), uint32(step[0]))
		}), nil
	}}, nil
}

// InPlace says that the output may replace the input.
func (RandomDropout) InPlace(in, out []tensor.Type) []int { return whole() }

// Grad drops the same elements of the gradient.
func (o RandomDropout) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return oneGrad(n, 0, b.Add(n.Label+"/grad", o, dy[0], n.In[1])), nil
}
