// transposeX4NEON computes TransposeX4 for four columns and 4·blocks rows:
//
//	for i := range 4 * blocks {
//		for j := range 4 {
//			y[j*ldy+i] = x[i*ldx+j]
//		}
//	}
//
// blocks > 0; ldy and ldx count bytes.
//
// func transposeX4NEON(y, x *int32, ldy, ldx, blocks int)
// in: y=x0 x=x1 ldy=x2 ldx=x3 blocks=x4
//
// x0, x11-x13 rows of y; v0-v3 rows of x; v16-v19 some columns of some rows
	add	x11, x0, x2
	add	x12, x11, x2
	add	x13, x12, x2
1:	.irp	i, 0, 1, 2, 3
	ldr	q\i, [x1]
	add	x1, x1, x3
	.endr
	zip1	v16.4s, v0.4s, v2.4s
	zip2	v17.4s, v0.4s, v2.4s
	zip1	v18.4s, v1.4s, v3.4s
	zip2	v19.4s, v1.4s, v3.4s
	zip1	v0.4s, v16.4s, v18.4s
	zip2	v1.4s, v16.4s, v18.4s
	zip1	v2.4s, v17.4s, v19.4s
	zip2	v3.4s, v17.4s, v19.4s
	str	q0, [x0], #16
	str	q1, [x11], #16
	str	q2, [x12], #16
	str	q3, [x13], #16
	subs	x4, x4, #1
	b.ne	1b
