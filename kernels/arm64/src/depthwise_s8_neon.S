// depthwiseS8NEON computes n pixels by 8·blocks channels of DepthwiseS8, four
// pixels by eight channels at a time:
//
//	for i := range n {
//		for ch := range 8 * blocks {
//			sum := q.Bias[ch]
//			for _, t := range taps {
//				sum += (x[i*step+t.X+ch] - zero) * w[t.W+ch]
//			}
//			y[i*c+ch] = requant(sum, q, ch)
//		}
//	}
//
// n > 0, and zero is an int8.
//
// func depthwiseS8NEON(y, x, w *int8, taps *kernels.Tap, ntaps, n, step, c, blocks int, zero int32, q *kernels.Requant)
// in: y=x0 x=x1 w=x2 taps=x3 ntaps=x4 n=x5 step=x6 c=x7 blocks=x8 zero=x9 q=x17
//
// x9       w[ch:]               v0-v3    x - zero of four pixels
// x10-x13  the pixels' x[ch:]   v4       w
// x14      blocks left          v16-v23  sums: of pixel p in v(16+2p), v(17+2p)
// x15, x16 a tap's X, W         v24      zero; v26, v27 scratch
// x19      tap                  v28-v31  q.Zero, q.Lo, q.Hi, q.Zero as int16
// x20-x23  q's slices
// x24      taps left, pixel of y
// x25      scratch
.set N, 4
.include "rows.inc"
.include "requant.inc"

// Each macro names the pixel; those with an underscore get its registers.
.macro _BIAS lo, hi
	mov	v\lo\().16b, v16.16b
	mov	v\hi\().16b, v17.16b
.endm
.macro BIAS p
	.if	\p
	_BIAS	%(16+2*\p), %(17+2*\p)
	.endif
.endm
.macro _LOAD p, ptr
	ldr	d\p, [x\ptr, x15]
.endm
.macro LOAD p
	_LOAD	\p, %(10+\p)
.endm
.macro MINUSZERO p
	ssubl	v\p\().8h, v\p\().8b, v24.8b
.endm
.macro _MUL p, lo, hi
	smlal	v\lo\().4s, v\p\().4h, v4.4h
	smlal2	v\hi\().4s, v\p\().8h, v4.8h
.endm
.macro MUL p
	_MUL	\p, %(16+2*\p), %(17+2*\p)
.endm
.macro REQUANT s0, s1, s2, s3
	SCALE4	v\s0, v\s1, v\s2, v\s3, v0, v1, v2, v3, v4, v5, v6, v7, v26, v27
	OUTPUT16	v\s0, v\s1, v\s2, v\s3, v28, v29, v30
.endm
.macro RESCALE s0, s1, s2, s3
	RESCALE16	v\s0, v\s1, v\s2, v\s3, v0, v1, v31, v29, v30
.endm
.macro _STORE2 how, p, ptr, ptr2, s0, s1, s2, s3
	\how	\s0, \s1, \s2, \s3
	str	d\s0, [x24]
	NEXT	x5, \p+1, x24, x24, x7
	st1	{v\s0\().d}[1], [x24]
	NEXT	x5, \p+2, x24, x24, x7
	add	x\ptr, x\ptr, #8
	add	x\ptr2, x\ptr2, #8
.endm
.macro STORE2 p, how
	_STORE2	\how, \p, %(10+\p), %(11+\p), %(16+2*\p), %(17+2*\p), %(18+2*\p), %(19+2*\p)
.endm

	dup	v24.8b, w9
	QRANGE	x17, v28, v29, v30
	dup	v31.8h, v28.h[0]
1:	QSLICES	x17			// for i := 0; i < n; i += 4
	ROWS	x5, x1, x6
	mov	x9, x2
	mov	x14, x8
2:	ldp	q16, q17, [x20], #32	// for ch := 0; ch < 8*blocks; ch += 8
	EACH	BIAS
	mov	x19, x3
	mov	x24, x4
	cbz	x24, 4f
3:	ldpsw	x15, x16, [x19], #8	// for _, t := range taps
	ldr	d4, [x9, x16]
	EACH	LOAD
	sshll	v4.8h, v4.8b, #0
	EACH	MINUSZERO
	subs	x24, x24, #1
	EACH	MUL
	b.ne	3b
4:	mov	x24, x0			// y[i*c+ch] = requant(sum, q, ch)
	cbz	x22, 5f
	QCOLUMNS8
	EACHPAIR STORE2, REQUANT
	b	6f
5:	ldp	q0, q1, [x21], #32
	EACHPAIR STORE2, RESCALE
6:	add	x0, x0, #8
	add	x9, x9, #8
	subs	x14, x14, #1
	b.ne	2b
	sub	x0, x0, x8, lsl #3
	add	x0, x0, x7, lsl #2
	add	x1, x1, x6, lsl #2
	subs	x5, x5, #4
	b.gt	1b
