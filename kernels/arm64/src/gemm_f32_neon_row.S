// gemmF32NEONRow computes one row of GemmF32 and 32·quads columns, four
// panels at a time: with fewer sums in flight, their latency would show.
//
//	for j := range 32 * quads {
//		sum := bias[j]
//		for l := range k {
//			sum = FMA32(a[l], B[l,j], sum)
//		}
//		y[j] = Clamp(sum, lo, hi)
//	}
//
// func gemmF32NEONRow(y, a, b, bias *float32, quads, k int, lo, hi float32)
// in: y=x0 a=x1 b=x2 bias=x3 quads=x4 k=x5 lo=x6 hi=x7
//
// x8       bytes of a panel     v0            4 values of k, or 1
// x10-x13  the four panels      v1-v8, v24-v31  a row of B, 32 columns
// x19      a[l:]                v9, v10       lo, hi
// x20      values of k left
//                               v16-v23       sums
.include "requant.inc"

// ROWOFB b0 … b7: the next row of each panel.
.macro ROWOFB b0, b1, b2, b3, b4, b5, b6, b7
	ldp	q\b0, q\b1, [x10], #32
	ldp	q\b2, q\b3, [x11], #32
	ldp	q\b4, q\b5, [x12], #32
	ldp	q\b6, q\b7, [x13], #32
.endm
.macro LOW
	ROWOFB	1, 2, 3, 4, 5, 6, 7, 8
.endm
.macro HIGH
	ROWOFB	24, 25, 26, 27, 28, 29, 30, 31
.endm
.altmacro
.macro _FMA sum, b, lane
	fmla	v\sum\().4s, v\b\().4s, v0.s[\lane]
.endm
.macro FMAL lane
	.irp	j, 0, 1, 2, 3, 4, 5, 6, 7
	_FMA	%(16+\j), %(1+\j), \lane
	.endr
.endm
.macro FMAH lane
	.irp	j, 0, 1, 2, 3, 4, 5, 6, 7
	_FMA	%(16+\j), %(24+\j), \lane
	.endr
.endm

	dup	v9.4s, w6
	dup	v10.4s, w7
	lsl	x8, x5, #5
	mov	x10, x2
1:	add	x11, x10, x8
	add	x12, x11, x8
	add	x13, x12, x8
	ldp	q16, q17, [x3], #32	// sum := bias[j]
	ldp	q18, q19, [x3], #32
	ldp	q20, q21, [x3], #32
	ldp	q22, q23, [x3], #32
	mov	x19, x1
	subs	x20, x5, #4
	b.lt	3f
2:	ldr	q0, [x19], #16		// for l := 0; l < k-3; l += 4
	LOW
	HIGH
	FMAL	0
	LOW
	FMAH	1
	HIGH
	FMAL	2
	subs	x20, x20, #4
	FMAH	3
	b.ge	2b
3:	adds	x20, x20, #4
	b.eq	5f
4:	ldr	s0, [x19], #4		// for ; l < k; l++
	LOW
	subs	x20, x20, #1
	FMAL	0
	b.ne	4b
5:	CLAMP4	v16, v17, v18, v19, v9, v10, v24, v25, v26, v27
	CLAMP4	v20, v21, v22, v23, v9, v10, v28, v29, v30, v31
	stp	q16, q17, [x0], #32	// y[j] = Clamp(sum, lo, hi)
	stp	q18, q19, [x0], #32
	stp	q20, q21, [x0], #32
	stp	q22, q23, [x0], #32
	mov	x10, x13		// the fourth panel has been read to its end
	subs	x4, x4, #1
	b.ne	1b
