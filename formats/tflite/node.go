package tflite

import (
	"fmt"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// row says how the file spells an operator: it reads the options and returns
// the operator that they mean. It may change n.in, the operator's inputs.
type row func(n *node) (graph.Op, error)

// node is an operator of the file on its way into the graph.
type node struct {
	*scope
	*Operator
	index int
	in    []graph.Value
}

// where names the operator in messages.
func (n *node) where() string {
	return fmt.Sprintf("sub-graph %d operator %d %s %q", n.scope.index, n.index, n.Name(), n.label())
}

// label is the name of the first output.
func (n *node) label() string {
	if len(n.Outputs) == 0 {
		return ""
	}
	return n.sub.Tensors[n.Outputs[0]].Name
}

// add reads the operator and adds it, with its outputs, to the graph.
func (n *node) add() error {
	r, ok := n.rows[n.Name()]
	if !ok {
		return op.Unsupported("the operator")
	}
	for _, t := range n.Inputs {
		v, err := n.value(t)
		if err != nil {
			return err
		}
		n.in = append(n.in, v)
	}
	o, err := r(n)
	if err == nil {
		err = n.Options.Err()
	}
	if err != nil || o == nil {
		return err
	}
	return n.emit(o, n.in...)
}

// emit adds o to the graph; its outputs are the operator's.
func (n *node) emit(o graph.Op, in ...graph.Value) error {
	views := make([]tensor.View, len(in))
	for i, v := range in {
		views[i] = n.b.View(v)
	}
	types, err := o.Infer(views)
	if err != nil {
		return err
	}
	if len(types) < len(n.Outputs) {
		return fmt.Errorf("%d outputs, want %d", len(n.Outputs), len(types))
	}
	names := make([]string, len(n.Outputs))
	for i, t := range n.Outputs {
		names[i] = n.sub.Tensors[t].Name
	}
	out, err := n.b.Node(graph.Node{Label: n.label(), Source: n.source(), Op: o, In: in}, names...)
	if err != nil {
		return err
	}
	for i, t := range n.Outputs {
		if err := n.define(t, out[i]); err != nil {
			return fmt.Errorf("output %d: %w", i, err)
		}
	}
	return nil
}

func (n *node) source() graph.Source { return graph.Source{Index: n.index, Op: n.Name()} }

// define makes v the value of tensor t. The file's element type must be the
// one that the operator gives; its quantisation, if another, is taken over.
func (n *node) define(t int32, v graph.Value) error {
	x := &n.sub.Tensors[t]
	switch {
	case n.values[t] != graph.None:
		return fmt.Errorf("tensor %d %q is written twice", t, x.Name)
	case x.Data != nil:
		return fmt.Errorf("tensor %d %q is a constant", t, x.Name)
	}
	want, err := n.declared(t)
	if err != nil {
		return err
	}
	got := n.b.Type(v)
	if want.DType != got.DType {
		return op.Unsupported("output of type %s (from these inputs it is %s)", want.DType, got.DType)
	}
	if want.Quant != nil && !want.Quant.Equal(got.Quant) && !want.DType.Float() {
		q := &op.Requalify{Quant: want.Quant}
		out, err := n.b.Node(graph.Node{Label: x.Name, Source: n.source(), Op: q, In: []graph.Value{v}}, x.Name)
		if err != nil {
			return err
		}
		v = out[0]
	}
	n.values[t] = v
	return nil
}

// lacks notes that the operator can't be run; what follows is examined too.
func (n *node) lacks(why string) error {
	m := Missing{Subgraph: n.scope.index, Operator: n.index, Name: n.Name(), Version: n.Version, Label: n.label(), Why: why}
	for _, t := range n.Inputs {
		if t >= 0 {
			m.Types = append(m.Types, n.sub.Tensors[t].Type.String())
		}
	}
	n.missing = append(n.missing, m)
	n.declareOutputs()
	return nil
}

// declareOutputs gives the outputs the types that the file declares, as if
// they were inputs of the graph.
func (n *node) declareOutputs() {
	for _, t := range n.Outputs {
		if typ, err := n.declared(t); err == nil && n.values[t] == graph.None {
			n.values[t] = n.b.Input(n.sub.Tensors[t].Name, typ)
		}
	}
}

// to returns the element type and quantisation that the file gives output i.
func (n *node) to(i int) op.To {
	if i >= len(n.Outputs) {
		return op.To{}
	}
	t, err := n.declared(n.Outputs[i])
	if err != nil {
		return op.To{}
	}
	return op.To{DType: t.DType, Quant: t.Quant}
}

// inputType returns the type of input i, absent if there is none.
func (n *node) inputType(i int) tensor.Type {
	if i >= len(n.in) {
		return tensor.Type{}
	}
	return n.b.Type(n.in[i])
}

// options returns the operator's options, which must be of type t if present.
func (n *node) options(t OptionsType) (Options, error) { return n.OptionsAs(t) }

// activation converts a fused activation.
func activation(a ActivationFunctionType) (quant.Activation, error) {
	if a < 0 || a > 5 {
		return 0, op.Unsupported("fused activation %v", a)
	}
	return quant.Activation(a), nil
}

// aligned returns data so that elements can be read where they lie. Files may
// place a buffer at any byte; those that hold wide elements at an odd place
// are copied.
func aligned(data []byte, t tensor.Type) []byte {
	size := uintptr(max(t.DType.Bits()/8, 1))
	if len(data) == 0 || uintptr(unsafe.Pointer(unsafe.SliceData(data)))%size == 0 {
		return data
	}
	words := make([]uint64, (len(data)+7)/8)
	b := tensor.Bytes(words)[:len(data)]
	copy(b, data)
	return b
}
