package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Conv2DGradFilter computes the gradient of Conv2D or DepthwiseConv2D with respect
// to the filters, of shape Shape. Input 0 is the image, [n h w c]; input 1, the
// gradient with respect to the output, [n oh ow oc]. All are float32.
//
// Each element is one chain of fused products over the pixels of the output, in
// row order, which starts with 0. Padding counts as zeros; depthwise filters
// leave it out.
type Conv2DGradFilter struct {
	Shape []int
	slide
}

// Infer returns the filters' type.
func (o *Conv2DGradFilter) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantStatic(o.Shape); err != nil {
		return nil, err
	}
	filters := tensor.Of(tensor.F32, slices.Clone(o.Shape)...)
	f, err := o.wantSlide(in[0].Shape, []tensor.View{in[0], in[1], {Type: filters}}, 2)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(in[1].Shape, f.outShape()) {
		return nil, errorf("gradient of shape %v, want %v", in[1].Shape, f.outShape())
	}
	return []tensor.Type{filters}, nil
}

// Ref adds up one element after the other.
func (o *Conv2DGradFilter) Ref(in, out []tensor.View) error {
	f, err := o.forward(in[0].Shape, o.Shape)
	if err != nil {
		return err
	}
	x, dy, dw := in[0].F32(), in[1].F32(), out[0].F32()
	clear(dw)
	for out := range f.oc {
		f.each(func(p, batch, y0, x0 int) {
			d := dy[p*f.oc+out]
			for t := range f.kh * f.kw {
				from, ok := f.at(out, batch, y0+t/f.kw*f.dh, x0+t%f.kw*f.dw)
				if !ok && o.Depthwise {
					continue
				}
				for i := range f.kc {
					pixel, at := float32(0), f.weight(out, t, i)
					if ok {
						pixel = x[from+i]
					}
					dw[at] = kernels.FMA32(pixel, d, dw[at])
				}
			}
		})
	}
	return nil
}

// Prepare chooses a product, or for depthwise filters the kernel that filters.
func (o *Conv2DGradFilter) Prepare(p *Prep) (Prepared, error) {
	f, err := o.forward(p.In[0].Shape, o.Shape)
	if err != nil {
		return Prepared{}, err
	}
	if f.pixels() == 0 {
		return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
			return func() error { clear(m.Out[0].F32()); return nil }, nil
		}}, nil
	}
	if o.Depthwise {
		return f.prepareDepthwiseFilterGrad(p)
	}
	return f.collapsed().prepareFilterGrad(p)
}

// MACs is that of the convolution.
func (o *Conv2DGradFilter) MACs(in, out []tensor.Type) int64 {
	return filterMACs(in[1], out[0], o.outputAxis())
}

// filterGrad computes the gradient of filters as a product, some pixels at a
// time: of the gradients of the outputs, turned, with the windows they saw; or
// of the windows, turned, with the gradients, if that fills vectors better.
type filterGrad struct {
	patches[float32]
	strided func(y []float32, ldy int, a []float32, ra, ca int, b []float32, rb, m, n, k int, add bool)
	turn    func(y, x []int32, rows, cols, ldy, ldx int)
	windows bool // are the rows of the product
}

// filterGradBytes bounds the windows at hand, filterGradWork the products of a call.
const filterGradBytes, filterGradWork = 64 << 10, 1 << 21

func (f filter) prepareFilterGrad(p *Prep) (Prepared, error) {
	g := &filterGrad{patches: newPatches(f, float32(0), f.k(), 1, 4), strided: p.Kernels.GemmF32.Strided, turn: p.Kernels.TransposeX4}
	n, k := f.oc/f.groups, f.k()
	g.tile = min(max(filterGradBytes/(4*k), 16), max(filterGradWork/(n*k), 16), f.pixels())
	g.windows = kernels.RoundUp(n, kernels.Lanes)*k < kernels.RoundUp(k, kernels.Lanes)*n
	if l, ok := g.lines(); ok {
		return Prepared{Kernel: p.Kernels.Name, PerWorker: l.scratch() * 4, Bind: l.bind}, nil
	}
	d := Prepared{Kernel: p.Kernels.Name, PerWorker: g.scratch() * 4, Bind: g.bind}
	if g.windows {
		d.Scratch = n * k * f.groups * 4
	}
	return d, nil
}

func (g *filterGrad) bind(m *Mem) (Step, error) {
	x, dy, dw := m.In[0].F32(), m.In[1].F32(), m.Out[0].F32()
	n, k := g.oc/g.groups, g.k()
	rows, sums := n, dw
	if g.windows {
		rows, sums = k, tensor.Cast[float32](m.Scratch)
	}
	workers := min(g.threads(m.Env.Workers), rows)
	product := onWorkers(m.Env.Workers, workers, func(w int) {
		lo, hi := Share(rows, w, workers, 1)
		g.product(sums, x, dy, tensor.Cast[float32](m.PerWorker[w]), lo, hi)
	})
	if !g.windows {
		return product, nil
	}
	return after(product, func() error {
		for at := 0; at < len(dw); at += n * k {
			g.turn(tensor.Cast[int32](tensor.Bytes(dw[at:])), tensor.Cast[int32](tensor.Bytes(sums[at:])), k, n, k, n)
		}
		return nil
	}), nil
}

// product computes rows [lo, hi) of each group's sums.
func (g *filterGrad) product(sums, x, dy, scratch []float32, lo, hi int) {
	n, k := g.oc/g.groups, g.k()
	for pixel := 0; pixel < g.pixels(); {
		var count int
		for group := range g.groups {
			a, lda, m := g.rows(x, scratch, pixel, g.pixels(), group)
			d := dy[pixel*g.oc+group*n:]
			if at := group * n * k; g.windows {
				g.strided(sums[at+lo*n:], n, a[lo:], 1, lda, d, g.oc, hi-lo, n, m, pixel > 0)
			} else {
				g.strided(sums[at+lo*k:], k, d[lo:], 1, g.oc, a, lda, hi-lo, k, m, pixel > 0)
			}
			count = m
		}
		pixel += count
	}
}
