package op

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// eachAxis calls do for many windows along an axis of n pixels.
func eachAxis(do func(n, k, stride, dilation, pad, out int)) {
	for n := range 7 {
		for k := 1; k < 5; k++ {
			for stride := 1; stride < 4; stride++ {
				for dilation := 1; dilation < 4; dilation++ {
					for pad := range 5 {
						do(n, k, stride, dilation, pad, 9)
					}
				}
			}
		}
	}
}

// TestTaps compares the ranges of taps and of outputs with counting.
func TestTaps(t *testing.T) {
	eachAxis(func(n, k, stride, dilation, pad, out int) {
		in := func(o, tap int) bool {
			at := o*stride - pad + tap*dilation
			return at >= 0 && at < n
		}
		for o := range out {
			from, to := taps(o, k, n, stride, dilation, pad)
			for tap := range k {
				require.Equal(t, in(o, tap), tap >= from && tap < to, "output %d, tap %d of %d, %d pixels, stride %d, dilation %d, padding %d", o, tap, k, n, stride, dilation, pad)
			}
		}
		for tap := range k {
			from, to := inside(tap, n, out, stride, dilation, pad)
			for o := range out {
				require.Equal(t, in(o, tap), o >= from && o < to, "tap %d, output %d, %d pixels, stride %d, dilation %d, padding %d", tap, o, n, stride, dilation, pad)
			}
		}
	})
}

func TestPaddingAxis(t *testing.T) {
	for _, c := range []struct {
		p             Padding
		n, k, s, d    int
		pad, out      int
		before, after int
		err           string
	}{
		{p: Padding{Mode: PadSameUpper}, n: 5, k: 2, s: 1, d: 1, pad: 0, out: 5},
		{p: Padding{Mode: PadSameLower}, n: 5, k: 2, s: 1, d: 1, pad: 1, out: 5},
		{p: Padding{Mode: PadSameUpper}, n: 49, k: 10, s: 2, d: 1, pad: 4, out: 25},
		{p: Padding{Mode: PadSameUpper}, n: 0, k: 3, s: 2, d: 1, pad: 0, out: 0},
		{p: Padding{Mode: PadSameUpper}, n: 4, k: 1, s: 3, d: 1, pad: 0, out: 2},
		{p: Padding{Mode: PadValid}, n: 7, k: 3, s: 2, d: 1, out: 3},
		{p: Padding{Mode: PadValid}, n: 4, k: 3, s: 1, d: 2, out: 0},
		{n: 4, k: 3, s: 2, d: 1, before: 2, after: 1, pad: 2, out: 3},
		{n: tensor.Dynamic, k: 3, s: 2, d: 1, pad: tensor.Dynamic, out: tensor.Dynamic},
		{n: 4, k: 3, s: 0, d: 1, err: "stride 0"},
		{n: 4, k: 3, s: 1, d: 0, err: "dilation 0"},
		{n: 4, k: 0, s: 1, d: 1, err: "window of 0 taps"},
		{n: 4, k: math.MaxInt32, s: 1, d: math.MaxInt32, err: "window of 2147483647 taps"},
		{n: 4, k: 3, s: 1, d: 1, before: -1, err: "padding -1"},
		{p: Padding{Mode: 9}, n: 4, k: 3, s: 1, d: 1, err: "padding mode 9"},
	} {
		pad, out, err := c.p.axis("width", c.n, c.k, c.s, c.d, c.before, c.after)
		if c.err != "" {
			require.ErrorContains(t, err, c.err)
			continue
		}
		require.NoError(t, err)
		if c.p.Mode == PadSameLower && c.out == c.n {
			require.Equal(t, c.pad, pad)
		}
		require.Equal(t, [2]int{c.pad, c.out}, [2]int{pad, out}, "%+v", c)
	}
}

// TestSameLower puts the odd pixel of padding before the image, and only that.
func TestSameLower(t *testing.T) {
	for n := 1; n < 9; n++ {
		for k := 1; k < 5; k++ {
			for s := 1; s < 4; s++ {
				upper, out, err := Padding{Mode: PadSameUpper}.axis("", n, k, s, 1, 0, 0)
				require.NoError(t, err)
				lower, same, err := Padding{Mode: PadSameLower}.axis("", n, k, s, 1, 0, 0)
				require.NoError(t, err)
				require.Equal(t, out, same)
				total := max((out-1)*s+k-n, 0)
				require.Equal(t, total, upper+lower)
			}
		}
	}
}

