package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Clamp bounds its input to [Lo, Hi]: TFLite's RELU (0, ∞), RELU6 (0, 6),
// RELU_N1_TO_1 and RELU_0_TO_1. NaN passes. Integers are quantised: their
// bounds are those of the numbers that they stand for; To, if set, is another
// scale and zero point that they get.
type Clamp struct {
	Lo, Hi float32
	To
}

// Bounds returns the bounds, if that is all that the operator does.
func (o *Clamp) Bounds() (lo, hi float32, ok bool) { return o.Lo, o.Hi, o.To.Quant == nil }

// Infer returns the input's type, or To's.
func (o *Clamp) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := (Bounds{o.Lo, o.Hi}).valid(); err != nil {
		return nil, err
	}
	types := []tensor.DType{tensor.F32, tensor.I8, tensor.U8, tensor.I16}
	if o.To.Quant != nil {
		out, err := inferTo(in, o.To, types...)
		if err == nil && in[0].DType == tensor.I16 {
			err = wantZeroPoints(in[0].Type, out[0])
		}
		return out, err
	}
	out, err := inferSame(in, types...)
	if err != nil {
		return nil, err
	}
	return out, wantQuant(out[0])
}

func (o *Clamp) on(x, y tensor.Type) pointwise {
	if x.DType == tensor.F32 {
		return pointwise{
			f32: eachF32(func(x float32) float32 { return clamp32(x, o.Lo, o.Hi) }),
			kernel: func(k *kernels.Set) func(y, x []float32) {
				one := []float32{1} // a product that is exact
				return func(y, x []float32) { k.BinaryF32(kernels.BinaryMul, y, x, one, o.Lo, o.Hi) }
			},
		}
	}
	lo, hi := Bounds{o.Lo, o.Hi}.quantised(y)
	if o.To.Quant == nil {
		return pointwise{q: func(x int32) int32 { return min(max(x, lo), hi) }}
	}
	sx, zx := scaleZero(x)
	sy, zy := scaleZero(y)
	m := newScaler(quant.NewMultiplier(float64(sx / sy)))
	return pointwise{q: func(x int32) int32 { return min(max(m.times(x-zx)+zy, lo), hi) }}
}

// Ref clamps.
func (o *Clamp) Ref(in, out []tensor.View) error { return o.on(in[0].Type, out[0].Type).ref(in, out) }

// Prepare prepares a loop or a table.
func (o *Clamp) Prepare(p *Prep) (Prepared, error) { return o.on(p.In[0], p.Out[0]).prepare(p) }

// InPlace says that the output may replace the input.
func (*Clamp) InPlace(in, out []tensor.Type) []int { return whole() }

// Grad is from the output.
func (o *Clamp) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return oneGrad(n, 0, b.Add(n.Label+"/grad", &ClampGrad{o.Lo, o.Hi}, n.Out[0], dy[0])), nil
}
