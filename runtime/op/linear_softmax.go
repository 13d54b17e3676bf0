package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// LinearSoftmax is a Softmax along Axis of numbers that 8-bit integers stand
// for, as ONNX Runtime's QLinearSoftmax. Its inputs are those of LinearTable, as
// is DType; Flat is as in Softmax.
type LinearSoftmax struct {
	Axis  int
	Flat  bool
	Beta  float32
	DType tensor.DType
}

// Infer returns x's shape.
func (o *LinearSoftmax) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := (&LinearTable{DType: o.DType}).Infer(in)
	if err != nil {
		return nil, err
	}
	if !(o.Beta > 0) {
		return nil, errorf("beta is %v, want a number above 0", o.Beta)
	}
	_, err = softmaxAxis(o.Axis, o.Flat, in[0].Rank())
	return out, err
}

// Ref computes line by line. What a line's greatest element is above another
// is one of 256 numbers, whose exponentials are tabulated.
func (o *LinearSoftmax) Ref(in, out []tensor.View) error {
	var exp [256]float32
	o.exponentials(&exp, linearScale(&in[1], 0))
	o.run(&exp, in, out)
	return nil
}

func (o *LinearSoftmax) exponentials(exp *[256]float32, scale float32) {
	for i := range exp {
		exp[i] = quant.Exp32(float32(-float32(i)*scale) * o.Beta)
	}
}

func (o *LinearSoftmax) run(exp *[256]float32, in, out []tensor.View) {
	zero := input(in, 4)
	scale, h := linearScale(&in[3], 0), newHalfEven(o.DType, linearZero(&zero, 0))
	l, x, y := softmaxLines(o.Axis, o.Flat, in[0].Shape), in[0].Data, out[0].Data
	flip := byte(0x80) ^ recoded(in[0].DType) // makes int8 uint8
	l.each(func(at int) {
		end, top := at+(l.n-1)*l.inner, byte(0)
		for i := at; i <= end; i += l.inner {
			top = max(top, x[i]^flip)
		}
		sum := float32(0)
		for i := at; i <= end; i += l.inner {
			sum += exp[top-(x[i]^flip)]
		}
		for i := at; i <= end; i += l.inner {
			y[i] = byte(h.of(exp[top-(x[i]^flip)] / sum / scale))
		}
	})
}

// Prepare makes the table at once if the scale is constant.
func (o *LinearSoftmax) Prepare(p *Prep) (Prepared, error) {
	scale := p.View(1)
	if !scale.Known() {
		return byRef(o)
	}
	exp := new([256]float32)
	o.exponentials(exp, linearScale(&scale, 0))
	return Prepared{Kernel: "table", Bind: func(m *Mem) (Step, error) {
		return func() error { o.run(exp, m.In, m.Out); return nil }, nil
	}}, nil
}

// InPlace says that x may be replaced.
func (*LinearSoftmax) InPlace(in, out []tensor.Type) []int { return []int{0} }
