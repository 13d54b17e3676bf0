package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// LayerNormalizationGrad is the gradient of a LayerNormalization of float32, of
// rows of N elements, by x: from x (input 0), the gradient dy of y (1) and the
// scale, one row, if there is one (2). With Params, outputs 1 and 2 are those by
// scale and bias, of N elements each: one chain in the order of rows.
//
// With h = (x − mean)·r the normalised row, and g = dy·scale:
// dx = r·(g − Σg/N − h·Σ(g·h)/N). With RMS, there is no mean, and no Σg.
type LayerNormalizationGrad struct {
	N           int
	Epsilon     float32
	RMS, Params bool
}

// Infer returns the types of x and, with Params, of a row.
func (o *LayerNormalizationGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 3); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil && !in[i].Absent() {
			return nil, err
		}
	}
	if !sameDims(in[0].Shape, in[1].Shape) {
		return nil, errorf("inputs 0 and 1 have shapes %v and %v, want the same", in[0].Shape, in[1].Shape)
	}
	if o.N < 1 || in[0].Static() && in[0].Len()%o.N != 0 {
		return nil, errorf("shape %v has no rows of %d", in[0].Shape, o.N)
	}
	if s := input(in, 2); !s.Absent() && (!s.Static() || s.Len() != o.N) {
		return nil, errorf("input 2 has shape %v, want a row of %d", s.Shape, o.N)
	}
	out := []tensor.Type{in[0].Type}
	if o.Params {
		out = append(out, tensor.Of(tensor.F32, o.N), tensor.Of(tensor.F32, o.N))
	}
	return out, nil
}

// group is how many rows are normalised for one call of a kernel.
func (o *LayerNormalizationGrad) group() int { return max(1, channelBlock/o.N) }

// scratch returns how many float32 a step needs, and how many each worker.
func (o *LayerNormalizationGrad) scratch(rows int) (all, each int) {
	return 2*rows + o.N, max(3*o.N+1, o.group()*o.N)
}

// Ref does the rows in order.
func (o *LayerNormalizationGrad) Ref(in, out []tensor.View) error {
	rows := in[0].Len() / o.N
	all, each := o.scratch(rows)
	g := newLayerGrad(*o, plainNorm{}, in, out, make([]float32, all))
	own := make([]float32, each)
	g.measure(0, rows)
	if o.Params {
		g.params(own, 0, o.N)
	}
	g.finish(own, 0, rows)
	return nil
}

// Prepare shares rows among threads for dx, and columns for the others.
func (o *LayerNormalizationGrad) Prepare(p *Prep) (Prepared, error) {
	rows := p.In[0].Len() / o.N
	all, each := o.scratch(rows)
	return Prepared{Kernel: p.Kernels.Name, Scratch: 4 * all, PerWorker: 4 * each, Bind: func(m *Mem) (Step, error) {
		g := newLayerGrad(*o, kernelNorm{p.Kernels}, m.In, m.Out, tensor.Cast[float32](m.Scratch))
		own := func(w int) []float32 { return tensor.Cast[float32](m.worker(w)) }
		steps := []Step{inShares(m, rows, 1, 2*o.N, g.measure)}
		if o.Params {
			steps = append(steps, inSharesOf(m, o.N, channelGrain, 4*rows, func(w, lo, hi int) { g.params(own(w), lo, hi) }))
		}
		steps = append(steps, inSharesOf(m, rows, 1, 2*normWork*o.N, func(w, lo, hi int) { g.finish(own(w), lo, hi) }))
		return func() error {
			for _, s := range steps {
				if err := s(); err != nil {
					return err
				}
			}
			return nil
		}, nil
	}}, nil
}

// InPlace says that dx may replace x or dy: it comes last.
func (*LayerNormalizationGrad) InPlace(in, out []tensor.Type) []int { return []int{0, 1} }

// Work counts the visits to elements.
func (*LayerNormalizationGrad) Work(in, out []tensor.Type) int64 { return 12 * int64(in[0].Len()) }

// layerMath is what a layerGrad needs: kernels or their definitions.
type layerMath interface {
	normMath
	binary(f kernels.BinaryFn, y, a, b []float32)
	columns(f kernels.ColumnFn, y, x, d, c []float32, rows, ld int)
}

func (k kernelNorm) binary(f kernels.BinaryFn, y, a, b []float32) {
	k.BinaryF32(f, y, a, b, infs[0], infs[1])
}

func (k kernelNorm) columns(f kernels.ColumnFn, y, x, d, c []float32, rows, ld int) {
	k.ColumnsF32(f, y, x, d, c, rows, ld)
}

func (plainNorm) binary(f kernels.BinaryFn, y, a, b []float32) {
	for i := range y {
		y[i] = f.Of(a[i%len(a)], b[i%len(b)])
	}
}

func (plainNorm) columns(f kernels.ColumnFn, y, x, d, c []float32, rows, ld int) {
	for i := range rows {
		for j := range y {
			if f == kernels.ColumnSum {
				y[j] += x[i*ld+j]
			} else {
				y[j] += float32(d[i*ld+j] * (x[i*ld+j] - c[j]))
			}
		}
	}
}

