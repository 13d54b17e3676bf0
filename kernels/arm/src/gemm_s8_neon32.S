// gemmS8NEON32 computes four rows of GemmS8, packed with NR = 8, KR = 2, and
// p.panels·8 columns:
//
//	for j := range 8 * p.panels {
//		for i := range 4 {
//			sum := p.bias[j]
//			for l := range p.k {
//				sum += p.a[i][l] * B[l,j]
//			}
//			if p.c[0] != nil {
//				p.c[i][j] = sum
//			} else {
//				p.y[i][j] = requant(sum, p, j)
//			}
//		}
//	}
//
// p.k is a multiple of 2. Two values of k of a row, in every lane, are multiplied
// by those of four columns (VMULL); the next two are added in int16 (VMLAL), and
// pairs of lanes to the sums (VPADAL). In int16 two products -128·-128 overflow, so
// this is done for the first p.fast values of k only, a multiple of 8: all but a
// rest if no value of B is -128, else none.
//
// func gemmS8NEON32(p *call)
// in: p=r0
//
// r1       B                    d0-d3    B: 2 values of k of columns 0-3, 4-7; the
// r4-r7    rows of A                     next 2
// r8       panels left          d4, d5   values of k of a row, in every lane
// r9       j                    q3, q4   products
// r12      values of k left     d10-d13  values of k of each row
// r2, r3   scratch              q8-q15   sums of row r: columns 0-3 in q(8+2r)
.include "call.inc"

// FOUR a, i, j, lo, hi: pairs i and j of a row's values of k.
.macro FOUR a, i, j, lo, hi
	vdup.16	d4, \a[\i]
	vdup.16	d5, \a[\j]
	vmull.s8	q3, d0, d4
	vmull.s8	q4, d1, d4
	vmlal.s8	q3, d2, d5
	vmlal.s8	q4, d3, d5
	vpadal.s16	\lo, q3
	vpadal.s16	\hi, q4
.endm
// TWO a, lo, hi: one pair, in every lane.
.macro TWO a, lo, hi
	vmull.s8	q3, d0, \a
	vmull.s8	q4, d1, \a
	vpadal.s16	\lo, q3
	vpadal.s16	\hi, q4
.endm

	ldm	r0, {r4, r5, r6, r7}
	ldr	r1, [r0, #C_B]
	ldr	r8, [r0, #C_PANELS]
	mov	r9, #0
1:	START				// sum := p.bias[j]
	ldr	r12, [r0, #C_FAST]
	cmp	r12, #0
	beq	3f
2:	vld1.8	{d0, d1, d2, d3}, [r1]!	// for l := 0; l < p.fast; l += 8
	vld1.8	{d10}, [r4]!
	vld1.8	{d11}, [r5]!
	vld1.8	{d12}, [r6]!
	vld1.8	{d13}, [r7]!
	FOUR	d10, 0, 1, q8, q9
	FOUR	d11, 0, 1, q10, q11
	FOUR	d12, 0, 1, q12, q13
	FOUR	d13, 0, 1, q14, q15
	vld1.8	{d0, d1, d2, d3}, [r1]!
	FOUR	d10, 2, 3, q8, q9
	FOUR	d11, 2, 3, q10, q11
	FOUR	d12, 2, 3, q12, q13
	FOUR	d13, 2, 3, q14, q15
	subs	r12, r12, #8
	bne	2b
3:	ldr	r12, [r0, #C_K]
	ldr	r3, [r0, #C_FAST]
	subs	r12, r12, r3
	beq	5f
4:	vld1.8	{d0, d1}, [r1]!		// for ; l < p.k; l += 2
	vld1.16	{d10[]}, [r4]!
	vld1.16	{d11[]}, [r5]!
	vld1.16	{d12[]}, [r6]!
	vld1.16	{d13[]}, [r7]!
	TWO	d10, q8, q9
	TWO	d11, q10, q11
	TWO	d12, q12, q13
	TWO	d13, q14, q15
	subs	r12, r12, #2
	bne	4b
5:	ldr	r3, [r0, #C_K]
	sub	r4, r4, r3
	sub	r5, r5, r3
	sub	r6, r6, r3
	sub	r7, r7, r3
	FINISH
	add	r9, r9, #8
	subs	r8, r8, #1
	bne	1b
