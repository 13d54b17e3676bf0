package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// curve is a function of float32, which serves quantised elements too: by a
// table of it (TFLite's lookup tables).
type curve func(x float32) float32

func (f curve) on(x, y tensor.Type) pointwise {
	if x.DType == tensor.F32 {
		return pointwise{f32: eachF32(f)}
	}
	sx, zx := scaleZero(x)
	sy, zy := scaleZero(y)
	switch x.DType {
	case tensor.I8:
		t := quant.NewTable8(sx, zx, sy, zy, f)
		return pointwise{q: func(x int32) int32 { return int32(t.Lookup(int8(x))) }}
	case tensor.U8:
		t := quant.NewTableU8(sx, zx, sy, zy, f)
		return pointwise{q: func(x int32) int32 { return int32(t.LookupU8(uint8(x))) }}
	}
	t := quant.NewTable16(sx, zx, sy, zy, f)
	return pointwise{q: func(x int32) int32 { return int32(t.Lookup(int16(x))) }}
}

// Exp computes eˣ. To serves int8 and int16.
type Exp struct{ To }

// Elu computes x where x ≥ 0 and eˣ − 1 elsewhere. To serves int8. float32 has
// TensorFlow Lite's bits or, with Plain, those of kernels.Elu.
type Elu struct {
	Plain bool
	To
}

// Gelu computes x·Φ(x), Φ being the normal distribution's cumulative function,
// or with Tanh ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), which comes near. To
// serves int8 and uint8. float32 has TensorFlow Lite's bits or, with Plain,
// those of kernels.Gelu and kernels.GeluTanh.
type Gelu struct {
	Tanh, Plain bool
	To
}

// Infer returns the input's type, or To's.
func (o *Exp) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferTo(in, o.To, tensor.F32, tensor.I8, tensor.I16)
}

// Infer returns the input's type, or To's.
func (o *Elu) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferTo(in, o.To, tensor.F32, tensor.I8)
}

// Infer returns the input's type, or To's.
func (o *Gelu) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferTo(in, o.To, tensor.F32, tensor.I8, tensor.U8)
}

func (o *Elu) on(x, y tensor.Type) pointwise {
	if o.Plain && x.DType == tensor.F32 {
		return pointwiseF32(kernels.UnaryElu, 1)
	}
	f := curve(func(x float32) float32 {
		if x < 0 {
			return quant.Expm132(x)
		}
		return x
	})
	if x.DType == tensor.I8 { // whose table the reference fills by another formula
		f = func(x float32) float32 {
			if x < 0 {
				return quant.Exp32(x) - 1
			}
			return x
		}
	}
	return f.on(x, y)
}

func (o *Gelu) on(x, y tensor.Type) pointwise {
	switch {
	case o.Plain && o.Tanh && x.DType == tensor.F32:
		return pointwiseF32(kernels.UnaryGeluTanh, 0)
	case o.Plain && x.DType == tensor.F32:
		return pointwiseF32(kernels.UnaryGelu, 0)
	case o.Tanh:
		return curve(geluTanh).on(x, y)
	}
	return curve(gelu).on(x, y)
}

// gelu is by erfc, the complement of erf, since 1 + erf would lose the digits
// of large negative x.
func gelu(x float32) float32 {
	return float32(0.5*x) * quant.Erfc32(x*float32(-math.Sqrt2/2))
}

func geluTanh(x float32) float32 {
	const root = float32(2 / math.SqrtPi * (math.Sqrt2 / 2)) // √(2/π)
	cube := float32(float32(float32(0.044715*x)*x) * x)
	return float32(0.5*x) * (1 + quant.Tanh32(root*(x+cube)))
}

// Ref computes each element.
func (o *Exp) Ref(in, out []tensor.View) error {
	return curve(quant.Exp32).on(in[0].Type, out[0].Type).ref(in, out)
}

// Ref computes each element.
func (o *Elu) Ref(in, out []tensor.View) error { return o.on(in[0].Type, out[0].Type).ref(in, out) }

// Ref computes each element.
func (o *Gelu) Ref(in, out []tensor.View) error { return o.on(in[0].Type, out[0].Type).ref(in, out) }

// Prepare prepares a loop or a table.
func (o *Exp) Prepare(p *Prep) (Prepared, error) {
	return curve(quant.Exp32).on(p.In[0], p.Out[0]).prepare(p)
}

// Prepare prepares a loop or a table.
func (o *Elu) Prepare(p *Prep) (Prepared, error) { return o.on(p.In[0], p.Out[0]).prepare(p) }

// Prepare prepares a loop or a table.
func (o *Gelu) Prepare(p *Prep) (Prepared, error) { return o.on(p.In[0], p.Out[0]).prepare(p) }

// InPlace says that the output may replace the input.
func (*Exp) InPlace(in, out []tensor.Type) []int { return whole() }

// InPlace says that the output may replace the input.
func (*Elu) InPlace(in, out []tensor.Type) []int { return whole() }

// InPlace says that the output may replace the input.
func (*Gelu) InPlace(in, out []tensor.Type) []int { return whole() }
