package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Softmax computes exp(Beta·x) divided by its sum along Axis. To is the type of
// the output; integers have the scales that TFLite prescribes: int8 and uint8
// 1/256, int16 of int8 1/65536, all from the type's least value on, and int16 of
// int16 1/32768. Integers need the last axis. With Flat, floats have one sum for Axis
// and all dimensions after it, as in ONNX before version 13. float32 has TensorFlow
// Lite's bits or, with Plain, those of softmaxPlain, in which what is e⁻⁸⁰ of the
// greatest or less becomes 0.
type Softmax struct {
	Beta        float32
	Axis        int
	Flat, Plain bool
	To
}

// Infer returns the output's type with input 0's shape.
func (o *Softmax) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64, tensor.I8, tensor.U8, tensor.I16); err != nil {
		return nil, err
	}
	axis, err := softmaxAxis(o.Axis, o.Flat, in[0].Rank())
	if err != nil {
		return nil, err
	}
	x, y := in[0].Type, o.Type(in[0].Shape...)
	if x.DType != y.DType && !(x.DType == tensor.I8 && y.DType == tensor.I16) {
		return nil, Unsupported("output of type %s from input of type %s", y.DType, x.DType)
	}
	if x.DType.Float() {
		return []tensor.Type{y}, nil
	}
	if axis != x.Rank()-1 {
		return nil, Unsupported("%s softmax along axis %d of %d", x.DType, axis, x.Rank())
	}
	return []tensor.Type{y}, o.wantScales(x, y)
}

// wantScales checks the quantisation of integers.
func (o *Softmax) wantScales(x, y tensor.Type) error {
	if err := wantQuant(x, y); err != nil {
		return err
	}
	lo, _ := y.DType.Range()
	scale, zero := float32(1)/256, int32(lo)
	switch {
	case x.DType == tensor.I16:
		scale, zero = float32(1)/32768, 0
		if x.Quant.Zero[0] != 0 {
			return errorf("int16 input has zero point %d, want 0", x.Quant.Zero[0])
		}
	case y.DType == tensor.I16:
		scale = float32(1) / 65536
	}
	if s, z := scaleZero(y); math.Abs(float64(s-scale)) > float64(scale)*0.001 || z != zero {
		return errorf("%s output has scale %v and zero point %d, want %v and %d", y.DType, s, z, scale, zero)
	}
	if x.DType == tensor.I16 {
		return nil
	}
	_, err := quant.PreprocessSoftmaxScaling(float64(o.Beta), float64(x.Quant.Scale[0]), softmaxDiffBits)
	return err
}

// Ref follows the reference's arithmetic.
func (o *Softmax) Ref(in, out []tensor.View) error {
	x, y := &in[0], &out[0]
	switch {
	case x.DType == tensor.F32:
		o.refF32(x, y)
	case x.DType == tensor.F64:
		softmaxLines(o.Axis, o.Flat, x.Shape).softmaxF64(float64(o.Beta), x.F64(), y.F64())
	case x.DType == tensor.I16:
		softmaxRows(x.I16(), y.I16(), lastDim(x.Shape), o.rowS16(x.Type))
	default:
		t := o.diffs(x.Type).table()
		return o.step8(&t, x, y)()
	}
	return nil
}

// Prepare tabulates the exponentials of 8-bit inputs.
func (o *Softmax) Prepare(p *Prep) (Prepared, error) {
	switch p.In[0].DType {
	case tensor.F32:
		if l := softmaxLines(o.Axis, o.Flat, p.In[0].Shape); o.Plain && l.inner == 1 && l.n > 0 {
			return prepareSoftmax(o.Beta, l, p.Kernels)
		}
		return byRef(o)
	case tensor.F64:
		return byRef(o)
	case tensor.I16:
		return Prepared{Kernel: "table", Bind: func(m *Mem) (Step, error) {
			x, y, row := &m.In[0], &m.Out[0], o.rowS16(m.In[0].Type)
			return func() error { softmaxRows(x.I16(), y.I16(), lastDim(x.Shape), row); return nil }, nil
		}}, nil
	}
	t := o.diffs(p.In[0]).table()
	return Prepared{Kernel: "table", Bind: func(m *Mem) (Step, error) {
		return o.step8(&t, &m.In[0], &m.Out[0]), nil
	}}, nil
}

