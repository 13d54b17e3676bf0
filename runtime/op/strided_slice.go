package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// StridedSlice takes every so many-th element of its input, as NumPy's
// x[b:e:s, …] does. Inputs 1, 2 and 3 hold a begin, an end and a stride for
// each position of the index; strides may be left out (1). Bit i of a mask
// concerns position i:
//
//	BeginMask, EndMask   the range begins or ends where the dimension does
//	EllipsisMask         stands for as many whole dimensions as are left
//	NewAxisMask          is a new dimension of 1
//	ShrinkAxisMask       is one index, and the dimension is dropped
//
// Without an ellipsis, the dimensions left over come last. With Offset, an end
// counts from the begin. If Axes is given, or else input 4, position i is about
// the dimension that it holds, and NewAxisMask and EllipsisMask must be 0.
// With ClampBegin, a begin before the dimension is its first element even of a
// negative stride, as ONNX has it; NumPy takes none then.
type StridedSlice struct {
	BeginMask, EndMask, EllipsisMask, NewAxisMask, ShrinkAxisMask uint32

	Offset, ClampBegin bool
	Axes               []int
}

// axisSlice says where a dimension of the output, or one that shrinks, comes from.
type axisSlice struct {
	axis     int // of the input, -1 for a new dimension
	position int // of the index, -1 for a whole dimension
}

// order returns what makes the output's dimensions, those that shrink
// included, for an index of n positions. axes is nil, or input 4.
func (o *StridedSlice) order(n, rank int, axes *tensor.View) (out [2 * maxRank]axisSlice, count int, err error) {
	if o.Axes != nil || axes != nil {
		return o.byAxes(n, rank, axes)
	}
	rest := rank // dimensions that no position is about
	for i := range n {
		if (o.EllipsisMask|o.NewAxisMask)>>i&1 == 0 {
			rest--
		}
	}
	if rest < 0 {
		return out, 0, errorf("an index of %d positions is too long for %d dimensions", n, rank)
	}
	if m := o.EllipsisMask & (1<<n - 1); m&(m-1) != 0 {
		return out, 0, errorf("more than one ellipsis (mask %#x)", m)
	}
	axis := 0
	whole := func() {
		for ; rest > 0; rest-- {
			out[count] = axisSlice{axis, -1}
			axis, count = axis+1, count+1
		}
	}
	for i := range n {
		switch {
		case o.EllipsisMask>>i&1 != 0:
			whole()
		case o.NewAxisMask>>i&1 != 0:
			out[count] = axisSlice{-1, i}
			count++
		default:
			out[count] = axisSlice{axis, i}
			axis, count = axis+1, count+1
		}
	}
	whole()
	return out, count, nil
}

// axes returns input 4, nil if there is none.
func (*StridedSlice) axes(in []tensor.View) *tensor.View {
	if len(in) > 4 && !in[4].Absent() {
		return &in[4]
	}
	return nil
}

func (o *StridedSlice) byAxes(n, rank int, axes *tensor.View) (out [2 * maxRank]axisSlice, count int, err error) {
	for i := range rank {
		out[i] = axisSlice{i, -1}
	}
	if axes == nil && len(o.Axes) != n || o.EllipsisMask|o.NewAxisMask != 0 {
		return out, 0, errorf("axes %v do not fit an index of %d positions", o.Axes, n)
	}
	for i := range n {
		var a int
		if axes == nil {
			a = o.Axes[i]
		} else if a, err = intAt(axes, i); err != nil {
			return out, 0, errorf("input 4: %w", err)
		}
		axis, err := axisOf(a, rank)
		if err != nil {
			return out, 0, err
		}
		if out[axis].position >= 0 {
			return out, 0, errorf("axis %d is named twice", a)
		}
		out[axis].position = i
	}
	return out, rank, nil
}

