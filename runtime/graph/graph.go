// Package graph is the model: operators and the values between them.
//
// Formats build graphs, the runtime plans them, and training rewrites them. A
// graph knows no operator, no file format and no kernel. Its nodes are in
// execution order, and every value is written once; only variables change,
// in the order of the nodes that write them.
package graph

import (
	"fmt"
	"reflect"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Op is an operator with its attributes filled in.
type Op interface {
	// Infer returns the types of the outputs, or says what is wrong with the
	// inputs. Contents of an input are there (Known) if they are constant or,
	// while the model runs, always. A dimension that depends on contents that
	// are not there is tensor.Dynamic. Infer validates everything that can be
	// validated, so that running needs no checks but those on data.
	Infer(in []tensor.View) ([]tensor.Type, error)
}

// Named is implemented by operators that go by another name than their type's.
type Named interface{ Name() string }

// Name returns an operator's name in the field: "Conv2D". It is that of its
// type, but for operators that are Named.
func Name(o Op) string {
	if o, ok := o.(Named); ok {
		return o.Name()
	}
	return reflect.Indirect(reflect.ValueOf(o)).Type().Name()
}

// Value identifies a tensor in a graph.
type Value int32

// None is the value of an optional input that is left out.
const None Value = -1

// Info is what is known of a value.
type Info struct {
	Name  string
	Type  tensor.Type
	Const []byte // contents, if fixed when the model was built
	Var   *Var   // set if the value is a variable
}

// Var is state that a session keeps between runs. Graphs of one model share
// it by its address.
type Var struct {
	Name string
	Type tensor.Type
	Init []byte // contents after Reset; zero if nil
}

// Node applies an operator.
type Node struct {
	Label   string // the file's name for the node, or that of its first output
	Source  Source
	Op      Op
	In, Out []Value
}

// Source is the place in the file that a node comes from.
type Source struct {
	Index int    // of the operator in its graph
	Op    string // the file's name for the operator: "CONV_2D"
}

// String names a node for messages: `operator 12 CONV_2D "head/conv"`.
func (n *Node) String() string {
	name := n.Source.Op
	if name == "" {
		name = Name(n.Op)
	}
	return fmt.Sprintf("operator %d %s %q", n.Source.Index, name, n.Label)
}

// Graph is a model, or a part that a control-flow operator runs.
type Graph struct {
	Name    string
	Values  []Info
	Nodes   []Node
	In, Out []Value
}

// View returns what is known of v: its type, and its contents if constant.
//
//go:noinline
func (g *Graph) View(v Value) tensor.View {
	if v == None {
		return tensor.View{}
	}
	return tensor.View{Type: g.Values[v].Type, Data: g.Values[v].Const}
}

// Views returns View of each of vs.
//
//go:noinline
func (g *Graph) Views(vs []Value) []tensor.View {
	out := make([]tensor.View, len(vs))
	for i, v := range vs {
		out[i] = g.View(v)
	}
	return out
}
