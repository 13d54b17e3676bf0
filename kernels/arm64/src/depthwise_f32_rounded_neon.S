// depthwiseF32RoundedNEON computes n pixels by 8·blocks channels of
// DepthwiseF32.Rounded:
//
//	for i := range n {
//		for ch := range 8 * blocks {
//			sum := float32(0)
//			for _, t := range taps {
//				sum += float32(x[i*step+t.X+ch] * w[t.W+ch])
//			}
//			y[i*c+ch] = Clamp(sum + bias[ch], lo, hi)
//		}
//	}
//
// n > 0; step and c count bytes.
//
// func depthwiseF32RoundedNEON(y, x, w, bias *float32, taps *kernels.Tap, ntaps, n, step, c, blocks int, lo, hi float32)
// in: y=x0 x=x1 w=x2 bias=x3 taps=x4 ntaps=x5 n=x6 step=x7 c=x8 blocks=x9 lo=x15 hi=x16
.set FUSED, 0
.include "depthwise_f32.inc"
