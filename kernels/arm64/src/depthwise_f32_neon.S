// depthwiseF32NEON computes n pixels by 8·blocks channels of DepthwiseF32,
// four pixels by eight channels at a time:
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
// func depthwiseF32NEON(y, x, w, bias *float32, taps *kernels.Tap, ntaps, n, step, c, blocks int, lo, hi float32)
// in: y=x0 x=x1 w=x2 bias=x3 taps=x4 ntaps=x5 n=x6 step=x7 c=x8 blocks=x9 lo=x15 hi=x16
//
// x10-x13  the pixels' x[ch:]   v0-v7    eight channels of four pixels, then products
// x14      blocks left          v8, v9   eight channels of w, then bias
// x15, x16 a tap's X, W         v16-v23  sums: of pixel p in v(16+2p), v(17+2p)
// x17      tap                  v28, v29 lo, hi
// x19      taps left
// x20, x21 bias[ch:], w[ch:]
// x24      pixel of y
// x25      scratch
.set N, 4
.include "rows.inc"
.include "requant.inc"

// Each macro names the pixel; those with an underscore get its registers.
.macro _ZERO lo, hi
	movi	v\lo\().4s, #0
	movi	v\hi\().4s, #0
.endm
.macro ZERO p
	_ZERO	%(16+2*\p), %(17+2*\p)
.endm
.macro _BIAS lo, hi
	fadd	v\lo\().4s, v\lo\().4s, v8.4s
	fadd	v\hi\().4s, v\hi\().4s, v9.4s
.endm
.macro BIAS p
	_BIAS	%(16+2*\p), %(17+2*\p)
.endm
.macro _LOAD ptr, lo, hi
	add	x25, x\ptr, x15, lsl #2
	ldp	q\lo, q\hi, [x25]
.endm
.macro LOAD p
	_LOAD	%(10+\p), %(2*\p), %(2*\p+1)
.endm
.macro _MUL x0, x1
	fmul	v\x0\().4s, v\x0\().4s, v8.4s
	fmul	v\x1\().4s, v\x1\().4s, v9.4s
.endm
.macro MUL p
	_MUL	%(2*\p), %(2*\p+1)
.endm
.macro _PLUS x0, x1, lo, hi
	fadd	v\lo\().4s, v\lo\().4s, v\x0\().4s
	fadd	v\hi\().4s, v\hi\().4s, v\x1\().4s
.endm
.macro PLUS p
	_PLUS	%(2*\p), %(2*\p+1), %(16+2*\p), %(17+2*\p)
.endm
.macro _STORE2 p, ptr, ptr2, s0, s1, s2, s3
	CLAMP4	v\s0, v\s1, v\s2, v\s3, v28, v29, v0, v1, v2, v3
	stp	q\s0, q\s1, [x24]
	NEXT	x6, \p+1, x24, x24, x8
	stp	q\s2, q\s3, [x24]
	NEXT	x6, \p+2, x24, x24, x8
	add	x\ptr, x\ptr, #32
	add	x\ptr2, x\ptr2, #32
.endm
.macro STORE2 p, how
	_STORE2	\p, %(10+\p), %(11+\p), %(16+2*\p), %(17+2*\p), %(18+2*\p), %(19+2*\p)
.endm

	dup	v28.4s, w15
	dup	v29.4s, w16
1:	ROWS	x6, x1, x7		// for i := 0; i < n; i += 4
	mov	x20, x3
	mov	x21, x2
	mov	x14, x9
2:	EACH	ZERO			// for ch := 0; ch < 8*blocks; ch += 8
	mov	x17, x4
	mov	x19, x5
	cbz	x19, 4f
3:	ldpsw	x15, x16, [x17], #8	// for _, t := range taps
	add	x25, x21, x16, lsl #2
	ldp	q8, q9, [x25]
	EACH	LOAD
	EACH	MUL
	subs	x19, x19, #1
	EACH	PLUS
	b.ne	3b
4:	ldp	q8, q9, [x20], #32	// y[i*c+ch] = Clamp(sum + bias[ch], lo, hi)
	EACH	BIAS
	mov	x24, x0
	EACHPAIR STORE2
	add	x0, x0, #32
	add	x21, x21, #32
	subs	x14, x14, #1
	b.ne	2b
	sub	x0, x0, x9, lsl #5
	add	x0, x0, x8, lsl #2
	add	x1, x1, x7, lsl #2
	subs	x6, x6, #4
	b.gt	1b
