package onnx

import (
	"reflect"

	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// writeRecurrentRows are ONNX's recurrent layers.
func writeRecurrentRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{
		rowFor(writeRecurrence),
		rowFor(func(s *spelling, o *op.LSTM) error {
			forget := 0
			if o.InputForget {
				forget = 1
			}
			return s.recurrent("LSTM", o.Recurrent, attribute("input_forget", forget))
		}),
		rowFor(func(s *spelling, o *op.GRU) error {
			linear := 0
			if o.LinearBeforeReset {
				linear = 1
			}
			return s.recurrent("GRU", o.Recurrent, attribute("linear_before_reset", linear))
		}),
		rowFor(func(s *spelling, o *op.RNN) error { return s.recurrent("RNN", o.Recurrent) }),
	}
}

// cellNames are the functions of cells as ONNX spells them, and whether they have
// parameters.
var cellNames = map[string]struct {
	name        string
	alpha, beta bool
}{
	"relu": {"Relu", false, false}, "tanh": {"Tanh", false, false}, "sigmoid": {"Sigmoid", false, false},
	"softsign": {"Softsign", false, false}, "softplus": {"Softplus", false, false}, "affine": {"Affine", true, true},
	"leakyrelu": {"LeakyRelu", true, false}, "thresholdedrelu": {"ThresholdedRelu", true, false},
	"scaledtanh": {"ScaledTanh", true, true}, "hardsigmoid": {"HardSigmoid", true, true}, "elu": {"Elu", true, false},
}

// recurrent adds a layer with layout 0, the only one that ONNX Runtime has. The
// batch goes first by transposes.
func (s *spelling) recurrent(operator string, o op.Recurrent, attrs ...wire) error {
	if err := s.float(0); err != nil {
		return err
	}
	attrs = append(attrs, attribute("hidden_size", s.view(2).Shape[2]), attribute("direction", directionOf(o.Reverse)))
	var names []string
	var alphas, betas []float32
	for _, f := range o.Functions {
		k, ok := cellNames[f.Name]
		if !ok {
			return op.Unsupported("the function %q in a cell", f.Name)
		}
		names = append(names, k.name)
		if k.alpha {
			alphas = append(alphas, f.Alpha)
		}
		if k.beta {
			betas = append(betas, f.Beta)
		}
	}
	attrs = append(attrs, attribute("activations", names))
	if alphas != nil {
		attrs = append(attrs, attribute("activation_alpha", alphas))
	}
	if betas != nil {
		attrs = append(attrs, attribute("activation_beta", betas))
	}
	if o.Clip != 0 {
		attrs = append(attrs, attribute("clip", o.Clip))
	}
	in := make([]string, len(s.n.In))
	for i := range in {
		if in[i] = s.in(i); o.Batchwise && s.has(i) && (i == 0 || i == 5 || i == 6) {
			in[i] = s.transposed(s.n.In[i], []int{1, 0, 2}, s.base[s.n.In[i]]+"_seq")
		}
	}
	for i, name := range s.emitAll(operator, len(s.n.Out), in, attrs...) {
		switch {
		case o.Batchwise && i == 0:
			name = s.emit("Transpose", []string{name}, attribute("perm", []int{2, 0, 1, 3}))
		case o.Batchwise:
			name = s.emit("Transpose", []string{name}, attribute("perm", []int{1, 0, 2}))
		}
		s.define(i, name)
	}
	return nil
}

// directionOf spells out which way a layer reads.
func directionOf(reverse []bool) string {
	switch {
	case len(reverse) == 2:
		return "bidirectional"
	case reverse[0]:
		return "reverse"
	}
	return "forward"
}
