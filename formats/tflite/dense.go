package tflite

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// dense adds a sparse constant and the operator that makes it dense. That one
// is computed with the plan, under the limit on memory: a small file may
// describe a large tensor.
func (s *scope) dense(x *Tensor, typ tensor.Type) (graph.Value, error) {
	bits := typ.DType.Bits()
	if bits < 8 {
		return 0, op.Unsupported("sparse %s", typ.DType)
	}
	if len(x.Data)%(bits/8) != 0 {
		return 0, fmt.Errorf("%d bytes are no whole number of %s", len(x.Data), typ.DType)
	}
	o := &op.Densify{Shape: typ.Shape, Quant: typ.Quant}
	for _, d := range x.Sparsity.TraversalOrder {
		o.Order = append(o.Order, int(d))
	}
	for _, d := range x.Sparsity.BlockMap {
		o.Blocks = append(o.Blocks, int(d))
	}
	for _, d := range x.Sparsity.Dims {
		level := op.SparseLevel{Size: int(d.Size)}
		if d.Format == DimSparseCSR {
			level = op.SparseLevel{Segments: d.Segments, Indices: d.Indices}
		}
		o.Levels = append(o.Levels, level)
	}
	stored := s.b.Const(x.Name+"/stored", tensor.Of(typ.DType, len(x.Data)*8/bits), aligned(x.Data, typ))
	out, err := s.b.Node(graph.Node{Label: x.Name, Source: graph.Source{Op: "DENSIFY"}, Op: o, In: []graph.Value{stored}}, x.Name)
	if err != nil {
		return 0, err
	}
	return out[0], nil
}

// densify is the row of DENSIFY, whose input value has made dense already.
func densify(n *node) (graph.Op, error) {
	if len(n.Inputs) != 1 || len(n.Outputs) != 1 || n.Inputs[0] < 0 {
		return nil, fmt.Errorf("%d inputs and %d outputs, want one of each", len(n.Inputs), len(n.Outputs))
	}
	if n.sub.Tensors[n.Inputs[0]].Sparsity == nil {
		return nil, fmt.Errorf("the input is not sparse")
	}
	return nil, n.define(n.Outputs[0], n.in[0])
}
