package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// EmbeddingLookup returns the rows of input 1 that the list in input 0 names.
// If DType is float32, quantised rows are made real on the way; each may have
// a scale of its own.
type EmbeddingLookup struct{ DType tensor.DType }

// Infer replaces the number of rows.
func (o *EmbeddingLookup) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.I32); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 1); err != nil {
		return nil, err
	}
	t := in[1].Type
	if t.Rank() < 2 {
		return nil, errorf("input 1 has shape %v, want rank 2 or more", t.Shape)
	}
	if o.hybrid(t) {
		if err := o.checkHybrid(t); err != nil {
			return nil, err
		}
		t = tensor.Of(tensor.F32)
	} else if err := wantMovable(in, 1); err != nil {
		return nil, err
	}
	shape := slices.Clone(in[1].Shape)
	shape[0] = in[0].Shape[0]
	return []tensor.Type{t.WithShape(shape...)}, nil
}

// hybrid reports whether rows of type t are to be made real.
func (o *EmbeddingLookup) hybrid(t tensor.Type) bool {
	return o.DType == tensor.F32 && (t.DType == tensor.I8 || t.DType == tensor.I4)
}

func (*EmbeddingLookup) checkHybrid(t tensor.Type) error {
	if !t.Static() {
		return Unsupported("rows of unknown shape %v", t.Shape)
	}
	if err := t.Quant.Validate(t.Shape); err != nil {
		return err
	}
	switch {
	case t.Quant == nil:
		return errorf("input 1, %s%v, has no quantisation parameters", t.DType, t.Shape)
	case t.Quant.PerChannel() && t.Quant.Axis != 0:
		return Unsupported("input 1 with scales along dimension %d", t.Quant.Axis)
	}
	for _, z := range t.Quant.Zero {
		if z != 0 {
			return Unsupported("input 1 with zero point %d", z)
		}
	}
	return nil
}

// Ref copies or dequantises each row.
func (o *EmbeddingLookup) Ref(in, out []tensor.View) error {
	rows := in[1].Shape[0]
	columns := product(in[1].Shape[1:])
	hybrid := o.hybrid(in[1].Type)
	for k := range in[0].Len() {
		i, err := indexAt(&in[0], k, rows, false)
		if err != nil {
			return err
		}
		if hybrid {
			dequantiseRow(out[0].F32()[k*columns:(k+1)*columns], &in[1], i)
			continue
		}
		run := columns * in[1].DType.Size()
		copy(out[0].Data[k*run:(k+1)*run], in[1].Data[i*run:])
	}
	return nil
}

// dequantiseRow makes row i of v real. The zero point is 0.
func dequantiseRow(dst []float32, v *tensor.View, i int) {
	scale := v.Quant.Scale[0]
	if v.Quant.PerChannel() {
		scale = v.Quant.Scale[i]
	}
	n := len(dst)
	if v.DType == tensor.I8 {
		for j, q := range v.I8()[i*n : (i+1)*n] {
			dst[j] = float32(q) * scale
		}
		return
	}
	for j := range dst {
		at := i*n + j
		q := int8(v.Data[at/2]<<(4-4*(at&1))) >> 4
		dst[j] = float32(q) * scale
	}
}
