// lookupNEON computes Lookup for 16·blocks elements:
//
//	for i := range 16 * blocks {
//		y[i] = t[x[i]]
//	}
//
// blocks > 0. y may be x.
//
// func lookupNEON(y, x *byte, t *[256]byte, blocks int)
// in: y=x0 x=x1 t=x2 blocks=x3
//
// v0, v1   x, less 64 for each quarter of the table gone by; of two blocks
// v2, v3   y
// v4       64 in every lane
// v16-v31  the table
//
// TBX leaves alone the lanes whose index is past its 64 bytes.

.macro LOOK x, y
	tbl	\y\().16b, {v16.16b-v19.16b}, \x\().16b
	sub	\x\().16b, \x\().16b, v4.16b
	tbx	\y\().16b, {v20.16b-v23.16b}, \x\().16b
	sub	\x\().16b, \x\().16b, v4.16b
	tbx	\y\().16b, {v24.16b-v27.16b}, \x\().16b
	sub	\x\().16b, \x\().16b, v4.16b
	tbx	\y\().16b, {v28.16b-v31.16b}, \x\().16b
.endm

	ld1	{v16.16b-v19.16b}, [x2], #64
	ld1	{v20.16b-v23.16b}, [x2], #64
	ld1	{v24.16b-v27.16b}, [x2], #64
	ld1	{v28.16b-v31.16b}, [x2]
	movi	v4.16b, #64
	subs	x3, x3, #2
	b.lt	2f
1:	ldp	q0, q1, [x1], #32
	LOOK	v0, v2
	LOOK	v1, v3
	stp	q2, q3, [x0], #32
	subs	x3, x3, #2
	b.ge	1b
2:	tbz	x3, #0, 3f		// blocks left, less 2: -1 or -2
	ldr	q0, [x1]
	LOOK	v0, v2
	str	q2, [x0]
3:
