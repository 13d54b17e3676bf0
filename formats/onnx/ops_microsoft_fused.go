package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// microsoftFusedRows are ONNX Runtime's convolution and product with an activation.
func microsoftFusedRows() map[string]row {
	return map[string]row{"FusedConv": fusedConvRow, "FusedGemm": viaFloat32(fusedGemmRow)}
}

// fusedFunctions are the activations that follow a convolution or a product, and
// what their parameters are called.
var fusedFunctions = map[string][]string{
	"Relu": nil, "Sigmoid": nil, "Tanh": nil, "Softplus": nil, "Softsign": nil, "HardSwish": nil,
	"LeakyRelu": {"alpha"}, "Elu": {"alpha"}, "ThresholdedRelu": {"alpha"},
	"HardSigmoid": {"alpha", "beta"}, "Clip": {"min", "max"},
}

// fusedOpset is the version of the functions: Clip still has attributes.
const fusedOpset = 10

// fusedActivation applies the function that the attribute activation names;
// param returns its i-th parameter, nil if it isn't given.
func (n *node) fusedActivation(v graph.Value, param func(i int) (*float32, error)) (graph.Value, error) {
	kind, err := n.str("activation", "")
	if err != nil || kind == "" {
		return v, err
	}
	names, ok := fusedFunctions[kind]
	if !ok {
		return 0, op.Unsupported("activation %q", kind)
	}
	var attributes []*Attribute
	for i, name := range names {
		p, err := param(i)
		if err != nil {
			return 0, err
		}
		if p != nil {
			attributes = append(attributes, &Attribute{Name: name, Type: AttrFloat, Float: *p})
		}
	}
	opset := int64(fusedOpset)
	if kind == "HardSwish" {
		opset = 14
	}
	return n.as(kind, opset, attributes, v)
}

// fusedConvRow adds a convolution, the sum with input 3 and an activation.
func fusedConvRow(n *node) (graph.Op, error) {
	v, err := n.convolved()
	if err != nil {
		return nil, err
	}
	if len(n.in) > 3 {
		if v, err = n.one(&op.Add{To: op.To{DType: n.typ(3).DType}}, v, n.in[3]); err != nil {
			return nil, err
		}
	}
	params, err := n.floats("activation_params")
	if err != nil {
		return nil, err
	}
	v, err = n.fusedActivation(v, func(i int) (*float32, error) {
		if i >= len(params) {
			return nil, nil
		}
		return &params[i], nil
	})
	if err != nil {
		return nil, err
	}
	return nil, n.define(v)
}

// fusedGemmRow adds a Gemm and an activation.
func fusedGemmRow(n *node) (graph.Op, error) {
	v, err := n.as("Gemm", 13, n.Attributes, n.in...)
	if err != nil {
		return nil, err
	}
	v, err = n.fusedActivation(v, func(i int) (*float32, error) {
		a := n.attr([]string{"activation_alpha", "activation_beta"}[i])
		switch {
		case a == nil:
			return nil, nil
		case a.Type != AttrFloat:
			return nil, wrongType(a, "a float")
		}
		return &a.Float, nil
	})
	if err != nil {
		return nil, err
	}
	return nil, n.define(v)
}
