// leastS8NEON finds the least of the 16·blocks values at b:
//
//	for _, x := range b[:16*blocks] {
//		*least = min(*least, x)
//	}
//
// func leastS8NEON(least, b *int8, blocks int)
// in: least=x0 b=x1 blocks=x2
//
// v0-v3 the least so far, v4-v7 b
	ldr	b0, [x0]
	dup	v0.16b, v0.b[0]
	mov	v1.16b, v0.16b
	mov	v2.16b, v0.16b
	mov	v3.16b, v0.16b
	subs	x2, x2, #4
	b.lt	2f
1:	ldp	q4, q5, [x1], #32
	ldp	q6, q7, [x1], #32
	subs	x2, x2, #4
	smin	v0.16b, v0.16b, v4.16b
	smin	v1.16b, v1.16b, v5.16b
	smin	v2.16b, v2.16b, v6.16b
	smin	v3.16b, v3.16b, v7.16b
	b.ge	1b
2:	adds	x2, x2, #4
	b.eq	4f
3:	ldr	q4, [x1], #16
	subs	x2, x2, #1
	smin	v0.16b, v0.16b, v4.16b
	b.ne	3b
4:	smin	v0.16b, v0.16b, v1.16b
	smin	v2.16b, v2.16b, v3.16b
	smin	v0.16b, v0.16b, v2.16b
	sminv	b0, v0.16b
	str	b0, [x0]
