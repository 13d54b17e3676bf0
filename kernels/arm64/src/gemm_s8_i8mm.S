// gemmS8I8MMN computes m rows of GemmS8, packed with NR = 8, KR = 8, and panels·8
// columns. m is a multiple of N if that is 8, and else N at most. A row has k values
// of each of some lines, which begin k+skip after each other:
//
//	for j := range 8 * panels {
//		for i := range m {
//			sum := q.Bias[j]
//			for l := range lines * k {
//				sum += a[i*lda+l+l/k*skip] * B[l,j]
//			}
//			if c != nil {
//				c[i*ld/4+j] = sum
//			} else {
//				y[i*ld+j] = requant(sum, q, j)
//			}
//		}
//	}
//
// k is a multiple of 8, and ld counts bytes. SMMLA multiplies two rows by two
// columns, eight values of k at a time; one row alone is paired with itself.
//
// func gemmS8I8MMN(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels, k, lines, skip int, q *kernels.Requant)
// in: y=x0 c=x1 ld=x2 a=x3 lda=x4 b=x5 m=x6 panels=x7 k=x8 lines=x24 skip=x26 q=x9
// for: N=8,4,1
//
// x10-x17  rows of A            v2-v9    16 or 8 values of k of row r in v(2+r);
// x19      l                             then the first 8 of rows r, r+1 in v(r),
// x20-x23  q's slices                    the next in v(r+3), r even
// x24      lines left, row of y v10-v13  B: 8 values of k of two columns each;
// x25      16 values left                the next 8 in v14, v15, v8, v1
// x26      skip                 v16-v31  sums of rows r, r+1: two by two in
//                                        v(16+2r) to v(19+2r), at last of row r
//                                        columns 0-3 in v(16+2r), 4-7 in v(17+2r)
.set ARGB, 8+40			// on Go's stack
.set ARGPANELS, 8+56
.set ARGLINES, 8+72
.if N == 8
.set FULL, 1
.set LOGR, 3
.endif
.include "rows.inc"
.include "requant.inc"
.include "gemm_s8_8columns.inc"

.macro _START s0, s1, s2, s3
	dup	v\s0\().2d, v10.d[0]
	dup	v\s1\().2d, v10.d[1]
	dup	v\s2\().2d, v11.d[0]
	dup	v\s3\().2d, v11.d[1]
.endm
.macro START r, how
	_START	%(16+2*\r), %(17+2*\r), %(18+2*\r), %(19+2*\r)
.endm
.macro _LOAD16 v, row
	ldr	q\v, [x\row, x19]
.endm
.macro LOAD16 r
	_LOAD16	%(2+\r), %(10+\r)
.endm
.macro _LOAD8 v, row
	ldr	d\v, [x\row, x19]
.endm
.macro LOAD8 r
	_LOAD8	%(2+\r), %(10+\r)
.endm
.macro _PAIR first, next, r0, r1
	zip1	v\first\().2d, v\r0\().2d, v\r1\().2d
	zip2	v\next\().2d, v\r0\().2d, v\r1\().2d
.endm
.macro PAIR r, how
	.if	N == 1
	_PAIR	0, 3, 2, 2
	.else
	_PAIR	\r, %(\r+3), %(\r+2), %(\r+3)
	.endif
.endm
.macro _DOT a, b0, b1, b2, b3, s0, s1, s2, s3
	smmla	v\s0\().4s, v\a\().16b, v\b0\().16b
	smmla	v\s1\().4s, v\a\().16b, v\b1\().16b
	smmla	v\s2\().4s, v\a\().16b, v\b2\().16b
	smmla	v\s3\().4s, v\a\().16b, v\b3\().16b
.endm
.macro FIRST r, how
	_DOT	\r, 10, 11, 12, 13, %(16+2*\r), %(17+2*\r), %(18+2*\r), %(19+2*\r)
.endm
.macro SECOND r, how
	_DOT	%(\r+3), 14, 15, 8, 1, %(16+2*\r), %(17+2*\r), %(18+2*\r), %(19+2*\r)
.endm
.macro _UNPAIR s0, s1, s2, s3
	zip2	v10.2d, v\s0\().2d, v\s1\().2d
	zip1	v\s0\().2d, v\s0\().2d, v\s1\().2d
	zip1	v\s1\().2d, v\s2\().2d, v\s3\().2d
	zip2	v\s3\().2d, v\s2\().2d, v\s3\().2d
	mov	v\s2\().16b, v10.16b
.endm
.macro UNPAIR r, how
	_UNPAIR	%(16+2*\r), %(17+2*\r), %(18+2*\r), %(19+2*\r)
.endm

0:	ROWS	x6, x3, x4
	QSLICES	x9
	QPOSITIVE	x9
1:	ldp	q10, q11, [x20], #32	// sum := q.Bias[j]
	EACHPAIR START
	mov	x19, #0
	ldr	x24, [sp, #ARGLINES]
	cbz	x8, 6f
2:	lsr	x25, x8, #4		// for range lines
	cbz	x25, 4f
3:	EACH	LOAD16			// 16 values of k
	ldp	q10, q11, [x5], #32
	ldp	q12, q13, [x5], #32
	EACHPAIR PAIR
	ldp	q14, q15, [x5], #32
	ldp	q8, q1, [x5], #32
	EACHPAIR FIRST
	add	x19, x19, #16
	subs	x25, x25, #1
	EACHPAIR SECOND
	b.ne	3b
4:	tbz	x8, #3, 5f
	EACH	LOAD8			// the last 8
	ldp	q10, q11, [x5], #32
	ldp	q12, q13, [x5], #32
	EACHPAIR PAIR
	add	x19, x19, #8
	EACHPAIR FIRST
5:	subs	x24, x24, #1
	add	x19, x19, x26
	b.ne	2b
6:	EACHPAIR UNPAIR
	FINISH
	.if	FULL
	NEXTROWS	ARGB, ARGPANELS
	.endif
