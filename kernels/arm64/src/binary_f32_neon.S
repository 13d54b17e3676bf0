// binaryF32NEONN computes BinaryF32 for 16·blocks elements; N-1 is the function:
//
//	for i := range 16 * blocks {
//		y[i] = Clamp(f(a[i], b[i]), lo, hi)
//	}
//
// blocks > 0. y may be a or b. stepA and stepB are 64, or 0 for an operand of which
// the first sixteen elements stand for all.
//
// func binaryF32NEONN(y, a, b *float32, stepA, stepB, blocks int, lo, hi float32)
// in: y=x0 a=x1 b=x2 stepA=x3 stepB=x4 blocks=x5 lo=x6 hi=x7
// for: N=1,2,3,4,5,6
//
// v0-v3 a, then y; v4-v7 b; v16-v19, v22-v25 scratch; v20, v21 lo, hi
.include "requant.inc"

// ONEOF y, b, t, u: y, if it is greater than b (N=6: less), or NaN; else b.
.macro ONEOF y, b, t, u
	.if	N == 5
	fcmgt	\t\().4s, \y\().4s, \b\().4s
	.else
	fcmgt	\t\().4s, \b\().4s, \y\().4s
	.endif
	fcmeq	\u\().4s, \y\().4s, \y\().4s
	orn	\t\().16b, \t\().16b, \u\().16b
	bif	\y\().16b, \b\().16b, \t\().16b
.endm
// FUNCTION y, b, t, u: y becomes f(y, b).
.macro FUNCTION y, b, t, u
	.if	N == 1
	fadd	\y\().4s, \y\().4s, \b\().4s
	.elseif	N == 2
	fsub	\y\().4s, \y\().4s, \b\().4s
	.elseif	N == 3
	fmul	\y\().4s, \y\().4s, \b\().4s
	.elseif	N == 4
	fdiv	\y\().4s, \y\().4s, \b\().4s
	.else
	ONEOF	\y, \b, \t, \u
	.endif
.endm

	dup	v20.4s, w6
	dup	v21.4s, w7
1:	ld1	{v0.4s-v3.4s}, [x1]
	ld1	{v4.4s-v7.4s}, [x2]
	add	x1, x1, x3
	add	x2, x2, x4
	FUNCTION v0, v4, v16, v22
	FUNCTION v1, v5, v17, v23
	FUNCTION v2, v6, v18, v24
	FUNCTION v3, v7, v19, v25
	CLAMP4	v0, v1, v2, v3, v20, v21, v16, v17, v18, v19
	st1	{v0.4s-v3.4s}, [x0], #64
	subs	x5, x5, #1
	b.ne	1b
