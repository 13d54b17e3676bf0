package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Function is a function of one float.
type Function uint8

// The functions. FnRound takes ties to even; FnSqrt and FnLog are NaN for
// negative numbers.
const (
	FnSin Function = iota
	FnCos
	FnLog
	FnSqrt
	FnSquare
	FnCeil
	FnFloor
	FnRound
	FnTan
	FnAsin
	FnAcos
	FnAtan
	FnSinh
	FnCosh
	FnTanh
	FnAsinh
	FnAcosh
	FnAtanh
	FnErf
	FnExp
	FnReciprocal
)

var functions = [...]struct {
	name string
	f    func(x float32) float32
	f64  func(x float64) float64
}{
	FnSin:        {"Sin", quant.Sin32, quant.Sin64},
	FnCos:        {"Cos", quant.Cos32, quant.Cos64},
	FnLog:        {"Log", quant.Log32, quant.Log64},
	FnSqrt:       {"Sqrt", func(x float32) float32 { return float32(math.Sqrt(float64(x))) }, math.Sqrt},
	FnSquare:     {"Square", func(x float32) float32 { return x * x }, func(x float64) float64 { return x * x }},
	FnCeil:       {"Ceil", func(x float32) float32 { return float32(math.Ceil(float64(x))) }, math.Ceil},
	FnFloor:      {"Floor", func(x float32) float32 { return float32(math.Floor(float64(x))) }, math.Floor},
	FnRound:      {"Round", func(x float32) float32 { return float32(math.RoundToEven(float64(x))) }, math.RoundToEven},
	FnTan:        {"Tan", quant.Tan32, quant.Tan64},
	FnAsin:       {"Asin", quant.Asin32, quant.Asin64},
	FnAcos:       {"Acos", quant.Acos32, quant.Acos64},
	FnAtan:       {"Atan", quant.Atan32, quant.Atan64},
	FnSinh:       {"Sinh", quant.Sinh32, quant.Sinh64},
	FnCosh:       {"Cosh", quant.Cosh32, quant.Cosh64},
	FnTanh:       {"Tanh", kernels.Tanh, quant.Tanh64},
	FnAsinh:      {"Asinh", quant.Asinh32, quant.Asinh64},
	FnAcosh:      {"Acosh", quant.Acosh32, quant.Acosh64},
	FnAtanh:      {"Atanh", quant.Atanh32, quant.Atanh64},
	FnErf:        {"Erf", kernels.Erf, quant.Erf64},
	FnExp:        {"Exp", kernels.Exp, quant.Exp64},
	FnReciprocal: {"Reciprocal", func(x float32) float32 { return 1 / x }, func(x float64) float64 { return 1 / x }},
}

// Elementary applies a function to each element of a float tensor. float16 is
// computed in float32.
type Elementary struct{ F Function }

// Name returns the function's name.
func (o *Elementary) Name() string { return functions[o.F].name }

// Infer returns the input's type.
func (*Elementary) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferSame(in, arithFloats...)
}

// Ref applies the function.
func (o *Elementary) Ref(in, out []tensor.View) error {
	f := functions[o.F]
	switch x, y := &in[0], &out[0]; x.DType {
	case tensor.F32:
		each(y.F32(), x.F32(), f.f)
	case tensor.F64:
		each(y.F64(), x.F64(), f.f64)
	case tensor.F16:
		d, s := y.F16(), x.F16()
		for i := range d {
			d[i] = quant.Float16Bits(f.f(quant.Float16(s[i])))
		}
	}
	return nil
}

// elementaryKernels are the functions of float32 that kernels compute.
var elementaryKernels = map[Function]kernels.UnaryFn{FnTanh: kernels.UnaryTanh, FnErf: kernels.UnaryErf, FnExp: kernels.UnaryExp}

// Prepare uses kernels where there are some, and else runs Ref.
func (o *Elementary) Prepare(p *Prep) (Prepared, error) {
	if p.In[0].DType != tensor.F32 {
		return byRef(o)
	}
	k, f := p.Kernels, functions[o.F].f
	run := func(y, x []float32) { each(y, x, f) }
	if f, ok := elementaryKernels[o.F]; ok {
		return prepareRows(k.Name, functionWork, func(y, x []float32) { k.UnaryF32(f, y, x, 0) })
	}
	switch one := []float32{1}; o.F {
	case FnReciprocal:
		return prepareRows(k.Name, 1, func(y, x []float32) { k.BinaryF32(kernels.BinaryDiv, y, one, x, infs[0], infs[1]) })
	case FnSquare:
		return prepareRows(k.Name, 1, func(y, x []float32) { k.BinaryF32(kernels.BinaryMul, y, x, x, infs[0], infs[1]) })
	}
	return prepareRows("go", functionWork, run)
}

// InPlace says that the output may replace the input.
func (*Elementary) InPlace(in, out []tensor.Type) []int { return whole() }
