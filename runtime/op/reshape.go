package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Reshape gives its input another shape. The new shape is Shape or, if that
// is nil, input 1; one dimension may be -1 and is then computed. With
// CopyZero, a 0 stands for the input's dimension in the same place.
type Reshape struct {
	Shape    []int
	CopyZero bool
}

// Infer returns input 0's type with the new shape.
func (o *Reshape) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 2); err != nil {
		return nil, err
	}
	shape := o.Shape
	if shape == nil {
		s := input(in, 1)
		if s.Absent() {
			return nil, errorf("no new shape: it is neither an input nor an attribute")
		}
		xs, known, err := ints(s)
		if err != nil {
			return nil, errorf("input 1: %w", err)
		}
		if !known {
			rank, err := listLen(in, 1)
			if err != nil {
				return nil, err
			}
			return []tensor.Type{in[0].WithShape(dynamicShape(rank)...)}, nil
		}
		shape = xs
	}
	shape, err := o.reshaped(in[0].Type, shape)
	if err != nil {
		return nil, err
	}
	return regrouped(in[0].Type, shape)
}

// reshaped returns to with its -1 filled in and, if the operator copies them,
// its zeros.
func (o *Reshape) reshaped(t tensor.Type, to []int) (out []int, err error) {
	switch from := t.Shape; {
	case !o.CopyZero || !slices.Contains(to, 0):
		return reshaped(from, to)
	case t.Static():
		if out, err = copyZeros(from, to, slices.Clone(to)); err != nil {
			return nil, err
		}
		return reshaped(from, out)
	default: // what is copied may be unknown too: a second -1
		if out, err = reshaped(from, to); err != nil {
			return nil, err
		}
		return copyZeros(from, to, out)
	}
}

// copyZeros sets the dimensions of out that are 0 in to: they are from's.
func copyZeros(from, to, out []int) ([]int, error) {
	for i, d := range to {
		if d != 0 {
			continue
		}
		if i >= len(from) {
			return nil, errorf("new shape %v: dimension %d is that of an input of shape %v, which has none there", to, i, from)
		}
		out[i] = from[i]
	}
	return out, nil
}

// reshaped returns to with its -1 filled in.
func reshaped(from, to []int) ([]int, error) {
	out, open, n := slices.Clone(to), -1, 1
	for i, d := range to {
		switch {
		case d == -1 && open < 0:
			open = i
		case d < 0:
			return nil, errorf("new shape %v: dimension %d is not valid", to, i)
		default:
			n *= d
		}
	}
	if slices.Contains(from, tensor.Dynamic) {
		return out, nil
	}
	total := product(from)
	if open >= 0 && n > 0 {
		out[open] = total / n
		n *= out[open]
	}
	if n != total || open >= 0 && out[open] < 0 {
		return nil, errorf("new shape %v has %d elements, and the input %v has %d", to, n, from, total)
	}
	return out, nil
}

// regrouped returns t with a shape of the same elements. Scales run along the
// dimension that has as many elements on either side as theirs had.
func regrouped(t tensor.Type, shape []int) ([]tensor.Type, error) {
	q := t.Quant
	if !q.PerChannel() {
		return []tensor.Type{t.WithShape(shape...)}, nil
	}
	if q.Axis >= 0 && q.Axis < t.Rank() && t.Static() && !slices.Contains(shape, tensor.Dynamic) {
		outer := product(t.Shape[:q.Axis])
		for i, d := range shape {
			if d == len(q.Scale) && product(shape[:i]) == outer {
				t.Quant = &quant.Params{Scale: q.Scale, Zero: q.Zero, Axis: i}
				return []tensor.Type{t.WithShape(shape...)}, nil
			}
		}
	}
	return nil, Unsupported("shape %v with %d scales along dimension %d as %v", t.Shape, len(q.Scale), q.Axis, shape)
}

// Ref copies the elements.
func (*Reshape) Ref(in, out []tensor.View) error {
	copy(out[0].Data, in[0].Data)
	return nil
}

// Prepare returns a step only where the output has memory of its own.
func (*Reshape) Prepare(*Prep) (Prepared, error) { return byCopy() }

// InPlace says that the elements may stay where they are.
func (*Reshape) InPlace(in, out []tensor.Type) []int { return []int{0} }

// byCopy prepares an operator whose output 0 has the same bytes as input 0.
//
//go:noinline
func byCopy() (Prepared, error) {
	return Prepared{Kernel: "copy", Bind: func(m *Mem) (Step, error) {
		src, dst := m.In[0].Data, m.Out[0].Data
		if len(dst) == 0 || &src[0] == &dst[0] {
			return nil, nil
		}
		return func() error { copy(dst, src); return nil }, nil
	}}, nil
}

// Requalify reads the same integers with another scale and zero point: files
// may give the output of a Reshape, say, other parameters than its input, and
// TFLite then takes them at their word.
type Requalify struct{ Quant *quant.Params }

// Infer returns the input's type with the new parameters.
func (o *Requalify) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	t := in[0].Type
	t.Quant = o.Quant
	return []tensor.Type{t}, nil
}

// Ref copies the elements.
func (*Requalify) Ref(in, out []tensor.View) error { return (&Reshape{}).Ref(in, out) }

// Prepare returns a step only where the output has memory of its own.
func (*Requalify) Prepare(*Prep) (Prepared, error) { return byCopy() }

// InPlace says that the elements may stay where they are.
func (*Requalify) InPlace(in, out []tensor.Type) []int { return []int{0} }

// Grad reshapes back.
func (*Reshape) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	dx := make([]graph.Value, len(n.In))
	for i := range dx {
		dx[i] = graph.None
	}
	dx[0] = b.Add(n.Label+"/grad", &Reshape{Shape: b.Type(n.In[0]).Shape}, dy[0])
	return dx, nil
}
