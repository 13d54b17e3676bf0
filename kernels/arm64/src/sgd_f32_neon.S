// sgdF32NEON computes SGDF32 for 16·blocks elements:
//
//	for i := range 16 * blocks {
//		if m == nil {
//			w[i] = p.Plain(w[i], grad[i])
//		} else {
//			w[i], m[i] = p.Next(w[i], m[i], grad[i])
//		}
//	}
//
// blocks > 0.
//
// func sgdF32NEON(w, m, grad *float32, blocks int, p *kernels.SGDF32)
// in: w=x0 m=x1 grad=x2 blocks=x3 p=x4
//
// v0-v3 w, v4-v7 the gradient, then d, v8-v11 m; v20-v24 numbers of p; w5 Nesterov
.include "updates.inc"
	PARAMS	x4, 5
	ldr	w5, [x4, #20]		// a bool, and padding
	and	w5, w5, #255
1:	ld1	{v0.4s-v3.4s}, [x0]
	ld1	{v4.4s-v7.4s}, [x2], #64
	GRADIENT
	OPC4	fmul, 4, 4, 23
	cbz	x1, 3f
	ld1	{v8.4s-v11.4s}, [x1]
	OPC4	fmul, 8, 8, 24
	OP4	fsub, 8, 8, 4
	st1	{v8.4s-v11.4s}, [x1], #64
	cbz	w5, 2f
	OPC4	fmul, 8, 8, 24
	OP4	fsub, 8, 8, 4
2:	OP4	fadd, 0, 0, 8
	b	4f
3:	OP4	fsub, 0, 0, 4
4:	st1	{v0.4s-v3.4s}, [x0], #64
	subs	x3, x3, #1
	b.ne	1b
