// requantS32NEON computes RequantS32 for 16·blocks columns:
//
//	for j := range 16 * blocks {
//		y[j] = requant(c[j]+q.Bias[j], q, j)
//	}
//
// blocks > 0.
//
// func requantS32NEON(y *int8, c *int32, blocks int, q *kernels.Requant)
// in: y=x0 c=x1 blocks=x2 q=x3
//
// x20-x23  q's slices           v0-v3    sums
// x25      scratch              v4-v7    bias, then multipliers or scales
//                               v16-v23  left, minus right shifts; v24-v27 scratch
//                               v28-v31  q.Zero, q.Lo, q.Hi, q.Zero as int16
.include "requant.inc"

	QRANGE	x3, v28, v29, v30
	dup	v31.8h, v28.h[0]
	QSLICES	x3
1:	ld1	{v0.4s-v3.4s}, [x1], #64
	ld1	{v4.4s-v7.4s}, [x20], #64
	add	v0.4s, v0.4s, v4.4s
	add	v1.4s, v1.4s, v5.4s
	add	v2.4s, v2.4s, v6.4s
	add	v3.4s, v3.4s, v7.4s
	ld1	{v4.4s-v7.4s}, [x21], #64
	cbz	x23, 2f
	ld1	{v16.4s-v19.4s}, [x22], #64
	ld1	{v20.4s-v23.4s}, [x23], #64
	neg	v20.4s, v20.4s
	neg	v21.4s, v21.4s
	neg	v22.4s, v22.4s
	neg	v23.4s, v23.4s
	LEFT4	v0, v1, v2, v3, v16, v17, v18, v19
	APPLY4	v0, v1, v2, v3, v4, v5, v6, v7, v20, v21, v22, v23, v24, v25, v26, v27
	OUTPUT16 v0, v1, v2, v3, v28, v29, v30
	b	3f
2:	RESCALE16C v0, v1, v2, v3, v4, v5, v6, v7, v31, v29, v30
3:	str	q0, [x0], #16
	subs	x2, x2, #1
	b.ne	1b
