package kernels

import "math"

// Pools are the slots of pools that look at an image through a window, each
// channel by itself, for a run of n outputs of c channels: tap t of output i sees
// element i*step+taps[t] and the c−1 that follow it. step and taps are multiples of
// c. The caller leaves out taps that fall on padding.
type Pools struct {
	// MaxF32 computes y[i*c+ch], the greatest of what the taps see, as BinaryMax
	// of each tap and what the taps before it gave, from LeastF32 on: NaN if any
	// tap is.
	MaxF32 func(y, x []float32, taps []int32, n, step, c int)
	// MaxGradF32 adds dy[i*c+ch] to the element of dx that the first tap sees whose
	// element of x has the bits of y[i*c+ch], -0 having those of 0; outputs in
	// order of i, taps in their order. 0 is added to what else the taps see. dx and
	// x are equally long and share no memory.
	MaxGradF32 func(dx, x, y, dy []float32, taps []int32, n, step, c int)
}

// LeastF32 is what a maximum begins with, as TFLite has it: the least number, to
// which −∞ makes no difference.
const LeastF32 = -math.MaxFloat32
