// gemmF32RoundedRowNEONN computes 8·N columns of one row of GemmF32.Rounded, times over:
//
//	for j := range 8 * N * times {
//		sum := float32(0)
//		for l := range k {
//			sum += float32(a[l] * B[l,j])
//		}
//		y[j] = Clamp(sum + bias[j], lo, hi)
//	}
//
// func gemmF32RoundedRowNEONN(y, a, b, bias *float32, times, k int, lo, hi float32)
// in: y=x0 a=x1 b=x2 bias=x3 times=x4 k=x5 lo=x6 hi=x7
// for: N=4,1
//
// x8       bytes of a panel     v0        a value of a
// x10-x13  the panels           v1-v8     a row of B, then products
// x19      a[l:]                v9, v10   lo, hi
// x20      values of k left     v16-v23   sums; v24-v27 scratch
.include "requant.inc"

.altmacro
// COLUMNS op: op s, b for the registers of all columns, s sums and b B's.
.macro COLUMNS op
	.irp	j, 0, 1, 2, 3, 4, 5, 6, 7
	.if	\j < 2*N
	\op	%(16+\j), %(1+\j)
	.endif
	.endr
.endm
.macro CLEAR s, b
	movi	v\s\().4s, #0
.endm
.macro PRODUCT s, b
	fmul	v\b\().4s, v\b\().4s, v0.s[0]
.endm
.macro SUM s, b
	fadd	v\s\().4s, v\s\().4s, v\b\().4s
.endm
.macro FINISH s, b
	ldr	q\b, [x3], #16
	fadd	v\s\().4s, v\s\().4s, v\b\().4s
.endm
.macro STORE s, b
	str	q\s, [x0], #16
.endm
.macro ROWOFB
	ldp	q1, q2, [x10], #32
	.if	N == 4
	ldp	q3, q4, [x11], #32
	ldp	q5, q6, [x12], #32
	ldp	q7, q8, [x13], #32
	.endif
.endm

	dup	v9.4s, w6
	dup	v10.4s, w7
	lsl	x8, x5, #5
	mov	x10, x2
1:	add	x11, x10, x8
	add	x12, x11, x8
	add	x13, x12, x8
	COLUMNS	CLEAR
	mov	x19, x1
	mov	x20, x5
	cbz	x20, 3f
2:	ldr	s0, [x19], #4		// for l := range k
	ROWOFB
	subs	x20, x20, #1
	COLUMNS	PRODUCT
	COLUMNS	SUM
	b.ne	2b
3:	COLUMNS	FINISH			// y[j] = Clamp(sum + bias[j], lo, hi)
	CLAMP4	v16, v17, v18, v19, v9, v10, v24, v25, v26, v27
	.if	N == 4
	CLAMP4	v20, v21, v22, v23, v9, v10, v24, v25, v26, v27
	mov	x10, x13		// the last panel has been read to its end
	.endif
	COLUMNS	STORE
	subs	x4, x4, #1
	b.ne	1b
