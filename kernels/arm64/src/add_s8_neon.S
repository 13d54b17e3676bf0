// addS8NEON computes AddS8 for 16·blocks elements:
//
//	for i := range 16 * blocks {
//		sum := scale(p.A, (a[i]-p.ZeroA)<<p.Shift) + scale(p.B, (b[i]-p.ZeroB)<<p.Shift)
//		y[i] = min(max(p.Zero+scale(p.Out, sum), p.Lo), p.Hi)
//	}
//
// blocks > 0. y may be a or b.
//
// func addS8NEON(y, a, b *int8, blocks int, p *kernels.AddS8)
// in: y=x0 a=x1 b=x2 blocks=x3 p=x4
//
// v0-v3    a            v4-v7  b             v8-v11  scratch
// v16-v30  every lane a field of p, in order: ZeroA, ZeroB, then Mult, Left,
//          -Right of A (v18-v20), B (v21-v23) and Out (v24-v26), Shift, Zero;
//          and as int8 Lo, Hi
.include "requant.inc"

// WIDEN i0 to i3, zero: the sixteen int8 of i0 become (x - zero) << p.Shift,
// as int32 in i0 to i3.
.macro WIDEN i0, i1, i2, i3, zero
	sshll2	\i2\().8h, \i0\().16b, #0
	sshll	\i0\().8h, \i0\().8b, #0
	sshll2	\i3\().4s, \i2\().8h, #0
	sshll2	\i1\().4s, \i0\().8h, #0
	sshll	\i2\().4s, \i2\().4h, #0
	sshll	\i0\().4s, \i0\().4h, #0
	sub	\i0\().4s, \i0\().4s, \zero\().4s
	sub	\i1\().4s, \i1\().4s, \zero\().4s
	sub	\i2\().4s, \i2\().4s, \zero\().4s
	sub	\i3\().4s, \i3\().4s, \zero\().4s
	sshl	\i0\().4s, \i0\().4s, v27.4s
	sshl	\i1\().4s, \i1\().4s, v27.4s
	sshl	\i2\().4s, \i2\().4s, v27.4s
	sshl	\i3\().4s, \i3\().4s, v27.4s
.endm

// SCALE acc0 to acc3, mult, left, nright: quant.Multiplier.Apply.
.macro SCALE acc0, acc1, acc2, acc3, mult, left, nright
	LEFT4	\acc0, \acc1, \acc2, \acc3, \left, \left, \left, \left
	APPLY4	\acc0, \acc1, \acc2, \acc3, \mult, \mult, \mult, \mult, \nright, \nright, \nright, \nright, v8, v9, v10, v11
.endm

	.irp	f, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28
	ld1r	{v\f\().4s}, [x4], #4
	.endr
	ld1r	{v29.16b}, [x4]
	add	x4, x4, #4
	ld1r	{v30.16b}, [x4]
	neg	v20.4s, v20.4s
	neg	v23.4s, v23.4s
	neg	v26.4s, v26.4s
1:	ldr	q0, [x1], #16
	ldr	q4, [x2], #16
	WIDEN	v0, v1, v2, v3, v16
	WIDEN	v4, v5, v6, v7, v17
	SCALE	v0, v1, v2, v3, v18, v19, v20
	SCALE	v4, v5, v6, v7, v21, v22, v23
	add	v0.4s, v0.4s, v4.4s
	add	v1.4s, v1.4s, v5.4s
	add	v2.4s, v2.4s, v6.4s
	add	v3.4s, v3.4s, v7.4s
	SCALE	v0, v1, v2, v3, v24, v25, v26
	OUTPUT16 v0, v1, v2, v3, v28, v29, v30
	str	q0, [x0], #16
	subs	x3, x3, #1
	b.ne	1b
