package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Curve is a function of one number.
type Curve uint8

// The functions. CurveLeaky multiplies what is below 0 by Alpha; CurveClamp
// bounds to [Lo, Hi].
const (
	CurveNone Curve = iota
	CurveSigmoid
	CurveLeaky
	CurveClamp
)

// LinearTable applies a function to the numbers that 8-bit integers stand for,
// in float32, as ONNX Runtime's QLinearSigmoid and QLinearLeakyRelu do; without
// one, it changes the scale. Inputs: x with its scale and zero point, and the
// scale and zero point of the output, whose type is DType.
type LinearTable struct {
	Curve         Curve
	Alpha, Lo, Hi float32
	DType         tensor.DType
}

// Infer returns x's shape.
func (o *LinearTable) Infer(in []tensor.View) ([]tensor.Type, error) {
	if len(in) < 4 || len(in) > 5 {
		return nil, errorf("%d inputs, want 4 or 5", len(in))
	}
	if err := wantType(in, 0, tensor.I8, tensor.U8); err != nil {
		return nil, err
	}
	if o.DType != tensor.I8 && o.DType != tensor.U8 {
		return nil, Unsupported("%s as type of the output", o.DType)
	}
	if err := wantOneScale(in, 1, 2, in[0].DType); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(o.DType, in[0].Shape...)}, wantOneScale(in, 3, 4, o.DType)
}

func (o *LinearTable) of(x float32) float32 {
	switch {
	case o.Curve == CurveSigmoid:
		return quant.Sigmoid32(x)
	case o.Curve == CurveLeaky && x < 0:
		return x * o.Alpha
	case o.Curve == CurveClamp:
		return clamp32(x, o.Lo, o.Hi)
	}
	return x
}

// table computes the output of each byte.
func (o *LinearTable) table(t *[256]byte, in []tensor.View) {
	zx, zy := input(in, 2), input(in, 4)
	sx, sy, zero := linearScale(&in[1], 0), linearScale(&in[3], 0), linearZero(&zx, 0)
	h := newHalfEven(o.DType, linearZero(&zy, 0))
	for i := range t {
		x := float32(asInteger(byte(i), in[0].DType)-zero) * sx
		t[i] = byte(h.of(o.of(x) / sy))
	}
}

// Ref looks each element up.
func (o *LinearTable) Ref(in, out []tensor.View) error {
	var t [256]byte
	o.table(&t, in)
	for i, b := range in[0].Data[:len(out[0].Data)] {
		out[0].Data[i] = t[b]
	}
	return nil
}

// Prepare makes the table at once if scales and zero points are constant.
func (o *LinearTable) Prepare(p *Prep) (Prepared, error) {
	in := p.views()
	for i := 1; i < len(in); i++ {
		if !in[i].Absent() && !in[i].Known() {
			return byRef(o)
		}
	}
	t := new([256]byte)
	o.table(t, in)
	return prepareLookup(p.Kernels, t)
}

// InPlace says that x may be replaced.
func (*LinearTable) InPlace(in, out []tensor.Type) []int { return []int{0} }
