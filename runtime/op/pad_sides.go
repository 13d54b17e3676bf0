package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Border says what a PadSides puts beyond an edge.
type Border uint8

// The contents beyond the edges of [1 2 3].
const (
	BorderConstant Border = iota // v v [1 2 3] v v
	BorderReflect                // 3 2 [1 2 3] 2 1, and back again further out
	BorderEdge                   // 1 1 [1 2 3] 3 3
	BorderWrap                   // 2 3 [1 2 3] 1 2
)

// PadSides adds elements before and after its input along some dimensions, or
// removes them if there are fewer than none. Input 1 says how many: first
// before each, then after each. Input 2 is the new element, 0 if it is left
// out; other borders than constant ones don't read it. Input 3 names the
// dimensions, all of them if it is left out.
type PadSides struct{ Border Border }

// Infer adds the paddings to the dimensions.
func (o *PadSides) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := o.check(in); err != nil {
		return nil, err
	}
	shape := dynamicShape(in[0].Rank())
	axes := input(in, 3)
	if !in[1].Static() || !axes.Absent() && !axes.Known() && axes.Len() > 0 {
		return []tensor.Type{in[0].WithShape(shape...)}, nil
	}
	if !in[1].Known() {
		in = []tensor.View{in[0], {Type: in[1].Type, Data: make([]byte, in[1].Bytes())}, {}, axes}
		named, _, err := o.sides(in)
		if err != nil {
			return nil, err
		}
		for i, s := range named {
			if i < len(shape) && !s.named {
				shape[i] = in[0].Shape[i]
			}
		}
		return []tensor.Type{in[0].WithShape(shape...)}, nil
	}
	sides, _, err := o.sides(in)
	if err != nil {
		return nil, err
	}
	for i, d := range in[0].Shape {
		s := &sides[i]
		if d == tensor.Dynamic {
			continue
		}
		n := int64(d) + int64(s.before) + int64(s.after)
		kept := int64(d) + int64(min(s.before, 0)) + int64(min(s.after, 0))
		if kept < 0 || n != int64(int32(n)) {
			return nil, errorf("padding %d and %d of dimension %d, which has %d, is not possible", s.before, s.after, i, d)
		}
		if o.Border != BorderConstant && kept == 0 && n > 0 {
			return nil, errorf("dimension %d has no element to pad with", i)
		}
		shape[i] = int(n)
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// check checks the inputs' types and shapes.
func (o *PadSides) check(in []tensor.View) error {
	if err := wantInputs(in, 2, 4); err != nil {
		return err
	}
	if err := wantMovable(in, 0); err != nil {
		return err
	}
	if err := wantType(in, 1, tensor.I32, tensor.I64); err != nil {
		return err
	}
	n := in[0].Rank()
	if axes := input(in, 3); !axes.Absent() {
		if err := wantType(in, 3, tensor.I32, tensor.I64); err != nil {
			return err
		}
		var err error
		if n, err = listLen(in, 3); err != nil {
			return err
		}
	}
	if in[1].Static() && in[1].Len() != 2*n {
		return errorf("input 1 has shape %v, want [%d]: two numbers for each of %d dimensions", in[1].Shape, 2*n, n)
	}
	switch v := input(in, 2); {
	case v.Absent() || o.Border != BorderConstant:
	case v.DType != in[0].DType:
		return errorf("input 2 is %s, want %s as input 0", v.DType, in[0].DType)
	case v.Static() && v.Len() != 1:
		return errorf("input 2 has shape %v, want one element", v.Shape)
	}
	return nil
}

// padSide is what is added before and after a dimension, less than 0 if it is
// cut; and whether input 3 names it.
type padSide struct {
	before, after int
	named         bool
}

// sides returns the paddings of each dimension of input 0, of known inputs.
func (*PadSides) sides(in []tensor.View) (out [maxRank]padSide, any bool, err error) {
	n := in[1].Len() / 2
	for k := range n {
		axis := k
		if len(in) > 3 && !in[3].Absent() {
			if axis, err = intAt(&in[3], k); err != nil {
				return out, false, errorf("input 3: %w", err)
			}
			if axis, err = axisOf(axis, in[0].Rank()); err != nil {
				return out, false, errorf("input 3: %w", err)
			}
		}
		s := &out[axis]
		if s.named {
			return out, false, errorf("axis %d is named twice", axis)
		}
		s.named = true
		if s.before, err = intAt(&in[1], k); err == nil {
			s.after, err = intAt(&in[1], n+k)
		}
		if err != nil {
			return out, false, errorf("input 1: %w", err)
		}
		any = any || s.before|s.after != 0
	}
	return out, any, nil
}

// Ref copies the part that is kept, then the borders of each dimension, from
// the innermost out.
func (o *PadSides) Ref(in, out []tensor.View) error {
	if len(out[0].Data) == 0 {
		return nil
	}
	sides, _, err := o.sides(in)
	if err != nil {
		return dataf("%v", err)
	}
	if o.Border == BorderConstant {
		var zero [8]byte
		element := zero[:out[0].DType.Size()]
		if v := input(in, 2); !v.Absent() {
			element = v.Data
		}
		repeatInto(out[0].Data, element)
	}
	m := move{size: out[0].DType.Size()}
	from, to := byteStrides(in[0].Type), byteStrides(out[0].Type)
	for i, d := range in[0].Shape {
		s := sides[i]
		m.from += max(-s.before, 0) * from[i]
		m.at += max(s.before, 0) * to[i]
		m.add(d+min(s.before, 0)+min(s.after, 0), from[i], to[i])
	}
	m.run(out[0].Data, in[0].Data)
	if o.Border == BorderConstant {
		return nil
	}
	for i := in[0].Rank() - 1; i >= 0; i-- {
		s := sides[i]
		o.extend(out[0].Data, to[i], out[0].Shape[i], max(s.before, 0), in[0].Shape[i]+min(s.before, 0)+min(s.after, 0))
	}
	return nil
}

// extend fills the borders of a dimension of n, whose indices are by bytes
// apart, around the d indices from first on. It does so everywhere outside of
// that dimension, also where nothing of worth is yet: those that come later
// write it.
func (o *PadSides) extend(data []byte, by, n, first, d int) {
	if n == d {
		return
	}
	for len(data) > 0 {
		line := data[:n*by]
		for i := range n {
			if i < first || i >= first+d {
				at := first + o.source(i-first, d)
				copy(line[i*by:(i+1)*by], line[at*by:(at+1)*by])
			}
		}
		data = data[n*by:]
	}
}

// source returns the index, along a dimension of d, of the element that lies
// at i, which is less than 0 or not less than d.
func (o *PadSides) source(i, d int) int {
	switch {
	case o.Border == BorderEdge || d == 1:
		return max(0, min(i, d-1))
	case o.Border == BorderWrap:
		return (i%d + d) % d
	}
	period := 2 * (d - 1)
	i = (i%period + period) % period
	return min(i, period-i)
}
