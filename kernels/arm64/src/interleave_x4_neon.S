// interleaveX4NEONN computes TransposeX4 for N rows, 4·blocks columns and an ldy of
// N: planes become pixels.
//
//	for j := range 4 * blocks {
//		for i := range N {
//			y[N*j+i] = x[i*ldx+j]
//		}
//	}
//
// blocks > 0; ldx counts bytes.
//
// func interleaveX4NEONN(y, x *int32, ldx, blocks int)
// in: y=x0 x=x1 ldx=x2 blocks=x3
// for: N=2,3,4
	add	x11, x1, x2
	add	x12, x11, x2
	add	x13, x12, x2
1:	ldr	q0, [x1], #16
	ldr	q1, [x11], #16
	.if	N == 2
	st2	{v0.4s-v1.4s}, [x0], #32
	.elseif	N == 3
	ldr	q2, [x12], #16
	st3	{v0.4s-v2.4s}, [x0], #48
	.else
	ldr	q2, [x12], #16
	ldr	q3, [x13], #16
	st4	{v0.4s-v3.4s}, [x0], #64
	.endif
	subs	x3, x3, #1
	b.ne	1b
