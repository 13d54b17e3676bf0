package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// BatchToSpace undoes SpaceToBatch: it puts batches together to blocks, and
// crops dimensions 1 to m. Input 1 holds the block sizes, input 2 a row
// [before, after] of crops for each.
type BatchToSpace struct{}

// Infer returns [n/Πblock s·block−before−after … rest …].
func (*BatchToSpace) Infer(in []tensor.View) ([]tensor.Type, error) {
	block, crops, err := blockArgs(in)
	if err != nil {
		return nil, err
	}
	if crops == nil {
		return []tensor.Type{in[0].WithShape(dynamicShape(in[0].Rank())...)}, nil
	}
	shape := slices.Clone(in[0].Shape)
	for i, b := range block {
		if d := shape[0]; d != tensor.Dynamic {
			if d%b != 0 {
				return nil, errorf("%d batches cannot be put together to blocks of %v", in[0].Shape[0], block)
			}
			shape[0] = d / b
		}
		d, err := mulDims(shape[i+1], b)
		if err != nil {
			return nil, err
		}
		if d != tensor.Dynamic {
			left := int64(d) - int64(crops[2*i]) - int64(crops[2*i+1])
			if left < 0 {
				return nil, errorf("dimension %d of %d cannot be cropped by [%d %d]", i+1, d, crops[2*i], crops[2*i+1])
			}
			d = int(left)
		}
		shape[i+1] = d
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref moves, for each place within a block, the elements that have it.
func (*BatchToSpace) Ref(in, out []tensor.View) error {
	if len(out[0].Data) == 0 {
		return nil
	}
	for k := range in[0].Shape[0] / out[0].Shape[0] {
		m := blockMove(out[0].Type, in[0].Type, in, k)
		m.reversed().run(out[0].Data, in[0].Data)
	}
	return nil
}
