package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Recoder is implemented by operators on uint8 that compute the same on int8,
// on the same bytes with their sign bits flipped, which are 128 less. Kernels
// are for int8: the planner turns what lies between such operators into it.
type Recoder interface {
	// Recoded returns the operator on int8, or nil. inputs are the uint8 ones
	// that it wants flipped; of those, zeros mean 0 where they are left out. All
	// uint8 outputs come out flipped.
	Recoded(in, out []tensor.Type) (o graph.Op, inputs, zeros []int)
}

// Follower is a Recoder that only moves elements: it follows its input.
type Follower interface {
	Recoder
	Follows()
}

// less returns s for integers that are 128 less, and whether that is possible.
func (s Saturation) less() (Saturation, bool) {
	if s == (Saturation{}) {
		return s, true
	}
	s = Saturation{s.Lo - 128, s.Hi - 128}
	return s, s != Saturation{}
}

// recodedType returns int8 for uint8, and whether it was that.
func recodedType(d tensor.DType) (tensor.DType, bool) {
	if d == tensor.U8 {
		return tensor.I8, true
	}
	return d, false
}

func isU8(in []tensor.Type, i int) bool { return i < len(in) && in[i].DType == tensor.U8 }

// recodedPairs lists the inputs of pairs, of values and their zero points,
// whose values are uint8.
func recodedPairs(in []tensor.Type, pairs ...[2]int) (inputs, zeros []int) {
	for _, p := range pairs {
		if isU8(in, p[0]) {
			inputs, zeros = append(inputs, p[0], p[1]), append(zeros, p[1])
		}
	}
	return inputs, zeros
}

func recodedFilter(in []tensor.Type, d tensor.DType, s Saturation) (tensor.DType, Saturation, []int, []int, bool) {
	inputs, zeros := recodedPairs(in, [2]int{isX, isXZero}, [2]int{isW, isWZero})
	ok := true
	if d, ok = recodedType(d); ok {
		s, ok = s.less()
		inputs, zeros = append(inputs, isYZero), append(zeros, isYZero)
		return d, s, inputs, zeros, ok
	}
	return d, s, inputs, zeros, true
}

// Recoded is for images, weights and outputs.
func (o *IntegerConv) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	o = new(*o)
	d, s, inputs, zeros, ok := recodedFilter(in, o.DType, o.Saturation)
	if !ok {
		return nil, nil, nil
	}
	o.DType, o.Saturation = d, s
	return o, inputs, zeros
}

// Recoded is for both matrices and outputs.
func (o *IntegerMatMul) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	o = new(*o)
	d, s, inputs, zeros, ok := recodedFilter(in, o.DType, o.Saturation)
	if !ok {
		return nil, nil, nil
	}
	o.DType, o.Saturation = d, s
	return o, inputs, zeros
}

// recodedTable is for the inputs of LinearTable, which others have too, and an
// output of type d.
func recodedTable(in []tensor.Type, d tensor.DType) (_ tensor.DType, inputs, zeros []int) {
	inputs, zeros = recodedPairs(in, [2]int{0, 2})
	d, ok := recodedType(d)
	if ok {
		inputs, zeros = append(inputs, 4), append(zeros, 4)
	}
	return d, inputs, zeros
}

// Recoded is for x and the output.
func (o *LinearTable) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	o = new(*o)
	d, inputs, zeros := recodedTable(in, o.DType)
	o.DType = d
	return o, inputs, zeros
}

// Recoded is for the image and the output.
func (o *LinearPool) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	o = new(*o)
	d, inputs, zeros := recodedTable(in, o.DType)
	o.DType = d
	return o, inputs, zeros
}

// Recoded is for x and the output.
func (o *LinearSoftmax) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	o = new(*o)
	d, inputs, zeros := recodedTable(in, o.DType)
	o.DType = d
	return o, inputs, zeros
}

// Recoded is for both operands and the output, which are of one type.
func (o *LinearPair) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	o = new(*o)
	if !isU8(in, 0) {
		return nil, nil, nil
	}
	o.Offset = 128
	return o, []int{0, 2, 3, 5, 7}, []int{2, 5, 7}
}

// Recoded is for the output.
func (o *QuantizeLinear) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	o = new(*o)
	d, ok := recodedType(o.DType)
	if !ok || o.ZeroFirst || in[1].Len() != 1 {
		return nil, nil, nil
	}
	o.DType = d
	return o, []int{2}, []int{2}
}

// Recoded is for the integers and their zero point.
func (*DynamicQuantizeLinear) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	return &DynamicQuantizeLinear{Signed: true}, nil, nil
}

