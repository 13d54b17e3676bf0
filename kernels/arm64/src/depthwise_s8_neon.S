// depthwiseS8NEONN computes n pixels by 8·N·blocks channels of DepthwiseS8, four
// pixels by 8·N channels at a time:
//
//	for ch := range 8 * N * blocks {
//		init := q.Bias[ch]
//		for _, t := range taps {
//			init -= zero * w[t.W+ch]
//		}
//		for i := range n {
//			sum := init
//			for _, t := range taps {
//				sum += x[i*step+t.X+ch] * w[t.W+ch]
//			}
//			y[i*c+ch] = requant(sum, q, ch)
//		}
//	}
//
// n and ntaps > 0, and zero is an int8. The products of two taps are added in
// int16, where two of -128·-128 overflow: not if a weight is -128. init has room
// for 8·N values.
//
// func depthwiseS8NEONN(y, x *int8, c int, w *int8, taps *kernels.Tap, ntaps, n, step, blocks int, zero int32, init *int32, q *kernels.Requant)
// in: y=x0 x=x1 c=x2 w=x3 taps=x4 ntaps=x5 n=x6 step=x7 blocks=x8 zero=x26 init=x17 q=x9
// for: N=2,1
//
// x0, x1   y[i*c+ch:], x[i*step+ch:]  v0-v3    two taps' x, and products; of odd
// x3       w[ch:]                              pixels v9-v12
// x6       pixels left                v4, v5   two taps' w
// x10-x13  the pixels' x[ch:]         v6-v8    q.Zero, q.Lo, q.Hi
// x14, x15 a tap's X, W               v13      n, and zero in h[4]
// x16, x19 the next tap's             v14      y[ch:], x[ch:] of the first pixel
// x20-x23  q's slices                 v16-v31  sums, as in gemm_s8_8columns.inc
// x24      tap, pixel of y
// x25      taps left, scratch
// x26      pairs of taps
.include "depthwise_s8.inc"

	SETUP
	mov	v13.h[4], w26
2:	mov	v14.d[0], x0			// for ch := 0; ch < 8*N*blocks; ch += 8*N
	mov	v14.d[1], x1
	ldp	q16, q17, [x20], #32		// init := q.Bias[ch]
	.if	P == 2
	ldp	q18, q19, [x20], #32
	.endif
	dup	v9.8h, v13.h[4]
	movi	v10.16b, #0
	mov	x24, x4
	mov	x25, x5
3:	ldpsw	x14, x15, [x24], #8		// init -= zero * w[t.W+ch]
	LOADV	4, x3, x15
	sshll	v0.8h, v4.8b, #0
	smlsl	v16.4s, v0.4h, v9.4h
	smlsl2	v17.4s, v0.8h, v9.8h
	.if	P == 2
	sshll2	v1.8h, v4.16b, #0
	smlsl	v18.4s, v1.4h, v9.4h
	smlsl2	v19.4s, v1.8h, v9.8h
	.endif
	smin	v10.16b, v10.16b, v4.16b
	subs	x25, x25, #1
	b.ne	3b
	STARTS	stp
	sminv	b10, v10.16b
	smov	w26, v10.b[0]
	cmn	w26, #128
	lsr	x26, x5, #1
	csel	x26, x26, xzr, ne
4:	STARTS	ldp				// for i := 0; i < n; i += 4
	ROWS	x6, x1, x7
	EACH	COPY
	mov	x24, x4
	cbz	x26, 6f
	mov	x25, x26
5:	ldpsw	x14, x15, [x24], #8		// for _, t := range taps, two at a time
	ldpsw	x16, x19, [x24], #8
	LOADV	4, x3, x15
	LOADV	5, x3, x19
	subs	x25, x25, #1
	EACHPAIR TWOTAPS
	b.ne	5b
6:	subs	x25, x5, x26, lsl #1
	b.eq	8f
7:	ldpsw	x14, x15, [x24], #8		// the rest
	LOADV	4, x3, x15
	subs	x25, x25, #1
	EACHPAIR ONETAP
	b.ne	7b
8:	PIXELS					// y[i*c+ch] = requant(sum, q, ch)
	b.gt	4b
	NEXTBLOCK
	add	x3, x3, #8*P
	subs	x8, x8, #1
	b.ne	2b
