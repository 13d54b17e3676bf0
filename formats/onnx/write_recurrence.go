package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeRecurrence adds a trained layer, batch first, as ONNX's: sequence first,
// weights turned, with a dimension for the direction.
func writeRecurrence(s *spelling, o *op.Recurrence) error {
	if o.Keep {
		return op.Unsupported("a layer that keeps what its gradient needs")
	}
	operator, order := "RNN", []int{0}
	attrs := []wire{attribute("direction", directionOf([]bool{o.Reverse}))}
	switch {
	case o.Cell == op.GRUCell:
		operator, order = "GRU", []int{0, 1, 2}
		attrs = append(attrs, attribute("linear_before_reset", 1))
	case o.Cell == op.LSTMCell:
		operator, order = "LSTM", []int{0, 3, 1, 2} // i f c o to i o f c
	case o.Relu:
		attrs = append(attrs, attribute("activations", []string{"Relu"}))
	}
	var views [4]tensor.View
	for i := 1; i < 4; i++ {
		if !s.has(i) {
			continue
		}
		var err error
		if views[i], err = s.known(i); err != nil {
			return err
		}
	}
	units := views[2].Shape[0]
	attrs = append(attrs, attribute("hidden_size", units))
	in := []string{s.transposed(s.n.In[0], []int{1, 0, 2}, s.base[s.n.In[0]]+"_seq")}
	for i := 1; i < 3; i++ {
		v := views[i]
		shape := []int{1, v.Shape[1], v.Shape[0]}
		in = append(in, s.constForm(s.n.In[i], "gates", shape, func() []byte { return tensor.Bytes(gateRows(v, order)) }))
	}
	bias := ""
	if s.has(3) {
		bias = s.constForm(s.n.In[3], "gates", []int{1, 2 * len(order) * units}, func() []byte {
			return tensor.Bytes(gateBias(views[3], order, units))
		})
	}
	in = append(in, bias, "")
	for i := 4; i < len(s.n.In); i++ {
		name := s.in(i)
		if name != "" {
			name = s.emit("Unsqueeze", []string{name, s.list(0)})
		}
		in = append(in, name)
	}
	out := s.emitAll(operator, len(s.n.Out), in, attrs...)
	y := s.emit("Squeeze", []string{out[0], s.list(1)})
	s.define(0, s.emit("Transpose", []string{y}, attribute("perm", []int{1, 0, 2})))
	for i := 1; i < len(out); i++ {
		s.define(i, s.emit("Squeeze", []string{out[i], s.list(0)}))
	}
	return nil
}

// gateRows turns weights [k g·u] into [g·u k], gates in another order.
func gateRows(w tensor.View, order []int) []float32 {
	k, cols := w.Shape[0], w.Shape[1]
	u := cols / len(order)
	out := make([]float32, 0, k*cols)
	for _, g := range order {
		for j := range u {
			for l := range k {
				out = append(out, w.F32()[l*cols+g*u+j])
			}
		}
	}
	return out
}

// gateBias returns the bias of W, then that of R: 0 if there is only one.
func gateBias(b tensor.View, order []int, u int) []float32 {
	out := make([]float32, 0, 2*len(order)*u)
	for row := 0; row*len(order)*u < b.Len(); row++ {
		for _, g := range order {
			from := (row*len(order) + g) * u
			out = append(out, b.F32()[from:from+u]...)
		}
	}
	return append(out, make([]float32, 2*len(order)*u-len(out))...)
}
