// gemmS8NEONDotN computes m rows of GemmS8, packed with NR = 8, KR = 4, and
// panels·8 columns. m is a multiple of N if that is 8, and else N at most. A row
// has k values of each of some lines, which begin k+skip after each other:
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
// k is a multiple of 4, and ld counts bytes.
//
// func gemmS8NEONDotN(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels, k, lines, skip int, q *kernels.Requant)
// in: y=x0 c=x1 ld=x2 a=x3 lda=x4 b=x5 m=x6 panels=x7 k=x8 lines=x24 skip=x26 q=x9
// for: N=8,4,1
//
// x10-x17  rows of A            v0-v7    16 or 4 values of k of each row
// x19      l                    v8-v15   B: columns 0-3 even, 4-7 odd, 4 of k
// x20-x23  q's slices           v16-v31  sums of row r: columns 0-3 in
// x24      lines left, row of y or c     v(16+2r), 4-7 in v(17+2r)
// x25      16 values left, scratch
// x26      skip
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

// One row has few sums, and their latency shows: it keeps two of each.
.set SPARE, 0
.if N == 1
.set SPARE, 2
.endif

// Each macro names the row; those with an underscore get its registers.
.macro _BIAS r, lo, hi
	.if	\r+1 < N
	ldp	q\lo, q\hi, [x20]
	.else
	ldp	q\lo, q\hi, [x20], #32
	.endif
.endm
.macro BIAS r
	_BIAS	\r, %(16+2*\r), %(17+2*\r)
.endm
.macro _LOAD16 r, row
	ldr	q\r, [x\row, x19]
.endm
.macro LOAD16 r
	_LOAD16	\r, %(10+\r)
.endm
.macro _LOAD8 r, row
	ldr	d\r, [x\row, x19]
.endm
.macro LOAD8 r
	_LOAD8	\r, %(10+\r)
.endm
.macro _LOAD4 r, row
	ldr	s\r, [x\row, x19]
.endm
.macro LOAD4 r
	_LOAD4	\r, %(10+\r)
.endm
.macro _DOT r, lo, hi, b0, b1, lane
	sdot	v\lo\().4s, v\b0\().16b, v\r\().4b[\lane]
	sdot	v\hi\().4s, v\b1\().16b, v\r\().4b[\lane]
.endm
.macro DOT0 r
	_DOT	\r, %(16+2*\r), %(17+2*\r), 8, 9, 0
.endm
.macro DOT1 r
	_DOT	\r, %(16+2*\r), %(17+2*\r), 10, 11, 1
.endm
.macro DOT2 r
	_DOT	\r, %(16+2*\r+SPARE), %(17+2*\r+SPARE), 12, 13, 2
.endm
.macro DOT3 r
	_DOT	\r, %(16+2*\r+SPARE), %(17+2*\r+SPARE), 14, 15, 3
.endm
0:	ROWS	x6, x3, x4
	QSLICES	x9
	QPOSITIVE	x9
1:	EACH	BIAS			// sum := q.Bias[j]
	.if	SPARE
	movi	v18.4s, #0
	movi	v19.4s, #0
	.endif
	mov	x19, #0
	ldr	x24, [sp, #ARGLINES]
	cbz	x8, 6f
2:	lsr	x25, x8, #4		// for range lines
	cbz	x25, 4f
3:	ldp	q8, q9, [x5], #32	// 16 values of k
	EACH	LOAD16
	ldp	q10, q11, [x5], #32
	EACH	DOT0
	ldp	q12, q13, [x5], #32
	EACH	DOT1
	ldp	q14, q15, [x5], #32
	EACH	DOT2
	add	x19, x19, #16
	subs	x25, x25, #1
	EACH	DOT3
	b.ne	3b
4:	tbz	x8, #3, 5f
	ldp	q8, q9, [x5], #32	// the last 8
	EACH	LOAD8
	ldp	q10, q11, [x5], #32
	add	x19, x19, #8
	EACH	DOT0
	EACH	DOT1
5:	tbz	x8, #2, 5f
	ldp	q8, q9, [x5], #32	// the last 4
	EACH	LOAD4
	add	x19, x19, #4
	EACH	DOT0
5:	subs	x24, x24, #1
	add	x19, x19, x26
	b.ne	2b
6:	.if	SPARE
	add	v16.4s, v16.4s, v18.4s
	add	v17.4s, v17.4s, v19.4s
	.endif
	FINISH
	.if	FULL
	NEXTROWS	ARGB, ARGPANELS
	.endif
