package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// LinearPair adds, or with Product multiplies, numbers that 8-bit integers of
// any scales stand for, as ONNX Runtime's QLinearAdd and QLinearMul do.
// Inputs: a with its scale and zero point, b with its, and the scale and zero
// point of the output, which has a's type. Zero points may be left out.
// Offset, 0 or 128, is what the integers of a, b and the output stand for more,
// zero points included: those of uint8, sign bits flipped.
type LinearPair struct {
	Product bool
	Saturation
	Offset int32
}

// Infer broadcasts the shapes.
func (o *LinearPair) Infer(in []tensor.View) ([]tensor.Type, error) {
	if len(in) < 7 || len(in) > 8 {
		return nil, errorf("%d inputs, want 7 or 8", len(in))
	}
	if err := wantPair([]tensor.View{in[0], in[3]}, tensor.I8, tensor.U8); err != nil {
		return nil, err
	}
	d := in[0].DType
	if o.Offset != 0 {
		d = tensor.U8
	}
	if err := o.Saturation.check(d); err != nil {
		return nil, err
	}
	for i, of := range []int{0, 3, 0} {
		if err := wantOneScale(in, 3*i+[]int{1, 1, 0}[i], 3*i+[]int{2, 2, 1}[i], in[of].DType); err != nil {
			return nil, err
		}
	}
	shape, err := broadcast(in[0].Shape, in[3].Shape)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(in[0].DType, shape...)}, nil
}

// wantOneScale checks that there is one scale, input s, and one zero point of
// type d, input z, or none.
func wantOneScale(in []tensor.View, s, z int, d tensor.DType) error {
	scale, zero := input(in, s), input(in, z)
	if scale.Absent() {
		return errorf("input %d, a scale, is left out, and must be there", s)
	}
	if err := wantType(in, s, tensor.F32, tensor.F16); err != nil {
		return err
	}
	if scale.Static() && scale.Len() != 1 {
		return Unsupported("scales of shape %v (one is)", scale.Shape)
	}
	if zero.Absent() {
		return nil
	}
	if zero.DType != d {
		return errorf("input %d, a zero point, is %s, want %s", z, zero.DType, d)
	}
	if zero.Static() && zero.Len() != 1 {
		return Unsupported("zero points of shape %v (one is)", zero.Shape)
	}
	return nil
}

// linearPairTables holds the summand or factor that each byte stands for, in
// units of the output. The output's zero point is added before rounding, in b's
// table of summands: so does ONNX Runtime, and ties depend on it.
type linearPairTables struct {
	LinearPair
	a, b    [256]float32
	m, zero float32 // of a product
	h       halfEven
	// The same for kernels, but for bounds and offsets.
	sum     kernels.LinearAddS8
	product kernels.LinearMulS8
}

// read makes the tables anew.
func (t *linearPairTables) read(in []tensor.View) {
	za, zb, zc := input(in, 2), input(in, 5), input(in, 7)
	sa, sb, sc := linearScale(&in[1], 0), linearScale(&in[4], 0), linearScale(&in[6], 0)
	d, zero := in[0].DType, func(v *tensor.View) float32 { return float32(linearZero(v, 0) + t.Offset) }
	if t.Offset != 0 {
		d = tensor.U8
	}
	t.h = newHalfEven(d, 0).within(t.Saturation)
	a0, b0, c0 := zero(&za), zero(&zb), zero(&zc)
	ra, rb := sa/sc, sb/sc
	fixed := c0 - float32(float32(ra*a0)+float32(rb*b0))
	t.m, t.zero = float32(sa*sb)/sc, c0
	t.sum.A, t.sum.B, t.sum.C = ra, rb, fixed
	t.product.ZeroA, t.product.ZeroB = int32(a0), int32(b0)
	for i := range t.a {
		a, b := float32(asInteger(byte(i), in[0].DType)+t.Offset), float32(asInteger(byte(i), in[3].DType)+t.Offset)
		if t.Product {
			t.a[i], t.b[i] = a-a0, b-b0
		} else {
			t.a[i], t.b[i] = float32(ra*a), fixed+float32(rb*b)
		}
	}
}

