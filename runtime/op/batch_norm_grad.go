package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// BatchNormalizationGrad is the gradient of a BatchNormalization of float32 along
// the last axis: of x, scale and bias (outputs 0, 1 and 2) from x, the gradient dy
// of y, scale, mean and variance (inputs 0 to 4). With Training the mean and the
// variance are those of x, which are computed again, and inputs 3 and 4 are left
// out.
//
// With d = x − mean and r = 1/√(variance + Epsilon), n elements to a channel:
// dbias = Σdy, dscale = r·Σ(dy·d), dx = scale·r·dy, and in training
// dx = scale·r·(dy − dbias/n − d·r·dscale/n).
type BatchNormalizationGrad struct {
	Epsilon  float32
	Training bool
}

// Infer returns the types of x, scale and bias.
func (o *BatchNormalizationGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	least := 5
	if o.Training {
		least = 3
	}
	if err := wantInputs(in, least, least); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
	}
	if !sameDims(in[0].Shape, in[1].Shape) || in[0].Rank() == 0 {
		return nil, errorf("inputs 0 and 1 have shapes %v and %v, want the same", in[0].Shape, in[1].Shape)
	}
	c := in[0].Shape[in[0].Rank()-1:]
	for i := 2; i < len(in); i++ {
		if !sameDims(in[i].Shape, c) {
			return nil, errorf("input %d has shape %v, want one element for each of %d channels", i, in[i].Shape, c[0])
		}
	}
	return []tensor.Type{in[0].Type, in[2].Type, in[2].Type}, nil
}

// Ref computes one channel after the other.
func (o *BatchNormalizationGrad) Ref(in, out []tensor.View) error {
	x, dy, scale, dx := in[0].F32(), in[1].F32(), in[2].F32(), out[0].F32()
	c := len(scale)
	if c == 0 {
		return nil
	}
	rows := len(x) / c
	for i := range c {
		var mean, variance, ds, db float32
		if o.Training {
			mean, variance = chainMoments(x, rows, c, 1, i)
		} else {
			mean, variance = in[3].F32()[i], in[4].F32()[i]
		}
		for k := i; k < len(x); k += c {
			db += dy[k]
			ds += float32(dy[k] * (x[k] - mean))
		}
		var f, p, q float32
		f, p, q, out[1].F32()[i] = o.line(rows, variance, scale[i], ds, db)
		out[2].F32()[i] = db
		for k := i; k < len(x); k += c {
			dx[k] = float32(dy[k] * f)
			if o.Training {
				dx[k] += float32((x[k]-mean)*p) + q
			}
		}
	}
	return nil
}

// line returns what dx = dy·f + ((x − mean)·p + q) is for a channel, and dscale. ds
// is Σ(dy·d), db dbias.
func (o *BatchNormalizationGrad) line(rows int, variance, scale, ds, db float32) (f, p, q, dscale float32) {
	r := 1 / sqrt32(variance+o.Epsilon)
	f, dscale = scale*r, ds*r
	n := float32(rows)
	return f, -float32(float32(f*r)*dscale) / n, -float32(f*db) / n, dscale
}

// Work counts the visits to elements.
func (*BatchNormalizationGrad) Work(in, out []tensor.Type) int64 { return 8 * int64(in[0].Len()) }

// Prepare has kernels sum up channels, which threads share, and then make dx of
// groups of rows, shared too. The scratch holds mean, variance and the numbers of
// line, and tiles.
func (o *BatchNormalizationGrad) Prepare(p *Prep) (Prepared, error) {
	c := p.In[2].Len()
	if c == 0 {
		return byRef(o)
	}
	r := newChannelRows(p.Kernels, p.In[0].Len()/c, c)
	return Prepared{Kernel: r.k.Name, Scratch: 4 * (5*c + 4*r.tile()), PerWorker: 4 * r.tile(), Bind: func(m *Mem) (Step, error) {
		s := batchGradStep{BatchNormalizationGrad: *o, channelRows: r, m: m}
		s.bind()
		measure := inShares(m, c, channelGrain, 4*r.rows, s.measure)
		finish := r.each(m, s.finish)
		return func() error {
			if err := measure(); err != nil {
				return err
			}
			s.repeat(s.tiles[0], s.f)
			if o.Training {
				s.repeat(s.tiles[1], s.mean)
				s.repeat(s.tiles[2], s.p)
				s.repeat(s.tiles[3], s.q)
			}
			return finish()
		}, nil
	}}, nil
}

