// maxS8NEON computes MaxS8 for 16·blocks elements:
//
//	for i := range 16 * blocks {
//		y[i] = max(a[i], b[i])
//	}
//
// blocks > 0. y may be a or b.
//
// func maxS8NEON(y, a, b *int8, blocks int)
// in: y=x0 a=x1 b=x2 blocks=x3
1:	ldr	q0, [x1], #16
	ldr	q1, [x2], #16
	subs	x3, x3, #1
	smax	v0.16b, v0.16b, v1.16b
	str	q0, [x0], #16
	b.ne	1b