// asInteger returns the number that a byte of a type holds.
func asInteger(b byte, d tensor.DType) int32 {
	if d == tensor.I8 {
		return int32(int8(b))
	}
	return int32(b)
}

func (t *linearPairTables) of(a, b uint8) uint8 {
	if t.Product {
		return uint8(t.h.of(float32(float32(t.a[a]*t.b[b])*t.m)+t.zero) - t.Offset)
	}
	return uint8(t.h.of(t.a[a]+t.b[b]) - t.Offset)
}

// Ref computes each element.
func (o *LinearPair) Ref(in, out []tensor.View) error {
	t := linearPairTables{LinearPair: *o}
	t.read(in)
	y := out[0].Data
	for k := range y {
		y[k] = t.of(in[0].Data[under(in[0].Shape, out[0].Shape, k)], in[3].Data[under(in[3].Shape, out[0].Shape, k)])
	}
	return nil
}

// Prepare uses kernels where all parameters are constant and the elements
// int8.
func (o *LinearPair) Prepare(p *Prep) (Prepared, error) {
	if in := p.views(); o.constant(in) {
		return o.prepareS8(in, p.Kernels)
	}
	return Prepared{Kernel: "table", Scratch: pairScratch, Bind: func(m *Mem) (Step, error) {
		t := &linearPairTables{LinearPair: *o}
		operands := *m
		operands.In = []tensor.View{m.In[0], m.In[3]}
		step := bindPairs(pair[uint8, uint8, uint8]{f: t.of, run: t.run}, &operands)
		return func() error {
			if step == nil {
				return nil
			}
			t.read(m.In)
			return step()
		}, nil
	}}, nil
}

// constant reports whether kernels can compute the pair.
func (o *LinearPair) constant(in []tensor.View) bool {
	for i := range in {
		if i != 0 && i != 3 && !in[i].Absent() && !in[i].Known() {
			return false
		}
	}
	return in[0].DType == tensor.I8 && in[3].DType == tensor.I8
}

// prepareS8 prepares the pair with kernels. Their parameters are those of the
// tables.
func (o *LinearPair) prepareS8(in []tensor.View, k *kernels.Set) (Prepared, error) {
	t := &linearPairTables{LinearPair: *o}
	t.read(in)
	lo, hi := int32(t.h.lo), int32(t.h.hi)
	run := func(y, a, b []int8) { k.LinearAddS8(y, a, b, &t.sum) }
	if t.sum.Lo, t.sum.Hi, t.sum.Offset = lo, hi, o.Offset; o.Product {
		t.product.M, t.product.Zero, t.product.Lo, t.product.Hi, t.product.Offset = t.m, int32(t.zero), lo, hi, o.Offset
		run = func(y, a, b []int8) { k.LinearMulS8(y, a, b, &t.product) }
	}
	return Prepared{Kernel: k.Name, Scratch: pairScratch, Bind: func(m *Mem) (Step, error) {
		operands := *m
		operands.In = []tensor.View{m.In[0], m.In[3]}
		return bindPairs(pair[int8, int8, int8]{run: run}, &operands), nil
	}}, nil
}

func (t *linearPairTables) run(y, a, b []uint8) {
	a, b = a[:len(y)], b[:len(y)]
	if t.Product {
		for i := range y {
			y[i] = t.of(a[i], b[i])
		}
		return
	}
	h := t.h
	for i := range y {
		y[i] = uint8(h.of(t.a[a[i]]+t.b[b[i]]) - t.Offset)
	}
}

// InPlace says that either operand may be replaced.
func (*LinearPair) InPlace(in, out []tensor.Type) (inputs []int) {
	for _, i := range []int{0, 3} {
		if product(in[i].Shape) == product(out[0].Shape) {
			inputs = append(inputs, i)
		}
	}
	return inputs
}
