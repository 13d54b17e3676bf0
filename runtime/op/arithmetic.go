package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ArithmeticFn is a function of two numbers of the same type.
type ArithmeticFn uint8

// The functions. Integers wrap around; ArithDiv cuts them towards zero.
// ArithMax and ArithMin are NaN if one operand is. ArithMod has the divisor's
// sign, and ArithFmod, which floats always have, the dividend's. Shifts by the
// width or more give 0.
const (
	ArithAdd ArithmeticFn = iota
	ArithSub
	ArithMul
	ArithDiv
	ArithMax
	ArithMin
	ArithMod
	ArithFmod
	ArithAnd
	ArithOr
	ArithXor
	ArithShiftLeft
	ArithShiftRight
	arithmeticFns
)

var arithmeticNames = [arithmeticFns]string{"Add", "Sub", "Mul", "Div", "Maximum", "Minimum", "Mod", "Fmod",
	"BitwiseAnd", "BitwiseOr", "BitwiseXor", "ShiftLeft", "ShiftRight"}

// The element types by what can be done with them.
var (
	arithFloats   = []tensor.DType{tensor.F32, tensor.F16, tensor.F64}
	arithUnsigned = []tensor.DType{tensor.U8, tensor.U16, tensor.U32, tensor.U64}
	arithIntegers = append([]tensor.DType{tensor.I8, tensor.I16, tensor.I32, tensor.I64}, arithUnsigned...)
	arithNumbers  = slices.Concat(arithFloats, arithIntegers)
)

// arithKernels are the functions of float32 that kernels compute.
var arithKernels = map[ArithmeticFn]kernels.BinaryFn{
	ArithAdd: kernels.BinaryAdd, ArithSub: kernels.BinarySub, ArithMul: kernels.BinaryMul, ArithDiv: kernels.BinaryDiv,
	ArithMax: kernels.BinaryMax, ArithMin: kernels.BinaryMin,
}

// Arithmetic computes F of two operands, broadcast, which are plain numbers:
// ONNX's arithmetic. Integers of 8 and 16 bits have no scale here, unlike those
// of Add and the other operators of TFLite, which may also take over a clamp.
// float16 is computed in float32 and rounded once. Dividing an integer by 0 is
// an error of the data.
type Arithmetic struct{ F ArithmeticFn }

// Name returns the function's name.
func (o *Arithmetic) Name() string { return arithmeticNames[o.F] }

// types lists the element types that the function takes.
func (o *Arithmetic) types() []tensor.DType {
	switch o.F {
	case ArithAnd, ArithOr, ArithXor:
		return arithIntegers
	case ArithShiftLeft, ArithShiftRight:
		return arithUnsigned
	}
	return arithNumbers
}

// divides reports whether b is a divisor that must not be 0.
func (o *Arithmetic) divides(d tensor.DType) bool {
	return (o.F == ArithDiv || o.F == ArithMod || o.F == ArithFmod) && !d.Float()
}

// Infer returns the broadcast type.
func (o *Arithmetic) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantPair(in, o.types()...); err != nil {
		return nil, err
	}
	shape, err := broadcast(in[0].Shape, in[1].Shape)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(in[0].DType, shape...)}, nil
}

// on returns the function for a type. k is nil for Ref.
func (o *Arithmetic) on(d tensor.DType, k *kernels.Set) pairs {
	switch d {
	case tensor.F32:
		if f, ok := arithKernels[o.F]; ok {
			return unboundedF32(f, k)
		}
		return arithFloat[float32](o.F)
	case tensor.F64:
		return arithFloat[float64](o.F)
	case tensor.F16:
		f := arithFloat[float32](o.F).f
		return pair[uint16, uint16, uint16]{f: func(a, b uint16) uint16 {
			return quant.Float16Bits(f(quant.Float16(a), quant.Float16(b)))
		}}
	case tensor.I64:
		return arithInteger[int64](o.F)
	case tensor.U64:
		return arithInteger[uint64](o.F)
	}
	return widePair{arithInteger[int64](o.F).f, d, d}
}

// Ref computes each element.
func (o *Arithmetic) Ref(in, out []tensor.View) error {
	if o.divides(in[0].DType) {
		if err := arithNoZeros(&in[1]); err != nil {
			return err
		}
	}
	refPairs(o.on(in[0].DType, nil), in, out)
	return nil
}

// arithNoZeros checks that no element of an integer divisor is 0.
func arithNoZeros(v *tensor.View) error {
	at := -1
	switch v.DType.Bits() {
	case 8:
		at = find(v.Data, 0)
	case 16:
		at = find(tensor.Cast[uint16](v.Data), 0)
	case 32:
		at = find(tensor.Cast[uint32](v.Data), 0)
	case 64:
		at = find(tensor.Cast[uint64](v.Data), 0)
	}
	if at >= 0 {
		return dataf("division by 0: element %d of the divisor", at)
	}
	return nil
}

// Prepare prepares loops over runs.
func (o *Arithmetic) Prepare(p *Prep) (Prepared, error) {
	x := o.on(p.In[0].DType, p.Kernels)
	if !o.divides(p.In[0].DType) {
		name := "go"
		if _, ok := arithKernels[o.F]; ok && p.In[0].DType == tensor.F32 {
			name = p.Kernels.Name
		}
		return preparePairs(name, x)
	}
	return Prepared{Kernel: "go", Scratch: pairScratch, Bind: func(m *Mem) (Step, error) {
		divide, divisor := bindPairs(x, m), &m.In[1]
		return func() error {
			if err := arithNoZeros(divisor); err != nil || divide == nil {
				return err
			}
			return divide()
		}, nil
	}}, nil
}

// InPlace says that the result may replace an operand.
func (*Arithmetic) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
