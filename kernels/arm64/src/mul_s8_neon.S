// mulS8NEON computes MulS8 for 16·blocks elements:
//
//	for i := range 16 * blocks {
//		product := scale(p.Out, (a[i]-p.ZeroA)*(b[i]-p.ZeroB))
//		y[i] = min(max(p.Zero+product, p.Lo), p.Hi)
//	}
//
// blocks > 0, and the zero points are int8. y may be a or b.
//
// func mulS8NEON(y, a, b *int8, blocks int, p *kernels.MulS8)
// in: y=x0 a=x1 b=x2 blocks=x3 p=x4
//
// v0-v3 a, then products; v4-v7 b, then scratch; every lane of v16, v17 is ZeroA,
// ZeroB as int8, of v18-v20 Mult, Left, -Right, of v21 Zero, of v22, v23 Lo, Hi as
// int8
.include "requant.inc"

	ldp	w5, w6, [x4], #8
	ld1r	{v18.4s}, [x4], #4
	ld1r	{v19.4s}, [x4], #4
	ld1r	{v20.4s}, [x4], #4
	ld1r	{v21.4s}, [x4], #4
	dup	v16.16b, w5
	dup	v17.16b, w6
	ldp	w5, w6, [x4]
	neg	v20.4s, v20.4s
	dup	v22.16b, w5
	dup	v23.16b, w6
1:	ldr	q0, [x1], #16
	ldr	q4, [x2], #16
	ssubl2	v2.8h, v0.16b, v16.16b
	ssubl	v0.8h, v0.8b, v16.8b
	ssubl2	v5.8h, v4.16b, v17.16b
	ssubl	v4.8h, v4.8b, v17.8b
	smull2	v3.4s, v2.8h, v5.8h
	smull2	v1.4s, v0.8h, v4.8h
	smull	v2.4s, v2.4h, v5.4h
	smull	v0.4s, v0.4h, v4.4h
	LEFT4	v0, v1, v2, v3, v19, v19, v19, v19
	APPLY4	v0, v1, v2, v3, v18, v18, v18, v18, v20, v20, v20, v20, v4, v5, v6, v7
	OUTPUT16 v0, v1, v2, v3, v21, v22, v23
	str	q0, [x0], #16
	subs	x3, x3, #1
	b.ne	1b
