// requantS64NEON computes RequantS64 for 8·eights columns whose sums have 64 bits:
//
//	for j := range 8 * eights {
//		for i := range rows {
//			x := ((c[i*ldc+j]+bias[j])*mult[j] + 1<<(right[j]-1)) >> right[j]
//			y[i*ldy+j] = clamp(int32(x), lo, hi)
//		}
//	}
//
// eights and rows > 0; ldy and ldc count bytes. As all wraps, the addends are summed
// once for the column: bias*mult + 1<<(right-1).
//
// func requantS64NEON(y *int16, ldy int, c *int64, ldc, rows, eights int, bias *int64, mult, right *int32, lo, hi int32)
// in: y=x0 ldy=x1 c=x2 ldc=x3 rows=x4 eights=x5 bias=x6 mult=x7 right=x8 lo=x9 hi=x10
//
// x11, x12 y and c of the row   v0-v3    sums
// x13      rows left            v4-v11   scratch
//                               v16, v17 multipliers
//                               v18-v21  minus right shifts, as int64
//                               v22-v25  addends
//                               v28, v29 lo, hi

// TIMES: the eight int64 of v0 to v3 times the multipliers, wrapping: low halves times
// these plus high halves times these, 32 bits up.
.macro TIMES
	uzp1	v4.4s, v0.4s, v1.4s
	uzp1	v6.4s, v2.4s, v3.4s
	uzp2	v5.4s, v0.4s, v1.4s
	uzp2	v7.4s, v2.4s, v3.4s
	mul	v5.4s, v5.4s, v16.4s
	mul	v7.4s, v7.4s, v17.4s
	umull	v0.2d, v4.2s, v16.2s
	umull2	v1.2d, v4.4s, v16.4s
	umull	v2.2d, v6.2s, v17.2s
	umull2	v3.2d, v6.4s, v17.4s
	shll	v8.2d, v5.2s, #32
	shll2	v9.2d, v5.4s, #32
	shll	v10.2d, v7.2s, #32
	shll2	v11.2d, v7.4s, #32
	add	v0.2d, v0.2d, v8.2d
	add	v1.2d, v1.2d, v9.2d
	add	v2.2d, v2.2d, v10.2d
	add	v3.2d, v3.2d, v11.2d
.endm

	dup	v28.4s, w9
	dup	v29.4s, w10
1:	ld1	{v16.4s, v17.4s}, [x7], #32	// for j := 0; j < 8*eights; j += 8
	ld1	{v4.4s, v5.4s}, [x8], #32
	sxtl	v18.2d, v4.2s
	sxtl2	v19.2d, v4.4s
	sxtl	v20.2d, v5.2s
	sxtl2	v21.2d, v5.4s
	movi	v4.4s, #1
	ushll	v4.2d, v4.2s, #0		// 1
	sub	v22.2d, v18.2d, v4.2d
	sub	v23.2d, v19.2d, v4.2d
	sub	v24.2d, v20.2d, v4.2d
	sub	v25.2d, v21.2d, v4.2d
	ushl	v22.2d, v4.2d, v22.2d
	ushl	v23.2d, v4.2d, v23.2d
	ushl	v24.2d, v4.2d, v24.2d
	ushl	v25.2d, v4.2d, v25.2d
	neg	v18.2d, v18.2d
	neg	v19.2d, v19.2d
	neg	v20.2d, v20.2d
	neg	v21.2d, v21.2d
	ld1	{v0.2d-v3.2d}, [x6], #64
	TIMES
	add	v22.2d, v22.2d, v0.2d
	add	v23.2d, v23.2d, v1.2d
	add	v24.2d, v24.2d, v2.2d
	add	v25.2d, v25.2d, v3.2d
	mov	x11, x0
	mov	x12, x2
	mov	x13, x4
2:	ld1	{v0.2d-v3.2d}, [x12]		// for i := range rows
	TIMES
	add	v0.2d, v0.2d, v22.2d
	add	v1.2d, v1.2d, v23.2d
	add	v2.2d, v2.2d, v24.2d
	add	v3.2d, v3.2d, v25.2d
	sshl	v0.2d, v0.2d, v18.2d
	sshl	v1.2d, v1.2d, v19.2d
	sshl	v2.2d, v2.2d, v20.2d
	sshl	v3.2d, v3.2d, v21.2d
	uzp1	v0.4s, v0.4s, v1.4s
	uzp1	v2.4s, v2.4s, v3.4s
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
