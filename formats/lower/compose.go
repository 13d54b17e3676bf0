package lower

import (
	"errors"
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// A NodeError says which operator can't be replaced; Err may be an
// *op.UnsupportedError.
type NodeError struct {
	Node string
	Err  error
}

func (e *NodeError) Error() string { return e.Node + ": " + e.Err.Error() }

// Unwrap returns what is wrong with the operator.
func (e *NodeError) Unwrap() error { return e.Err }

// A Composer adds operators in the place of one that can't be written. Its first
// error sticks: Err returns it, and so does Graph.
type Composer struct {
	b      *graph.Builder
	o      *Options
	err    error
	Label  string // of the node that is replaced
	source graph.Source
	reads  []bool // which outputs of the node anybody reads
}

// Reads reports whether anybody reads output i of the node that is replaced.
func (c *Composer) Reads(i int) bool { return i >= len(c.reads) || c.reads[i] }

// Add adds an operator and returns its first output.
//
//go:noinline
func (c *Composer) Add(o graph.Op, in ...graph.Value) graph.Value {
	out := c.AddAll(o, 1, in...)
	return out[0]
}

// AddAll adds an operator with a number of outputs.
func (c *Composer) AddAll(o graph.Op, outputs int, in ...graph.Value) []graph.Value {
	if c.err == nil {
		out, err := c.add(o, in, make([]string, outputs))
		if err == nil {
			return out
		}
		c.err = err
	}
	return make([]graph.Value, outputs)
}

// Err returns the first error.
func (c *Composer) Err() error { return c.err }

// Type returns a value's type.
func (c *Composer) Type(v graph.Value) tensor.Type { return c.b.Type(v) }

// View returns what is known of a value.
func (c *Composer) View(v graph.Value) tensor.View { return c.b.View(v) }

// F32 adds a constant.
func (c *Composer) F32(data []float32, shape ...int) graph.Value {
	return c.b.Const(c.Label+"/const", tensor.Of(tensor.F32, shape...), tensor.Bytes(data))
}

// Number adds a constant that broadcasts to anything.
func (c *Composer) Number(x float32) graph.Value { return c.F32([]float32{x}) }

// I32 adds a constant of int32.
func (c *Composer) I32(data []int32, shape ...int) graph.Value {
	return c.b.Const(c.Label+"/const", tensor.Of(tensor.I32, shape...), tensor.Bytes(data))
}

// Ints adds a constant list of int32.
func (c *Composer) Ints(list ...int) graph.Value {
	data := make([]int32, len(list))
	for i, x := range list {
		data[i] = int32(x)
	}
	return c.I32(data, len(data))
}

// Var adds a variable.
func (c *Composer) Var(v *graph.Var) graph.Value { return c.b.Var(v) }

// add adds an operator, or what it is composed of. Outputs get the names, unless
// those are values that were there before.
func (c *Composer) add(o graph.Op, in []graph.Value, names []string) ([]graph.Value, error) {
	if out, ok := computed(c.b, o, in, names); ok {
		return out, c.b.Err()
	}
	n := graph.Node{Label: c.Label, Source: c.source, Op: o, In: in}
	a, attention := o.(*op.TrainedAttention)
	if c.o.Compose == nil && !attention {
		return c.b.Node(n, names...)
	}
	nodes := len(c.b.Nodes())
	inner := &Composer{b: c.b, o: c.o, Label: c.Label, source: c.source, reads: c.reads}
	var out []graph.Value
	var err error
	if attention { // which no format has
		out, err = inner.attention(*a, in)
	} else {
		out, err = c.o.Compose(inner, o, in)
	}
	if err == nil {
		err = inner.err
	}
	if err == nil {
		err = c.b.Err()
	}
	if _, placed := errors.AsType[*NodeError](err); err != nil && !placed {
		err = &NodeError{Node: n.String(), Err: err}
	}
	if err != nil {
		return nil, err
	}
	if out == nil {
		return c.b.Node(n, names...)
	}
	for _, made := range c.b.Nodes()[nodes:] {
		for _, v := range made.Out {
			for k, y := range out {
				if v == y && k < len(names) && names[k] != "" {
					c.b.Rename(v, names[k])
				}
			}
		}
	}
	return out, nil
}

// findClamps decides which clamps the layers before them do. What folds away in
// between is looked through.
func (r *rewriter) findClamps() {
	r.fused = map[int]graph.Op{}
	for i := range r.g.Nodes {
		n := &r.g.Nodes[i]
		c, ok := n.Op.(*op.Clamp)
		if !ok || r.o.Fuse == nil || !r.o.Fuse(*c) {
			continue
		}
		v := n.In[0]
		k := r.maker[v]
		for k >= 0 && r.drops[k] && r.count[v] == 1 {
			v = r.g.Nodes[k].In[0]
			k = r.maker[v]
		}
		if k < 0 || r.count[v] != 1 || r.count[n.In[0]] != 1 || len(r.g.Nodes[k].Out) != 1 {
			continue
		}
		o := r.g.Nodes[k].Op
		if f, ok := r.fused[k]; ok {
			o = f
		}
		f, ok := o.(op.Fuser)
		if !ok {
			continue
		}
		if o := f.Fuse(c, r.g.Values[n.Out[0]].Type); o != nil {
			r.fused[k], r.drops[i] = o, true
			r.names[v] = r.name(n.Out[0])
		}
	}
}

// Closed returns the types of g's values if every open dimension of an input has
// one element.
func Closed(g *graph.Graph) ([]tensor.Type, error) {
	views := make([]tensor.View, len(g.Values))
	for i := range views {
		views[i] = g.View(graph.Value(i))
	}
	for _, v := range g.In {
		shape := append([]int{}, views[v].Shape...)
		for i, d := range shape {
			if d == tensor.Dynamic {
				shape[i] = 1
			}
		}
		views[v].Shape = shape
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		in := make([]tensor.View, len(n.In))
		for k, v := range n.In {
			if v != graph.None {
				in[k] = views[v]
			}
		}
		types, err := n.Op.Infer(in)
		if err != nil {
			return nil, fmt.Errorf("%s, for a batch of 1: %w", n, err)
		}
		for k, v := range n.Out {
			views[v].Type = types[k]
		}
		if known := evaluate(n.Op, in); len(known) == len(n.Out) { // sizes that others are made of
			for k, v := range n.Out {
				views[v] = known[k]
			}
		}
	}
	out := make([]tensor.Type, len(views))
	for i := range out {
		out[i] = views[i].Type
	}
	return out, nil
}
