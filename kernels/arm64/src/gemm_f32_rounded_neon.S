// gemmF32RoundedNEONN computes m <= N rows of GemmF32.Rounded, packed with
// NR = 8, and panels·8 columns:
//
//	for j := range 8 * panels {
//		for i := range m {
//			sum := float32(0)
//			for l := range k {
//				sum += float32(a[i*lda+l] * B[l,j])
//			}
//			y[i*ldy+j] = Clamp(sum + bias[j], lo, hi)
//		}
//	}
//
// lda and ldy count bytes.
//
// func gemmF32RoundedNEONN(y *float32, ldy int, a *float32, lda int, b, bias *float32, m, panels, k int, lo, hi float32)
// in: y=x0 ldy=x1 a=x2 lda=x3 b=x4 bias=x5 m=x6 panels=x7 k=x8 lo=x9 hi=x20
// for: N=4
//
// x10-x13  rows of A            v0-v3    4 values of k, or 1, of each row
// x19      4·l                  v8-v15   rows of B: columns 0-3 even, 4-7 odd
// x21      4·k                  v16-v23  sums of row r: columns 0-3 in
// x24      row of y                      v(16+2r), 4-7 in v(17+2r)
// x25      scratch              v24-v31  products, as the sums
// x26      4·k rounded down to 16
.include "rows.inc"
.include "requant.inc"

// Each macro names the row; those with an underscore get its registers.
.macro _ZERO lo, hi
	movi	v\lo\().4s, #0
	movi	v\hi\().4s, #0
.endm
.macro ZERO r
	_ZERO	%(16+2*\r), %(17+2*\r)
.endm
.macro _LOAD4 r, row
	ldr	q\r, [x\row, x19]
.endm
.macro LOAD4 r
	_LOAD4	\r, %(10+\r)
.endm
.macro _LOAD1 r, row
	ldr	s\r, [x\row, x19]
.endm
.macro LOAD1 r
	_LOAD1	\r, %(10+\r)
.endm
.macro _MUL r, lo, hi, b0, b1, lane
	fmul	v\lo\().4s, v\b0\().4s, v\r\().s[\lane]
	fmul	v\hi\().4s, v\b1\().4s, v\r\().s[\lane]
.endm
.macro MUL0 r
	_MUL	\r, %(24+2*\r), %(25+2*\r), 8, 9, 0
.endm
.macro MUL1 r
	_MUL	\r, %(24+2*\r), %(25+2*\r), 10, 11, 1
.endm
.macro MUL2 r
	_MUL	\r, %(24+2*\r), %(25+2*\r), 12, 13, 2
.endm
.macro MUL3 r
	_MUL	\r, %(24+2*\r), %(25+2*\r), 14, 15, 3
.endm
.macro _PLUS lo, hi, p0, p1
	fadd	v\lo\().4s, v\lo\().4s, v\p0\().4s
	fadd	v\hi\().4s, v\hi\().4s, v\p1\().4s
.endm
.macro PLUS r
	_PLUS	%(16+2*\r), %(17+2*\r), %(24+2*\r), %(25+2*\r)
.endm
.macro BIAS r
	_PLUS	%(16+2*\r), %(17+2*\r), 8, 9
.endm
.macro _STORE2 r, s0, s1, s2, s3
	CLAMP4	v\s0, v\s1, v\s2, v\s3, v0, v1, v2, v3, v4, v5
	stp	q\s0, q\s1, [x24]
	NEXT	x6, \r+1, x24, x24, x1
	stp	q\s2, q\s3, [x24]
	NEXT	x6, \r+2, x24, x24, x1
.endm
.macro STORE2 r, how
	_STORE2	\r, %(16+2*\r), %(17+2*\r), %(18+2*\r), %(19+2*\r)
.endm

	ROWS	x6, x2, x3
	lsl	x21, x8, #2
	and	x26, x21, #-16
1:	EACH	ZERO			// sum := 0
	mov	x19, #0
	cbz	x26, 3f
2:	ldp	q8, q9, [x4], #32	// for l := 0; l < k-3; l += 4
	EACH	LOAD4
	ldp	q10, q11, [x4], #32
	EACH	MUL0
	ldp	q12, q13, [x4], #32
	EACH	PLUS
	EACH	MUL1
	ldp	q14, q15, [x4], #32
	EACH	PLUS
	EACH	MUL2
	EACH	PLUS
	add	x19, x19, #16
	cmp	x19, x26
	EACH	MUL3
	EACH	PLUS
	b.lo	2b
3:	cmp	x19, x21
	b.hs	5f
4:	ldp	q8, q9, [x4], #32	// for ; l < k; l++
	EACH	LOAD1
	add	x19, x19, #4
	cmp	x19, x21
	EACH	MUL0
	EACH	PLUS
	b.lo	4b
5:	ldp	q8, q9, [x5], #32	// y[i*ldy+j] = Clamp(sum + bias[j], lo, hi)
	mov	x24, x0
	dup	v0.4s, w9
	dup	v1.4s, w20
	EACH	BIAS
	EACHPAIR STORE2
	add	x0, x0, #32
	subs	x7, x7, #1
	b.ne	1b
