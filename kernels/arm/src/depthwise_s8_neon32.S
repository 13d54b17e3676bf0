// depthwiseS8NEON32 computes four pixels by p.panels·8 channels of DepthwiseS8:
//
//	for ch := range 8 * p.panels {
//		for i := range 4 {
//			sum := p.bias[ch]
//			for _, t := range p.taps[:p.k] {
//				sum += (p.a[i][t.X+ch] - p.zeroX) * p.b[t.W+ch]
//			}
//			p.y[i][ch] = requant(sum, p, ch)
//		}
//	}
//
// p.k > 0, and p.zeroX is an int8.
//
// func depthwiseS8NEON32(p *call)
// in: p=r0
//
// r1       p.b[ch:]             q0-q3    x - zeroX of four pixels
// r2       tap                  q4       w
// r3       taps left            d10      zeroX
// r4-r7    the pixels' x[ch:]   q8-q15   sums of pixel p: channels 0-3 in q(8+2p)
// r9       ch
// r8, r12  scratch
.include "call.inc"

	ldm	r0, {r4, r5, r6, r7}
	ldr	r1, [r0, #C_B]
	mov	r9, #0
1:	START				// sum := p.bias[ch]
	ldr	r2, [r0, #C_ZEROX]
	vdup.8	d10, r2
	ldr	r2, [r0, #C_TAPS]
	ldr	r3, [r0, #C_K]
2:	ldr	r12, [r2], #4		// for _, t := range p.taps[:p.k]
	add	r8, r4, r12
	vld1.8	{d0}, [r8]
	add	r8, r5, r12
	vld1.8	{d2}, [r8]
	add	r8, r6, r12
	vld1.8	{d4}, [r8]
	add	r8, r7, r12
	vld1.8	{d6}, [r8]
	ldr	r12, [r2], #4
	add	r8, r1, r12
	vld1.8	{d8}, [r8]
	subs	r3, r3, #1
	vsubl.s8	q0, d0, d10
	vsubl.s8	q1, d2, d10
	vsubl.s8	q2, d4, d10
	vsubl.s8	q3, d6, d10
	vmovl.s8	q4, d8
	vmlal.s16	q8, d0, d8
	vmlal.s16	q9, d1, d9
	vmlal.s16	q10, d2, d8
	vmlal.s16	q11, d3, d9
	vmlal.s16	q12, d4, d8
	vmlal.s16	q13, d5, d9
	vmlal.s16	q14, d6, d8
	vmlal.s16	q15, d7, d9
	bne	2b
	FINISH
	add	r1, r1, #8
	add	r4, r4, #8
	add	r5, r5, #8
	add	r6, r6, #8
	add	r7, r7, #8
	add	r9, r9, #8
	ldr	r8, [r0, #C_PANELS]
	cmp	r9, r8, lsl #3
	blt	1b
