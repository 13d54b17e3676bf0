package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ActivationFn is a function of one number with up to two parameters a and b.
type ActivationFn uint8

// The functions, by ONNX's definitions.
const (
	ActAffine          ActivationFn = iota // a·x + b
	ActCelu                                // max(0, x) + min(0, a·(e^(x/a) − 1))
	ActElu                                 // a·(eˣ − 1) where x < 0, and x
	ActGelu                                // x·Φ(x)
	ActGeluTanh                            // the approximation by tanh
	ActHardSigmoid                         // max(0, min(1, a·x + b))
	ActHardSwish                           // x·max(0, min(1, x/6 + ½))
	ActLeakyRelu                           // a·x where x < 0, and x
	ActMish                                // x·tanh(log(1 + eˣ))
	ActScaledTanh                          // a·tanh(b·x)
	ActSelu                                // b·(a·(eˣ − 1)) where x ≤ 0, and b·x
	ActSigmoid                             // 1/(1 + e^−x)
	ActShrink                              // x + b where x < −a, x − b where x > a, and 0
	ActSoftplus                            // a·log(1 + e^(b·x))
	ActSoftsign                            // x/(1 + |x|)
	ActSwish                               // x/(1 + e^(−a·x))
	ActThresholdedRelu                     // x where x > a, and 0
	activationFns
)

var activations = [activationFns]struct {
	name string
	f    func(x, a, b float64) float64
}{
	ActAffine:          {"Affine", func(x, a, b float64) float64 { return float64(a*x) + b }},
	ActCelu:            {"Celu", actCelu},
	ActElu:             {"Elu", actElu},
	ActGelu:            {"Gelu", func(x, _, _ float64) float64 { return float64(0.5*x) * quant.Erfc64(float64(x*(-math.Sqrt2/2))) }},
	ActGeluTanh:        {"GeluTanh", actGeluTanh},
	ActHardSigmoid:     {"HardSigmoid", func(x, a, b float64) float64 { return actUnit(float64(a*x) + b) }},
	ActHardSwish:       {"HardSwish", func(x, _, _ float64) float64 { return x * actUnit(float64(x*(1.0/6))+0.5) }},
	ActLeakyRelu:       {"LeakyRelu", actLeakyRelu},
	ActMish:            {"Mish", func(x, _, _ float64) float64 { return x * quant.Tanh64(actSoftplus(x)) }},
	ActScaledTanh:      {"ScaledTanh", func(x, a, b float64) float64 { return a * quant.Tanh64(float64(b*x)) }},
	ActSelu:            {"Selu", func(x, a, b float64) float64 { return b * actElu(x, a, 0) }},
	ActSigmoid:         {"Sigmoid", func(x, _, _ float64) float64 { return quant.Sigmoid64(x) }},
	ActShrink:          {"Shrink", actShrink},
	ActSoftplus:        {"Softplus", func(x, a, b float64) float64 { return a * actSoftplus(float64(b*x)) }},
	ActSoftsign:        {"Softsign", func(x, _, _ float64) float64 { return x / (1 + math.Abs(x)) }},
	ActSwish:           {"Swish", func(x, a, _ float64) float64 { return x * quant.Sigmoid64(float64(a*x)) }},
	ActThresholdedRelu: {"ThresholdedRelu", actThresholdedRelu},
}

// actUnit bounds x to [0, 1]; NaN passes.
func actUnit(x float64) float64 {
	switch {
	case x < 0:
		return 0
	case x > 1:
		return 1
	}
	return x
}

func actCelu(x, a, _ float64) float64 {
	if x < 0 {
		return min(0, float64(a*quant.Expm164(x/a)))
	}
	return x + min(0, float64(a*quant.Expm164(x/a)))
}

func actElu(x, a, _ float64) float64 {
	if x < 0 {
		return a * quant.Expm164(x)
	}
	return x
}

