package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Pad adds elements before and after its input along each dimension. Input 1
// has a row [before, after] for each. The new elements are input 2's only
// element or, if that is left out, the zero of the output's quantisation.
// To, if it is given, is the output's type where it is not the input's.
type Pad struct{ To }

// Infer adds the paddings to the dimensions.
func (o *Pad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 3); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	out := in[0].Type
	if o.DType == out.DType && o.Quant != nil {
		out.Quant = o.Quant
	}
	if err := o.checkValue(input(in, 2), out); err != nil {
		return nil, err
	}
	shape, err := paddedShape(in)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{out.WithShape(shape...)}, nil
}

// checkValue checks what the new elements are to be.
func (*Pad) checkValue(value tensor.View, out tensor.Type) error {
	if value.Absent() {
		if out.DType == tensor.I8 || out.DType == tensor.U8 {
			if lo, hi := out.DType.Range(); int64(zeroPoint(out)) < lo || int64(zeroPoint(out)) > hi {
				return errorf("zero point %d is beyond %s", zeroPoint(out), out.DType)
			}
		}
		return nil
	}
	switch {
	case value.DType != out.DType:
		return errorf("input 2 is %s, want %s as input 0", value.DType, out.DType)
	case value.Static() && value.Len() != 1:
		return errorf("input 2 has shape %v, want one element", value.Shape)
	case (out.DType == tensor.I8 || out.DType == tensor.U8) && !sameScale(value.Type, out):
		return errorf("input 2 and the output have different scales: %v and %v", value.Quant, out.Quant)
	}
	return nil
}

// paddedShape returns input 0's shape with the paddings of input 1 added.
func paddedShape(in []tensor.View) ([]int, error) {
	rank := in[0].Rank()
	if in[1].Static() && (in[1].Len() != 2*rank || in[1].Rank() > 2) {
		return nil, errorf("input 1 has shape %v, want [%d 2]: a pair for each dimension of %v", in[1].Shape, rank, in[0].Shape)
	}
	pads, known, err := ints(in[1])
	if err != nil {
		return nil, errorf("input 1: %w", err)
	}
	if !known {
		return dynamicShape(rank), nil
	}
	shape := make([]int, rank)
	for i, d := range in[0].Shape {
		before, after := pads[2*i], pads[2*i+1]
		if before < 0 || after < 0 {
			return nil, errorf("padding [%d %d] of dimension %d is negative", before, after, i)
		}
		n, err := addDims(before, after)
		if err == nil {
			n, err = addDims(d, n)
		}
		if err != nil {
			return nil, err
		}
		shape[i] = n
	}
	return shape, nil
}

// Ref writes the elements in order, runs of them at once.
func (o *Pad) Ref(in, out []tensor.View) error {
	if len(out[0].Data) == 0 {
		return nil
	}
	var p padPlan
	var zero [8]byte
	value := input(in, 2)
	element := zero[:out[0].DType.Size()]
	switch {
	case !value.Absent():
		copy(element, value.Data)
	case out[0].DType == tensor.I8 || out[0].DType == tensor.U8:
		element[0] = byte(zeroPoint(out[0].Type))
	}
	p.element = element
	if err := p.measure(in, out); err != nil {
		return err
	}
	p.write(out[0].Data, in[0].Data, 0)
	return nil
}

// padPlan is a Pad as it writes: for each dimension, the bytes of one index of
// the input and of the output, and the paddings in such indices. Neighbours
// without padding are one dimension, and the last that has padding is the
// innermost: what is inside of it is part of its elements.
type padPlan struct {
	rank          int
	dim           [maxRank]int
	src, dst      [maxRank]int
	before, after [maxRank]int
	element       []byte
}

func (p *padPlan) measure(in, out []tensor.View) error {
	from, to := byteStrides(in[0].Type), byteStrides(out[0].Type)
	for i, d := range in[0].Shape {
		before, err := intAt(&in[1], 2*i)
		if err != nil {
			return err
		}
		after, err := intAt(&in[1], 2*i+1)
		if err != nil {
			return err
		}
		k := p.rank
		if before|after == 0 && k > 0 && p.before[k-1]|p.after[k-1] == 0 {
			k--
			d *= p.dim[k]
		}
		p.dim[k], p.src[k], p.dst[k], p.before[k], p.after[k] = d, from[i], to[i], before, after
		p.rank = k + 1
	}
	if k := p.rank - 1; k > 0 && p.before[k]|p.after[k] == 0 {
		p.rank--
	}
	return nil
}

// write pads dimension k and those inside of it.
func (p *padPlan) write(dst, src []byte, k int) {
	if k == p.rank { // a scalar
		copy(dst, src)
		return
	}
	head, tail := p.before[k]*p.dst[k], len(dst)-p.after[k]*p.dst[k]
	repeatInto(dst[:head], p.element)
	repeatInto(dst[tail:], p.element)
	if body := dst[head:tail]; k == p.rank-1 {
		copy(body, src)
	} else {
		for i := range p.dim[k] {
			p.write(body[i*p.dst[k]:(i+1)*p.dst[k]], src[i*p.src[k]:(i+1)*p.src[k]], k+1)
		}
	}
}
