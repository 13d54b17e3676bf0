package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Grad multiplies dz by the other side, turned. What was broadcast is summed up:
// if that is the whole right side, as weights are, by one chain over all rows.
func (o *BatchMatMul) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	x, y, z := b.Type(n.In[0]), b.Type(n.In[1]), b.Type(n.Out[0])
	if x.DType != tensor.F32 || !x.Static() || !y.Static() {
		return nil, Unsupported("training through %s of %s by %s", graph.Name(o), x, y)
	}
	label, ds := n.Label+"/grad", noGrads(n)
	multiply := func(name string, adjX, adjY bool, x, y graph.Value) graph.Value {
		return b.Add(label+name, &BatchMatMul{AdjX: adjX, AdjY: adjY, Fused: true, To: To{DType: tensor.F32}}, x, y)
	}
	if want[0] {
		var d graph.Value
		if o.AdjX {
			d = multiply("/x", o.AdjY, true, n.In[1], dy[0])
		} else {
			d = multiply("/x", false, !o.AdjY, dy[0], n.In[1])
		}
		ds[0] = summedTo(b, label+"/x", d, x.Shape)
	}
	if !want[1] {
		return ds, nil
	}
	left, right := n.In[0], dy[0]
	if m := z.Rank() - 2; !o.AdjX && z.Len() > 0 && product(y.Shape[:y.Rank()-2]) == 1 {
		rows := z.Len() / z.Shape[m+1]
		left = withShape(b, label+"/rows", left, []int{rows, x.Shape[x.Rank()-1]})
		right = withShape(b, label+"/rows", right, []int{rows, z.Shape[m+1]})
	}
	var d graph.Value
	if o.AdjY {
		d = multiply("/y", true, o.AdjX, right, left)
	} else {
		d = multiply("/y", !o.AdjX, false, left, right)
	}
	ds[1] = summedTo(b, label+"/y", d, y.Shape)
	return ds, nil
}
