package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// definedRows are the slots that losses use, by their definitions.
var definedRows = kernels.Rows{
	BinaryF32: func(f kernels.BinaryFn, y, a, b []float32, lo, hi float32) {
		u, v := a[0], b[0]
		for i := range y {
			if len(a) > 1 {
				u = a[i]
			}
			if len(b) > 1 {
				v = b[i]
			}
			y[i] = kernels.Clamp(f.Of(u, v), lo, hi)
		}
	},
	NormF32: func(y, x []float32, mean, factor float32, _, _ []float32) {
		each(y, x, func(x float32) float32 { return float32((x - mean) * factor) })
	},
	UnaryF32: func(f kernels.UnaryFn, y, x []float32, a float32) {
		each(y, x, func(x float32) float32 { return f.Of(x, a) })
	},
	UnaryGradF32: func(f kernels.UnaryGradFn, dx, v, dy []float32, a, b float32) {
		for i := range dx {
			dx[i] = f.Of(v[i], dy[i], a, b)
		}
	},
}

// refMeanLoss computes a loss sample by sample.
func refMeanLoss(o meanLoss, in, out []tensor.View) error {
	n, c := rowsOf(in[0].Type)
	x, t, loss, u := in[0].F32(), in[1].F32(), make([]float32, n), make([]float32, c)
	terms := make([]float32, c)
	for i := range loss {
		o.losses(&definedRows, terms, x[i*c:(i+1)*c], t[i*c:(i+1)*c], u)
		for j := 0; j < c; j += partElements {
			loss[i] += laneSum(terms[j:min(j+partElements, c)])
		}
		loss[i] *= 1 / float32(c)
	}
	out[0].F32()[0] = laneSum(weighed(loss, in[2].F32()))
	return nil
}

// Ref computes the gradient sample by sample.
func (o *meanLossGrad) Ref(in, out []tensor.View) error {
	n, c := rowsOf(in[0].Type)
	x, t, dx, u := in[0].F32(), in[1].F32(), out[0].F32(), make([]float32, c)
	for i := range n {
		f := []float32{float32(in[2].F32()[i] * (in[3].F32()[0] / float32(c)))}
		o.part(&definedRows, dx[i*c:(i+1)*c], x[i*c:(i+1)*c], t[i*c:(i+1)*c], f, u)
	}
	return nil
}