// layerGrad is a LayerNormalizationGrad of some memory.
type layerGrad struct {
	normRows
	by                   layerMath
	group                int
	x, dy, scale, dx     []float32
	dscale, dbias        []float32
	means, factors, zero []float32
}

func newLayerGrad(o LayerNormalizationGrad, by layerMath, in, out []tensor.View, scratch []float32) *layerGrad {
	g := &layerGrad{by: by, group: o.group(), x: in[0].F32(), dy: in[1].F32(), dx: out[0].F32()}
	g.normRows = normRows{LayerNormalization: LayerNormalization{Epsilon: o.Epsilon, RMS: o.RMS}, n: o.N, count: len(g.x) / o.N}
	g.scale = floatsOf[float32](in, 2)
	if o.Params {
		g.dscale, g.dbias = out[1].F32(), out[2].F32()
	}
	g.means, g.factors, g.zero = takeFloats(&scratch, g.count), takeFloats(&scratch, g.count), takeFloats(&scratch, o.N)
	return g
}

// measure finds the means and factors of rows lo to hi.
func (g *layerGrad) measure(lo, hi int) {
	for i := lo; i < hi; i++ {
		g.means[i], g.factors[i] = g.moments(g.by, g.x[i*g.n:(i+1)*g.n])
	}
}

// params makes elements lo to hi of dscale and dbias. own holds normalised rows, of
// which only these elements are made.
func (g *layerGrad) params(own []float32, lo, hi int) {
	ds, db := g.dscale[lo:hi], g.dbias[lo:hi]
	clear(ds)
	clear(db)
	clear(g.zero[lo:hi])
	for i := 0; i < g.count; i += g.group {
		n := min(g.group, g.count-i)
		for j := range n {
			at := (i + j) * g.n
			g.by.norm(own[j*g.n+lo:j*g.n+hi], g.x[at+lo:at+hi], g.means[i+j], g.factors[i+j], nil, nil)
		}
		dy := g.dy[i*g.n+lo:]
		g.by.columns(kernels.ColumnSum, db, dy, nil, nil, n, g.n)
		g.by.columns(kernels.ColumnProducts, ds, own[lo:], dy, g.zero[lo:hi], n, g.n)
	}
}

// finish makes rows lo to hi of dx. own holds three rows and a number.
func (g *layerGrad) finish(own []float32, lo, hi int) {
	n, of := g.n, float32(g.n)
	h, d, t, one := own[:n], own[n:2*n], own[2*n:3*n], own[3*n:3*n+1]
	for i := lo; i < hi; i++ {
		dy := g.dy[i*n : (i+1)*n]
		if g.scale != nil {
			g.by.binary(kernels.BinaryMul, d, dy, g.scale)
			dy = d
		}
		g.by.norm(h, g.x[i*n:(i+1)*n], g.means[i], g.factors[i], nil, nil)
		g.by.binary(kernels.BinaryMul, t, dy, h)
		mean := float32(0)
		if !g.RMS {
			mean = g.by.reduce(kernels.ReduceSum, dy, 0) / of
		}
		one[0] = g.by.reduce(kernels.ReduceSum, t, 0) / of
		g.by.binary(kernels.BinaryMul, h, h, one)
		g.by.binary(kernels.BinarySub, h, dy, h)
		g.by.norm(g.dx[i*n:(i+1)*n], h, mean, g.factors[i], nil, nil)
	}
}

// Grad is that of float32 whose scale and bias are rows.
func (o *LayerNormalization) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	x := b.Type(n.In[0])
	axis, err := o.axis(x.Rank())
	if err != nil {
		return nil, err
	}
	row := product(x.Shape[axis:])
	for i := 1; i < len(n.In); i++ {
		if n.In[i] != graph.None && product(b.Type(n.In[i]).Shape) != row {
			return nil, Unsupported("training through %s with input %d of shape %v (a row of %d is)", o.Name(), i, b.Type(n.In[i]).Shape, row)
		}
	}
	if o.Outside {
		return nil, Unsupported("training through %s with epsilon added to the root", o.Name())
	}
	for _, g := range dy[1:] {
		if g != graph.None {
			return nil, Unsupported("training through the statistics of %s", o.Name())
		}
	}
	grad := &LayerNormalizationGrad{N: row, Epsilon: o.Epsilon, RMS: o.RMS}
	in := []graph.Value{n.In[0], dy[0]}
	if len(n.In) > 1 {
		in = append(in, n.In[1])
	}
	for _, w := range want[1:] {
		grad.Params = grad.Params || w
	}
	ds, err := b.Node(graph.Node{Label: n.Label + "/grad", Op: grad, In: in})
	if err != nil {
		return nil, err
	}
	dx := oneGrad(n, 0, ds[0])
	for i, w := range want[1:] {
		if w {
			dx[1+i] = b.Add(gradLabel(n, 1+i), &Reshape{Shape: b.Type(n.In[1+i]).Shape}, ds[1+i])
		}
	}
	return dx, nil
}
