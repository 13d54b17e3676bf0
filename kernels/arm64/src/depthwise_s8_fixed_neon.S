// depthwiseS8FixedNEONN is depthwiseS8NEONN where init is there for all channels,
// at the first of them, and the weights of 8·N channels follow each other, tap by
// tap, then those of the next channels; xs is where the taps read the image:
//
//	for ch := range 8 * N * blocks {
//		for i := range n {
//			sum := init[ch]
//			for t := range ntaps {
//				sum += x[i*step+xs[t]+ch] * w[ch/(8*N)*ntaps+t][ch%(8*N)]
//			}
//			y[i*c+ch] = requant(sum, q, ch)
//		}
//	}
//
// n and ntaps > 0. If two > 0, no weight is -128; it is ntaps/2 then.
//
// func depthwiseS8FixedNEONN(y, x *int8, c int, w *int8, xs *int32, ntaps, n, step, blocks, two int, init *int32, q *kernels.Requant)
// in: y=x0 x=x1 c=x2 w=x3 xs=x4 ntaps=x5 n=x6 step=x7 blocks=x8 two=x26 init=x17 q=x9
// for: N=2,1
//
// x14, x16 where a tap and the next read; x19 w; otherwise as depthwise_s8_neon.S
.include "depthwise_s8.inc"

// NEXTW v: a tap's weights; NEXTW2: two taps'.
.macro NEXTW v
	.if	P == 2
	ldr	q\v, [x19], #16
	.else
	ldr	d\v, [x19], #8
	.endif
.endm
.macro NEXTW2
	.if	P == 2
	ldp	q4, q5, [x19], #32
	.else
	ldp	d4, d5, [x19], #16
	.endif
.endm

	SETUP
2:	mov	v14.d[0], x0			// for ch := 0; ch < 8*N*blocks; ch += 8*N
	mov	v14.d[1], x1
4:	STARTS	ldp				// for i := 0; i < n; i += 4
	ROWS	x6, x1, x7
	EACH	COPY
	mov	x24, x4
	mov	x19, x3
	cbz	x26, 6f
	mov	x25, x26
5:	ldpsw	x14, x16, [x24], #8		// for t := range ntaps, two at a time
	NEXTW2
	subs	x25, x25, #1
	EACHPAIR TWOTAPS
	b.ne	5b
6:	subs	x25, x5, x26, lsl #1
	b.eq	8f
7:	ldrsw	x14, [x24], #4			// the rest
	NEXTW	4
	subs	x25, x25, #1
	EACHPAIR ONETAP
	b.ne	7b
8:	PIXELS					// y[i*c+ch] = requant(sum, q, ch)
	b.gt	4b
	NEXTBLOCK
	mov	x3, x19
	add	x17, x17, #32*P
	subs	x8, x8, #1
	b.ne	2b
