// leastS8NEON32 finds the least of the 16·blocks values at b:
//
//	for _, x := range b[:16*blocks] {
//		*least = min(*least, x)
//	}
//
// blocks > 0.
//
// func leastS8NEON32(least, b *int8, blocks int)
// in: least=r0 b=r1 blocks=r2
//
// q0 the least so far, q1 b
	vld1.8	{d0[], d1[]}, [r0]
1:	vld1.8	{d2, d3}, [r1]!
	subs	r2, r2, #1
	vmin.s8	q0, q0, q1
	bne	1b
	vpmin.s8	d0, d0, d1
	vpmin.s8	d0, d0, d0
	vpmin.s8	d0, d0, d0
	vpmin.s8	d0, d0, d0
	vst1.8	{d0[0]}, [r0]
