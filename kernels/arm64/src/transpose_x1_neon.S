// transposeX1NEON computes TransposeX1 for eight columns and 8·blocks rows:
//
//	for i := range 8 * blocks {
//		for j := range 8 {
//			y[j*ldy+i] = x[i*ldx+j]
//		}
//	}
//
// blocks > 0.
//
// func transposeX1NEON(y, x *int8, ldy, ldx, blocks int)
// in: y=x0 x=x1 ldy=x2 ldx=x3 blocks=x4
//
// x0, x11-x17 rows of y; v0-v7 rows of x; v16-v23 some columns of some rows
	add	x11, x0, x2
	add	x12, x11, x2
	add	x13, x12, x2
	add	x14, x13, x2
	add	x15, x14, x2
	add	x16, x15, x2
	add	x17, x16, x2
1:	.irp	i, 0, 1, 2, 3, 4, 5, 6, 7
	ldr	d\i, [x1]
	add	x1, x1, x3
	.endr
	zip1	v16.16b, v0.16b, v4.16b
	zip1	v17.16b, v1.16b, v5.16b
	zip1	v18.16b, v2.16b, v6.16b
	zip1	v19.16b, v3.16b, v7.16b
	zip1	v20.16b, v16.16b, v18.16b
	zip2	v21.16b, v16.16b, v18.16b
	zip1	v22.16b, v17.16b, v19.16b
	zip2	v23.16b, v17.16b, v19.16b
	zip1	v0.16b, v20.16b, v22.16b
	zip2	v2.16b, v20.16b, v22.16b
	zip1	v4.16b, v21.16b, v23.16b
	zip2	v6.16b, v21.16b, v23.16b
	str	d0, [x0], #8
	st1	{v0.d}[1], [x11], #8
	str	d2, [x12], #8
	st1	{v2.d}[1], [x13], #8
	str	d4, [x14], #8
	st1	{v4.d}[1], [x15], #8
	str	d6, [x16], #8
	st1	{v6.d}[1], [x17], #8
	subs	x4, x4, #1
	b.ne	1b
