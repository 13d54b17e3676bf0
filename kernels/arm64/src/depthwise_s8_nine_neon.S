// depthwiseS8NineNEONN is depthwiseS8FixedNEON1 and 2 for windows of nine taps, and
// the requantisation of POSITIVE16. The weights of 8·N channels stay in registers for
// lines of n pixels; params has, for each 8·N channels, what sums start with, the
// multipliers, and minus the right shifts:
//
//	for ch := range 8 * N * blocks {
//		for l := range lines {
//			for i := range n {
//				sum := init[ch]
//				for t := range 9 {
//					sum += x[l*line+i*step+xs[t]+ch] * w[ch/(8*N)*9+t][ch%(8*N)]
//				}
//				y[(l*n+i)*c+ch] = requant(sum, mult[ch], right[ch])
//			}
//		}
//	}
//
// All counts > 0; no weight is -128, so two products fit int16.
//
// func depthwiseS8NineNEONN(y, x *int8, c int, w *int8, params, xs *int32, n, step, lines, line, blocks int)
// in: y=x0 x=x1 c=x2 w=x3 params=x20 xs=x4 n=x5 step=x6 lines=x7 line=x8 blocks=x9
// for: N=2,1
//
// x10-x17, x19 taps             v0-v3    multipliers
// x4       line                 v4-v7    minus the right shifts
// x21      pixel                v8-v11   sums
// x22      outputs              v12, v13 products, those of the next taps in v30, v31
// x24      pixels left          v14, v15 the image
// x25      lines left           v16-v24  weights
//                               v25-v28  what sums start with
//                               v29      sign bits
.include "requant.inc"

// IMAGE v, tap: a tap's channels.
.macro IMAGE v, tap
	.if	N == 2
	ldr	q\v, [x21, x\tap]
	.else
	ldr	d\v, [x21, x\tap]
	.endif
.endm
.macro FIRST p0, p1, v, w
	smull	v\p0\().8h, v\v\().8b, v\w\().8b
	.if	N == 2
	smull2	v\p1\().8h, v\v\().16b, v\w\().16b
	.endif
.endm
.macro SECOND p0, p1, v, w
	smlal	v\p0\().8h, v\v\().8b, v\w\().8b
	.if	N == 2
	smlal2	v\p1\().8h, v\v\().16b, v\w\().16b
	.endif
.endm
// START, PLUS p0, p1: products are added to what sums start with, or to the sums.
.macro START p0, p1
	saddw	v8.4s, v25.4s, v\p0\().4h
	saddw2	v9.4s, v26.4s, v\p0\().8h
	.if	N == 2
	saddw	v10.4s, v27.4s, v\p1\().4h
	saddw2	v11.4s, v28.4s, v\p1\().8h
	.endif
.endm
.macro PLUS p0, p1
	saddw	v8.4s, v8.4s, v\p0\().4h
	saddw2	v9.4s, v9.4s, v\p0\().8h
	.if	N == 2
	saddw	v10.4s, v10.4s, v\p1\().4h
	saddw2	v11.4s, v11.4s, v\p1\().8h
	.endif
.endm

	ldpsw	x10, x11, [x4], #8
	ldpsw	x12, x13, [x4], #8
	ldpsw	x14, x15, [x4], #8
	ldpsw	x16, x17, [x4], #8
	ldrsw	x19, [x4]
	movi	v29.16b, #0x80
1:	.if	N == 2				// for ch := 0; ch < 8*N*blocks; ch += 8*N
	ldp	q16, q17, [x3], #32
	ldp	q18, q19, [x3], #32
	ldp	q20, q21, [x3], #32
	ldp	q22, q23, [x3], #32
	ldr	q24, [x3], #16
	ldp	q25, q26, [x20], #32
	ldp	q27, q28, [x20], #32
	ldp	q0, q1, [x20], #32
	ldp	q2, q3, [x20], #32
	ldp	q4, q5, [x20], #32
	ldp	q6, q7, [x20], #32
	.else
	ldp	d16, d17, [x3], #16
	ldp	d18, d19, [x3], #16
	ldp	d20, d21, [x3], #16
	ldp	d22, d23, [x3], #16
	ldr	d24, [x3], #8
	ldp	q25, q26, [x20], #32
	ldp	q0, q1, [x20], #32
	ldp	q4, q5, [x20], #32
	.endif
	mov	x4, x1
	mov	x22, x0
	mov	x25, x7
2:	mov	x21, x4				// for l := range lines
	mov	x24, x5
3:	IMAGE	14, 10				// for i := range n
	IMAGE	15, 11
	FIRST	12, 13, 14, 16
	IMAGE	14, 12
	SECOND	12, 13, 15, 17
	IMAGE	15, 13
	FIRST	30, 31, 14, 18
	IMAGE	14, 14
	START	12, 13
	SECOND	30, 31, 15, 19
	IMAGE	15, 15
	FIRST	12, 13, 14, 20
	IMAGE	14, 16
	PLUS	30, 31
	SECOND	12, 13, 15, 21
	IMAGE	15, 17
	FIRST	30, 31, 14, 22
	IMAGE	14, 19
	PLUS	12, 13
	SECOND	30, 31, 15, 23
	FIRST	12, 13, 14, 24
	PLUS	30, 31
	add	x21, x21, x6
	PLUS	12, 13
	subs	x24, x24, #1
	.if	N == 2
	sqrdmulh	v8.4s, v8.4s, v0.4s
	sqrdmulh	v9.4s, v9.4s, v1.4s
	sqrdmulh	v10.4s, v10.4s, v2.4s
	sqrdmulh	v11.4s, v11.4s, v3.4s
	srshl	v8.4s, v8.4s, v4.4s
	srshl	v9.4s, v9.4s, v5.4s
	srshl	v10.4s, v10.4s, v6.4s
	srshl	v11.4s, v11.4s, v7.4s
	UNSIGNED16	v8, v9, v10, v11, v29
	str	q8, [x22]
	.else
	sqrdmulh	v8.4s, v8.4s, v0.4s
	sqrdmulh	v9.4s, v9.4s, v1.4s
	srshl	v8.4s, v8.4s, v4.4s
	srshl	v9.4s, v9.4s, v5.4s
	sqxtn	v8.4h, v8.4s
	sqxtn2	v8.8h, v9.4s
	sqxtun	v8.8b, v8.8h
	eor	v8.16b, v8.16b, v29.16b
	str	d8, [x22]
	.endif
	add	x22, x22, x2
	b.ne	3b
	add	x4, x4, x8
	subs	x25, x25, #1
	b.ne	2b
	add	x0, x0, #8*N
	add	x1, x1, #8*N
	subs	x9, x9, #1
	b.ne	1b
