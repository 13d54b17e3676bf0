// adamF32NEON computes AdamF32 for 16·blocks elements:
//
//	for i := range 16 * blocks {
//		w[i], m[i], v[i] = p.Next(w[i], m[i], v[i], grad[i])
//	}
//
// blocks > 0.
//
// func adamF32NEON(w, m, v, grad *float32, blocks int, p *kernels.AdamF32)
// in: w=x0 m=x1 v=x2 grad=x3 blocks=x4 p=x5
//
// v0-v3 w, v4-v7 the gradient, v8-v11 m, v12-v15 v; v20-v27 numbers of p
.include "updates.inc"
	PARAMS	x5, 8
1:	ld1	{v0.4s-v3.4s}, [x0]
	ld1	{v4.4s-v7.4s}, [x3], #64
	GRADIENT
	ld1	{v8.4s-v11.4s}, [x1]
	OP4	fsub, 12, 4, 8
	OPC4	fmul, 12, 12, 24
	OP4	fadd, 8, 8, 12
	st1	{v8.4s-v11.4s}, [x1], #64
	ld1	{v12.4s-v15.4s}, [x2]
	OP4	fmul, 16, 4, 4
	OP4	fsub, 16, 16, 12
	OPC4	fmul, 16, 16, 25
	OP4	fadd, 12, 12, 16
	st1	{v12.4s-v15.4s}, [x2], #64
	UOP4	fsqrt, 12, 12
	OPC4	fmul, 12, 12, 26
	OPC4	fadd, 12, 12, 27
	OPC4	fmul, 8, 8, 23
	OP4	fdiv, 8, 8, 12
	OP4	fsub, 0, 0, 8
	st1	{v0.4s-v3.4s}, [x0], #64
	subs	x4, x4, #1
	b.ne	1b
