package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// foldBytes bounds each tensor that is computed while the graph is built. It is
// enough for what shapes, axes and their number are computed from; larger
// constants are the plan's.
const foldBytes = 4096

// computed returns the outputs of a small operator on constants, or on types that
// are known: those after it may need them to know even how many dimensions
// theirs have. It returns false if it can't.
func (n *node) computed(o graph.Op, in []tensor.View, out []tensor.Type) ([]graph.Value, bool) {
	r, ok := o.(op.Referenced)
	if _, writes := o.(op.Writer); !ok || writes {
		return nil, false
	}
	_, typeOnly := o.(op.TypeOnly)
	for i := range in {
		v := &in[i]
		switch {
		case v.Absent():
		case typeOnly && !v.Static(), !typeOnly && (!v.Known() || v.Bytes() > foldBytes):
			return nil, false
		}
	}
	views := make([]tensor.View, len(out))
	for i, t := range out {
		if !t.Static() || t.Check() != nil || t.Bytes() > foldBytes {
			return nil, false
		}
		views[i] = tensor.View{Type: t, Data: tensor.Bytes(make([]uint64, (t.Bytes()+7)/8+1))[:t.Bytes()]}
	}
	if r.Ref(in, views) != nil { // it may never run
		return nil, false
	}
	values := make([]graph.Value, len(out))
	for i, v := range views {
		name := n.label()
		if i < len(n.Outputs) {
			name = n.Outputs[i]
		}
		values[i] = n.b.Const(name, v.Type, v.Data)
	}
	return values, n.b.Err() == nil
}
