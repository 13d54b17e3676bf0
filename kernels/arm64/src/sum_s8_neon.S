// sumS8NEON computes SumS8 for 16·blocks elements:
//
//	for i := range 16 * blocks {
//		c[i] += x[i]
//	}
//
// blocks > 0.
//
// func sumS8NEON(c *int32, x *int8, blocks int)
// in: c=x0 x=x1 blocks=x2
1:	ldr	q4, [x1], #16
	ld1	{v0.4s-v3.4s}, [x0]
	sshll2	v5.8h, v4.16b, #0
	sshll	v4.8h, v4.8b, #0
	saddw	v0.4s, v0.4s, v4.4h
	saddw2	v1.4s, v1.4s, v4.8h
	saddw	v2.4s, v2.4s, v5.4h
	saddw2	v3.4s, v3.4s, v5.8h
	st1	{v0.4s-v3.4s}, [x0], #64
	subs	x2, x2, #1
	b.ne	1b
