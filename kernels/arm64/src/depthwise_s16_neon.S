// depthwiseS16NEON computes n pixels by 8·blocks channels of DepthwiseS16:
//
//	for i := range n {
//		for ch := range 8 * blocks {
//			sum := int32(0)
//			for _, t := range taps {
//				sum += x[i*step+t.X+ch] * w[t.W+ch]
//			}
//			y[i*c+ch] = int64(sum)
//		}
//	}
//
// n > 0, and 0 < ntaps <= 256, so that sums do not overflow; step and c count bytes.
//
// func depthwiseS16NEON(y *int64, x *int16, w *int8, taps *kernels.Tap, ntaps, n, step, c, blocks int)
// in: y=x0 x=x1 w=x2 taps=x4 ntaps=x5 n=x6 step=x7 c=x8 blocks=x9
//
// x10-x13  the pixels' x[ch:]   v0-v3    eight channels of four pixels
// x14      blocks left          v4-v7    sums to be stored
// x15, x16 a tap's X, W         v8       eight channels of w
// x17      tap                  v16-v23  sums: of pixel p in v(16+2p), v(17+2p)
// x19      taps left
// x21      w[ch:]
// x24      pixel of y
// x25      scratch
.set R, 4
.include "rows.inc"

// Each macro names the pixel; those with an underscore get its registers.
.macro _START lo, hi
	movi	v\lo\().4s, #0
	movi	v\hi\().4s, #0
.endm
.macro START p
	_START	%(16+2*\p), %(17+2*\p)
.endm
.macro _LOAD p, ptr
	ldr	q\p, [x\ptr, x15]
.endm
.macro LOAD p
	_LOAD	\p, %(10+\p)
.endm
.macro _MLA p, lo, hi
	smlal	v\lo\().4s, v\p\().4h, v8.4h
	smlal2	v\hi\().4s, v\p\().8h, v8.8h
.endm
.macro MLA p
	_MLA	\p, %(16+2*\p), %(17+2*\p)
.endm
.macro _STORE p, ptr, lo, hi
	.if	\p
	NEXT	x6, \p, x24, x24, x8
	.endif
	sxtl	v4.2d, v\lo\().2s
	sxtl2	v5.2d, v\lo\().4s
	sxtl	v6.2d, v\hi\().2s
	sxtl2	v7.2d, v\hi\().4s
	stp	q4, q5, [x24]
	stp	q6, q7, [x24, #32]
	add	x\ptr, x\ptr, #16
.endm
.macro STORE p
	_STORE	\p, %(10+\p), %(16+2*\p), %(17+2*\p)
.endm

1:	ROWS	x6, x1, x7		// for i := 0; i < n; i += 4
	mov	x21, x2
	mov	x14, x9
2:	EACH	START			// for ch := 0; ch < 8*blocks; ch += 8
	mov	x17, x4
	mov	x19, x5
3:	ldpsw	x15, x16, [x17], #8	// for _, t := range taps
	ldr	d8, [x21, x16]
	lsl	x15, x15, #1
	EACH	LOAD
	sxtl	v8.8h, v8.8b
	subs	x19, x19, #1
	EACH	MLA
	b.ne	3b
	mov	x24, x0			// y[i*c+ch] = int64(sum)
	EACH	STORE
	add	x0, x0, #64
	add	x21, x21, #8
	subs	x14, x14, #1
	b.ne	2b
	sub	x0, x0, x9, lsl #6
	add	x0, x0, x8, lsl #2
	add	x1, x1, x7, lsl #2
	subs	x6, x6, #4
	b.gt	1b