func actGeluTanh(x, _, _ float64) float64 {
	const root = 2 / math.SqrtPi * (math.Sqrt2 / 2) // √(2/π)
	cube := float64(float64(float64(0.044715*x)*x) * x)
	return float64(0.5*x) * (1 + quant.Tanh64(float64(root*(x+cube))))
}

func actLeakyRelu(x, a, _ float64) float64 {
	if x < 0 {
		return a * x
	}
	return x
}

func actShrink(x, a, b float64) float64 {
	switch {
	case x < -a:
		return x + b
	case x > a:
		return x - b
	}
	return 0
}

// actSoftplus returns log(1 + eˣ) without computing a large eˣ.
func actSoftplus(x float64) float64 {
	return max(x, 0) + quant.Log1p64(quant.Exp64(-math.Abs(x)))
}

func actThresholdedRelu(x, a, _ float64) float64 {
	if x > a {
		return x
	}
	return 0
}

// Activation applies F with the parameters A and B to floats. It computes in
// float64 and rounds once (float16 by way of float32), but for functions of
// float32 that kernels have. With Plain, that is so for float32 of more functions:
// see plain.
type Activation struct {
	F     ActivationFn
	A, B  float32
	Plain bool
}

// Name returns the function's name.
func (o *Activation) Name() string { return activations[o.F].name }

// Infer returns the input's type.
func (o *Activation) Infer(in []tensor.View) ([]tensor.Type, error) {
	if o.F == ActCelu && o.A == 0 {
		return nil, errorf("alpha is 0, want another number")
	}
	return inferSame(in, arithFloats...)
}

// Ref applies the function.
func (o *Activation) Ref(in, out []tensor.View) error {
	f, a, b := activations[o.F].f, float64(o.A), float64(o.B)
	switch x, y := &in[0], &out[0]; x.DType {
	case tensor.F32:
		s, d := x.F32(), y.F32()
		if o.Plain && o.plainRef(d, s) {
			return nil
		}
		switch fn, ok := activationKernels[o.F]; {
		case ok:
			each(d, s, func(x float32) float32 { return fn.Of(x, o.A) })
			return nil
		case o.F == ActHardSigmoid:
			actHardSigmoid32(d, s, a, b)
			return nil
		}
		for i := range d {
			d[i] = float32(f(float64(s[i]), a, b))
		}
	case tensor.F64:
		s, d := x.F64(), y.F64()
		for i := range d {
			d[i] = f(s[i], a, b)
		}
	case tensor.F16:
		s, d := x.F16(), y.F16()
		for i := range d {
			d[i] = quant.Float16Bits(float32(f(float64(quant.Float16(s[i])), a, b)))
		}
	}
	return nil
}

// actHardSigmoid32 has the function within the loop: mobile networks spend time
// on it.
func actHardSigmoid32(y, x []float32, a, b float64) {
	x = x[:len(y)]
	for i, v := range x {
		h := float64(a*float64(v)) + b
		if h < 0 {
			h = 0
		}
		if h > 1 {
			h = 1
		}
		y[i] = float32(h)
	}
}

// activationKernels are the functions of float32 that kernels compute; A is
// their parameter.
var activationKernels = map[ActivationFn]kernels.UnaryFn{
	ActGelu: kernels.UnaryGelu, ActGeluTanh: kernels.UnaryGeluTanh, ActSigmoid: kernels.UnarySigmoid, ActSwish: kernels.UnarySwish,
}

// Prepare uses kernels where there are some, and else runs Ref.
func (o *Activation) Prepare(p *Prep) (Prepared, error) {
	if run := o.plain(p.Kernels); o.Plain && run != nil && p.In[0].DType == tensor.F32 {
		return prepareRows(p.Kernels.Name, functionWork, run)
	}
	f, ok := activationKernels[o.F]
	if !ok || p.In[0].DType != tensor.F32 {
		return byRef(o)
	}
	k := p.Kernels
	return prepareRows(k.Name, functionWork, func(y, x []float32) { k.UnaryF32(f, y, x, o.A) })
}

// InPlace says that the output may replace the input.
func (*Activation) InPlace(in, out []tensor.Type) []int { return whole() }
