package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// depthwiseFilterGrad computes the gradient of depthwise filters by the kernel
// that filters: the weights of one tap are a pixel of output, and the pixels of a
// line are the taps that it adds up, weighed by the gradients of the outputs.
type depthwiseFilterGrad struct {
	filter
	list []kernels.Tap // of a line's outputs
	add  func(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32)
}

func (f filter) prepareDepthwiseFilterGrad(p *Prep) (Prepared, error) {
	g := &depthwiseFilterGrad{filter: f, add: p.Kernels.DepthwiseF32.Mul, list: make([]kernels.Tap, f.ow)}
	for i := range g.list {
		g.list[i] = kernels.Tap{X: int32(i * f.sw * f.oc), W: int32(i * f.oc)}
	}
	d := Prepared{Kernel: p.Kernels.Name, PerWorker: f.oc * 4, Bind: g.bind}
	if f.oc != f.c {
		d.PerWorker += f.w * f.oc * 4
	}
	return d, nil
}

func (g *depthwiseFilterGrad) bind(m *Mem) (Step, error) {
	x, dy, dw := m.In[0].F32(), m.In[1].F32(), m.Out[0].F32()
	taps := g.kh * g.kw
	workers := min(g.threads(m.Env.Workers), taps)
	return onWorkers(m.Env.Workers, workers, func(w int) {
		lo, hi := Share(taps, w, workers, 1)
		clear(dw[lo*g.oc : hi*g.oc])
		scratch := tensor.Cast[float32](m.worker(w))
		for row := range g.n * g.oh {
			g.row(dw, x, dy[row*g.ow*g.oc:], scratch, row/g.oh, row%g.oh, lo, hi)
		}
	}), nil
}

// row adds what line oy of the outputs gives to taps [lo, hi). scratch has
// room for the sums of a tap and, if there are more outputs than channels, for a
// line of the image with each channel as often as it has outputs.
func (g *depthwiseFilterGrad) row(dw, x, dy, scratch []float32, batch, oy, lo, hi int) {
	inf := float32(math.Inf(1))
	start, line := scratch[:g.oc], scratch[g.oc:] // kernels want no bias where sums go
	for ky := lo / g.kw; ky*g.kw < hi; ky++ {
		y := oy*g.sh - g.top + ky*g.dh
		if y < 0 || y >= g.h {
			continue
		}
		image := x[(batch*g.h+y)*g.w*g.c:][:g.w*g.c]
		if g.oc != g.c {
			spread(line, image, g.oc/g.c)
			image = line
		}
		for kx := max(lo-ky*g.kw, 0); kx < min(hi-ky*g.kw, g.kw); kx++ {
			from, to := inside(kx, g.w, g.ow, g.sw, g.dw, g.left)
			if from == to {
				continue
			}
			sums := dw[(ky*g.kw+kx)*g.oc:][:g.oc]
			copy(start, sums)
			g.add(sums, image[(from*g.sw+kx*g.dw-g.left)*g.oc:], dy[from*g.oc:], start, g.list[:to-from], 1, 0, g.oc, -inf, inf)
		}
	}
}

// spread copies each value of src n times.
func spread(dst, src []float32, n int) {
	for _, v := range src {
		padWith(dst[:n], v)
		dst = dst[n:]
	}
}
