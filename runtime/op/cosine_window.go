package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// CosineWindow makes a window of as many elements as input 0 says:
//
//	A − B·cos(2πi/n) + C·cos(4πi/n)
//
// where n is that number if Periodic, and one less if not. ONNX's HannWindow,
// HammingWindow and BlackmanWindow are such.
type CosineWindow struct {
	A, B, C  float64
	Periodic bool
	DType    tensor.DType
}

// Infer returns the output's type.
func (o *CosineWindow) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantScalars(in, 0); err != nil {
		return nil, err
	}
	if o.DType == tensor.None || o.DType == tensor.I4 {
		return nil, Unsupported("a window of type %s", o.DType)
	}
	n, err := scalarOf(in, 0, 0, 0)
	return []tensor.Type{tensor.Of(o.DType, n)}, err
}

// Ref evaluates the formula in float64.
func (o *CosineWindow) Ref(_, out []tensor.View) error {
	y := &out[0]
	n := y.Shape[0]
	if !o.Periodic {
		n--
	}
	for i := range y.Shape[0] {
		a := 2 * math.Pi * float64(i) / float64(max(n, 1))
		x := o.A - float64(o.B*quant.Cos64(a)) + float64(o.C*quant.Cos64(2*a))
		setNumber(y, i, x)
	}
	return nil
}

// Work counts the cosines.
func (*CosineWindow) Work(_, out []tensor.Type) int64 { return 40 * int64(out[0].Len()) }
