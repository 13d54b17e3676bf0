package kerneltest

import (
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// window is one random depthwise problem: sizes, and the operands' lengths.
type window struct {
	taps       []kernels.Tap
	n, step, c int
	x, w       int
}

// depthwiseWindows calls trial for sizes around vectors' widths.
func depthwiseWindows(rng *rand.Rand, trial func(window)) {
	for _, c := range append(around(8), 20, 24, 40, 47, 48, 49, 100) {
		for taps := range 11 {
			for _, n := range []int{0, 1, 2, 3, 5, 9} {
				trial(newWindow(rng, taps, n, c))
			}
		}
	}
	for _, c := range []int{1, 5, 8, 16, 17, 31, 32, 33, 48, 70} {
		for n := range 14 {
			trial(newGrid(rng, n, c))
		}
	}
	for _, c := range []int{2, 3, 4, 6, 8, 16, 24, 32, 63, 64, 65, 96, 128, 144, 200} { // vectors of several pixels
		for range 4 {
			trial(newWindow(rng, 9, 20+rng.IntN(50), c))
			trial(newWindow(rng, 1+rng.IntN(30), 20+rng.IntN(50), c))
		}
	}
	trial(newWindow(rng, 25, 100, 64))
	trial(newWindow(rng, 49, 7, 130))
	trial(newWindow(rng, 300, 2, 17))
	for range 20 { // the epilogue alone
		trial(newWindow(rng, 0, 1, 700))
	}
}

func newWindow(rng *rand.Rand, taps, n, c int) window {
	p := window{n: n, c: c, step: c * rng.IntN(3)}
	if rng.IntN(4) == 0 {
		p.step += rng.IntN(3) // pixels may lie farther apart than c
	}
	for range taps {
		t := kernels.Tap{X: int32(rng.IntN(5*c + 1)), W: int32(rng.IntN(3*c + 1))}
		p.taps = append(p.taps, t)
		p.w = max(p.w, int(t.W)+c)
		if n > 0 {
			p.x = max(p.x, (n-1)*p.step+int(t.X)+c)
		}
	}
	return p
}

// fixedDepthwiseS8 tests FixDepthwiseS8, as a DepthwiseS8.
func fixedDepthwiseS8(t *testing.T, got kernels.Set, want kernels.DepthwiseS8) {
	depthwiseS8(t, func(y, x, w []int8, taps []kernels.Tap, n, step, c int, zero int32, q *kernels.Requant) {
		run := got.FixDepthwiseS8(w, taps, step, c, zero, q)
		run(y, x, n, 1, 0)
		if len(y) > 0 { // runs don't change what they keep
			y[0]++
			run(y, x, n, 1, 0)
		}
		for lines := range 4 {
			if lines > 0 && n%lines == 0 && n > 0 { // the same pixels as lines
				clear(y)
				run(y, x, n/lines, lines, n/lines*step)
			}
		}
	}, want)
	depthwiseLines(t, got, want)
}

// depthwiseLines tests lines that are farther apart, or nearer, than they are long,
// with the requantisation that most models have.
func depthwiseLines(t *testing.T, got kernels.Set, want kernels.DepthwiseS8) {
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(8, 8))
	for _, c := range []int{1, 8, 8, 8, 9, 16, 24, 40, 64, 100} {
		for trial := range 40 {
			g.reset()
			p, lines := newGrid(rng, 1+rng.IntN(9), c), 1+rng.IntN(5)
			line := rng.IntN(3 * p.step)
			x, w, y := place[int8](g, p.x+(lines-1)*line), place[int8](g, p.w), place[int8](g, lines*p.n*c)
			bytes(rng, x)
			bytes(rng, w)
			for i := range w {
				w[i] = max(w[i], -127)
			}
			zero, q := int32(rng.IntN(256)-128), requant(g, rng, c)
			if trial > 10 && q.Scale == nil {
				q.Zero, q.Lo, q.Hi = -128, -128, 127
				for ch := range c {
					q.Left[ch], q.Right[ch] = 0, int32(1+rng.IntN(12))
					q.Bias[ch] = int32(rng.IntN(300)-40)<<(q.Right[ch]+1) + int32(rng.IntN(5)-2)
				}
			}
			wantY := make([]int8, len(y))
			for l := range lines {
				want(wantY[l*p.n*c:], x[l*line:], w, p.taps, p.n, p.step, c, zero, q)
			}
			got.FixDepthwiseS8(w, p.taps, p.step, c, zero, q)(y, x, p.n, lines, line)
			if i := diff(y, wantY); i >= 0 {
				t.Fatalf("%d lines of %d pixels of %d: y[%d] = %d, want %d", lines, p.n, c, i, y[i], wantY[i])
			}
			if !g.intact() {
				t.Fatalf("%d lines of %d pixels of %d: wrote outside its memory", lines, p.n, c)
			}
		}
	}
}

