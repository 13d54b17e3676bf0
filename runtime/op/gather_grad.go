package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// GatherGrad is the gradient of a table, of shape Table, whose rows a Gather
// along axis 0 took: from the indices (input 0, int32 or int64) and the gradient
// of what was taken (input 1), float32. Rows that were taken several times get the
// sum, in the order of the indices; others 0. With Negative, indices below 0 count
// from the end.
type GatherGrad struct {
	Table    []int
	Negative bool
}

// Infer returns the table's type.
func (o *GatherGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.F32); err != nil {
		return nil, err
	}
	if len(o.Table) == 0 {
		return nil, errorf("a scalar has no rows to gather")
	}
	if want := slices.Concat(in[0].Shape, o.Table[1:]); !sameDims(want, in[1].Shape) {
		return nil, errorf("input 1 has shape %v, want %v: rows of %v for indices of %v", in[1].Shape, want, o.Table, in[0].Shape)
	}
	return []tensor.Type{tensor.Of(tensor.F32, o.Table...)}, nil
}

// Ref adds up rows.
func (o *GatherGrad) Ref(in, out []tensor.View) error {
	if err := o.check(&in[0]); err != nil {
		return err
	}
	o.scatter(in, out, 0, o.Table[0], func(acc, x []float32) {
		for i, v := range x {
			acc[i] += v
		}
	})
	return nil
}

// check checks all indices.
func (o *GatherGrad) check(v *tensor.View) error {
	for k := range v.Len() {
		if _, err := indexAt(v, k, o.Table[0], o.Negative); err != nil {
			return err
		}
	}
	return nil
}

// scatter makes rows lo to hi of the table.
func (o *GatherGrad) scatter(in, out []tensor.View, lo, hi int, add func(acc, x []float32)) {
	width := product(o.Table[1:])
	dy, table := in[1].F32(), out[0].F32()
	clear(table[lo*width : hi*width])
	if width == 0 {
		return
	}
	for k := range in[0].Len() {
		i, _ := intAt(&in[0], k)
		if i < 0 {
			i += o.Table[0]
		}
		if i >= lo && i < hi {
			add(table[i*width:(i+1)*width], dy[k*width:(k+1)*width])
		}
	}
}

// Prepare shares rows of the table among threads.
func (o *GatherGrad) Prepare(p *Prep) (Prepared, error) {
	k, width := p.Kernels, product(o.Table[1:])
	add := func(acc, x []float32) { k.BinaryF32(kernels.BinaryAdd, acc, acc, x, infs[0], infs[1]) }
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		all := inShares(m, o.Table[0], 1, max(width, 1), func(lo, hi int) { o.scatter(m.In, m.Out, lo, hi, add) })
		return func() error {
			if err := o.check(&m.In[0]); err != nil {
				return err
			}
			return all()
		}, nil
	}}, nil
}

// Grad adds the gradients of rows to the table's.
func (o *Gather) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	x := b.Type(n.In[0])
	if axis, err := axisOf(o.Axis, x.Rank()); err != nil || axis != 0 || o.BatchDims != 0 && b.Type(n.In[1]).Rank() > 0 {
		return nil, Unsupported("training through a Gather along axis %d with %d batch dimensions (along axis 0 without any is)", o.Axis, o.BatchDims)
	}
	return oneGrad(n, 0, b.Add(n.Label+"/grad", &GatherGrad{Table: x.Shape, Negative: o.Negative}, n.In[1], dy[0])), nil
}

// Grad adds the gradients of rows to the table's.
func (o *EmbeddingLookup) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	table := b.Type(n.In[1])
	if o.hybrid(table) {
		return nil, Unsupported("training of a table of %s", table.DType)
	}
	return oneGrad(n, 1, b.Add(n.Label+"/grad", &GatherGrad{Table: table.Shape}, n.In[0], dy[0])), nil
}
