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
.set R, 4
.set P, N
.include "rows.inc"
.include "requant.inc"
.include "gemm_s8_8columns.inc"

// Each macro names the pixel; those with an underscore get its registers.
.macro _COPY s0, s1, s2, s3
	.if	P == 2
	mov	v\s0\().16b, v16.16b
	mov	v\s1\().16b, v17.16b
	mov	v\s2\().16b, v18.16b
	mov	v\s3\().16b, v19.16b
	.else
	mov	v\s0\().16b, v16.16b
	mov	v\s1\().16b, v17.16b
	.endif
.endm
.macro COPY p
	.if	\p
	_COPY	%(16+2*\p*P), %(17+2*\p*P), %(18+2*\p*P), %(19+2*\p*P)
	.endif
.endm
// LOADV v, from, off: a tap's channels.
.macro LOADV v, from, off
	.if	P == 2
	ldr	q\v, [\from, \off]
	.else
	ldr	d\v, [\from, \off]
	.endif
.endm
.macro _FIRST reg, p0, p1, ptr
	LOADV	\reg, x\ptr, x14
	smull	v\p0\().8h, v\reg\().8b, v4.8b
	.if	P == 2
	smull2	v\p1\().8h, v\reg\().16b, v4.16b
	.endif
.endm
.macro _SECOND reg, p0, p1, ptr
	LOADV	\reg, x\ptr, x16
	smlal	v\p0\().8h, v\reg\().8b, v5.8b
	.if	P == 2
	smlal2	v\p1\().8h, v\reg\().16b, v5.16b
	.endif
.endm
.macro _PLUS p0, p1, s0, s1, s2, s3
	saddw	v\s0\().4s, v\s0\().4s, v\p0\().4h
	saddw2	v\s1\().4s, v\s1\().4s, v\p0\().8h
	.if	P == 2
	saddw	v\s2\().4s, v\s2\().4s, v\p1\().4h
	saddw2	v\s3\().4s, v\s3\().4s, v\p1\().8h
	.endif
.endm
.macro PLUS p, p0, p1
	_PLUS	\p0, \p1, %(16+2*\p*P), %(17+2*\p*P), %(18+2*\p*P), %(19+2*\p*P)
.endm
// TWOTAPS and ONETAP: those of pixels p and p+1.
.macro TWOTAPS p, how
	_FIRST	0, 2, 3, %(10+\p)
	_FIRST	9, 11, 12, %(11+\p)
	_SECOND	1, 2, 3, %(10+\p)
	_SECOND	10, 11, 12, %(11+\p)
	PLUS	\p, 2, 3
	PLUS	%(\p+1), 11, 12
.endm
.macro ONETAP p, how
	_FIRST	0, 2, 3, %(10+\p)
	_FIRST	9, 11, 12, %(11+\p)
	PLUS	\p, 2, 3
	PLUS	%(\p+1), 11, 12
.endm
.macro STARTS op
	\op	q16, q17, [x17]
	.if	P == 2
	\op	q18, q19, [x17, #32]
	.endif
.endm

	QSLICES	x9
	QRANGE	x9, v6, v7, v8
	cbnz	x23, 1f
	ZERO16	v6
1:	mov	v13.d[0], x6
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
8:	cbz	x22, 9f				// y[i*c+ch] = requant(sum, q, ch)
	PANELS8	REQUANT
	sub	x22, x22, #32*P
	sub	x23, x23, #32*P
	b	8f
9:	cbz	x23, 9f
	PANELS8	RIGHTONLY
	sub	x23, x23, #32*P
	b	8f
9:	PANELS8	RESCALE
8:	sub	x21, x21, #32*P
	sub	x0, x0, #8*P
	add	x0, x0, x2, lsl #2
	add	x1, x1, x7, lsl #2
	subs	x6, x6, #4
	b.gt	4b
	mov	x0, v14.d[0]
	mov	x1, v14.d[1]
	mov	x6, v13.d[0]
	add	x0, x0, #8*P
	add	x1, x1, #8*P
	add	x3, x3, #8*P
	add	x21, x21, #32*P
	cbz	x22, 9f
	add	x22, x22, #32*P
9:	cbz	x23, 9f
	add	x23, x23, #32*P
9:	subs	x8, x8, #1
	b.ne	2b