// TestFilterFuse takes over clamps that leave the type alone, and no others.
func TestFilterFuse(t *testing.T) {
	f := tensor.Of(tensor.F32, 1, 2)
	o := FullyConnected{Epilogue: Epilogue{To: To{DType: tensor.F32}, Bounds: Activated(quant.None)}}
	fused := o.Fuse(&Clamp{Lo: -1, Hi: 6}, f).(*FullyConnected)
	require.Equal(t, Bounds{-1, 6}, fused.Bounds)
	fused = fused.Fuse(&Clamp{Lo: 0, Hi: float32(math.Inf(1))}, f).(*FullyConnected)
	require.Equal(t, Bounds{0, 6}, fused.Bounds)
	require.Nil(t, o.Fuse(&Reshape{}, f))

	q := quant.PerTensor(0.5, 3)
	o.To = To{DType: tensor.I8, Quant: q}
	y := tensor.Type{DType: tensor.I8, Shape: []int{1, 2}, Quant: q}
	require.NotNil(t, o.Fuse(&Clamp{Lo: 0, Hi: 6}, y))
	y.Quant = quant.PerTensor(0.25, 3)
	require.Nil(t, o.Fuse(&Clamp{Lo: 0, Hi: 6}, y), "the clamp changes the scale")
}

// TestHybrid quantises activations in both ways.
func TestHybrid(t *testing.T) {
	h := newHybrid([]float32{-1, 0.5, 2}, false)
	require.Equal(t, hybrid{scale: float32(2) / 127, inv: 63.5, lo: -127}, h)
	require.Equal(t, []int8{-64, 32, 127, 127, -127}, []int8{h.of(-1), h.of(0.5), h.of(2), h.of(99), h.of(-99)})
	h = newHybrid([]float32{-1, 0.5, 2}, true)
	require.Equal(t, int32(-43), h.zero)
	require.Equal(t, []int8{-128, -43, 127}, []int8{h.of(-1), h.of(0), h.of(2)})
	require.Equal(t, hybrid{scale: 1, lo: -127}, newHybrid(nil, true))
	nan := float32(math.NaN())
	require.Equal(t, int8(0), func() int8 { h := newHybrid([]float32{nan, 1}, false); return h.of(nan) }())
}

// TestCopyRuns copies runs of all lengths with the pieces that each needs.
func TestCopyRuns(t *testing.T) {
	src := make([]int8, 1000)
	for i := range src {
		src[i] = int8(i * 7)
	}
	for run := 1; run < 160; run++ {
		dst := make([]int8, 3*run+20)
		copyRuns(dst, src, run+5, 3, run, 3)
		for i := range 3 {
			require.Equal(t, src[3*i:3*i+run], dst[i*(run+5):][:run])
		}
		require.Zero(t, dst[run], "wrote past a run")
	}
}

// TestSpans gives every pixel and column to one worker.
func TestSpans(t *testing.T) {
	for _, f := range []filter{{n: 1, oh: 7, ow: 5, oc: 40, groups: 1}, {n: 1, oh: 1, ow: 1, oc: 100, groups: 1}, {n: 3, oh: 1, ow: 1, oc: 12, groups: 2}} {
		for n := 1; n < 5; n++ {
			done := map[[2]int]int{}
			for _, s := range f.spans(n, 4, 8) {
				for p := s.from; p < s.to; p++ {
					for c := s.col; c < s.col+s.cols; c++ {
						done[[2]int{p, c}]++
					}
				}
			}
			require.Len(t, done, f.pixels()*f.oc/f.groups)
			for at, times := range done {
				require.Equal(t, 1, times, "%v", at)
			}
		}
	}
}

// TestNibbles reads both halves of a byte with their signs.
func TestNibbles(t *testing.T) {
	w := tensor.View{Type: tensor.Of(tensor.I4, 3), Data: []byte{0x8f, 0x07}}
	require.Equal(t, []int8{-1, -8, 7}, weightsS8(&w))
	require.Equal(t, 32, lcm(colGrain, 32))
	require.Equal(t, 48, lcm(colGrain, 6))
	require.Equal(t, 64, kernels.RoundUp(33, 32))
}
