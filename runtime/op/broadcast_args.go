package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// BroadcastArgs returns the shape that two shapes have in common: lists of
// int32 or int64 all three.
type BroadcastArgs struct{}

// Infer returns a list as long as the longer input.
func (*BroadcastArgs) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.I32, tensor.I64); err != nil {
			return nil, err
		}
		if err := wantRank(in, i, 1); err != nil {
			return nil, err
		}
	}
	if err := wantSame(in, 0, 1); err != nil {
		return nil, err
	}
	n := max(in[0].Shape[0], in[1].Shape[0])
	if !in[0].Static() || !in[1].Static() {
		n = tensor.Dynamic
	}
	return []tensor.Type{tensor.Of(in[0].DType, n)}, nil
}

// Ref compares the shapes from the end.
func (*BroadcastArgs) Ref(in, out []tensor.View) error {
	n := out[0].Len()
	for i := range n {
		var d [2]int
		for k := range d {
			d[k] = 1
			if at := i - n + in[k].Len(); at >= 0 {
				x, err := intAt(&in[k], at)
				if err != nil {
					return dataf("input %d: %v", k, err)
				}
				d[k] = x
			}
		}
		if d[0] != d[1] && d[0] != 1 && d[1] != 1 {
			return dataf("dimensions %d and %d (element %d) do not broadcast", d[0], d[1], i)
		}
		if d[0] == 1 {
			d[0] = d[1]
		}
		setInt(&out[0], i, d[0])
	}
	return nil
}
