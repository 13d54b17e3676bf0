package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Unpool puts elements back to where a MaxPool found them, with zeros in
// between. Input 0 is [n c d1 d2 …], float32 or float64; input 1, int64, the
// places in the output; input 2, int64, the output's shape, which may be left
// out: it follows from window, stride and padding. If it is larger, the places
// are those in the shape that follows, and zeros come behind along each axis.
type Unpool struct {
	Window []int
	Spatial
}

// grown returns the shape that follows from the attributes.
func (o *Unpool) grown(x []int) ([]int, error) {
	if len(x) < 3 {
		return nil, errorf("input 0 has shape %v, want [n c …]", x)
	}
	t := ConvTranspose{Spatial: o.Spatial}
	size, _, _, err := t.Output(x[2:], o.Window)
	if err != nil {
		return nil, err
	}
	return append([]int{x[0], x[1]}, size...), nil
}

// Infer returns the output's shape.
func (o *Unpool) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 3); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.I64); err != nil {
		return nil, err
	}
	if !deformAgrees(in[0].Shape, in[1].Shape) {
		return nil, errorf("elements %v and places %v: want the same shape", in[0].Shape, in[1].Shape)
	}
	shape, err := o.grown(in[0].Shape)
	if err != nil {
		return nil, err
	}
	if err := in[0].WithShape(shape...).Check(); err != nil {
		return nil, err
	}
	if s := input(in, 2); !s.Absent() {
		want, known, err := ints(s)
		if err != nil {
			return nil, errorf("output shape: %w", err)
		}
		if s.Rank() != 1 || s.Static() && s.Len() != len(shape) {
			return nil, errorf("the output's shape has shape %v, want [%d]", s.Shape, len(shape))
		}
		if !known {
			return []tensor.Type{in[0].WithShape(dynamicShape(len(shape))...)}, nil
		}
		if slices.Min(want) < 0 {
			return nil, errorf("output shape %v is not valid", want)
		}
		shape = want
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref scatters the elements.
func (o *Unpool) Ref(in, out []tensor.View) error {
	clear(out[0].Data)
	var grown [maxRank]int
	rank, all := in[0].Rank(), int64(1)
	for i := range rank {
		if grown[i] = in[0].Shape[i]; i >= 2 {
			size, _, _, err := (&ConvTranspose{Spatial: o.Spatial}).outputAxis(i-2, in[0].Shape[i], o.Window[i-2])
			if err != nil {
				return err
			}
			grown[i] = size
		}
		all *= int64(grown[i])
	}
	if in[0].DType == tensor.F32 {
		return unpoolPlain(grown[:rank], out[0].Shape, all, in[0].F32(), in[1].I64(), out[0].F32())
	}
	return unpoolPlain(grown[:rank], out[0].Shape, all, in[0].F64(), in[1].I64(), out[0].F64())
}

func unpoolPlain[T nnReal](grown, shape []int, all int64, x []T, where []int64, y []T) error {
	for i, p := range where {
		if p < 0 || p >= all {
			return dataf("place %d is %d, want 0 to %d", i, p, all-1)
		}
		at, step, inside := 0, 1, true
		for k := len(grown) - 1; k >= 0; k-- {
			j := int(p % int64(grown[k]))
			p /= int64(grown[k])
			inside = inside && j < shape[k]
			at, step = at+j*step, step*shape[k]
		}
		if inside {
			y[at] = x[i]
		}
	}
	return nil
}
