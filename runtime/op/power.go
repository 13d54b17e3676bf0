package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Power computes aᵇ, broadcast, as ONNX does: int64 wraps around, and a
// negative exponent cuts its result towards zero. Unlike Pow, TFLite's, it has
// short cuts for squares and cubes.
type Power struct{}

// Infer returns the broadcast type.
func (*Power) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantPair(in, tensor.F32, tensor.F16, tensor.F64, tensor.I64); err != nil {
		return nil, err
	}
	shape, err := broadcast(in[0].Shape, in[1].Shape)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(in[0].DType, shape...)}, nil
}

func (*Power) on(d tensor.DType) pairs {
	switch d {
	case tensor.F32:
		return pair[float32, float32, float32]{f: power32}
	case tensor.F64:
		return pair[float64, float64, float64]{f: quant.Pow64}
	case tensor.F16:
		return pair[uint16, uint16, uint16]{f: func(a, b uint16) uint16 {
			return quant.Float16Bits(power32(quant.Float16(a), quant.Float16(b)))
		}}
	}
	return pair[int64, int64, int64]{f: powerInt}
}

// power32 squares exactly and rounds once, as quant.Pow32 does.
func power32(a, b float32) float32 {
	switch b {
	case 2:
		return a * a
	case 3:
		x := float64(a)
		return float32(float64(x*x) * x)
	}
	return quant.Pow32(a, b)
}

// powerInt squares and multiplies. 0 to a negative power, which is infinite, is
// the least integer, as when a float is cast.
func powerInt(a, b int64) int64 {
	if b < 0 {
		switch {
		case a == 0:
			return -1 << 63
		case a == 1 || a == -1 && b&1 == 0:
			return 1
		case a == -1:
			return -1
		}
		return 0
	}
	y := int64(1)
	for ; b > 0; b >>= 1 {
		if b&1 != 0 {
			y *= a
		}
		a *= a
	}
	return y
}

// Ref computes the powers.
func (o *Power) Ref(in, out []tensor.View) error {
	refPairs(o.on(in[0].DType), in, out)
	return nil
}

// Prepare prepares loops over runs.
func (o *Power) Prepare(p *Prep) (Prepared, error) { return preparePairs("go", o.on(p.In[0].DType)) }

// InPlace says that the powers may replace an operand.
func (*Power) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
