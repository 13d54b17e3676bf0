// peakS8I8MM does n rounds of sixteen independent matrix products of sixteen
// bytes.
//
// func peakS8I8MM(n int)
// in: n=x0
//
// v0-v15   sums
// v16      what all multiply by
	cbz	x0, 2f
	movi	v16.4s, #0
1:	.irp	r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	smmla	v\r\().4s, v16.16b, v16.16b
	.endr
	subs	x0, x0, #1
	b.ne	1b
2:
