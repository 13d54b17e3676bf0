// unaryGradF32NEONN computes UnaryGradF32 for 16·blocks elements; N-1 is the
// function:
//
//	for i := range 16 * blocks {
//		dx[i] = f.Of(v[i], dy[i], a, b)
//	}
//
// blocks > 0. dx may be v or dy. The functions are package kernels', operation by
// operation; those that need Exp are not among them.
//
// func unaryGradF32NEONN(dx, v, dy *float32, blocks int, k *[50][4]float32, a, b float32)
// in: dx=x0 v=x1 dy=x2 blocks=x3 k=x9 a=x4 b=x5
// for: N=1,2,3,4,5,6
//
// v0-v3 v, then dx; v4-v11 scratch; v12-v15 dy; v20 1, v21 a, v22 b, v23 signs
.include "elementary.inc"

// ABOVE0 d, a: masks of what is above 0.
.macro _ABOVE0 d, a
	fcmgt	v\d\().4s, v\a\().4s, #0.0
.endm
.macro ABOVE0 d, a
	.irp	i, 0, 1, 2, 3
	_ABOVE0	%(\d+\i), %(\a+\i)
	.endr
.endm
// BOTH4 op, d, a, b: of bits.
.macro _BOTH op, d, a, b
	\op	v\d\().16b, v\a\().16b, v\b\().16b
.endm
.macro BOTH4 op, d, a, b
	.irp	i, 0, 1, 2, 3
	_BOTH	\op, %(\d+\i), %(\a+\i), %(\b+\i)
	.endr
.endm
// _ZERO d, a: masks of what is 0; _SIGN d, a: sign bits.
.macro _ZERO d, a
	fcmeq	v\d\().4s, v\a\().4s, #0.0
.endm
.macro _SIGN d, a
	and	v\d\().16b, v\a\().16b, v23.16b
.endm
// ALL4 d, c: c in each of four.
.macro _ALL d, c
	mov	v\d\().16b, v\c\().16b
.endm
.macro ALL4 d, c
	.irp	i, 0, 1, 2, 3
	_ALL	%(\d+\i), \c
	.endr
.endm

	ldr	q20, [x9, #(16*6)]
	ldr	q23, [x9, #(16*K_SIGN)]
	dup	v21.4s, w4
	dup	v22.4s, w5
1:	ld1	{v0.4s-v3.4s}, [x1], #64
	ld1	{v12.4s-v15.4s}, [x2], #64
.if N == 1			// sigmoid: y·(1 − y)
	ALL4	4, 20
	OP4	fsub, 4, 4, 0
	OP4	fmul, 0, 0, 4
	OP4	fmul, 0, 0, 12
.elseif N == 2			// tanh: 1 − y·y
	OP4	fmul, 4, 0, 0
	ALL4	0, 20
	OP4	fsub, 0, 0, 4
	OP4	fmul, 0, 0, 12
.elseif N == 3			// elu: b, or y + a
	ABOVE0	4, 0
	OPC4	fadd, 0, 0, 21
	ALL4	8, 22
	BIT4	0, 8, 4
	OP4	fmul, 0, 0, 12
.elseif N == 4			// leaky relu: 1, or a
	ABOVE0	4, 0
	ALL4	0, 21
	ALL4	8, 20
	BIT4	0, 8, 4
	OP4	fmul, 0, 0, 12
.elseif N == 5			// clamp: b where 0 < y < a
	ABOVE0	4, 0
	ALL4	8, 21
	OP4	fcmgt, 8, 8, 0
	BOTH4	and, 4, 4, 8
	OPC4	fmul, 0, 12, 22
	BOTH4	and, 0, 0, 4
.else				// abs: with x's sign, 0 of 0
	.irp	i, 0, 1, 2, 3
	_ZERO	%(4+\i), \i
	_SIGN	%(8+\i), \i
	.endr
	BOTH4	eor, 8, 8, 12
	BOTH4	bic, 0, 8, 4
.endif
	st1	{v0.4s-v3.4s}, [x0], #64
	subs	x3, x3, #1
	b.ne	1b
