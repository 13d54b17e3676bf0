package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Pow computes aᵇ, broadcast. int32 wraps around; a negative int32 exponent is
// an error of the data.
type Pow struct{}

// Infer returns the broadcast type.
func (*Pow) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferPair(in, To{}, tensor.F32, tensor.I32)
}

func (*Pow) on(d tensor.DType) pairs {
	if d == tensor.F32 {
		return pair[float32, float32, float32]{f: quant.Pow32}
	}
	return pair[int32, int32, int32]{f: powInt}
}

// powInt squares and multiplies; b ≥ 0.
func powInt(a, b int32) int32 {
	y := int32(1)
	for ; b > 0; b >>= 1 {
		if b&1 != 0 {
			y *= a
		}
		a *= a
	}
	return y
}

func noNegatives(v *tensor.View) error {
	if v.DType != tensor.I32 {
		return nil
	}
	x := v.I32()
	if i := slices.IndexFunc(x, func(x int32) bool { return x < 0 }); i >= 0 {
		return dataf("element %d of the exponent is %d: negative", i, x[i])
	}
	return nil
}

// Ref computes the powers.
func (o *Pow) Ref(in, out []tensor.View) error {
	if err := noNegatives(&in[1]); err != nil {
		return err
	}
	refPairs(o.on(in[0].DType), in, out)
	return nil
}

// Prepare prepares loops over runs.
func (o *Pow) Prepare(p *Prep) (Prepared, error) {
	x := o.on(p.In[0].DType)
	return Prepared{Kernel: "go", Scratch: pairScratch, Bind: func(m *Mem) (Step, error) {
		raise, exponent := bindPairs(x, m), &m.In[1]
		return func() error {
			if err := noNegatives(exponent); err != nil || raise == nil {
				return err
			}
			return raise()
		}, nil
	}}, nil
}

// InPlace says that the powers may replace an operand.
func (*Pow) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
