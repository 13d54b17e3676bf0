package op

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Transpose makes dimension Perm[i] of its input dimension i of its output. If
// Perm is nil, input 1 holds the permutation.
type Transpose struct{ Perm []int }

// Name returns "Transpose".
func (Transpose) Name() string { return "Transpose" }

// Infer permutes the dimensions, and the one that scales run along.
func (o Transpose) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 2); err != nil {
		return nil, err
	}
	t := in[0].Type
	if perChannel := t.Quant; perChannel.PerChannel() {
		plain := slices.Clone(in)
		plain[0].Quant = nil
		in = plain
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	perm, known, err := o.perm(in)
	if err != nil {
		return nil, err
	}
	if !known {
		if t.Quant.PerChannel() {
			return nil, Unsupported("a computed permutation of %d scales", len(t.Quant.Scale))
		}
		return []tensor.Type{t.WithShape(dynamicShape(t.Rank())...)}, nil
	}
	if len(perm) != t.Rank() {
		return nil, fmt.Errorf("permutation %v does not fit shape %v", perm, t.Shape)
	}
	shape, seen := make([]int, len(perm)), 0
	for i, p := range perm {
		if p < 0 || p >= len(perm) || seen>>p&1 != 0 {
			return nil, fmt.Errorf("%v is not a permutation", perm)
		}
		seen |= 1 << p
		shape[i] = t.Shape[p]
	}
	if q := t.Quant; q.PerChannel() {
		t.Quant = &quant.Params{Scale: q.Scale, Zero: q.Zero, Axis: slices.Index(perm, q.Axis)}
	}
	return []tensor.Type{t.WithShape(shape...)}, nil
}

func (o Transpose) perm(in []tensor.View) (perm []int, known bool, err error) {
	if o.Perm != nil {
		return o.Perm, true, nil
	}
	if input(in, 1).Type.DType == tensor.None {
		return nil, false, fmt.Errorf("no permutation: it is neither an input nor an attribute")
	}
	perm, known, err = ints(in[1])
	if err != nil {
		err = fmt.Errorf("input 1: %w", err)
	} else if in[1].Static() && in[1].Len() != in[0].Rank() {
		err = fmt.Errorf("input 1 has shape %v, want an axis for each dimension of %v", in[1].Shape, in[0].Shape)
	}
	return perm, known, err
}

// Ref moves the elements in the order of the output.
func (o Transpose) Ref(in, out []tensor.View) error {
	m := move{size: out[0].DType.Size()}
	from, to := byteStrides(in[0].Type), byteStrides(out[0].Type)
	for i, d := range out[0].Shape {
		var p int
		if o.Perm != nil {
			p = o.Perm[i]
		} else {
			p, _ = intAt(&in[1], i)
		}
		m.add(d, from[p], to[i])
	}
	m.run(out[0].Data, in[0].Data)
	return nil
}

// Prepare has no kernel of its own.
func (o Transpose) Prepare(*Prep) (Prepared, error) { return byRef(o) }