// InPlace says that dx may replace x or dy.
func (*BatchNormalizationGrad) InPlace(in, out []tensor.Type) []int { return []int{0, 1} }

// batchGradStep is a bound BatchNormalizationGrad.
type batchGradStep struct {
	BatchNormalizationGrad
	channelRows
	m                       *Mem
	mean, variance, f, p, q []float32
	tiles                   [4][]float32 // of f, mean, p, q
}

func (s *batchGradStep) bind() {
	scratch := tensor.Cast[float32](s.m.Scratch)
	for _, v := range []*[]float32{&s.mean, &s.variance, &s.f, &s.p, &s.q} {
		*v = takeFloats(&scratch, s.c)
	}
	for i := range s.tiles {
		s.tiles[i] = takeFloats(&scratch, s.tile())
	}
}

// measure does the sums of channels lo to hi.
func (s *batchGradStep) measure(lo, hi int) {
	x, dy, scale := s.m.In[0].F32(), s.m.In[1].F32(), s.m.In[2].F32()
	ds, db := s.m.Out[1].F32(), s.m.Out[2].F32()
	if s.Training {
		s.moments(x, s.mean, s.variance, lo, hi)
	} else {
		copy(s.mean[lo:hi], s.m.In[3].F32()[lo:hi])
		copy(s.variance[lo:hi], s.m.In[4].F32()[lo:hi])
	}
	clear(ds[lo:hi])
	clear(db[lo:hi])
	if s.rows > 0 {
		s.k.ColumnsF32(kernels.ColumnSum, db[lo:hi], dy[lo:], nil, nil, s.rows, s.c)
		s.k.ColumnsF32(kernels.ColumnProducts, ds[lo:hi], x[lo:], dy[lo:], s.mean[lo:hi], s.rows, s.c)
	}
	for i := lo; i < hi; i++ {
		s.f[i], s.p[i], s.q[i], ds[i] = s.line(s.rows, s.variance[i], scale[i], ds[i], db[i])
	}
}

// finish makes elements lo to hi of dx.
func (s *batchGradStep) finish(w, lo, hi int) {
	x, dy, dx := s.m.In[0].F32()[lo:hi], s.m.In[1].F32()[lo:hi], s.m.Out[0].F32()[lo:hi]
	n := hi - lo
	if !s.Training {
		s.k.BinaryF32(kernels.BinaryMul, dx, dy, s.tiles[0][:n], infs[0], infs[1])
		return
	}
	u := tensor.Cast[float32](s.m.worker(w))[:n] // first of all: dx may be dy
	s.k.BinaryF32(kernels.BinaryMul, u, dy, s.tiles[0][:n], infs[0], infs[1])
	s.k.BinaryF32(kernels.BinarySub, dx, x, s.tiles[1][:n], infs[0], infs[1])
	s.k.NormF32(dx, dx, 0, 1, s.tiles[2][:n], s.tiles[3][:n])
	s.k.BinaryF32(kernels.BinaryAdd, dx, u, dx, infs[0], infs[1])
}

// Grad is that of float32 along the last axis, by x, scale and bias. Running
// statistics have none.
func (o *BatchNormalization) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	rank := b.Type(n.In[0]).Rank()
	if axis, err := axisOf(o.Axis, rank); err != nil || axis != rank-1 {
		return nil, Unsupported("training through a BatchNormalization along axis %d of %d (along the last is)", o.Axis, rank)
	}
	if want[3] || want[4] {
		return nil, Unsupported("the gradient of a BatchNormalization by its running mean and variance")
	}
	for _, g := range dy[1:] {
		if g != graph.None {
			return nil, Unsupported("the gradient of the running mean and variance of a BatchNormalization")
		}
	}
	in := []graph.Value{n.In[0], dy[0], n.In[1]}
	if !o.Training {
		in = append(in, n.In[3:]...)
	}
	ds, err := b.Node(graph.Node{Label: n.Label + "/grad", Op: &BatchNormalizationGrad{Epsilon: o.Epsilon, Training: o.Training}, In: in})
	if err != nil {
		return nil, err
	}
	dx := noGrads(n)
	copy(dx, ds)
	return dx, nil
}