// step8 returns the step for 8-bit inputs, given their exponentials.
func (o *Softmax) step8(exp *[256]int32, x, y *tensor.View) Step {
	k := lastDim(x.Shape)
	switch {
	case x.DType == tensor.U8:
		row := softmaxRow[uint8, uint8](exp)
		return func() error { softmaxRows(x.U8(), y.U8(), k, row); return nil }
	case y.DType == tensor.I16:
		row := softmaxRow[int8, int16](exp)
		return func() error { softmaxRows(x.I8(), y.I16(), k, row); return nil }
	}
	row := softmaxRow[int8, int8](exp)
	return func() error { softmaxRows(x.I8(), y.I8(), k, row); return nil }
}

// InPlace says that an element is read for the last time before it is written,
// if it has the same size.
func (o *Softmax) InPlace(in, out []tensor.Type) []int {
	if in[0].DType != out[0].DType {
		return nil
	}
	return []int{0}
}

// Work counts the exponentials, which take some ten times an addition.
func (o *Softmax) Work(in, out []tensor.Type) int64 { return 10 * int64(out[0].Len()) }

// lastDim returns the size of the last dimension.
func lastDim(shape []int) int { return shape[len(shape)-1] }

// softmaxRows calls row for each k elements of x and y.
func softmaxRows[X, Y any](x []X, y []Y, k int, row func(x []X, y []Y)) {
	for len(x) > 0 {
		row(x[:k], y[:k])
		x, y = x[k:], y[k:]
	}
}

// lines is a tensor seen along one axis: each of outer·inner lines has n
// elements that are inner apart.
type lines struct{ outer, n, inner int }

// linesOf returns the lines of shape along axis, which axisOf passed.
func linesOf(shape []int, axis int) lines {
	return lines{product(shape[:axis]), shape[axis], product(shape[axis+1:])}
}

// each calls do with the first element of each line.
func (l lines) each(do func(at int)) {
	if l.n == 0 || l.inner == 0 {
		return // outer may be vast
	}
	for o := range l.outer {
		for i := range l.inner {
			do(o*l.n*l.inner + i)
		}
	}
}

// refF32 sums as the arithmetic law says: in lanes where elements lie side by
// side, else in one chain.
func (o *Softmax) refF32(in, out *tensor.View) {
	l, x, y := softmaxLines(o.Axis, o.Flat, in.Shape), in.F32(), out.F32()
	l.each(func(at int) {
		if o.Plain {
			l.softmaxPlain(x, y, at, o.Beta)
			return
		}
		end, top := at+(l.n-1)*l.inner, l.top(x, at)
		for i := at; i <= end; i += l.inner {
			y[i] = quant.Exp32((x[i] - top) * o.Beta)
		}
		sum := l.sumF32(y, at)
		for i := at; i <= end; i += l.inner {
			y[i] /= sum
		}
	})
}

// sumF32 returns the sum of the line that begins at x[at].
func (l lines) sumF32(x []float32, at int) float32 {
	if l.inner == 1 {
		return sumLanes(x[at : at+l.n])
	}
	sum := float32(0)
	for i := range l.n {
		sum += x[at+i*l.inner]
	}
	return sum
}

// sumLanes returns the sum of x, in lanes.
func sumLanes(x []float32) float32 {
	var s [kernels.Lanes]float32
	for len(x) >= kernels.Lanes {
		for i, v := range x[:kernels.Lanes] {
			s[i] += v
		}
		x = x[kernels.Lanes:]
	}
	for i, v := range x {
		s[i] += v
	}
	return kernels.Fold(&s)
}
