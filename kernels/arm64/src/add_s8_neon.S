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
.macro COMBINE y, a, b
	add	\y, \a, \b
.endm
.include "add_s8.inc"
