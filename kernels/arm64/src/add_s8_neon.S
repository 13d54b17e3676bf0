// addS8NEON computes AddS8 for 8·blocks elements:
//
//	for i := range 8 * blocks {
//		sum := scale(p.A, (a[i]-p.ZeroA)<<p.Shift) + scale(p.B, (b[i]-p.ZeroB)<<p.Shift)
//		y[i] = min(max(p.Zero+scale(p.Out, sum), p.Lo), p.Hi)
//	}
//
// blocks > 0. y may be a or b.
//
// func addS8NEON(y, a, b *int8, blocks int, p *kernels.AddS8)
// in: y=x0 a=x1 b=x2 blocks=x3 p=x4
//
// v0, v1   a            v2, v3  b            v4-v7  scratch
// v16-v30  every lane a field of p, in order: ZeroA, ZeroB, then Mult, Left,
//          -Right of A (v18-v20), B (v21-v23) and Out (v24-v26), Shift, Zero; and as
//          int8 Lo, Hi
.include "requant.inc"

// WIDEN lo, hi, zero: lo, hi = (lo - zero) << p.Shift
.macro WIDEN lo, hi, zero
	sshll	v\lo\().8h, v\lo\().8b, #0
	sshll2	v\hi\().4s, v\lo\().8h, #0
	sshll	v\lo\().4s, v\lo\().4h, #0
	sub	v\lo\().4s, v\lo\().4s, \zero\().4s
	sub	v\hi\().4s, v\hi\().4s, \zero\().4s
	sshl	v\lo\().4s, v\lo\().4s, v27.4s
	sshl	v\hi\().4s, v\hi\().4s, v27.4s
.endm

	.irp	f, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28
	ld1r	{v\f\().4s}, [x4], #4
	.endr
	ld1r	{v29.8b}, [x4]
	add	x4, x4, #4
	ld1r	{v30.8b}, [x4]
	neg	v20.4s, v20.4s
	neg	v23.4s, v23.4s
	neg	v26.4s, v26.4s
1:	ldr	d0, [x1], #8
	ldr	d2, [x2], #8
	WIDEN	0, 1, v16
	WIDEN	2, 3, v17
	SCALE	v0, v18, v19, v20, v4
	SCALE	v1, v18, v19, v20, v5
	SCALE	v2, v21, v22, v23, v6
	SCALE	v3, v21, v22, v23, v7
	add	v0.4s, v0.4s, v2.4s
	add	v1.4s, v1.4s, v3.4s
	SCALE	v0, v24, v25, v26, v4
	SCALE	v1, v24, v25, v26, v5
	OUTPUT8	v0, v1, v28, v29, v30
	str	d0, [x0], #8
	subs	x3, x3, #1
	b.ne	1b
