// unaryF32NEONN computes UnaryF32 for 16·blocks elements; N-1 is the function:
//
//	for i := range 16 * blocks {
//		y[i] = f(x[i], a)
//	}
//
// blocks > 0. y may be x. The functions are package kernels', operation by
// operation.
//
// func unaryF32NEONN(y, x *float32, blocks int, k *[50][4]float32, a float32)
// in: y=x0 x=x1 blocks=x2 k=x3 a=x4
// for: N=1,2,3,4,5,6,7,8
//
// v30 signs of sixteen elements, v31 a
.include "elementary.inc"
.set SIGMOID, 0
.if N == 2 || N == 6 || N == 7
.set SIGMOID, 1
.endif

// LOADX d: the block of x.
.macro _LOADX d, to
	ld1	{v\d\().4s-v\to\().4s}, [x1]
.endm
.macro LOADX d
	_LOADX	\d, %(\d+3)
.endm
// ERFABS d: |d| up to where erf is 1.
.macro ERFABS d
	UOP4	fabs, \d, \d
	K	29, K_ERF+1
	OPC4	fmin, \d, \d, 29
.endm
// WITHSIGN d: d with the signs of v4 to v7.
.macro WITHSIGN d
	K	29, K_SIGN
	BITC4	\d, 4, 29
.endm
// KEEPSIGNS and SIGNS: which of v0 to v3 are below 0, in one register, and back
// as masks in v4 to v7.
.macro KEEPSIGNS
	.irp	i, 0, 1, 2, 3
	_BELOW0	%(4+\i), \i
	.endr
	uzp1	v4.8h, v4.8h, v5.8h
	uzp1	v6.8h, v6.8h, v7.8h
	uzp1	v30.16b, v4.16b, v6.16b
.endm
.macro _BELOW0 d, a
	fcmlt	v\d\().4s, v\a\().4s, #0.0
.endm
.macro SIGNS
	sshll2	v6.8h, v30.16b, #0
	sshll	v4.8h, v30.8b, #0
	sshll2	v7.4s, v6.8h, #0
	sshll2	v5.4s, v4.8h, #0
	sshll	v6.4s, v6.4h, #0
	sshll	v4.4s, v4.4h, #0
.endm

	EXPCONSTANTS
	dup	v31.4s, w4
1:
.if N == 1			// Exp
	LOADX	0
	EXP
.endif

.if SIGMOID
	LOADX	0
	.if	N == 7			// Swish: of a·x
	OPC4	fmul, 0, 0, 31
	.elseif	N == 6			// GeluTanh: of root·(x + ((cube·x)·x)·x)
	K	29, K_GELU
	OPC4	fmul, 4, 0, 29
	OP4	fmul, 4, 4, 0
	OP4	fmul, 4, 4, 0
	OP4	fadd, 0, 0, 4
	K	29, K_GELU+1
	OPC4	fmul, 0, 0, 29
	.endif
	KEEPSIGNS
	UOP4	fabs, 0, 0
	UOP4	fneg, 0, 0
	EXP				// z
	SIGNS
	.irp	i, 8, 9, 10, 11
	mov	v\i\().16b, v22.16b
	.endr
	BIT4	8, 0, 4			// s
	OPC4	fadd, 0, 0, 22
	OP4	fdiv, 0, 8, 0
	.if	N != 2
	LOADX	4
	OP4	fmul, 0, 4, 0
	.endif
.endif

.if N == 3			// Tanh
	LOADX	0
	UOP4	fabs, 0, 0
	OP4	fadd, 0, 0, 0
	EXP
	OPC4	fadd, 0, 0, 22
	K	29, K_TWO
	COP4	fdiv, 0, 29, 0
	COP4	fsub, 0, 22, 0
	LOADX	4
	UOP4	fabs, 4, 4
	OP4	fmul, 8, 4, 4		// s
	OP4	fmul, 12, 8, 8
	POLY4	16, 8, 12, 4, K_TANH+1
	LOADX	4
	UOP4	fabs, 4, 4
	OP4	fmul, 8, 4, 8
	OP4	fmul, 8, 8, 16
	OP4	fadd, 8, 4, 8
	K	29, K_TANH
	COP4	fcmgt, 12, 29, 4
	BIT4	0, 8, 12
	LOADX	4
	WITHSIGN 0
.endif

.if N == 4			// Erf
	LOADX	0
	ERFABS	0
	OP4	fmul, 4, 0, 0
	POLY5	8, 0, 4, 12, K_ERF+9	// the tail
	OP4	fmul, 8, 0, 8
	OP4	fadd, 0, 0, 8
	UOP4	fneg, 0, 0
	EXP
	COP4	fsub, 0, 22, 0
	LOADX	4
	ERFABS	4
	OP4	fmul, 8, 4, 4
	OP4	fmul, 12, 8, 8
	POLY6	16, 8, 12, 4, K_ERF+2
	LOADX	4
	ERFABS	4
	OP4	fmul, 16, 4, 16
	OP4	fadd, 16, 4, 16
	K	29, K_ERF
	COP4	fcmgt, 8, 29, 4
	BIT4	0, 16, 8
	LOADX	4
	WITHSIGN 0
.endif

.if N == 5			// Gelu
	LOADX	4
	UOP4	fabs, 4, 4
	OP4	fmul, 8, 4, 4
	POLY7	0, 4, 8, 12, K_PHI+1
	EXP				// q
	LOADX	4
	UOP4	fabs, 8, 4
	K	29, K_PHI
	COP4	fcmgt, 8, 29, 8
	AND4	0, 0, 8
	COP4	fsub, 8, 22, 0
	.irp	i, 0, 1, 2, 3
	_BELOW0	%(12+\i), %(4+\i)
	.endr
	BIT4	8, 0, 12
	OP4	fmul, 0, 4, 8
.endif

.if N == 8			// HardSwish
	LOADX	0
	K	29, K_HARD
	OPC4	fadd, 4, 0, 29
	K	29, K_HARD+2
	OPC4	fmax, 4, 4, 29
	K	29, K_HARD+1
	OPC4	fmin, 4, 4, 29
	OP4	fmul, 0, 0, 4
	OPC4	fdiv, 0, 0, 29
.endif

	add	x1, x1, #64
	st1	{v0.4s-v3.4s}, [x0], #64
	subs	x2, x2, #1
	b.ne	1b
