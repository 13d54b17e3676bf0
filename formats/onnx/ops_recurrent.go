package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// recurrentRows are the operators that carry a state along a sequence, and
// attention.
func recurrentRows() map[string]row {
	return map[string]row{
		"RNN":  rnnRow,
		"GRU":  gruRow,
		"LSTM": lstmRow,

		"com.microsoft.DynamicQuantizeLSTM": dynamicLSTMRow,

		"Attention":                     attentionRow,
		"ai.onnx.preview.FlexAttention": flexAttentionRow,
		"RotaryEmbedding":               rotaryRow,
		"CausalConvWithState":           causalConvRow,
		"LinearAttention":               linearAttentionRow,
	}
}

func rnnRow(n *node) (graph.Op, error) {
	r, err := n.recurrent("Tanh")
	return &op.RNN{Recurrent: r}, err
}

func gruRow(n *node) (graph.Op, error) {
	r, err := n.recurrent("Sigmoid", "Tanh")
	if err != nil {
		return nil, err
	}
	linear, err := n.bool("linear_before_reset", false)
	return &op.GRU{Recurrent: r, LinearBeforeReset: linear}, err
}

func lstmRow(n *node) (graph.Op, error) {
	o, err := n.lstm()
	return &o, err
}

func dynamicLSTMRow(n *node) (graph.Op, error) {
	o, err := n.lstm()
	return &op.DynamicQuantizeLSTM{LSTM: o}, err
}

func (n *node) lstm() (o op.LSTM, err error) {
	if o.Recurrent, err = n.recurrent("Sigmoid", "Tanh", "Tanh"); err != nil {
		return o, err
	}
	o.InputForget, err = n.bool("input_forget", false)
	return o, err
}

// recurrent reads the attributes that RNN, GRU and LSTM share. functions are
// the activations of a direction that names none.
func (n *node) recurrent(functions ...string) (r op.Recurrent, err error) {
	if r.Reverse, err = n.directions(); err != nil {
		return r, err
	}
	if r.Hidden, err = n.int("hidden_size", 0); err != nil {
		return r, err
	}
	if r.Clip, err = n.float("clip", 0); err != nil {
		return r, err
	}
	if r.Batchwise, err = n.bool("layout", false); err != nil {
		return r, err
	}
	alphas, err := n.floats("activation_alpha")
	if err != nil {
		return r, err
	}
	betas, err := n.floats("activation_beta")
	if err != nil {
		return r, err
	}
	names, err := n.activationNames()
	if err != nil {
		return r, err
	}
	if len(names) == 0 {
		for range r.Reverse {
			names = append(names, functions...)
		}
	}
	r.Functions, err = op.CellFunctions(names, alphas, betas)
	return r, err
}

// directions reads the attribute direction: for each, whether it is reverse.
func (n *node) directions() ([]bool, error) {
	d, err := n.str("direction", "forward")
	if err != nil {
		return nil, err
	}
	switch d {
	case "forward":
		return []bool{false}, nil
	case "reverse":
		return []bool{true}, nil
	case "bidirectional":
		return []bool{false, true}, nil
	}
	return nil, errorf("direction is %q, want forward, reverse or bidirectional", d)
}

// activationNames reads the attribute activations, nil if there is none.
func (n *node) activationNames() ([]string, error) {
	a := n.attr("activations")
	switch {
	case a == nil:
		return nil, nil
	case a.Type != AttrStrings:
		return nil, wrongType(a, "a list of strings")
	}
	names := make([]string, len(a.Strings))
	for i, s := range a.Strings {
		names[i] = string(s)
	}
	return names, nil
}
