// linearAddS8NEON computes LinearAddS8 for 16·blocks elements:
//
//	for i := range 16 * blocks {
//		u, v := float32(a[i]+p.Offset), float32(b[i]+p.Offset)
//		sum := float32(float32(p.B*v) + p.C)
//		y[i] = RoundEven(sum+float32(p.A*u), p.Lo, p.Hi) - p.Offset
//	}
//
// blocks > 0. y may be a or b.
//
// func linearAddS8NEON(y, a, b *int8, blocks int, p *kernels.LinearAddS8)
// in: y=x0 a=x1 b=x2 blocks=x3 p=x4
//
// v0-v3 a, v4-v7 b; every lane of v16-v19 is A, B, C and Lo, of v20-v22 Lo, Hi and
// Offset as int16
.include "requant.inc"

// FLOAT i0 to i3: the sixteen int8 of i0 become float32 in i0 to i3, more by Offset.
.macro FLOAT i0, i1, i2, i3
	saddw2	\i2\().8h, v22.8h, \i0\().16b
	saddw	\i0\().8h, v22.8h, \i0\().8b
	sshll2	\i3\().4s, \i2\().8h, #0
	sshll2	\i1\().4s, \i0\().8h, #0
	sshll	\i2\().4s, \i2\().4h, #0
	sshll	\i0\().4s, \i0\().4h, #0
	scvtf	\i0\().4s, \i0\().4s
	scvtf	\i1\().4s, \i1\().4s
	scvtf	\i2\().4s, \i2\().4s
	scvtf	\i3\().4s, \i3\().4s
.endm

	ld1r	{v16.4s}, [x4], #4
	ld1r	{v17.4s}, [x4], #4
	ld1r	{v18.4s}, [x4], #4
	ld1r	{v19.4s}, [x4], #4
	ldp	w5, w6, [x4]
	dup	v20.8h, v19.h[0]
	dup	v21.8h, w5
	dup	v22.8h, w6
	scvtf	v19.4s, v19.4s
1:	ldr	q0, [x1], #16
	ldr	q4, [x2], #16
	FLOAT	v0, v1, v2, v3
	FLOAT	v4, v5, v6, v7
	.irp	i, 4, 5, 6, 7
	fmul	v\i\().4s, v\i\().4s, v17.4s
	.endr
	.irp	i, 0, 1, 2, 3
	fmul	v\i\().4s, v\i\().4s, v16.4s
	.endr
	.irp	i, 4, 5, 6, 7
	fadd	v\i\().4s, v\i\().4s, v18.4s
	.endr
	fadd	v0.4s, v0.4s, v4.4s
	fadd	v1.4s, v1.4s, v5.4s
	fadd	v2.4s, v2.4s, v6.4s
	fadd	v3.4s, v3.4s, v7.4s
	.irp	i, 0, 1, 2, 3
	fmaxnm	v\i\().4s, v\i\().4s, v19.4s	// a NaN becomes Lo
	.endr
	LINEAR16 v0, v1, v2, v3, v20, v21, v22
	str	q0, [x0], #16
	subs	x3, x3, #1
	b.ne	1b
