package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Dropout drops elements of input 1 at random, if input 3, a bool, is true: as
// many as input 2, a ratio, says. Those that are kept are multiplied by 1/(1-ratio).
// If input 3 is false all are kept, as they are. Output 1 says of each element
// whether it is kept.
type Dropout struct{ Draws }

// Infer returns the input's type, and bools.
func (o *Dropout) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 4, 4); err != nil {
		return nil, err
	}
	if err := o.wantState(in); err != nil {
		return nil, err
	}
	for i := 1; i < 3; i++ {
		if err := wantType(in, i, arithFloats...); err != nil {
			return nil, err
		}
	}
	if err := wantType(in, 3, tensor.Bool); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(in[1].DType, in[1].Shape...), tensor.Of(tensor.Bool, in[1].Shape...)}, nil
}

// Ref drops.
func (o *Dropout) Ref(in, out []tensor.View) error {
	x, ratio := &in[1], 0.0
	if in[2].Len() != 1 || in[3].Len() != 1 {
		return dataf("%d ratios and %d training modes, want one of each", in[2].Len(), in[3].Len())
	}
	if in[3].Data[0] != 0 {
		ratio = float64At(&in[2], 0)
	}
	if !(ratio >= 0 && ratio < 1) {
		return dataf("a ratio of %v to drop, want 0 up to 1", ratio)
	}
	if ratio == 0 {
		copy(out[0].Data, x.Data)
		fillWith(out[1].Data, 1)
		return nil
	}
	keep := out[1].Data
	scale := 1 / (1 - ratio)
	first := o.take(&in[0], x.Len())
	for i := range x.Len() {
		y := 0.0
		if keep[i] = 0; o.unit(first+uint64(i)) >= ratio {
			y, keep[i] = float64At(x, i)*scale, 1
		}
		setFloat64(&out[0], i, y)
	}
	return nil
}