// newGrid is a window of 3x3 over lines of an image, as filters mostly are.
func newGrid(rng *rand.Rand, n, c int) window {
	width, dilation := n*2+9, 1+rng.IntN(2)*rng.IntN(2)
	p := window{n: n, c: c, step: c * (1 + rng.IntN(2)), w: 9 * c}
	for i := range 9 {
		p.taps = append(p.taps, kernels.Tap{X: int32((i/3*width + i%3*dilation) * c), W: int32(i * c)})
	}
	p.x = int(p.taps[8].X) + max(n-1, 0)*p.step + c
	return p
}

func depthwiseS8(t *testing.T, got, want kernels.DepthwiseS8) {
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(3, 3))
	trial := func(p window) {
		g.reset()
		x, w, y := place[int8](g, p.x), place[int8](g, p.w), place[int8](g, p.n*p.c)
		bytes(rng, x)
		bytes(rng, w)
		zero := int32(rng.IntN(256) - 128)
		q := requant(g, rng, p.c)
		wantY := make([]int8, p.n*p.c)
		got(y, x, w, p.taps, p.n, p.step, p.c, zero, q)
		want(wantY, x, w, p.taps, p.n, p.step, p.c, zero, q)
		if i := diff(y, wantY); i >= 0 {
			t.Fatalf("%d taps, %d pixels of %d, step %d: y[%d] = %d, want %d", len(p.taps), p.n, p.c, p.step, i, y[i], wantY[i])
		}
		if !g.intact() {
			t.Fatalf("%d taps, %d pixels of %d: wrote outside its memory", len(p.taps), p.n, p.c)
		}
	}
	depthwiseWindows(rng, trial)
	trial(newWindow(rng, 9, 14000, 64)) // kernels may stop on the way
}

func depthwiseF32(t *testing.T, got, want func(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32)) {
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(4, 4))
	depthwiseWindows(rng, func(p window) {
		g.reset()
		x, w, y := place[float32](g, p.x), place[float32](g, p.w), place[float32](g, p.n*p.c)
		bias := place[float32](g, p.c)
		wild := rng.IntN(2) == 0
		floats(rng, x, wild)
		floats(rng, w, wild)
		floats(rng, bias, wild)
		lo, hi := bounds(rng)
		wantY := make([]float32, p.n*p.c)
		got(y, x, w, bias, p.taps, p.n, p.step, p.c, lo, hi)
		want(wantY, x, w, bias, p.taps, p.n, p.step, p.c, lo, hi)
		if i := diffF32(y, wantY); i >= 0 {
			t.Fatalf("%d taps, %d pixels of %d, step %d: y[%d] = %x, want %x", len(p.taps), p.n, p.c, p.step, i, y[i], wantY[i])
		}
		if !g.intact() {
			t.Fatalf("%d taps, %d pixels of %d: wrote outside its memory", len(p.taps), p.n, p.c)
		}
	})
}

// depthwiseLinesF32 tests lines, where a Set has them.
func depthwiseLinesF32(t *testing.T, got func(y, x, w, bias []float32, taps []kernels.Tap, n, lines, line, step, c int, lo, hi float32),
	want func(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32)) {
	if got == nil {
		return
	}
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(9, 9))
	depthwiseWindows(rng, func(p window) {
		if p.n > 20 {
			return
		}
		g.reset()
		lines := rng.IntN(5)
		line := rng.IntN(3*p.step + 2)
		size := 0
		if lines > 0 && p.n > 0 && len(p.taps) > 0 {
			size = p.x + (lines-1)*line
		}
		x, w, y := place[float32](g, size), place[float32](g, p.w), place[float32](g, lines*p.n*p.c)
		bias := place[float32](g, p.c)
		for _, s := range [][]float32{x, w, bias} {
			floats(rng, s, false)
		}
		lo, hi := bounds(rng)
		wantY := make([]float32, len(y))
		for l := range lines {
			if from := min(l*line, size); p.n > 0 {
				want(wantY[l*p.n*p.c:], x[from:], w, bias, p.taps, p.n, p.step, p.c, lo, hi)
			}
		}
		got(y, x, w, bias, p.taps, p.n, lines, line, p.step, p.c, lo, hi)
		if i := diffF32(y, wantY); i >= 0 {
			t.Fatalf("%d taps, %d lines of %d pixels of %d, step %d: y[%d] = %x, want %x", len(p.taps), lines, p.n, p.c, p.step, i, y[i], wantY[i])
		}
		if !g.intact() {
			t.Fatalf("%d taps, %d lines of %d pixels of %d: wrote outside its memory", len(p.taps), lines, p.n, p.c)
		}
	})
}
