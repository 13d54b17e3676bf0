package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// What is computed while the graph is built: shapes and the like. Planning
// computes larger constants.
const (
	maxFolded    = 1 << 14 // bytes of an input or output
	maxAllFolded = 1 << 24 // of a model
)

// foldSmall computes an operator's outputs now if all that they depend on is known.
// Rows can then read, at build time, shapes, paddings and conditions that the
// file computes. It returns nil if that isn't so.
func (n *node) foldSmall(o graph.Op, in []tensor.View) ([]graph.Value, error) {
	ref, ok := o.(op.Referenced)
	_, writes := o.(op.Writer)
	_, quantised := o.(*op.DequantizeLinear) // the planner wants to see quantised constants
	if !ok || writes || quantised || len(in) == 0 {
		return nil, nil
	}
	_, typeOnly := o.(op.TypeOnly)
	for i := range in {
		v := &in[i]
		if typeOnly && !v.Static() || !typeOnly && !v.Absent() && (!v.Known() || len(v.Data) > maxFolded) {
			return nil, nil
		}
	}
	types, err := o.Infer(in)
	if err != nil {
		return nil, err
	}
	out := make([]tensor.View, len(types))
	for i, t := range types {
		if !t.Static() || t.Check() != nil || t.Bytes() > maxFolded || n.folded > maxAllFolded {
			return nil, nil
		}
		n.folded += t.Bytes()
		out[i] = tensor.View{Type: t, Data: tensor.Bytes(make([]uint64, t.Bytes()/8+1))[:t.Bytes()]}
	}
	if err := ref.Ref(in, out); err != nil {
		return nil, nil // it may never run
	}
	values := make([]graph.Value, len(out))
	for i := range out {
		name := n.label()
		if i < len(n.Outputs) {
			name = n.Outputs[i]
		}
		values[i] = n.b.Const(name, out[i].Type, out[i].Data)
	}
	return values, n.b.Err()
}
