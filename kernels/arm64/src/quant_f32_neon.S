// quantF32NEON computes QuantF32 for 16·blocks elements:
//
//	for i := range 16 * blocks {
//		y[i] = byte(q.Zero + RoundEven(x[i]/q.Scale+q.Shift, q.Lo-q.Zero, q.Hi-q.Zero))
//	}
//
// blocks > 0.
//
// func quantF32NEON(y *byte, x *float32, blocks int, q *kernels.QuantF32)
// in: y=x0 x=x1 blocks=x2 q=x3
//
// v0-v3 x; every lane of v16, v17 is Scale, Shift, of v18 Zero, of v19, v20 Lo and
// Hi less Zero as float32
	ld1r	{v16.4s}, [x3], #4
	ld1r	{v17.4s}, [x3], #4
	ld1r	{v18.4s}, [x3], #4
	ld1r	{v19.4s}, [x3], #4
	ld1r	{v20.4s}, [x3]
	sub	v19.4s, v19.4s, v18.4s
	sub	v20.4s, v20.4s, v18.4s
	scvtf	v19.4s, v19.4s
	scvtf	v20.4s, v20.4s
1:	ld1	{v0.4s-v3.4s}, [x1], #64
	fdiv	v0.4s, v0.4s, v16.4s
	fdiv	v1.4s, v1.4s, v16.4s
	fdiv	v2.4s, v2.4s, v16.4s
	fdiv	v3.4s, v3.4s, v16.4s
	fadd	v0.4s, v0.4s, v17.4s
	fadd	v1.4s, v1.4s, v17.4s
	fadd	v2.4s, v2.4s, v17.4s
	fadd	v3.4s, v3.4s, v17.4s
	fmaxnm	v0.4s, v0.4s, v19.4s	// a NaN becomes Lo
	fmaxnm	v1.4s, v1.4s, v19.4s	// a NaN becomes Lo
	fmaxnm	v2.4s, v2.4s, v19.4s	// a NaN becomes Lo
	fmaxnm	v3.4s, v3.4s, v19.4s	// a NaN becomes Lo
	fminnm	v0.4s, v0.4s, v20.4s
	fminnm	v1.4s, v1.4s, v20.4s
	fminnm	v2.4s, v2.4s, v20.4s
	fminnm	v3.4s, v3.4s, v20.4s
	fcvtns	v0.4s, v0.4s
	fcvtns	v1.4s, v1.4s
	fcvtns	v2.4s, v2.4s
	fcvtns	v3.4s, v3.4s
	add	v0.4s, v0.4s, v18.4s
	add	v1.4s, v1.4s, v18.4s
	add	v2.4s, v2.4s, v18.4s
	add	v3.4s, v3.4s, v18.4s
	uzp1	v0.8h, v0.8h, v1.8h		// the low halves
	uzp1	v2.8h, v2.8h, v3.8h
	uzp1	v0.16b, v0.16b, v2.16b
	str	q0, [x0], #16
	subs	x2, x2, #1
	b.ne	1b
