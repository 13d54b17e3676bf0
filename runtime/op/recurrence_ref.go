package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Ref computes one element after the other.
func (o *Recurrence) Ref(in, out []tensor.View) error {
	s := o.size(in[0].Shape, in[2].Shape)
	x, kernel, recurrent, bias := in[0].F32(), in[1].F32(), in[2].F32(), floatsOf[float32](in, 3)
	h, c := make([]float32, s.n*s.u), make([]float32, s.n*s.u)
	copy(h, floatsOf[float32](in, 4))
	copy(c, floatsOf[float32](in, 5))
	gates, sums := make([]float32, s.n*s.t*s.kept), make([]float32, s.cols)
	cells := make([]float32, s.n*s.t*s.u)
	inputBias, stateBias := make([]float32, s.cols), make([]float32, s.cols)
	copy(inputBias, bias)
	if len(bias) > s.cols {
		copy(stateBias, bias[s.cols:])
	}
	for i := range s.n {
		for k := range s.t {
			row, state := i*s.t+s.at(k), h[i*s.u:(i+1)*s.u]
			g := gates[row*s.kept:][:s.kept]
			chains(g[:s.cols], inputBias, x[row*s.in:][:s.in], kernel)
			chains(sums, stateBias, state, recurrent)
			s.refStep(state, c[i*s.u:(i+1)*s.u], g, sums)
			copy(out[0].F32()[row*s.u:], state)
			copy(cells[row*s.u:], c[i*s.u:(i+1)*s.u])
		}
	}
	kept := [][]float32{h}
	if o.Cell == LSTMCell {
		kept = append(kept, c)
	}
	for i, v := range append(kept, gates, cells) {
		if i+1 < len(out) {
			copy(out[i+1].F32(), v)
		}
	}
	return nil
}

// chains computes y = bias + a·b, b being rows as long as y, each a chain in
// order of a.
func chains(y, bias, a, b []float32) {
	copy(y, bias)
	for l, v := range a {
		for j := range y {
			y[j] = kernels.FMA32(v, b[l*len(y)+j], y[j])
		}
	}
}

// refStep is a step of one sequence.
func (s *recurrenceSize) refStep(h, c, gates, sums []float32) {
	u := s.u
	for j := range h {
		switch g := gates[j:]; s.Cell {
		case SimpleRNNCell:
			h[j] = g[0] + sums[j]
			if s.Relu {
				h[j] = kernels.Clamp(h[j], 0, float32(math.Inf(1)))
			} else {
				h[j] = kernels.Tanh(h[j])
			}
		case GRUCell:
			g[3*u] = sums[2*u+j]
			g[0], g[u], g[2*u], h[j] = kernels.GRUStep(g[0], g[u], g[2*u], sums[j], sums[u+j], g[3*u], h[j])
		case LSTMCell:
			g[0], g[u], g[2*u], g[3*u], c[j], h[j] = kernels.LSTMStep(g[0]+sums[j], g[u]+sums[u+j], g[2*u]+sums[2*u+j], g[3*u]+sums[3*u+j], c[j])
		}
	}
}
