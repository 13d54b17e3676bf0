// dequantS32NEON computes DequantS32 for 16·blocks elements:
//
//	for j := range 16 * blocks {
//		y[j] = float32(float32(c[j]) * scale[j])
//		if bias != nil {
//			y[j] += bias[j]
//		}
//	}
//
// blocks > 0.
//
// func dequantS32NEON(y *float32, c *int32, scale, bias *float32, blocks int)
// in: y=x0 c=x1 scale=x2 bias=x3 blocks=x4
//
// v0-v3 results, v4-v7 scale, v16-v19 bias

1:	ld1	{v0.4s-v3.4s}, [x1], #64
	ld1	{v4.4s-v7.4s}, [x2], #64
	scvtf	v0.4s, v0.4s
	scvtf	v1.4s, v1.4s
	scvtf	v2.4s, v2.4s
	scvtf	v3.4s, v3.4s
	fmul	v0.4s, v0.4s, v4.4s
	fmul	v1.4s, v1.4s, v5.4s
	fmul	v2.4s, v2.4s, v6.4s
	fmul	v3.4s, v3.4s, v7.4s
	cbz	x3, 2f
	ld1	{v16.4s-v19.4s}, [x3], #64
	fadd	v0.4s, v0.4s, v16.4s
	fadd	v1.4s, v1.4s, v17.4s
	fadd	v2.4s, v2.4s, v18.4s
	fadd	v3.4s, v3.4s, v19.4s
2:	st1	{v0.4s-v3.4s}, [x0], #64
	subs	x4, x4, #1
	b.ne	1b
