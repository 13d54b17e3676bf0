package ref

import "github.com/edgeinfer/edgeinfer/kernels"

// channels is how many sums the depthwise kernels keep at once.
const channels = 16

func depthwiseS8(y, x, w []int8, taps []kernels.Tap, n, step, c int, zero int32, q *kernels.Requant) {
	for i := range n {
		for ch := 0; ch < c; ch += channels {
			d := min(channels, c-ch)
			var s [channels]int32
			for _, t := range taps {
				xs := x[i*step+int(t.X)+ch:][:d]
				ws := w[int(t.W)+ch:][:d]
				for j := range xs {
					s[j] += (int32(xs[j]) - zero) * int32(ws[j])
				}
			}
			requantRow(y[i*c+ch:i*c+ch+d], s[:], q, ch)
		}
	}
}

// multiplyAdd is how products enter a sum.
type multiplyAdd func(x, y, z float32) float32

func depthwiseF32(y, x, w []float32, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	depthwiseChains(kernels.FMA32, y, x, w, bias, taps, n, step, c, lo, hi)
}

func depthwiseF32Unfused(y, x, w []float32, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	depthwiseChains(func(x, y, z float32) float32 { return float32(x*y) + z }, y, x, w, bias, taps, n, step, c, lo, hi)
}

// depthwiseChains is DepthwiseF32.Mul.
func depthwiseChains(add multiplyAdd, y, x, w, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	for i := range n {
		for ch := 0; ch < c; ch += channels {
			d := min(channels, c-ch)
			var s [channels]float32
			copy(s[:], bias[ch:ch+d])
			for _, t := range taps {
				xs := x[i*step+int(t.X)+ch:][:d]
				ws := w[int(t.W)+ch:][:d]
				for j := range xs {
					s[j] = add(xs[j], ws[j], s[j])
				}
			}
			clampRow(y[i*c+ch:i*c+ch+d], s[:], lo, hi)
		}
	}
}

func depthwiseF32Rounded(y, x, w []float32, bias []float32, taps []kernels.Tap, n, step, c int, lo, hi float32) {
	for i := range n {
		for ch := 0; ch < c; ch += channels {
			d := min(channels, c-ch)
			var s [channels]float32
			for _, t := range taps {
				xs := x[i*step+int(t.X)+ch:][:d]
				ws := w[int(t.W)+ch:][:d]
				for j := range xs {
					s[j] += float32(xs[j] * ws[j])
				}
			}
			for j, b := range bias[ch : ch+d] {
				s[j] += b
			}
			clampRow(y[i*c+ch:i*c+ch+d], s[:], lo, hi)
		}
	}
}
