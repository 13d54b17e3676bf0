package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Aggregate combines plain numbers along some axes, as ONNX has it: those of
// input 1 or, if it is left out, Axes, negative ones counting from the end. No
// axes mean all or, with Noop, none. What has no elements becomes what the
// combination begins with: 0, 1 or the least or greatest number. Integers wrap
// around; their means are cut, not rounded.
type Aggregate struct {
	Kind     Reduction // not ReduceAll, ReduceAny
	Axes     []int
	KeepDims bool // axes stay, with size 1
	Noop     bool
}

// Name returns the reduction's name.
func (o *Aggregate) Name() string { return reductionNames[o.Kind] }

// Infer drops the axes or makes them 1.
func (o *Aggregate) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 2); err != nil {
		return nil, err
	}
	types := []tensor.DType{
		tensor.F32, tensor.F64, tensor.I8, tensor.U8, tensor.I16, tensor.U16, tensor.I32, tensor.U32, tensor.I64, tensor.U64,
	}
	if o.Kind == ReduceMax || o.Kind == ReduceMin {
		types = append(types, tensor.Bool)
	}
	if err := wantType(in, 0, types...); err != nil {
		return nil, err
	}
	r, in := o.reduce(in)
	shape, err := r.shape(in)
	return []tensor.Type{tensor.Of(in[0].DType, shape...)}, err
}

// reduce returns the axes as a Reduce and its inputs have them.
func (o *Aggregate) reduce(in []tensor.View) (Reduce, []tensor.View) {
	r := Reduce{Kind: o.Kind, Axes: o.Axes, KeepDims: o.KeepDims}
	if v := input(in, 1); v.Absent() || v.Static() && v.Len() == 0 {
		in = in[:1]
		if !v.Absent() {
			r.Axes = nil
		}
		if len(r.Axes) == 0 {
			r.Axes = nil
			if o.Noop {
				r.Axes = []int{}
			}
		}
	}
	return r, in
}

// Ref combines element by element, in lanes along the last axis.
func (o *Aggregate) Ref(in, out []tensor.View) error {
	scratch := make([]uint64, wideSums(o.Kind, in[0].DType, out[0].Type))
	step, err := o.bind(in, &out[0], tensor.Bytes(scratch), nil)
	if err != nil {
		return err
	}
	return step()
}

// Prepare asks for the memory of sums that don't fit in the output.
func (o *Aggregate) Prepare(p *Prep) (Prepared, error) {
	n := wideSums(o.Kind, p.In[0].DType, p.Out[0]) * 8
	if int64(int32(n)) != n {
		return Prepared{}, Unsupported("a reduction to %v", p.Out[0].Shape)
	}
	name := "go"
	if p.In[0].DType == tensor.F32 {
		name = p.Kernels.Name
	}
	return Prepared{Kernel: name, Scratch: int(n), Bind: func(m *Mem) (Step, error) {
		return o.bind(m.In, &m.Out[0], m.Scratch, p.Kernels)
	}}, nil
}

// Work counts the input's elements, ten times where there are exponentials.
func (o *Aggregate) Work(in, out []tensor.Type) int64 {
	n := int64(in[0].Len())
	if o.Kind == ReduceLogSumExp {
		n *= 10
	}
	return n + int64(out[0].Len())
}

// bind returns the step for the input's type. As in Reduce, computed axes are
// known now, but for those that lead to a scalar: they must be all. k is nil for
// Ref.
func (o *Aggregate) bind(in []tensor.View, y *tensor.View, scratch []byte, k *kernels.Set) (Step, error) {
	r, in := o.reduce(in)
	if y.Rank() == 0 && len(in) > 1 && in[0].Rank() > 0 {
		step, err := o.bindAxes(Reduce{Kind: o.Kind}, in[:1], y, scratch, k)
		axes, rank := in[1], in[0].Rank()
		return func() error {
			if err := wantAllAxes(&axes, rank); err != nil {
				return err
			}
			return step()
		}, err
	}
	return o.bindAxes(r, in, y, scratch, k)
}

func (o *Aggregate) bindAxes(r Reduce, in []tensor.View, y *tensor.View, scratch []byte, k *kernels.Set) (Step, error) {
	reduced, known, err := r.axes(in)
	if err != nil {
		return nil, err
	}
	if !known {
		panic("BUG: a reduction is bound before its axes are known")
	}
	order, x := runsOf(in[0].Shape, reduced), &in[0]
	switch x.DType {
	case tensor.F32:
		if step := aggregateF32(o.Kind, order, x.F32(), y.F32(), k); step != nil {
			return step, nil
		}
		e := &elements[float32]{runs: order, x: x.F32(), least: float32(math.Inf(-1)), most: float32(math.Inf(1))}
		return e.bind(o.Kind, y.F32(), scratch), nil
	case tensor.F64:
		e := &elements[float64]{runs: order, x: x.F64(), least: math.Inf(-1), most: math.Inf(1)}
		return e.bind(o.Kind, y.F64(), scratch), nil
	case tensor.Bool:
		return aggregateBool(o.Kind, order, x.U8(), y.U8()), nil
	}
	return aggregateIntegers(o.Kind, order, x, y, scratch), nil
}
