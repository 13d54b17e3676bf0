package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// recodedGemm is a convolution or dense layer on types other than int8, as products
// of int8 matrices: activations are recoded, and the sums finished in Go.
type recodedGemm struct {
	patches [2]patches[int8] // of each plane
	recoder
	done       *finish             // for all but int16
	s16        *kernels.RequantS16 // for int16
	requantS64 func(y []int16, ldy int, c []int64, m, n int, q *kernels.RequantS16, j int)
	kernels.GemmS8
	b          []int8
	start      []int32 // what sums start with
	filterZero int32   // to be taken off weights: for uint8
	pixels     int     // of an image
	mixed      bool    // a tile may hold pixels of several images
}

// prepareSums prepares recodedGemm; s16 is for int16.
func (f filter) prepareSums(p *Prep, s scheme, e *Epilogue, narrow bool, s16 *kernels.RequantS16) (Prepared, error) {
	c := f.collapsed()
	g := &recodedGemm{recoder: f.newRecoder(s, e, p), GemmS8: p.Kernels.GemmS8, start: make([]int32, f.oc), pixels: f.oh * f.ow}
	w := p.View(1)
	plain := f.weightSums(&w)
	pad := [2]int8{0, -128}
	switch s {
	case schemeU8:
		zero := p.In[0].Quant.Zero[0] - 128
		g.filterZero = w.Quant.Zero[0] - 128
		pad[0] = int8(zero)
		for o := range g.start {
			g.start[o] = zero * (int32(f.k())*g.filterZero - plain[o])
			if b := p.View(2); !b.Absent() {
				g.start[o] += b.I32()[o]
			}
		}
		g.done = f.newFinish(p, s, e, narrow, nil)
	case schemeHybrid:
		g.done = f.newFinish(p, s, e, narrow, plain)
	default:
		g.s16, g.requantS64 = s16, p.Kernels.RequantS64
		for o, sum := range plain {
			g.s16.Bias[o] += 128 * int64(sum) // what is taken off low bytes
		}
	}
	kp, n := kernels.RoundUp(f.k(), g.KR), f.oc/f.groups
	for i := range g.planes {
		g.patches[i] = newPatches(c, pad[i], kp, g.MR, 1)
		g.patches[i].tile = min(g.patches[i].tile, max(tileBytes/(4*n)/g.MR*g.MR, min(g.MR, c.pixels())))
	}
	g.mixed = g.scheme != schemeHybrid || !g.asymmetric ||
		f.kh == 1 && f.kw == 1 && f.top == 0 && f.left == 0 && (f.oh-1)*f.sh < f.h && (f.ow-1)*f.sw < f.w
	var err error
	if g.b, err = f.packS8(p); err != nil {
		return Prepared{}, err
	}
	p.Done(1)
	tile := g.patches[0].tile
	return Prepared{Kernel: p.Kernels.Name, Scratch: g.scratch(), PerWorker: g.planes*(kernels.RoundUp(tile*kp, 64)+tile*n*4) + (g.planes-1)*tile*n*8, Bind: g.bind}, nil
}

// weightSums returns the sum of each output's weights, as packS8 sees them.
func (f *filter) weightSums(w *tensor.View) []int32 {
	s := make([]int32, f.oc)
	f.sumWeights(s, weightsS8(w))
	return s
}

func (g *recodedGemm) bind(m *Mem) (Step, error) {
	f := &g.patches[0].filter
	threads := f.threads(m.Env.Workers)
	parts := f.spans(threads, g.MR, g.NR)
	x := tensor.Cast[int8](m.Scratch[:g.scratch()])
	hs := make([]hybrid, g.images)
	in := m.In[0]
	recode := onWorkers(m.Env.Workers, threads, func(w int) {
		from, to := Share(g.units(), w, threads, 1)
		g.recode(x, &in, hs, from, to)
	})
	multiply := onWorkers(m.Env.Workers, threads, func(w int) { g.part(m, x, hs, parts[w], m.PerWorker[w]) })
	return func() error {
		if err := recode(); err != nil {
			return err
		}
		return multiply()
	}, nil
}

// part computes one worker's part.
func (g *recodedGemm) part(m *Mem, x []int8, hs []hybrid, s part, scratch []byte) {
	p := g.patches // a copy: the padding changes with the image
	f := &p[0].filter
	n, k, tile := f.oc/f.groups, f.k(), p[0].tile
	size := g.PackedS8Len(n, k)
	rowBytes := kernels.RoundUp(tile*p[0].kp, 64)
	var acc [2][]int32
	for i := range g.planes {
		acc[i] = tensor.Cast[int32](scratch[g.planes*rowBytes+i*tile*n*4:])[:tile*n]
	}
	for pixel := s.from; pixel < s.to && s.cols > 0; {
		end, image := s.to, pixel/g.pixels
		if !g.mixed {
			end = min(end, (image+1)*g.pixels)
			p[0].pad = int8(hs[image].zero)
		}
		var rows int
		for group := range f.groups {
			o := group*n + s.col
			for i := range g.planes {
				var a []int8
				var lda int
				a, lda, rows = p[i].rows(x[i*g.size:(i+1)*g.size], tensor.Cast[int8](scratch[i*rowBytes:(i+1)*rowBytes]), pixel, end, group)
				g.Acc(acc[i], a, lda, g.b[group*size+g.PackedS8Len(s.col, k):], g.start[o:], rows, s.cols, k)
				if g.filterZero != 0 {
					lessRowSums(acc[i], a, lda, rows, s.cols, k, g.filterZero)
				}
			}
			if g.planes == 2 {
				g.storeS16(m, acc, tensor.Cast[int64](scratch[g.planes*(rowBytes+tile*n*4):]), pixel, rows, o, s.cols)
			} else {
				g.store(m, hs, acc[0], pixel, rows, o, s.cols)
			}
		}
		pixel += rows
	}
}

// store finishes the sums of some pixels.
func (g *recodedGemm) store(m *Mem, hs []hybrid, acc []int32, pixel, rows, o, cols int) {
	oc := g.patches[0].oc
	for i := range rows {
		g.done.row(&m.Out[0], (pixel+i)*oc+o, o, acc[i*cols:(i+1)*cols], &hs[(pixel+i)/g.pixels])
	}
}

// storeS16 finishes the sums of high and low bytes. wide has room for the sums of both.
func (g *recodedGemm) storeS16(m *Mem, acc [2][]int32, wide []int64, pixel, rows, o, cols int) {
	oc := g.patches[0].oc
	wide = wide[:rows*cols]
	high, low := acc[0][:len(wide)], acc[1][:len(wide)]
	for i := range wide {
		wide[i] = int64(high[i])<<8 + int64(low[i])
	}
	g.requantS64(m.Out[0].I16()[pixel*oc+o:], oc, wide, rows, cols, g.s16, o)
}

// lessRowSums takes zero times the sum of each row of a off the row's results.
func lessRowSums(acc []int32, a []int8, lda, rows, cols, k int, zero int32) {
	for i := range rows {
		s := int32(0)
		for _, x := range a[i*lda : i*lda+k] {
			s += int32(x)
		}
		s *= zero
		for j := range acc[i*cols : (i+1)*cols] {
			acc[i*cols+j] -= s
		}
	}
}
