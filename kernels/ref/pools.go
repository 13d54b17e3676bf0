package ref

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func poolSlots() kernels.Pools { return kernels.Pools{MaxF32: maxPoolF32, MaxGradF32: maxPoolGradF32} }

func maxPoolF32(y, x []float32, taps []int32, n, step, c int) {
	for i := range n {
		to := y[i*c : (i+1)*c]
		for ch := range to {
			to[ch] = kernels.LeastF32
		}
		for _, t := range taps {
			for ch, v := range x[i*step+int(t):][:c] {
				if m := to[ch]; v > m || v != v {
					to[ch] = v
				}
			}
		}
	}
}

// maxPoolGradF32 has no branch on elements: nobody could foretell it.
func maxPoolGradF32(dx, x, y, dy []float32, taps []int32, n, step, c int) {
	for i := range n {
		for ch, v := range y[i*c : (i+1)*c] {
			top, left := math.Float32bits(v+0), math.Float32bits(dy[i*c+ch])
			for _, t := range taps {
				at := i*step + int(t) + ch
				take := left & sameBits(x[at], top)
				left ^= take
				dx[at] += math.Float32frombits(take)
			}
		}
	}
}

// sameBits returns all ones if x has these bits, -0 those of 0, and else 0.
func sameBits(x float32, bits uint32) uint32 {
	d := int32(math.Float32bits(x+0) ^ bits)
	return ^uint32((d | -d) >> 31)
}
