// reduceF32NEONN combines 16·blocks elements with the sixteen lanes s; N-1 is the
// function, ReduceSum to ReduceMin:
//
//	for i := range 16 * blocks {
//		s[i%16] = f(s[i%16], x[i], c)
//	}
//
// blocks > 0.
//
// func reduceF32NEONN(s, x *float32, blocks int, c float32)
// in: s=x0 x=x1 blocks=x2 c=x3
// for: N=1,2,3,4
//
// v0-v3 s, v4-v7 x, v16-v23 scratch; v24 c

.macro FUNCTION s, x, t, u
	.if	N == 1
	fadd	\s\().4s, \s\().4s, \x\().4s
	.elseif	N == 2
	fsub	\x\().4s, \x\().4s, v24.4s
	fmul	\x\().4s, \x\().4s, \x\().4s
	fadd	\s\().4s, \s\().4s, \x\().4s
	.else
	.if	N == 3			// x, if it is greater (less), or NaN; else s
	fcmgt	\t\().4s, \x\().4s, \s\().4s
	.else
	fcmgt	\t\().4s, \s\().4s, \x\().4s
	.endif
	fcmeq	\u\().4s, \x\().4s, \x\().4s
	orn	\t\().16b, \t\().16b, \u\().16b
	bit	\s\().16b, \x\().16b, \t\().16b
	.endif
.endm

	dup	v24.4s, w3
	ld1	{v0.4s-v3.4s}, [x0]
1:	ld1	{v4.4s-v7.4s}, [x1], #64
	subs	x2, x2, #1
	FUNCTION v0, v4, v16, v20
	FUNCTION v1, v5, v17, v21
	FUNCTION v2, v6, v18, v22
	FUNCTION v3, v7, v19, v23
	b.ne	1b
	st1	{v0.4s-v3.4s}, [x0]
