// gemmS8NEONN computes m <= N rows of GemmS8, packed with NR = 4, KR = 8, and
// panels·4 columns:
//
//	for j := range 4 * panels {
//		for i := range m {
//			sum := q.Bias[j]
//			for l := range k {
//				sum += a[i*lda+l] * B[l,j]
//			}
//			if c != nil {
//				c[i*ld/4+j] = sum
//			} else {
//				y[i*ld+j] = requant(sum, q, j)
//			}
//		}
//	}
//
// k is a multiple of 8, and ld counts bytes. Each output has four partial
// sums: eight products of int16 (SMULL) are added in pairs to int32 (SADALP).
// No product is added to another in int16, where two of -128·-128 overflow;
// doing so would save SADALPs, but the multiplier is what limits the A72.
//
// func gemmS8NEONN(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels, k int, q *kernels.Requant)
// in: y=x0 c=x1 ld=x2 a=x3 lda=x4 b=x5 m=x6 panels=x7 k=x8 q=x9
// for: N=4,1
//
// x10-x13  rows of A            v0-v3    8 values of k of each row
// x19      l                    v4-v7    8 values of k of each column
// x20-x23  q's slices           v8-v15   products, of odd rows from v12 on
// x24      row of y or c        v16-v31  sums of row r, column j: v(16+4r+j)
// x25      scratch
.include "rows.inc"
.include "requant.inc"

// Each macro names the row; those with an underscore get its registers.
.macro _ZERO s0, s1, s2, s3
	movi	v\s0\().4s, #0
	movi	v\s1\().4s, #0
	movi	v\s2\().4s, #0
	movi	v\s3\().4s, #0
.endm
.macro ZERO r
	_ZERO	%(16+4*\r), %(17+4*\r), %(18+4*\r), %(19+4*\r)
.endm
.macro _LOAD r, row
	ldr	d\r, [x\row, x19]
.endm
.macro LOAD r
	_LOAD	\r, %(10+\r)
.endm
.macro _MUL r, p0, p1, p2, p3
	smull	v\p0\().8h, v\r\().8b, v4.8b
	smull	v\p1\().8h, v\r\().8b, v5.8b
	smull	v\p2\().8h, v\r\().8b, v6.8b
	smull	v\p3\().8h, v\r\().8b, v7.8b
.endm
.macro MUL r
	_MUL	\r, %(8+4*(\r-\r/2*2)), %(9+4*(\r-\r/2*2)), %(10+4*(\r-\r/2*2)), %(11+4*(\r-\r/2*2))
.endm
.macro _PAIRS p0, p1, p2, p3, s0, s1, s2, s3
	sadalp	v\s0\().4s, v\p0\().8h
	sadalp	v\s1\().4s, v\p1\().8h
	sadalp	v\s2\().4s, v\p2\().8h
	sadalp	v\s3\().4s, v\p3\().8h
.endm
.macro PAIRS r
	_PAIRS	%(8+4*(\r-\r/2*2)), %(9+4*(\r-\r/2*2)), %(10+4*(\r-\r/2*2)), %(11+4*(\r-\r/2*2)), %(16+4*\r), %(17+4*\r), %(18+4*\r), %(19+4*\r)
.endm
.macro _SUM s0, s1, s2, s3
	addp	v\s0\().4s, v\s0\().4s, v\s1\().4s
	addp	v\s2\().4s, v\s2\().4s, v\s3\().4s
	addp	v\s0\().4s, v\s0\().4s, v\s2\().4s
	add	v\s0\().4s, v\s0\().4s, v0.4s
.endm
.macro SUM r
	_SUM	%(16+4*\r), %(17+4*\r), %(18+4*\r), %(19+4*\r)
.endm
.macro _SUMS r, sum
	str	q\sum, [x24]
	NEXT	x6, \r+1, x24, x24, x2
.endm
.macro SUMS r
	_SUMS	\r, %(16+4*\r)
.endm
.macro STORE r
	st1	{v16.s}[\r], [x24]
	NEXT	x6, \r+1, x24, x24, x2
.endm

	ROWS	x6, x3, x4
	QSLICES	x9
1:	EACH	ZERO
	mov	x19, #0
	cbz	x8, 3f
2:	ldp	d4, d5, [x5], #32	// for l := 0; l < k; l += 8
	EACH	LOAD
	ldp	d6, d7, [x5, #-16]
	add	x19, x19, #8
	cmp	x19, x8
	MUL	0			// products are added while the next are made
	.if	N == 4
	MUL	1
	PAIRS	0
	MUL	2
	PAIRS	1
	MUL	3
	PAIRS	2
	PAIRS	3
	.else
	PAIRS	0
	.endif
	b.lo	2b
3:	ldr	q0, [x20], #16		// sum += q.Bias[j]
	EACH	SUM
	cbnz	x1, 4f
	mov	x24, x0			// y[i*ld+j] = requant(sum, q, j)
	ldr	q1, [x21], #16
	cbz	x22, 6f
	ldr	q2, [x22], #16
	ldr	q3, [x23], #16
	neg	v3.4s, v3.4s
	QRANGE	x9, v4, v5, v6
	SCALE4	v16, v20, v24, v28, v1, v1, v2, v2, v3, v3, v8, v9, v10, v11
	OUTPUT16 v16, v20, v24, v28, v4, v5, v6
	b	7f
6:	QRANGE16 x9, v4, v5, v6
	RESCALE16 v16, v20, v24, v28, v1, v1, v4, v5, v6
7:	EACH	STORE
	add	x0, x0, #4
	b	5f
4:	mov	x24, x1			// c[i*ld/4+j] = sum
	EACH	SUMS
	add	x1, x1, #16
5:	subs	x7, x7, #1
	b.ne	1b
