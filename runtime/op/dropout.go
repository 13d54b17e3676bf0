package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Dropout passes input 0 on; output 1 says of each element that it was kept.
// Input 1 is the ratio of elements to drop and input 2 whether to, a bool: a
// ratio other than 0 with true, which is for training, is an error of the data.
type Dropout struct{}

// Name returns "Dropout".
func (Dropout) Name() string { return "Dropout" }

// Infer returns the input's type, and bools.
func (Dropout) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, arithFloats...); err != nil {
		return nil, err
	}
	if err := wantType(in, 2, tensor.Bool); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].Type, tensor.Of(tensor.Bool, in[0].Shape...)}, nil
}

// Ref copies the elements.
func (Dropout) Ref(in, out []tensor.View) error {
	for i := range in[2].Len() {
		if in[2].Data[i] != 0 && !dropoutNone(&in[1]) {
			return dataf("dropping at random, in training, is not supported")
		}
	}
	copy(out[0].Data, in[0].Data)
	fillWith(out[1].Data, 1)
	return nil
}

// dropoutNone reports whether all ratios are 0.
func dropoutNone(ratio *tensor.View) bool {
	for i := range ratio.Len() {
		var r float64
		switch ratio.DType {
		case tensor.F32:
			r = float64(ratio.F32()[i])
		case tensor.F16:
			r = float64(quant.Float16(ratio.F16()[i]))
		default:
			r = ratio.F64()[i]
		}
		if r != 0 {
			return false
		}
	}
	return true
}

// Prepare runs Ref.
func (o Dropout) Prepare(*Prep) (Prepared, error) { return byRef(o) }