// Recoded follows what is dequantised.
func (o *DequantizeLinear) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	if !isU8(in, 0) || in[1].Len() != 1 {
		return nil, nil, nil
	}
	return o, []int{0, 2}, []int{2}
}

// Recoded follows the image. The order of integers stays.
func (o *MaxPool2D) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	o = new(*o)
	if o.DType != tensor.None {
		o.DType = tensor.I8
	}
	return o, []int{0}, nil
}

// Recoded follows all parts.
func (o *Concatenation) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	o = new(*o)
	inputs := make([]int, len(in))
	for i := range inputs {
		inputs[i] = i
	}
	if o.DType != tensor.None {
		o.DType = tensor.I8
	}
	return o, inputs, nil
}

// Recoded follows the image, and flips what it adds to it.
func (o *Pad) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	if o.DType != tensor.None {
		return nil, nil, nil
	}
	return o, []int{0, 2}, []int{2}
}

// Recoded follows the greatest and the least: their order stays.
func (o *Aggregate) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	if o.Kind != ReduceMax && o.Kind != ReduceMin {
		return nil, nil, nil
	}
	return o, []int{0}, nil
}

// Recoded follows neighbours that are taken as they are.
func (o *Resize) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	if !o.Moves() {
		return nil, nil, nil
	}
	return o, []int{0}, nil
}

// These move elements of input 0.

func (o *Split) Recoded(in, out []tensor.Type) (graph.Op, []int, []int)  { return o, []int{0}, nil }
func (o *Gather) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) { return o, []int{0}, nil }
func (o *Tile) Recoded(in, out []tensor.Type) (graph.Op, []int, []int)   { return o, []int{0}, nil }
func (o *BroadcastTo) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	return o, []int{0}, nil
}
func (o *PixelShuffle) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	return o, []int{0}, nil
}

func (o *Transpose) Recoded(in, out []tensor.Type) (graph.Op, []int, []int)  { return o, []int{0}, nil }
func (o *Reshape) Recoded(in, out []tensor.Type) (graph.Op, []int, []int)    { return o, []int{0}, nil }
func (o *Flatten) Recoded(in, out []tensor.Type) (graph.Op, []int, []int)    { return o, []int{0}, nil }
func (o *ExpandDims) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) { return o, []int{0}, nil }
func (o *Squeeze) Recoded(in, out []tensor.Type) (graph.Op, []int, []int)    { return o, []int{0}, nil }
func (o *Slice) Recoded(in, out []tensor.Type) (graph.Op, []int, []int)      { return o, []int{0}, nil }
func (o *StridedSlice) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	return o, []int{0}, nil
}
func (o *DepthToSpace) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	return o, []int{0}, nil
}
func (o *SpaceToDepth) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	return o, []int{0}, nil
}

func (*Pad) Follows()              {}
func (*Aggregate) Follows()        {}
func (*Resize) Follows()           {}
func (*Split) Follows()            {}
func (*Gather) Follows()           {}
func (*Tile) Follows()             {}
func (*BroadcastTo) Follows()      {}
func (*PixelShuffle) Follows()     {}
func (*DequantizeLinear) Follows() {}
func (*MaxPool2D) Follows()        {}
func (*Concatenation) Follows()    {}
func (*Transpose) Follows()        {}
func (*Reshape) Follows()          {}
func (*Flatten) Follows()          {}
func (*ExpandDims) Follows()       {}
func (*Squeeze) Follows()          {}
func (*Slice) Follows()            {}
func (*StridedSlice) Follows()     {}
func (*DepthToSpace) Follows()     {}
func (*SpaceToDepth) Follows()     {}

// FlipSign turns uint8 into int8 that are 128 less, or back: it flips the sign
// bits.
type FlipSign struct{}

// Infer returns the input's shape.
func (*FlipSign) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.I8, tensor.U8); err != nil {
		return nil, err
	}
	d := tensor.I8
	if in[0].DType == d {
		d = tensor.U8
	}
	return []tensor.Type{tensor.Of(d, in[0].Shape...)}, nil
}

// Ref flips each element.
func (*FlipSign) Ref(in, out []tensor.View) error {
	x := in[0].Data
	for i := range out[0].Data {
		out[0].Data[i] = x[i] ^ 0x80
	}
	return nil
}

// InPlace says that the input may be replaced.
func (*FlipSign) InPlace(in, out []tensor.Type) []int { return []int{0} }

// Elementwise says that it commutes with permutations.
func (*FlipSign) Elementwise() {}