// Infer returns input 0's type with the shape of the elements taken.
func (o *StridedSlice) Infer(in []tensor.View) ([]tensor.Type, error) {
	n, known, err := o.check(in)
	if err != nil {
		return nil, err
	}
	axes := o.axes(in)
	if axes != nil && !axes.Known() && n > 0 {
		return []tensor.Type{in[0].WithShape(dynamicShape(in[0].Rank())...)}, nil
	}
	order, count, err := o.order(n, in[0].Rank(), axes)
	if err != nil {
		return nil, err
	}
	shape := []int{}
	for _, a := range order[:count] {
		switch {
		case a.axis < 0:
			shape = append(shape, 1)
		case a.position < 0:
			shape = append(shape, in[0].Shape[a.axis])
		case o.ShrinkAxisMask>>a.position&1 != 0:
			if known && in[0].Shape[a.axis] != tensor.Dynamic {
				if _, _, _, err := o.take(in, a); err != nil {
					return nil, err
				}
			}
		case !known || in[0].Shape[a.axis] == tensor.Dynamic:
			shape = append(shape, tensor.Dynamic)
		default:
			_, size, _, err := o.take(in, a)
			if err != nil {
				return nil, err
			}
			shape = append(shape, size)
		}
	}
	if len(shape) > maxRank {
		return nil, Unsupported("a result of %d dimensions (at most %d are)", len(shape), maxRank)
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// check checks the inputs and returns the number of positions.
func (o *StridedSlice) check(in []tensor.View) (n int, known bool, err error) {
	if err := wantInputs(in, 3, 5); err != nil {
		return 0, false, err
	}
	if err := wantMovable(in, 0); err != nil {
		return 0, false, err
	}
	known = true
	for i := 1; i < len(in); i++ {
		if in[i].Absent() {
			continue
		}
		if err := wantType(in, i, tensor.I32, tensor.I64); err != nil {
			return 0, false, err
		}
		switch k, err := listLen(in, i); {
		case err != nil:
			return 0, false, err
		case i > 1 && k != n:
			return 0, false, errorf("inputs 1 and %d have shapes %v and %v, want the same length", i, in[1].Shape, in[i].Shape)
		default:
			n = k
		}
		known = known && in[i].Known()
	}
	return n, known, nil
}

// take returns the first index that a takes of its dimension, how many, and
// how far apart.
func (o *StridedSlice) take(in []tensor.View, a axisSlice) (start, n, stride int, err error) {
	d, i := in[0].Shape[a.axis], a.position
	begin, end := nearestInt(&in[1], i), nearestInt(&in[2], i)
	stride = 1
	if len(in) > 3 && !in[3].Absent() {
		stride = nearestInt(&in[3], i)
	}
	if stride == 0 {
		return 0, 0, 0, errorf("stride %d is 0", i)
	}
	return o.clamp(d, i, begin, end, stride)
}

// nearestInt returns element i of an int32 or int64 tensor as the nearest int32:
// that is beyond any dimension too.
func nearestInt(v *tensor.View, i int) int {
	if v.DType == tensor.I32 {
		return int(tensor.Cast[int32](v.Data)[i])
	}
	return int(max(math.MinInt32, min(math.MaxInt32, tensor.Cast[int64](v.Data)[i])))
}

// clamp does what take does for a dimension of d.
func (o *StridedSlice) clamp(d, i, begin, end, stride int) (start, n, by int, err error) {
	lo, hi := 0, d
	if stride < 0 {
		lo, hi = -1, d-1
	}
	within := func(x int64) int64 {
		if x < 0 {
			x += int64(d)
		}
		return max(int64(lo), min(int64(hi), x))
	}
	first, last := within(int64(begin)), int64(end)
	if o.BeginMask>>i&1 != 0 {
		first = int64(lo)
		if stride < 0 {
			first = int64(hi)
		}
	}
	if o.ClampBegin && d > 0 {
		first = max(first, 0)
	}
	if o.ShrinkAxisMask>>i&1 != 0 {
		if first < 0 || first >= int64(d) || stride < 0 || int64(begin) < -int64(d) {
			return 0, 0, 0, errorf("index %d (position %d) is outside of a dimension of %d", begin, i, d)
		}
		return int(first), 1, 1, nil
	}
	if o.Offset {
		last += first
	}
	last = within(last)
	if o.EndMask>>i&1 != 0 {
		last = int64(hi)
		if stride < 0 {
			last = int64(lo)
		}
	}
	s := int64(stride)
	toward := s - 1 // the quotient is rounded away from zero
	if stride < 0 {
		toward = s + 1
	}
	return int(first), int(max((last-first+toward)/s, 0)), stride, nil
}

// Ref moves the elements in the order of the output.
func (o *StridedSlice) Ref(in, out []tensor.View) error {
	m, err := o.taken(in, out[0].Type)
	if err != nil {
		return err
	}
	m.run(out[0].Data, in[0].Data)
	return nil
}

// taken returns the move to an output of type y.
func (o *StridedSlice) taken(in []tensor.View, y tensor.Type) (m move, err error) {
	order, count, err := o.order(in[1].Len(), in[0].Rank(), o.axes(in))
	if err != nil {
		return m, err
	}
	m.size = y.DType.Size()
	from, to := byteStrides(in[0].Type), byteStrides(y)
	k := 0 // dimension of the output
	for _, a := range order[:count] {
		if a.axis < 0 {
			k++
			continue
		}
		start, n, stride := 0, in[0].Shape[a.axis], 1
		if a.position >= 0 {
			if start, n, stride, err = o.take(in, a); err != nil {
				return m, dataf("%v", err)
			}
		}
		m.from += start * from[a.axis]
		if a.position >= 0 && o.ShrinkAxisMask>>a.position&1 != 0 {
			continue
		}
		m.add(n, from[a.axis]*stride, to[k])
		k++
	}
	return m, nil
}
