// peakS8NEON does n rounds of eight independent products of sixteen bytes, as
// CPUs without dot products sum them: SMULL, SMLAL2, SADALP.
//
// func peakS8NEON(n int)
// in: n=x0
//
// v0-v7    sums
// v10-v17  products
// v18      what all multiply by
	cbz	x0, 2f
	movi	v18.4s, #0
1:	.irp	r, 10, 11, 12, 13, 14, 15, 16, 17
	smull	v\r\().8h, v18.8b, v18.8b
	.endr
	.irp	r, 10, 11, 12, 13, 14, 15, 16, 17
	smlal2	v\r\().8h, v18.16b, v18.16b
	.endr
	.irp	r, 0, 1, 2, 3, 4, 5, 6, 7
	sadalp	v\r\().4s, v1\r\().8h
	.endr
	subs	x0, x0, #1
	b.ne	1b
2:
