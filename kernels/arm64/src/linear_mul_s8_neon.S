// linearMulS8NEON computes LinearMulS8 for 16·blocks elements:
//
//	for i := range 16 * blocks {
//		product := float32((a[i] + p.Offset - p.ZeroA) * (b[i] + p.Offset - p.ZeroB))
//		y[i] = RoundEven(float32(product*p.M)+float32(p.Zero), p.Lo, p.Hi) - p.Offset
//	}
//
// blocks > 0, and the zero points less Offset are int8. y may be a or b.
//
// func linearMulS8NEON(y, a, b *int8, blocks int, p *kernels.LinearMulS8)
// in: y=x0 a=x1 b=x2 blocks=x3 p=x4
//
// v0-v3 a, then products; v4, v5 b; every lane of v16, v17 is ZeroA, ZeroB less
// Offset as int8, of v18, v19 M and Zero, of v20-v22 Lo, Hi, Offset as int16
.include "requant.inc"

	ldp	w5, w6, [x4], #8
	ld1r	{v18.4s}, [x4], #4
	ld1r	{v19.4s}, [x4], #4
	ldp	w7, w8, [x4], #8
	ldr	w9, [x4]
	sub	w5, w5, w9
	sub	w6, w6, w9
	dup	v16.16b, w5
	dup	v17.16b, w6
	scvtf	v19.4s, v19.4s
	dup	v20.8h, w7
	dup	v21.8h, w8
	dup	v22.8h, w9
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
	.irp	i, 0, 1, 2, 3
	scvtf	v\i\().4s, v\i\().4s
	.endr
	.irp	i, 0, 1, 2, 3
	fmul	v\i\().4s, v\i\().4s, v18.4s
	.endr
	.irp	i, 0, 1, 2, 3
	fadd	v\i\().4s, v\i\().4s, v19.4s
	.endr
	LINEAR16 v0, v1, v2, v3, v20, v21, v22
	str	q0, [x0], #16
	subs	x3, x3, #1
	b.ne	1b
