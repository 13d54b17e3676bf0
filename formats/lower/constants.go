package lower

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// maxGrown is how many bytes computing constants may make out of fewer: more
// than that is left to whoever runs the model.
const maxGrown = 1 << 20

// computed returns the outputs of an operator all of whose inputs are constant,
// or of whose output only types decide, as constants.
func computed(b *graph.Builder, o graph.Op, in []graph.Value, names []string) ([]graph.Value, bool) {
	views := make([]tensor.View, len(in))
	for i, v := range in {
		views[i] = b.View(v)
	}
	out := evaluate(o, views)
	if out == nil || len(out) != len(names) {
		return nil, false // the builder says what is wrong
	}
	values := make([]graph.Value, len(out))
	for i, v := range out {
		if names[i] == "" && in[0] != graph.None {
			names[i] = b.Name(in[0]) // weights in another layout
		}
		values[i] = b.Const(names[i], v.Type, v.Data)
	}
	return values, true
}

// evaluate returns the outputs of an operator if they follow from what is known of
// its inputs, and else nil.
func evaluate(o graph.Op, in []tensor.View) []tensor.View {
	ref, ok := o.(op.Referenced)
	if _, writes := o.(op.Writer); !ok || writes || len(in) == 0 {
		return nil
	}
	_, typeOnly := o.(op.TypeOnly)
	have := 0
	for i := range in {
		if !in[i].Absent() && !in[i].Known() && !(typeOnly && in[i].Static()) {
			return nil
		}
		have += len(in[i].Data)
	}
	types, err := o.Infer(in)
	if err != nil {
		return nil
	}
	out, need := make([]tensor.View, len(types)), 0
	for _, t := range types {
		if !t.Static() || t.Check() != nil {
			return nil
		}
		need += t.Bytes()
	}
	if need > have+maxGrown {
		return nil
	}
	for i, t := range types {
		out[i] = tensor.View{Type: t, Data: buffer(t.Bytes())}
	}
	if ref.Ref(in, out) != nil {
		return nil // an error of the data is for the run to report
	}
	return out
}

// buffer returns n bytes, aligned for any element.
func buffer(n int) []byte { return tensor.Bytes(make([]uint64, (n+7)/8))[:n:n] }

// reshape leaves the batch of a reshape to be worked out: the first dimension,
// which is a multiple of the batch that the graph was made for.
func (r *rewriter) reshape(n *graph.Node, o *op.Reshape, in []graph.Value) (*op.Reshape, []graph.Value) {
	if !r.o.OpenBatch || r.b.Type(in[0]).Static() {
		return o, in
	}
	old, out := r.g.Values[n.In[0]].Type, r.g.Values[n.Out[0]].Type
	if !old.Static() || !out.Static() || old.Rank() == 0 || out.Rank() == 0 {
		return o, in
	}
	shape := slices.Clone(out.Shape)
	shape[0] = -1
	if slices.Contains(shape, 0) {
		return o, in // nothing to work out from
	}
	return &op.Reshape{Shape: shape}, in[:1]
}
