package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ArgMax finds the greatest element along an axis, or the least: the first of
// equal ones or, with Last, the last. The axis is input 1 or, if that is left
// out, Axis. Index is the type of the output, int32 or int64.
type ArgMax struct {
	Least, Last bool
	Axis        int
	KeepDims    bool
	Index       tensor.DType
}

// Name returns "ArgMax" or "ArgMin".
func (o *ArgMax) Name() string {
	if o.Least {
		return "ArgMin"
	}
	return "ArgMax"
}

// Infer drops the axis or makes it 1.
func (o *ArgMax) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64, tensor.I8, tensor.U8, tensor.I16, tensor.U16, tensor.I32, tensor.U32, tensor.I64, tensor.U64, tensor.Bool); err != nil {
		return nil, err
	}
	if o.Index != tensor.I32 && o.Index != tensor.I64 {
		return nil, Unsupported("%s as type of the output", o.Index)
	}
	axis, known, err := axisInput(in, o.Axis)
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(in[0].Shape)
	switch {
	case !known:
		shape = slices.Repeat([]int{tensor.Dynamic}, len(shape))
		axis = 0
	case shape[axis] == 0:
		return nil, errorf("input %v has nothing along axis %d", shape, axis)
	}
	shape[axis] = 1
	if !known {
		shape[axis] = tensor.Dynamic
	}
	if !o.KeepDims {
		shape = slices.Delete(shape, axis, axis+1)
	}
	return []tensor.Type{tensor.Of(o.Index, shape...)}, nil
}

// axisInput returns the axis of input 0 that input 1 names, or def names if
// there is no input 1.
func axisInput(in []tensor.View, def int) (axis int, known bool, err error) {
	axis = def
	if v := input(in, 1); !v.Absent() {
		xs, known, err := ints(v)
		switch {
		case err != nil:
			return 0, false, errorf("axis: %w", err)
		case !v.Static() || v.Len() != 1:
			return 0, false, errorf("axis has shape %v, want one element", v.Shape)
		case !known && in[0].Rank() == 0:
			return 0, false, errorf("input 0 has no axes")
		case !known:
			return 0, false, nil
		}
		axis = xs[0]
	}
	axis, err = axisOf(axis, in[0].Rank())
	return axis, true, err
}

// axisNow is axisInput while running: it doesn't allocate, and inputs are known
// to be well.
func axisNow(in []tensor.View, def int) (int, error) {
	axis := def
	if len(in) > 1 && !in[1].Absent() {
		var err error
		if axis, err = intAt(&in[1], 0); err != nil {
			return 0, err
		}
	}
	return axisOf(axis, in[0].Rank())
}

// Ref compares. A NaN wins only where it is the first.
func (o *ArgMax) Ref(in, out []tensor.View) error {
	axis, err := axisNow(in, o.Axis)
	if err != nil {
		return dataf("%v", err)
	}
	l, x, y := linesOf(in[0].Shape, axis), &in[0], &out[0]
	switch x.DType {
	case tensor.F32:
		argMax(*o, l, x.F32(), y)
	case tensor.F64:
		argMax(*o, l, x.F64(), y)
	case tensor.I8:
		argMax(*o, l, x.I8(), y)
	case tensor.U16:
		argMax(*o, l, x.U16(), y)
	case tensor.U32:
		argMax(*o, l, x.U32(), y)
	case tensor.U64:
		argMax(*o, l, x.U64(), y)
	case tensor.I16:
		argMax(*o, l, x.I16(), y)
	case tensor.I32:
		argMax(*o, l, x.I32(), y)
	case tensor.I64:
		argMax(*o, l, x.I64(), y)
	default:
		argMax(*o, l, x.U8(), y)
	}
	return nil
}

func argMax[T number](o ArgMax, l lines, x []T, y *tensor.View) {
	to := 0
	l.each(func(at int) {
		best, where := x[at], 0
		for i := 1; i < l.n; i++ {
			v := x[at+i*l.inner]
			if better := v > best && !o.Least || v < best && o.Least; better || o.Last && v == best {
				best, where = v, i
			}
		}
		if o.Index == tensor.I64 {
			y.I64()[to] = int64(where)
		} else {
			y.I32()[to] = int32(where)
		}
		to++
	})
}
