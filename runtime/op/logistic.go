package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Logistic computes 1/(1 + e⁻ˣ). To serves int8, uint8 and int16. float32 has
// TensorFlow Lite's bits or, with Plain, those of kernels.Sigmoid.
type Logistic struct {
	Plain bool
	To
}

// Tanh computes the hyperbolic tangent. To serves int8, uint8 and int16. Plain
// is as in Logistic, for kernels.Tanh.
type Tanh struct {
	Plain bool
	To
}

// Infer returns the input's type, or To's.
func (o *Logistic) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferTo(in, o.To, tensor.F32, tensor.I8, tensor.U8, tensor.I16)
	if err != nil {
		return nil, err
	}
	if _, zero := quantOf(out[0]); in[0].DType == tensor.I8 && zero != -128 {
		return nil, errorf("zero point %d of the output, want -128", zero)
	}
	return out, wantSigmoid16(in[0].Type, out[0])
}

// Infer returns the input's type, or To's.
func (o *Tanh) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferTo(in, o.To, tensor.F32, tensor.I8, tensor.U8, tensor.I16)
	if err != nil {
		return nil, err
	}
	return out, wantSigmoid16(in[0].Type, out[0])
}

// quantOf is scaleZero for any type; those without a scale have scale 0.
func quantOf(t tensor.Type) (float32, int32) {
	if t.Quant == nil {
		return 0, 0
	}
	return scaleZero(t)
}

// wantSigmoid16 checks what the int16 table needs: zero points of 0, a scale of
// 2^−15, and an input whose scale isn't too large for the multiplier.
func wantSigmoid16(x, y tensor.Type) error {
	if x.DType != tensor.I16 {
		return nil
	}
	if err := wantZeroPoints(x, y); err != nil {
		return err
	}
	sx, _ := scaleZero(x)
	sy, _ := scaleZero(y)
	if e, ok := quant.CheckedLog2(sy); !ok || e != -15 {
		return errorf("scale %v of the output, want 2^-15", sy)
	}
	if float64(sx)*3*4096 >= 32768 {
		return errorf("scale %v of the input, want less than 2.67", sx)
	}
	return nil
}

// fine16 brings int16 to a scale of 1/(3·4096) as (x·factor) / 2^shift.
// Input scales of 2^−12, …, 2^−(12−most) need no shift.
func fine16(scale float32, most int) (factor int32, shift uint) {
	if e, pot := quant.CheckedLog2(scale); pot && e >= -12 && e <= -12+most {
		return 3 << uint(12+e), 0
	}
	m := float64(scale) * 4096 * 3
	for m <= 32767.0/2 && shift <= 30 {
		shift++
		m *= 2
	}
	return int32(m), shift
}

// fine brings x to the table's scale: 2^17 stands for 32/3.
func fine(x, factor int32, shift uint) int32 {
	if shift == 0 {
		return x * factor
	}
	return (x*factor + 1<<(shift-1)) >> shift
}

// between interpolates in the table of samples: x has bits fraction bits, and
// so has the result beyond its 16.
func between(table *[256]uint16, x uint32, bits uint) uint32 {
	i := x >> bits
	a, b := uint32(table[i]), uint32(table[i+1])
	return a<<bits + x&(1<<bits-1)*(b-a)
}

func logistic16(x tensor.Type) func(int32) int32 {
	scale, _ := scaleZero(x)
	factor, shift := fine16(scale, 0)
	table := quant.SigmoidTable()
	return func(x int32) int32 {
		v := fine(x, factor, shift)
		y := uint32(0x7fff << 10)
		if a := uint32(max(v, -v)); a>>9 < 255 {
			y = between(table, a, 9)
		}
		if v >= 0 {
			y += 1 << 9
		} else {
			y = 1<<25 - y + 1<<9 - 1
		}
		return int32(int16(y >> 10))
	}
}

// tanh16 is by the same table: tanh(x) = 2·logistic(2·x) − 1.
func tanh16(x tensor.Type) func(int32) int32 {
	scale, _ := scaleZero(x)
	factor, shift := fine16(scale, 1)
	table := quant.SigmoidTable()
	return func(x int32) int32 {
		v := fine(x, factor, shift)
		y := int32(0xffff << 8)
		if a := uint32(max(v, -v)); a>>8 < 255 {
			y = int32(between(table, a, 8))
		}
		y -= 1 << 23
		if v < 0 {
			y = -y - 1
		}
		return int32(int16((y + 1<<7) >> 8))
	}
}

// fixed8 is a function of int8 computed in 32-bit fixed point: f has 4 integer
// bits to its input and none to its output, which is rounded to bits fraction
// bits. What is out of f's reach gives the extremes.
func fixed8(x tensor.Type, f func(x int32, integerBits int) int32, bits int, zero int32) func(int32) int32 {
	const integerBits = 4
	scale, zx := scaleZero(x)
	m := quant.NewMultiplier(float64(scale) * (1 << (31 - integerBits)))
	radius := int32(quant.CalculateInputRadius(integerBits, int(m.Shift), 31))
	s := newScaler(m)
	return func(x int32) int32 {
		v := x - zx
		switch {
		case v <= -radius:
			return -128
		case v >= radius:
			return 127
		}
		y := quant.RoundingDivideByPOT(f(s.times(v), integerBits), 31-bits)
		return min(max(y+zero, -128), 127)
	}
}

func (o *Logistic) on(x, y tensor.Type) pointwise {
	switch x.DType {
	case tensor.I8:
		return pointwise{q: fixed8(x, quant.Logistic, 8, -128)}
	case tensor.I16:
		return pointwise{q: logistic16(x)}
	case tensor.F32:
		if o.Plain {
			return pointwiseF32(kernels.UnarySigmoid, 0)
		}
	}
	return curve(logistic32).on(x, y)
}

func (o *Tanh) on(x, y tensor.Type) pointwise {
	switch x.DType {
	case tensor.I8:
		return pointwise{q: fixed8(x, quant.FixedTanh, 7, 0)}
	case tensor.I16:
		return pointwise{q: tanh16(x)}
	case tensor.F32:
		if o.Plain {
			return pointwiseF32(kernels.UnaryTanh, 0)
		}
	}
	return curve(quant.Tanh32).on(x, y)
}

// logistic32 is the formula in float32, with the reference's two cut-offs.
func logistic32(x float32) float32 {
	switch {
	case x > 16.619047164916992188:
		return 1
	case x < -9:
		return quant.Exp32(x)
	}
	return 1 / (1 + quant.Exp32(-x))
}

// Ref computes each element.
func (o *Logistic) Ref(in, out []tensor.View) error {
	return o.on(in[0].Type, out[0].Type).ref(in, out)
}

// Ref computes each element.
func (o *Tanh) Ref(in, out []tensor.View) error { return o.on(in[0].Type, out[0].Type).ref(in, out) }

// Prepare prepares a loop or a table.
func (o *Logistic) Prepare(p *Prep) (Prepared, error) { return o.on(p.In[0], p.Out[0]).prepare(p) }

// Prepare prepares a loop or a table.
func (o *Tanh) Prepare(p *Prep) (Prepared, error) { return o.on(p.In[0], p.Out[0]).prepare(p) }

// InPlace says that the output may replace the input.
func (*Logistic) InPlace(in, out []tensor.Type) []int { return whole() }

// InPlace says that the output may replace the input.
func (*Tanh) InPlace(in, out []tensor.Type) []int { return whole() }
