package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// MaxPool2DGrad computes the gradient of MaxPool2D without an activation: that of
// each output goes to the first tap of its window, row by row, that is the
// greatest, and what comes from several windows is added up in their order.
// Inputs are the image, the pool's output and the gradient with respect to it.
type MaxPool2DGrad struct{ Pool }

// AveragePool2DGrad computes the gradient of AveragePool2D without an activation:
// that of each output, divided as the sum was, goes to all taps of its window, and
// is added up in the order of the windows. Input 0 is the gradient with respect
// to the output; Shape is that of the image.
type AveragePool2DGrad struct {
	Shape []int
	AveragePool2D
}

// Infer returns the image's type.
func (o *MaxPool2DGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	return o.inferGrad(in[0].Type, in)
}

// Infer returns the image's type.
func (o *AveragePool2DGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantStatic(o.Shape); err != nil {
		return nil, err
	}
	return o.inferGrad(tensor.Of(tensor.F32, slices.Clone(o.Shape)...), in)
}

// inferGrad checks that what follows the image, if it is an input, are static
// outputs of it.
func (o Pool) inferGrad(image tensor.Type, in []tensor.View) ([]tensor.Type, error) {
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
		if !in[i].Static() {
			return nil, Undecided("a gradient of shape %v", in[i].Shape)
		}
	}
	out, err := o.infer([]tensor.View{{Type: image}}, tensor.F32)
	if err != nil {
		return nil, err
	}
	for i := len(in) / 2; i < len(in); i++ {
		if !slices.Equal(in[i].Shape, out[0].Shape) {
			return nil, errorf("input %d has shape %v, want %v", i, in[i].Shape, out[0].Shape)
		}
	}
	return []tensor.Type{image}, nil
}

// Ref computes image after image.
func (o *MaxPool2DGrad) Ref(in, out []tensor.View) error {
	w, err := o.windows(in[0].Shape)
	if err != nil {
		return err
	}
	w.maxGrad(out[0].F32(), in[0].F32(), in[1].F32(), in[2].F32())
	return nil
}

// Prepare shares the images among workers.
func (o *MaxPool2DGrad) Prepare(p *Prep) (Prepared, error) {
	w, err := o.windows(p.In[0].Shape)
	if err != nil {
		return Prepared{}, err
	}
	runs, ok := w.asRuns()
	if !ok {
		return byRef(o)
	}
	set := p.Kernels
	return Prepared{Kernel: set.Name, PerWorker: runs.scratch(), Bind: func(m *Mem) (Step, error) {
		return runs.maxGradStep(m, set, m.Out[0].F32(), m.In[0].F32(), m.In[1].F32(), m.In[2].F32()), nil
	}}, nil
}

// maxGrad computes the gradients of w's images.
func (w *windows) maxGrad(dx, x, y, dy []float32) {
	clear(dx)
	line := w.w * w.c
	w.each(func(p, b int, ys, xs tapSpan) {
		y, dy := y[p*w.c:(p+1)*w.c], dy[p*w.c:(p+1)*w.c]
		for c, v := range y {
			top, left := math.Float32bits(v+0), dy[c]
			for iy := ys.from; iy < ys.to; iy += ys.step {
				for ix := xs.from; ix < xs.to; ix += xs.step {
					i := b*w.h*line + iy*line + ix*w.c + c
					take := float32(0)
					if math.Float32bits(x[i]+0) == top { // of -0 those of 0
						take, left = left, 0
					}
					dx[i] += take
				}
			}
		}
	})
}

// Work is the number of taps.
func (o *MaxPool2DGrad) Work(in, out []tensor.Type) int64 { return o.work(out, in[1:]) }

// Ref spreads the gradients, image after image.
func (o *AveragePool2DGrad) Ref(in, out []tensor.View) error {
	w, err := o.windows(o.Shape)
	if err != nil {
		return err
	}
	dx, dy := out[0].F32(), in[0].F32()
	clear(dx)
	w.each(func(p, b int, ys, xs tapSpan) {
		d := float32(o.divisor(ys.len() * xs.len()))
		for iy := ys.from; iy < ys.to; iy += ys.step {
			for ix := xs.from; ix < xs.to; ix += xs.step {
				for c, g := range dy[p*w.c : (p+1)*w.c] {
					dx[((b*w.h+iy)*w.w+ix)*w.c+c] += g / d
				}
			}
		}
	})
	return nil
}

// Prepare shares the images among workers.
func (o *AveragePool2DGrad) Prepare(p *Prep) (Prepared, error) {
	w, err := o.windows(o.Shape)
	if err != nil {
		return Prepared{}, err
	}
	set := p.Kernels
	return Prepared{Kernel: set.Name, PerWorker: 4 * (w.c + 1), Bind: func(m *Mem) (Step, error) {
		dx, dy := m.Out[0].F32(), m.In[0].F32()
		size, outs := w.h*w.w*w.c, w.oh*w.ow*w.c
		return inSharesOf(m, w.n, 1, max(size, outs*w.kh*w.kw), func(worker, lo, hi int) {
			part, scratch := w, tensor.Cast[float32](m.worker(worker))
			part.n = hi - lo
			o.spread(&part, set, dx[lo*size:hi*size], dy[lo*outs:], scratch)
		}), nil
	}}, nil
}

// spread computes the gradients of w's images, with room for a pixel and a number.
func (o *AveragePool2DGrad) spread(w *windows, set *kernels.Set, dx, dy, scratch []float32) {
	inf := float32(math.Inf(1))
	share, d := scratch[:w.c], scratch[w.c:w.c+1]
	clear(dx)
	w.each(func(p, b int, ys, xs tapSpan) {
		d[0] = float32(o.divisor(ys.len() * xs.len()))
		set.BinaryF32(kernels.BinaryDiv, share, dy[p*w.c:(p+1)*w.c], d, -inf, inf)
		for iy := ys.from; iy < ys.to; iy += ys.step {
			for ix := xs.from; ix < xs.to; ix += xs.step {
				to := dx[((b*w.h+iy)*w.w+ix)*w.c:][:w.c]
				set.BinaryF32(kernels.BinaryAdd, to, to, share, -inf, inf)
			}
		}
	})
}

// Work is the number of taps.
func (o *AveragePool2DGrad) Work(in, out []tensor.Type) int64 { return o.work(out, in) }

// activation adds the gradient of the activation that a pool ends with.
func (o Pool) activation(b *graph.Builder, n *graph.Node, dy graph.Value) graph.Value {
	return Activated(o.Act).grad(b, n, dy)
}

// Grad adds MaxPool2DGrad, and the pool without its activation if it has one.
func (o *MaxPool2D) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	o = new(*o)
	d, y := o.activation(b, n, dy[0]), n.Out[0]
	if o.Act != quant.None {
		o.Act = quant.None
		y = b.Add(n.Label+"/again", o, n.In[0])
	}
	return oneGrad(n, 0, b.Add(gradLabel(n, 0), new(MaxPool2DGrad(*o)), n.In[0], y, d)), nil
}

// Grad adds AveragePool2DGrad.
func (o *AveragePool2D) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	o = new(*o)
	d := o.activation(b, n, dy[0])
	o.Act = quant.None
	return oneGrad(n, 0, b.Add(gradLabel(n, 0), &AveragePool2DGrad{slices.Clone(b.Type(n.In[0]).Shape), *o}, d)), nil
}
