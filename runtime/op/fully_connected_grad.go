package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Grad multiplies the rows of dy by the weights, turned the other way, for the
// input; all rows of input and dy, in one chain, for the weights; and sums up the
// rows of dy for the bias. A clamp's gradient comes first.
func (o *FullyConnected) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	x, w := b.Type(n.In[0]), b.Type(n.In[1])
	if x.DType != tensor.F32 || w.DType != tensor.F32 || !x.Static() {
		return nil, Unsupported("training through %s of %s by %s", graph.Name(o), x, w)
	}
	units, k := w.Shape[0], w.Shape[1]
	if o.Turned {
		units, k = k, units
	}
	label, f32 := n.Label+"/grad", To{DType: tensor.F32}
	rows := x.Len() / k
	g := o.Bounds.grad(b, n, dy[0])
	flat := withShape(b, label+"/rows", g, []int{rows, units})
	ds := noGrads(n)
	if want[0] {
		back := &FullyConnected{Turned: !o.Turned, Epilogue: Epilogue{To: f32, Fused: true}}
		ds[0] = withShape(b, label+"/x", b.Add(label+"/x", back, flat, n.In[1]), x.Shape)
	}
	if want[1] {
		left, right := flat, withShape(b, label+"/x", n.In[0], []int{rows, k})
		if o.Turned {
			left, right = right, left
		}
		ds[1] = b.Add(label+"/weights", &BatchMatMul{AdjX: true, Fused: true, To: f32}, left, right)
	}
	if len(ds) > 2 && want[2] {
		sum := b.Add(label+"/bias", &Reduce{Kind: ReduceSum, Axes: []int{0}}, flat)
		ds[2] = withShape(b, label+"/bias", sum, b.Type(n.In[2]).Shape)
	}
	return ds, nil
}

// withShape returns v with another shape.
func withShape(b *graph.Builder, label string, v graph.Value, shape []int) graph.Value {
	if slices.Equal(b.Type(v).Shape, shape) {
		return v
	}
	return b.Add(label, &Reshape{Shape: shape}, v)
}
