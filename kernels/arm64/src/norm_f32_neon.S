// normF32NEON computes NormF32 for 16·blocks elements:
//
//	for i := range 16 * blocks {
//		y[i] = float32((x[i] - mean) * factor)
//		if scale != nil {
//			y[i] = float32(y[i] * scale[i])
//		}
//		if bias != nil {
//			y[i] += bias[i]
//		}
//	}
//
// blocks > 0. y may be x.
//
// func normF32NEON(y, x, scale, bias *float32, blocks int, mean, factor float32)
// in: y=x0 x=x1 scale=x2 bias=x3 blocks=x4 mean=x5 factor=x6
//
// v0-v3 y, v4-v7 scale, bias; v16, v17 mean, factor
	dup	v16.4s, w5
	dup	v17.4s, w6
1:	ld1	{v0.4s-v3.4s}, [x1], #64
	fsub	v0.4s, v0.4s, v16.4s
	fsub	v1.4s, v1.4s, v16.4s
	fsub	v2.4s, v2.4s, v16.4s
	fsub	v3.4s, v3.4s, v16.4s
	fmul	v0.4s, v0.4s, v17.4s
	fmul	v1.4s, v1.4s, v17.4s
	fmul	v2.4s, v2.4s, v17.4s
	fmul	v3.4s, v3.4s, v17.4s
	cbz	x2, 2f
	ld1	{v4.4s-v7.4s}, [x2], #64
	fmul	v0.4s, v0.4s, v4.4s
	fmul	v1.4s, v1.4s, v5.4s
	fmul	v2.4s, v2.4s, v6.4s
	fmul	v3.4s, v3.4s, v7.4s
2:	cbz	x3, 3f
	ld1	{v4.4s-v7.4s}, [x3], #64
	fadd	v0.4s, v0.4s, v4.4s
	fadd	v1.4s, v1.4s, v5.4s
	fadd	v2.4s, v2.4s, v6.4s
	fadd	v3.4s, v3.4s, v7.4s
3:	st1	{v0.4s-v3.4s}, [x0], #64
	subs	x4, x4, #1
	b.ne	1b
