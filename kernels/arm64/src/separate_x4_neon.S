// separateX4NEONN computes TransposeX4 for N columns, 4·blocks rows and an ldx of
// N: pixels become planes.
//
//	for i := range 4 * blocks {
//		for j := range N {
//			y[j*ldy+i] = x[N*i+j]
//		}
//	}
//
// blocks > 0; ldy counts bytes.
//
// func separateX4NEONN(y, x *int32, ldy, blocks int)
// in: y=x0 x=x1 ldy=x2 blocks=x3
// for: N=2,3,4
	add	x11, x0, x2
	add	x12, x11, x2
	add	x13, x12, x2
1:	.if	N == 2
	ld2	{v0.4s-v1.4s}, [x1], #32
	.elseif	N == 3
	ld3	{v0.4s-v2.4s}, [x1], #48
	str	q2, [x12], #16
	.else
	ld4	{v0.4s-v3.4s}, [x1], #64
	str	q2, [x12], #16
	str	q3, [x13], #16
	.endif
	str	q0, [x0], #16
	str	q1, [x11], #16
	subs	x3, x3, #1
	b.ne	1b
