package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// GlobalNorm bounds gradients, all together: output 0, of one element, is what to
// multiply them by, min(1, Clip/norm); output 1, likewise, the norm, the root of
// the sum of all their squares. Without a Clip, 0, output 0 is 1. If the norm is
// NaN or infinite, output 0 is NaN, so that optimisers do nothing.
//
// Squares are added up in lanes, in parts of normPart elements, and parts, of one
// tensor after the other, in float64.
type GlobalNorm struct{ Clip float32 }

// normPart is how many elements one sum in lanes has at most.
const normPart = 1 << 14

// Infer checks that there is a gradient, and all are float32.
func (o *GlobalNorm) Infer(in []tensor.View) ([]tensor.Type, error) {
	if len(in) == 0 {
		return nil, errorf("0 inputs, want 1 or more")
	}
	if err := wantInputs(in, len(in), len(in)); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
	}
	if !(o.Clip >= 0) {
		return nil, errorf("clip is %v, want 0 or more", o.Clip)
	}
	one := tensor.Of(tensor.F32, 1)
	return []tensor.Type{one, one}, nil
}

// normParts returns the gradients' parts, in order.
func normParts(in []tensor.View) (parts [][]float32) {
	for i := range in {
		for x := in[i].F32(); len(x) > 0; {
			n := min(len(x), normPart)
			parts = append(parts, x[:n])
			x = x[n:]
		}
	}
	return parts
}

// finish computes the outputs from sums of parts.
func (o *GlobalNorm) finish(out []tensor.View, sums []float32) {
	total := 0.0
	for _, s := range sums {
		total += float64(s)
	}
	norm, scale := float32(math.Sqrt(total)), float32(1)
	switch {
	case !isFinite(norm):
		scale = float32(math.NaN())
	case o.Clip > 0 && norm > o.Clip:
		scale = o.Clip / norm
	}
	out[0].F32()[0], out[1].F32()[0] = scale, norm
}

// Ref adds up part by part.
func (o *GlobalNorm) Ref(in, out []tensor.View) error {
	var sums []float32
	for _, x := range normParts(in) {
		squares := make([]float32, len(x))
		each(squares, x, func(x float32) float32 { return float32(x * x) })
		sums = append(sums, laneSum(squares))
	}
	o.finish(out, sums)
	return nil
}

// Prepare shares parts among workers.
func (o *GlobalNorm) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		parts := normParts(m.In)
		sums := make([]float32, len(parts))
		all := inShares(m, len(parts), 1, normPart/2, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				sums[i] = k.ReduceF32(kernels.ReduceSquares, parts[i], 0)
			}
		})
		return func() error {
			if err := all(); err != nil {
				return err
			}
			o.finish(m.Out, sums)
			return nil
		}, nil
	}}, nil
}
