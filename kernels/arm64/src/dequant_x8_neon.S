// dequantX8NEON computes DequantX8 for 16·blocks elements, of int8 with flip 0, and
// of uint8 with flip 128 and zero less by 128:
//
//	for i := range 16 * blocks {
//		y[i] = float32(int32(int8(x[i]^flip))-zero) * scale
//	}
//
// blocks > 0.
//
// func dequantX8NEON(y *float32, x *byte, blocks int, flip, zero int32, scale float32)
// in: y=x0 x=x1 blocks=x2 flip=x3 zero=x4 scale=x5
//
// v0-v3 x; every lane of v16-v18 is flip, zero, scale
	dup	v16.16b, w3
	dup	v17.4s, w4
	dup	v18.4s, w5
1:	ldr	q0, [x1], #16
	eor	v0.16b, v0.16b, v16.16b
	sshll2	v2.8h, v0.16b, #0
	sshll	v0.8h, v0.8b, #0
	sshll2	v3.4s, v2.8h, #0
	sshll2	v1.4s, v0.8h, #0
	sshll	v2.4s, v2.4h, #0
	sshll	v0.4s, v0.4h, #0
	sub	v0.4s, v0.4s, v17.4s
	sub	v1.4s, v1.4s, v17.4s
	sub	v2.4s, v2.4s, v17.4s
	sub	v3.4s, v3.4s, v17.4s
	scvtf	v0.4s, v0.4s
	scvtf	v1.4s, v1.4s
	scvtf	v2.4s, v2.4s
	scvtf	v3.4s, v3.4s
	fmul	v0.4s, v0.4s, v18.4s
	fmul	v1.4s, v1.4s, v18.4s
	fmul	v2.4s, v2.4s, v18.4s
	fmul	v3.4s, v3.4s, v18.4s
	st1	{v0.4s-v3.4s}, [x0], #64
	subs	x2, x2, #1
	b.ne	1b
