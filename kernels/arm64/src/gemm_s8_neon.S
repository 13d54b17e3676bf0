// gemmS8NEONN computes m rows of GemmS8, R at a time, packed with NR = 8, KR = 2, and
// times·P panels of 8 columns, where R and P are the digits of N. m is a multiple of
// R; but if R is 1, so is m. A row has k values of
// each of some lines, which begin k+skip after each other:
//
//	for j := range 8 * P * times {
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
// k is a multiple of 2, and ld counts bytes. Two values of k of a row, in every
// lane, are multiplied by those of four columns (SMULL); the next two are added
// in int16 (SMLAL), and pairs of lanes to the sums (SADALP). In int16 two products
// -128·-128 overflow, so this is done for the first 8·fast values of k only: all but
// a rest if no value of B is -128, else none.
//
// func gemmS8NEONN(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, times, k, fast, lines, skip int, q *kernels.Requant)
// in: y=x0 c=x1 ld=x2 a=x3 lda=x4 b=x5 m=x6 times=x7 k=x8 fast=x26 lines=x24 skip=x25 q=x9
// for: N=42,41,14,11
//
// x10-x13  rows of A            v0-v3    8 or 2 values of k of each row
// x5, x14-x16 the panels        vD, D+1  two values of k of a row, in every lane
// x17      bytes of a panel     v4-v11   B: 2 values of k of 8 columns; of panel
// x19      l                             p in v(4+2p), the next 2 in v(5+2p)
// x20-x23  q's slices           vT-T+3   products
// x24      lines left, row of y v16-v31  sums, as in gemm_s8_8columns.inc
// x25      values left, scratch
// x15      if R is 4, whether POSITIVE16 will do
.set R, N/10
.set P, N-10*R
.if R == 1
.set D, 2
.set T, 12
.else
.set D, 8
.set T, 10
.endif
.set ARGB, 8+40			// on Go's stack
.set ARGTIMES, 8+56
.set ARGLINES, 8+80
.set ARGSKIP, 8+88
.if R == 4
.set FULL, 1
.set LOGR, 2
.endif
.include "rows.inc"
.include "requant.inc"
.include "gemm_s8_8columns.inc"

// PANELS op, arg: op p, arg for every panel p.
.macro PANELS op:req, arg
	.irp	p, 0, 1, 2, 3
	.if	\p < P
	\op	\p, \arg
	.endif
	.endr
.endm
.macro _NEXTPANEL from, to
	add	x\to, x\from, x17
.endm
.macro NEXTPANEL p, arg
	.if	\p == 1
	_NEXTPANEL 5, 14
	.elseif	\p > 1
	_NEXTPANEL %(12+\p), %(13+\p)
	.endif
.endm
.macro _BIAS p, lo, hi
	ldp	q\lo, q\hi, [x20, #(32*\p)]
.endm
.macro BIAS p, r
	_BIAS	\p, %(16+2*(\r*P+\p)), %(17+2*(\r*P+\p))
.endm
.macro BIASROW r
	PANELS	BIAS, \r
.endm
.macro _LOAD r, row
	ldr	d\r, [x\row, x19]
.endm
.macro LOAD r
	_LOAD	\r, %(10+\r)
.endm
.macro _LOAD2 r, row
	ldr	h\r, [x\row, x19]
.endm
.macro LOAD2 r
	_LOAD2	\r, %(10+\r)
.endm
.macro _B4 ptr, q0, q1
	ldp	q\q0, q\q1, [x\ptr], #32
.endm
.macro _B2 ptr, q0, q1
	ldr	q\q0, [x\ptr], #16
.endm
.macro LOADB p, how
	.if	\p
	_B\how	%(13+\p), %(4+2*\p), %(5+2*\p)
	.else
	_B\how	5, 4, 5
	.endif
.endm
.macro _DUP to, r, lane
	dup	v\to\().8h, v\r\().h[\lane]
.endm
.macro _MUL t0, t1, b, d
	smull	v\t0\().8h, v\b\().8b, v\d\().8b
	smull2	v\t1\().8h, v\b\().16b, v\d\().16b
.endm
.macro _MLA t0, t1, b, d
	smlal	v\t0\().8h, v\b\().8b, v\d\().8b
	smlal2	v\t1\().8h, v\b\().16b, v\d\().16b
.endm
.macro _PAIRS t0, t1, s0, s1
	sadalp	v\s0\().4s, v\t0\().8h
	sadalp	v\s1\().4s, v\t1\().8h
.endm
.macro PRODUCT1 p, r
	_MUL	%(T+2*(\p-\p/2*2)), %(T+1+2*(\p-\p/2*2)), %(4+2*\p), %(D)
.endm
.macro PRODUCT2 p, r
	_MLA	%(T+2*(\p-\p/2*2)), %(T+1+2*(\p-\p/2*2)), %(5+2*\p), %(D+1)
.endm
.macro PAIRS p, r
	_PAIRS	%(T+2*(\p-\p/2*2)), %(T+1+2*(\p-\p/2*2)), %(16+2*(\r*P+\p)), %(17+2*(\r*P+\p))
.endm
// PRODUCTS r, fast: a row's products, of two panels at a time.
.macro PRODUCTS r, fast
	.irp	p, 0, 2
	.if	\p < P
	_PRODUCTS \r, \p, \fast
	.endif
	.endr
.endm
.macro _TWO op, p, r
	\op	\p, \r
	.if	\p+1 < P
	\op	%(\p+1), \r
	.endif
.endm
.macro _PRODUCTS r, p, fast
	_TWO	PRODUCT1, \p, \r
	.if	\fast
	_TWO	PRODUCT2, \p, \r
	.endif
	_TWO	PAIRS, \p, \r
.endm
.macro FIRST4 r
	_DUP	%(D), \r, 0
	_DUP	%(D+1), \r, 1
	PRODUCTS \r, 1
.endm
.macro SECOND4 r
	_DUP	%(D), \r, 2
	_DUP	%(D+1), \r, 3
	PRODUCTS \r, 1
.endm
.macro REST2 r
	_DUP	%(D), \r, 0
	PRODUCTS \r, 0
.endm

	mul	x17, x8, x24
	lsl	x17, x17, #3
	QSLICES	x9
	QPOSITIVE	x9
	.if	FULL
	and	x15, x22, #1
	.endif
0:	ROWS	x6, x3, x4
	.if	FULL
	QSLICES	x9
	orr	x22, x22, x15
	.endif
1:	PANELS	NEXTPANEL
	EACH	BIASROW			// sum := q.Bias[j]
	add	x20, x20, #32*P
	mov	x19, #0
	ldr	x24, [sp, #ARGLINES]
	cbz	x8, 7f
2:	mov	x25, x26		// for range lines
	cbz	x25, 4f
3:	PANELS	LOADB, 4		// 8 values of k
	EACH	LOAD
	EACH	FIRST4
	PANELS	LOADB, 4
	add	x19, x19, #8
	subs	x25, x25, #1
	EACH	SECOND4
	b.ne	3b
4:	sub	x25, x8, x26, lsl #3
	cbz	x25, 6f
5:	PANELS	LOADB, 2		// the rest, by 2
	EACH	LOAD2
	add	x19, x19, #2
	subs	x25, x25, #2
	EACH	REST2
	b.ne	5b
6:	ldr	x25, [sp, #ARGSKIP]
	subs	x24, x24, #1
	add	x19, x19, x25
	b.ne	2b
7:	.if	P == 2
	mov	x5, x14			// the last panel has been read to its end
	.elseif	P == 4
	mov	x5, x16
	.endif
	FINISH
	.if	FULL
	NEXTROWS	ARGB, ARGTIMES
	.endif
