package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ResizeNearestNeighborGrad computes the gradient of ResizeNearestNeighbor with
// respect to images of shape Shape: what comes from several outputs is added up
// in row order. Input 0 is the gradient with respect to the output.
type ResizeNearestNeighborGrad struct {
	Shape []int
	ResizeNearestNeighbor
}

// ResizeBilinearGrad computes the gradient of ResizeBilinear with respect to
// images of shape Shape. Each output, in row order, gives a share to four pixels,
// those of the upper left, lower left, upper right and lower right; it is
// multiplied by the weight of the row and then of the column.
type ResizeBilinearGrad struct {
	Shape []int
	ResizeBilinear
}

// Infer returns the image's type.
func (o *ResizeNearestNeighborGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferResizeGrad(o.Shape, in)
}

// Infer returns the image's type.
func (o *ResizeBilinearGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	return inferResizeGrad(o.Shape, in)
}

func inferResizeGrad(shape []int, in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32); err != nil {
		return nil, err
	}
	dy := in[0].Shape
	if !in[0].Static() {
		return nil, Undecided("a gradient of shape %v", dy)
	}
	if err := wantStatic(shape, dy); err != nil {
		return nil, err
	}
	if dy[0] != shape[0] || dy[3] != shape[3] {
		return nil, errorf("gradient of shape %v for an image %v: want the same images and channels", dy, shape)
	}
	if s := []int{shape[1], shape[2], dy[1], dy[2]}; slices.Min(s) < 1 || slices.Max(s) > maxResize {
		return nil, errorf("image of shape %v, gradient %v: want a height and width of 1 to %d", shape, dy, maxResize)
	}
	return []tensor.Type{in[0].Type.WithShape(slices.Clone(shape)...)}, nil
}

// Ref adds up the gradients.
func (o *ResizeNearestNeighborGrad) Ref(in, out []tensor.View) error {
	s := imagesOf(&out[0].Type, &in[0].Type)
	dx, dy := out[0].F32(), in[0].F32()
	clear(dx)
	for i, d := range dy {
		c, ox, oy, image := i%s.c, i/s.c%s.ow, i/s.c/s.ow%s.oh, i/s.c/s.ow/s.oh
		dx[((image*s.h+o.nearest(oy, s.h, s.oh))*s.w+o.nearest(ox, s.w, s.ow))*s.c+c] += d
	}
	return nil
}

// Ref adds up the gradients.
func (o *ResizeBilinearGrad) Ref(in, out []tensor.View) error {
	s := imagesOf(&out[0].Type, &in[0].Type)
	dx, dy := out[0].F32(), in[0].F32()
	clear(dx)
	for i, d := range dy {
		c, ox, oy, image := i%s.c, i/s.c%s.ow, i/s.c/s.ow%s.oh, i/s.c/s.ow/s.oh
		my, mx := o.f32(oy, s.h, s.oh), o.f32(ox, s.w, s.ow)
		at := func(y, x int) *float32 { return &dx[((image*s.h+y)*s.w+x)*s.c+c] }
		*at(my.lo, mx.lo) += float32(float32(d*my.a) * mx.a)
		*at(my.hi, mx.lo) += float32(float32(d*my.b) * mx.a)
		*at(my.lo, mx.hi) += float32(float32(d*my.a) * mx.b)
		*at(my.hi, mx.hi) += float32(float32(d*my.b) * mx.b)
	}
	return nil
}

// Prepare shares the images among workers.
func (o *ResizeNearestNeighborGrad) Prepare(p *Prep) (Prepared, error) {
	add := rowAdder(p.Kernels)
	return resizeGradByImage(p, 0, func(s images) func(dx, dy, scratch []float32) {
		xs := make([]int, s.ow)
		for i := range xs {
			xs[i] = o.nearest(i, s.w, s.ow) * s.c
		}
		return func(dx, dy, _ []float32) {
			for oy := range s.oh {
				line := dx[o.nearest(oy, s.h, s.oh)*s.w*s.c:][:s.w*s.c]
				for ox, at := range xs {
					add(line[at:at+s.c], dy[(oy*s.ow+ox)*s.c:])
				}
			}
		}
	})
}

// Prepare shares the images among workers.
func (o *ResizeBilinearGrad) Prepare(p *Prep) (Prepared, error) {
	set := p.Kernels
	add, inf := rowAdder(set), float32(math.Inf(1))
	return resizeGradByImage(p, p.In[0].Shape[3]+1, func(s images) func(dx, dy, scratch []float32) {
		xs, c := o.mixesF32(s.w, s.ow), s.c
		return func(dx, dy, scratch []float32) {
			part, by := scratch[:c], scratch[c:c+1]
			for oy := range s.oh {
				my := o.f32(oy, s.h, s.oh)
				for ox, mx := range xs {
					d := dy[(oy*s.ow+ox)*c:][:c]
					for _, m := range [4]struct {
						y, x int
						a, b float32
					}{{my.lo, mx.lo, my.a, mx.a}, {my.hi, mx.lo, my.b, mx.a}, {my.lo, mx.hi, my.a, mx.b}, {my.hi, mx.hi, my.b, mx.b}} {
						by[0] = m.a
						set.BinaryF32(kernels.BinaryMul, part, d, by, -inf, inf)
						by[0] = m.b
						set.BinaryF32(kernels.BinaryMul, part, part, by, -inf, inf)
						add(dx[(m.y*s.w+m.x)*c:][:c], part)
					}
				}
			}
		}
	})
}

// rowAdder returns what adds x to dst.
func rowAdder(set *kernels.Set) func(dst, x []float32) {
	inf := float32(math.Inf(1))
	return func(dst, x []float32) { set.BinaryF32(kernels.BinaryAdd, dst, dst, x[:len(dst)], -inf, inf) }
}

// resizeGradByImage prepares what of returns for each image, whose gradients begin
// with 0, with scratch of so many values.
//
//go:noinline
func resizeGradByImage(p *Prep, scratch int, of func(s images) func(dx, dy, scratch []float32)) (Prepared, error) {
	s := imagesOf(&p.Out[0], &p.In[0])
	return Prepared{Kernel: p.Kernels.Name, PerWorker: 4 * scratch, Bind: func(m *Mem) (Step, error) {
		dx, dy, one := m.Out[0].F32(), m.In[0].F32(), of(s)
		size, outs := s.h*s.w*s.c, s.oh*s.ow*s.c
		return inSharesOf(m, s.n, 1, max(size, 4*outs), func(w, lo, hi int) {
			clear(dx[lo*size : hi*size])
			for i := lo; i < hi; i++ {
				one(dx[i*size:(i+1)*size], dy[i*outs:(i+1)*outs], tensor.Cast[float32](m.worker(w)))
			}
		}), nil
	}}, nil
}

// Work is four visits to each element of the gradient.
func (o *ResizeBilinearGrad) Work(in, out []tensor.Type) int64 {
	return int64(out[0].Len()) + 4*int64(in[0].Len())
}

// Grad adds ResizeNearestNeighborGrad.
func (o *ResizeNearestNeighbor) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return oneGrad(n, 0, b.Add(gradLabel(n, 0), &ResizeNearestNeighborGrad{slices.Clone(b.Type(n.In[0]).Shape), *o}, dy[0])), nil
}

// Grad adds ResizeBilinearGrad.
func (o *ResizeBilinear) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return oneGrad(n, 0, b.Add(gradLabel(n, 0), &ResizeBilinearGrad{slices.Clone(b.Type(n.In[0]).Shape), *o}, dy[0])), nil
}
