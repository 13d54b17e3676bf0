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
	ref, ok := o.(op.Referenced)
	if _, writes := o.(op.Writer); !ok || writes || len(in) == 0 {
		return nil, false
	}
	_, typeOnly := o.(op.TypeOnly)
	views, have := make([]tensor.View, len(in)), 0
	for i, v := range in {
		if views[i] = b.View(v); v == graph.None {
			continue
		}
		if !views[i].Known() && !(typeOnly && views[i].Static()) {
			return nil, false
		}
		have += len(views[i].Data)
	}
	types, err := o.Infer(views)
	if err != nil || len(types) != len(names) {
		return nil, false // the builder says what is wrong
	}
	out, need := make([]tensor.View, len(types)), 0
	for _, t := range types {
		if !t.Static() || t.Check() != nil {
			return nil, false
		}
		need += t.Bytes()
	}
	if need > have+maxGrown {
		return nil, false
	}
	for i, t := range types {
		out[i] = tensor.View{Type: t, Data: buffer(t.Bytes())}
	}
	if ref.Ref(views, out) != nil {
		return nil, false // an error of the data is for the run to report
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

// buffer returns n bytes, aligned for any element.
func buffer(n int) []byte { return tensor.Bytes(make([]uint64, (n+7)/8))[:n:n] }

// reshape leaves the batch of a reshape to be worked out: the first dimension,
// which is a multiple of the batch that the graph was made for.
func (r *rewriter) reshape(n *graph.Node, o op.Reshape, in []graph.Value) (op.Reshape, []graph.Value) {
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
	return op.Reshape{Shape: shape}, in[:1]
}
