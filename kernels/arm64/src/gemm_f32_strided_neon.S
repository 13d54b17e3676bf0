// gemmF32StridedNEONN computes m <= N rows of GemmF32.Strided and 8·panels
// columns:
//
//	for j := range 8 * panels {
//		for i := range m {
//			sum := 0, or y[i*ldy+j] if add != 0
//			for l := range k {
//				sum = FMA32(a[i*ra+l*ca], b[l*rb+j], sum)
//			}
//			y[i*ldy+j] = sum
//		}
//	}
//
// All strides count bytes. k is 1 at least.
//
// func gemmF32StridedNEONN(y *float32, ldy int, a *float32, ra, ca int, b *float32, rb, m, panels, k, add int)
// in: y=x0 ldy=x1 a=x2 ra=x3 ca=x4 b=x5 rb=x6 m=x7 panels=x8 k=x9 add=x20
// for: N=8,4
//
// x10-x17  rows of A            v0-v7    a value of each row
// x19      l·ca                 v8, v9   a row of B
// x21      row of B             v16-v31  sums of row r: columns 0-3 in
// x22      steps left                    v(16+2r), 4-7 in v(17+2r)
// x24      row of y
// x25      scratch
.include "rows.inc"

// Each macro names the row; those with an underscore get its registers.
.macro _ZERO lo, hi
	movi	v\lo\().4s, #0
	movi	v\hi\().4s, #0
.endm
.macro ZERO r
	_ZERO	%(16+2*\r), %(17+2*\r)
.endm
.macro TOROW r
	.if	\r
	NEXT	x7, \r, x24, x24, x1
	.endif
.endm
.macro _LOADSUM lo, hi
	ldp	q\lo, q\hi, [x24]
.endm
.macro LOADSUM r
	TOROW	\r
	_LOADSUM %(16+2*\r), %(17+2*\r)
.endm
.macro _LOAD r, row
	ldr	s\r, [x\row, x19]
.endm
.macro LOAD r
	_LOAD	\r, %(10+\r)
.endm
.macro _FMA r, lo, hi
	fmla	v\lo\().4s, v8.4s, v\r\().s[0]
	fmla	v\hi\().4s, v9.4s, v\r\().s[0]
.endm
.macro FMA r
	_FMA	\r, %(16+2*\r), %(17+2*\r)
.endm
.macro _STORE lo, hi
	stp	q\lo, q\hi, [x24]
.endm
.macro STORE r
	TOROW	\r
	_STORE	%(16+2*\r), %(17+2*\r)
.endm

	ROWS	x7, x2, x3
1:	EACH	ZERO			// sum := 0
	cbz	x20, 2f
	mov	x24, x0			// or y[i*ldy+j]
	EACH	LOADSUM
2:	mov	x21, x5
	mov	x22, x9
	mov	x19, #0
3:	ldp	q8, q9, [x21]		// for l := range k
	EACH	LOAD
	add	x21, x21, x6
	add	x19, x19, x4
	subs	x22, x22, #1
	EACH	FMA
	b.ne	3b
	mov	x24, x0			// y[i*ldy+j] = sum
	EACH	STORE
	add	x0, x0, #32
	add	x5, x5, #32
	subs	x8, x8, #1
	b.ne	1b
