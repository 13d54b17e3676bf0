package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Reduction says what becomes of the elements that a Reduce brings together.
type Reduction uint8

// The reductions. Any and All are for bools; those from L1 on only Aggregate has.
const (
	ReduceMean Reduction = iota
	ReduceSum
	ReduceMax
	ReduceMin
	ReduceProd
	ReduceAll
	ReduceAny
	ReduceL1
	ReduceL2
	ReduceLogSum
	ReduceLogSumExp
	ReduceSumSquare
)

var reductionNames = [...]string{"Mean", "Sum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceAll", "ReduceAny", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"}

// Reduce combines the elements along some axes: those of input 1 or, if it is
// left out, Axes, negative ones counting from the end. nil Axes mean all. To is
// the type of a quantised output; others have the input's.
type Reduce struct {
	Kind     Reduction
	Axes     []int
	KeepDims bool // axes stay, with size 1
	To
}

// Name returns the reduction's name.
func (o *Reduce) Name() string { return reductionNames[o.Kind] }

// types are the element types of inputs.
func (o *Reduce) types() []tensor.DType {
	switch o.Kind {
	case ReduceAll, ReduceAny:
		return []tensor.DType{tensor.Bool}
	case ReduceL1, ReduceL2, ReduceLogSum, ReduceLogSumExp, ReduceSumSquare:
		return nil
	}
	return []tensor.DType{tensor.F32, tensor.I8, tensor.U8, tensor.I16, tensor.I32, tensor.I64}
}

// Infer drops the axes or makes them 1.
func (o *Reduce) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, o.types()...); err != nil {
		return nil, err
	}
	x := in[0].Type
	y := tensor.Of(x.DType)
	if quantised(x.DType) {
		if y = o.Type(); y.DType == tensor.None {
			y = x
		}
		if y.DType != x.DType {
			return nil, Unsupported("output of type %s from input of type %s", y.DType, x.DType)
		}
		if err := wantQuant(x, y); err != nil {
			return nil, err
		}
		if o.Kind == ReduceMax || o.Kind == ReduceMin {
			if s, z := scaleZero(x); s != y.Quant.Scale[0] || z != y.Quant.Zero[0] {
				return nil, errorf("input %s and output %s: want the same quantisation", x, y)
			}
		}
	}
	shape, err := o.shape(in)
	return []tensor.Type{y.WithShape(shape...)}, err
}

// shape returns the output's.
func (o *Reduce) shape(in []tensor.View) ([]int, error) {
	reduced, known, err := o.axes(in)
	if err != nil {
		return nil, err
	}
	if !known {
		rank := in[0].Rank()
		if !o.KeepDims {
			rank = max(rank-in[1].Len(), 0)
		}
		return slices.Repeat([]int{tensor.Dynamic}, rank), nil
	}
	shape := []int{}
	for i, d := range in[0].Shape {
		switch {
		case !reduced[i]:
			shape = append(shape, d)
		case o.KeepDims:
			shape = append(shape, 1)
		}
	}
	return shape, nil
}

// axes reports which dimensions of input 0 are combined.
func (o *Reduce) axes(in []tensor.View) (reduced []bool, known bool, err error) {
	rank := in[0].Rank()
	reduced = make([]bool, rank)
	axes := o.Axes
	if v := input(in, 1); !v.Absent() {
		if v.Rank() > 1 || !v.Static() {
			return nil, false, errorf("axes have shape %v, want a list", v.Shape)
		}
		if axes, known, err = ints(v); err != nil || !known {
			return nil, known, err
		}
	} else if axes == nil {
		for i := range reduced {
			reduced[i] = true
		}
	}
	for _, a := range axes {
		if rank == 0 {
			break // TFLite lets a scalar be reduced along anything
		}
		a, err := axisOf(a, rank)
		if err != nil {
			return nil, true, err
		}
		reduced[a] = true
	}
	return reduced, true, nil
}

// runs is the order in which a reduction meets its input: row by row, a run of
// inner elements at a time, which all go to one output element or to one each.
type runs struct {
	size, stride []int // of the outer dimensions; stride in the output, 0 if combined
	inner        int
	combined     bool // the run goes to one element
	count        int  // elements that meet in each output element
	at           []int
}

// runsOf merges neighbouring dimensions of the same fate.
func runsOf(shape []int, reduced []bool) *runs {
	if slices.Contains(shape, 0) {
		return &runs{} // the other dimensions may be vast
	}
	r := &runs{inner: 1, count: 1}
	var sizes []int
	var fate []bool
	for i, d := range shape {
		if reduced[i] {
			r.count *= d
		}
		switch n := len(sizes); {
		case d == 1:
		case n > 0 && fate[n-1] == reduced[i]:
			sizes[n-1] *= d
		default:
			sizes, fate = append(sizes, d), append(fate, reduced[i])
		}
	}
	if n := len(sizes); n > 0 {
		r.inner, r.combined = sizes[n-1], fate[n-1]
		sizes, fate = sizes[:n-1], fate[:n-1]
	}
	r.size, r.stride, r.at = sizes, make([]int, len(sizes)), make([]int, len(sizes))
	step := 1
	if !r.combined {
		step = r.inner
	}
	for i := len(sizes) - 1; i >= 0; i-- {
		if !fate[i] {
			r.stride[i] = step
			step *= sizes[i]
		}
	}
	return r
}

// each calls do with the first element of each run in the input and where it
// goes in the output.
func (r *runs) each(do func(x, y int)) {
	if r.inner == 0 {
		return
	}
	clear(r.at)
	for x, y := 0, 0; ; x += r.inner {
		do(x, y)
		i := len(r.at) - 1
		for ; i >= 0; i-- {
			r.at[i]++
			y += r.stride[i]
			if r.at[i] < r.size[i] {
				break
			}
			y -= r.stride[i] * r.size[i]
			r.at[i] = 0
		}
		if i < 0 {
			return
		}
	}
}
