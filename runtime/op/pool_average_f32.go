package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
)

// averageF32 sums windows with the kernel of depthwise filters, whose weights
// are all 1: products change nothing then, rounded or not, and the sums start
// with 0 and follow the taps, as Ref's do.
type averageF32 struct {
	windows
	o           AveragePool2D
	lo, hi      float32
	add         func(y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32)
	ones, zeros []float32
	taps        []kernels.Tap // of the window at hand, with room for the largest
	first       int           // where it starts in the image
}

// averageTaps bounds the windows that the kernel sums; larger ones are summed a
// pixel at a time.
const averageTaps = 1 << 12

func newAverageF32(o AveragePool2D, w windows, set *kernels.Set) *averageF32 {
	a := &averageF32{windows: w, o: o, add: set.DepthwiseF32.Rounded}
	a.lo, a.hi = quant.ActivationRangeFloat(o.Act)
	taps := int64(min(w.kh, w.h)) * int64(min(w.kw, w.w))
	if taps > averageTaps || int64(w.h)*int64(w.w)*int64(w.c) > math.MaxInt32 {
		return a
	}
	a.taps = make([]kernels.Tap, 0, max(taps, 1))
	a.ones, a.zeros = make([]float32, w.c), make([]float32, w.c)
	for i := range a.ones {
		a.ones[i] = 1
	}
	return a
}

func (a *averageF32) step(x, y []float32) Step {
	inf := float32(math.Inf(1))
	tap := func(at int) {
		if len(a.taps) == 0 {
			a.first = at
		}
		a.taps = append(a.taps, kernels.Tap{X: int32(at - a.first)})
	}
	done := func(at, taps int) {
		sums := y[at : at+a.c]
		a.add(sums, x[min(a.first, len(x)):], a.ones, a.zeros, a.taps, 1, 0, a.c, -inf, inf)
		a.divide(sums, taps)
		a.taps = a.taps[:0]
	}
	if a.ones == nil {
		to := y
		tap = func(at int) {
			sums := to[:a.c]
			for c, v := range x[at : at+a.c] {
				sums[c] += v
			}
		}
		done = func(_, taps int) {
			a.divide(to[:a.c], taps)
			to = to[a.c:]
		}
		return func() error {
			clear(y)
			to = y
			a.eachRow(tap, done)
			return nil
		}
	}
	return func() error {
		a.eachRow(tap, done)
		return nil
	}
}

// divide makes clamped averages of sums.
func (a *averageF32) divide(sums []float32, taps int) {
	d := float32(a.o.divisor(taps))
	for c, sum := range sums {
		sums[c] = kernels.Clamp(sum/d, a.lo, a.hi)
	}
}
