// requantSingleNEON computes RequantS64 for 8·eights columns whose sums wrap in 32
// bits:
//
//	for j := range 8 * eights {
//		for i := range rows {
//			x := scale(int32(c[i*ldc+j]+bias[j]), mult[j], left[j], right[j])
//			y[i*ldy+j] = clamp(x, lo, hi)
//		}
//	}
//
// eights and rows > 0; ldy and ldc count bytes. The steps are those of requant.inc.
//
// func requantSingleNEON(y *int16, ldy int, c *int64, ldc, rows, eights int, bias *int64, mult, left, right *int32, lo, hi int32)
// in: y=x0 ldy=x1 c=x2 ldc=x3 rows=x4 eights=x5 bias=x6 mult=x7 left=x8 right=x9 lo=x10 hi=x14
//
// x11, x12 y and c of the row   v0-v3    sums, then in v0 and v2
// x13      rows left            v4, v5   scratch
//                               v16, v17 multipliers
//                               v18, v19 left, v20, v21 minus right shifts
//                               v22-v25  bias
//                               v28, v29 lo, hi

	dup	v28.4s, w10
	dup	v29.4s, w14
1:	ld1	{v16.4s, v17.4s}, [x7], #32	// for j := 0; j < 8*eights; j += 8
	ld1	{v18.4s, v19.4s}, [x8], #32
	ld1	{v20.4s, v21.4s}, [x9], #32
	neg	v20.4s, v20.4s
	neg	v21.4s, v21.4s
	ld1	{v22.2d-v25.2d}, [x6], #64
	mov	x11, x0
	mov	x12, x2
	mov	x13, x4
2:	ld1	{v0.2d-v3.2d}, [x12]		// for i := range rows
	add	v0.2d, v0.2d, v22.2d
	add	v1.2d, v1.2d, v23.2d
	add	v2.2d, v2.2d, v24.2d
	add	v3.2d, v3.2d, v25.2d
	uzp1	v0.4s, v0.4s, v1.4s
	uzp1	v2.4s, v2.4s, v3.4s
	sshl	v0.4s, v0.4s, v18.4s
	sshl	v2.4s, v2.4s, v19.4s
	sqrdmulh	v0.4s, v0.4s, v16.4s
	sqrdmulh	v2.4s, v2.4s, v17.4s
	and	v4.16b, v0.16b, v20.16b
	and	v5.16b, v2.16b, v21.16b
	ssra	v0.4s, v4.4s, #31
	ssra	v2.4s, v5.4s, #31
	srshl	v0.4s, v0.4s, v20.4s
	srshl	v2.4s, v2.4s, v21.4s
	smax	v0.4s, v0.4s, v28.4s
	smax	v2.4s, v2.4s, v28.4s
	smin	v0.4s, v0.4s, v29.4s
	smin	v2.4s, v2.4s, v29.4s
	xtn	v0.4h, v0.4s
	xtn2	v0.8h, v2.4s
	str	q0, [x11]
	add	x11, x11, x1
	add	x12, x12, x3
	subs	x13, x13, #1
	b.ne	2b
	add	x0, x0, #16
	add	x2, x2, #64
	subs	x5, x5, #1
	b.ne	1b
