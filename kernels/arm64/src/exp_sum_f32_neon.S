// expSumF32NEON computes ExpSumF32 for 16·blocks elements, with the sums of the
// sixteen lanes:
//
//	for i := range 16 * blocks {
//		y[i] = Exp(float32((x[i] - top) * beta))
//		s[i%16] += y[i]
//	}
//
// blocks > 0. y may be x.
//
// func expSumF32NEON(y, x *float32, blocks int, k *[50][4]float32, s *float32, top, beta float32)
// in: y=x0 x=x1 blocks=x2 k=x3 s=x4 top=x5 beta=x6
//
// v4-v7 sums; v30, v31 top, beta
.include "elementary.inc"

	EXPCONSTANTS
	dup	v30.4s, w5
	dup	v31.4s, w6
1:	ld1	{v0.4s-v3.4s}, [x1], #64
	OPC4	fsub, 0, 0, 30
	OPC4	fmul, 0, 0, 31
	EXP
	ld1	{v4.4s-v7.4s}, [x4]
	OP4	fadd, 4, 4, 0
	st1	{v0.4s-v3.4s}, [x0], #64
	st1	{v4.4s-v7.4s}, [x4]
	subs	x2, x2, #1
	b.ne	1b
