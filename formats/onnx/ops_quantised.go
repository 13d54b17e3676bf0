package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// quantisedRows are the operators on quantised numbers. Those of
// com.microsoft are ONNX Runtime's.
func quantisedRows() map[string]row {
	return map[string]row{
		"QuantizeLinear":                 quantizeLinearRow,
		"com.microsoft.QuantizeLinear":   quantizeLinearRow,
		"DequantizeLinear":               dequantizeLinearRow,
		"com.microsoft.DequantizeLinear": dequantizeLinearRow,
		"DynamicQuantizeLinear":          plain(&op.DynamicQuantizeLinear{}),
	}
}

// linearAttributes reads what QuantizeLinear and DequantizeLinear share, and
// the type that output_dtype asks for, or else def.
func (n *node) linearAttributes(def tensor.DType) (axis, block int, d tensor.DType, err error) {
	if axis, err = n.int("axis", 1); err != nil {
		return
	}
	if block, err = n.int("block_size", 0); err != nil {
		return
	}
	to, err := n.int("output_dtype", 0)
	if err != nil || to == 0 {
		return axis, block, def, err
	}
	d, err = held(DataType(to))
	return axis, block, d, err
}

// narrowOutput returns the type of fewer than 8 bits that output_dtype or the
// zero point asks for, Undefined if it is wider or int4, which the runtime has.
func (n *node) narrowOutput() (DataType, error) {
	to, err := n.int("output_dtype", 0)
	d := DataType(to)
	if d == Undefined && len(n.Inputs) > 2 {
		d = n.narrow[n.Inputs[2]]
	}
	if _, ok := narrowRange[d]; !ok {
		d = Undefined
	}
	return d, err
}

func quantizeLinearRow(n *node) (graph.Op, error) {
	d := n.typ(2).DType
	if d == tensor.None {
		d = tensor.U8
	}
	axis, block, d, err := n.linearAttributes(d)
	if err != nil {
		return nil, err
	}
	o := op.QuantizeLinear{Axis: axis, Block: block, DType: d}
	narrow, err := n.narrowOutput()
	if err != nil || narrow == Undefined {
		return new(o), err
	}
	y, err := n.one(new(o), n.in...)
	if err != nil {
		return nil, err
	}
	if y, err = n.saturate(y, narrow); err != nil {
		return nil, err
	}
	if len(n.Outputs) > 0 {
		n.note(n.Outputs[0], narrow)
	}
	return nil, n.define(y)
}

func dequantizeLinearRow(n *node) (graph.Op, error) {
	axis, block, d, err := n.linearAttributes(n.typ(1).DType)
	return &op.DequantizeLinear{Axis: axis, Block: block, DType: d}, err
}
