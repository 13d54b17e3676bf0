package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// CausalConvWithState is ONNX's: each channel of input 0 [batch c n], after
// the k−1 elements of past_state that came before it, is filtered by
// weight [c 1 k]. Further inputs are bias [c] and past_state [batch c k−1],
// both optional; without the latter zeros came before. The outputs are
// [batch c n] and present_state, the last k−1 elements.
type CausalConvWithState struct {
	Silu bool // y·sigmoid(y) follows
}

// Infer checks the shapes against each other.
func (*CausalConvWithState) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 4); err != nil {
		return nil, err
	}
	if err := wantFloats(in, 0, 1, 2, 3); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 3); err != nil {
		return nil, err
	}
	if err := wantRank(in, 1, 3); err != nil {
		return nil, err
	}
	batch, c, k := in[0].Shape[0], in[0].Shape[1], in[1].Shape[2]
	if k == 0 {
		return nil, errorf("weight has shape %v: no taps", in[1].Shape)
	}
	state := []int{batch, c, k}
	if k != tensor.Dynamic {
		state[2]--
	}
	for i, want := range [][]int{in[0].Shape, {c, 1, k}, {c}, state} {
		if v := input(in, i); !v.Absent() && !fitsShape(v.Shape, want) {
			return nil, errorf("input %d has shape %v, want %v", i, v.Shape, want)
		}
	}
	return []tensor.Type{tensor.Of(in[0].DType, in[0].Shape...), tensor.Of(in[0].DType, state...)}, nil
}

// Ref filters one channel after the other.
func (o *CausalConvWithState) Ref(in, out []tensor.View) error { return refFloat(o, in, out) }

// Prepare reserves memory for a channel with what came before it.
func (o *CausalConvWithState) Prepare(p *Prep) (Prepared, error) { return byFloat(o, p) }

// MACs counts the products.
func (*CausalConvWithState) MACs(in, out []tensor.Type) int64 {
	return int64(out[0].Len()) * int64(in[1].Shape[2])
}

func (*CausalConvWithState) floatScratch(in, _ []tensor.Type) int64 {
	return int64(in[0].Shape[2]) + int64(in[1].Shape[2]) - 1
}

func (o *CausalConvWithState) runFloat32(in, out []tensor.View, scratch []float32) error {
	causalConv(o.Silu, in, out, scratch)
	return nil
}

func (o *CausalConvWithState) runFloat64(in, out []tensor.View, scratch []float64) error {
	causalConv(o.Silu, in, out, scratch)
	return nil
}

func causalConv[T wideFloat](silu bool, in, out []tensor.View, scratch []T) {
	x, w, bias, past := floatsOf[T](in, 0), floatsOf[T](in, 1), floatsOf[T](in, 2), floatsOf[T](in, 3)
	y, present := floatsOf[T](out, 0), floatsOf[T](out, 1)
	rows, c, n, k := in[0].Shape[0]*in[0].Shape[1], in[0].Shape[1], in[0].Shape[2], in[1].Shape[2]
	if n == 0 && k == 1 {
		return
	}
	line := scratch[:n+k-1]
	for r := range rows {
		clear(line[:k-1])
		if past != nil {
			copy(line, past[r*(k-1):(r+1)*(k-1)])
		}
		copy(line[k-1:], x[r*n:(r+1)*n])
		to := y[r*n : (r+1)*n]
		rowsDot(to, w[r%c*k:r%c*k+k], line, 1)
		if bias != nil {
			for i := range to {
				to[i] += bias[r%c]
			}
		}
		if silu {
			for i, v := range to {
				to[i] = v * T(quant.Sigmoid64(float64(v)))
			}
		}
		copy(present[r*(k-1):(r+1)*(k-1)], line[n:])
	}
}

// attentionScale is 1/√d, unless scale says otherwise.
func attentionScale(scale float32, d int) float64 {
	if scale != 0 {
		return float64(scale)
	}
	return 1 / math.Sqrt(float64(d))
}
