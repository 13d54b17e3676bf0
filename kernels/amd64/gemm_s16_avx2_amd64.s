//go:build !purego

#include "textflag.h"

// PAIR adds the products of two values of k in one row and in 16 columns.
#define PAIR(A, LO, HI) \
	VPBROADCASTD A, Y14        \
	VPMADDWD     Y12, Y14, Y15 \
	VPADDD       Y15, LO, LO   \
	VPMADDWD     Y13, Y14, Y14 \
	VPADDD       Y14, HI, HI

#define LOADB(AT) \
	VPMOVSXBW AT(DI), Y12    \
	VPMOVSXBW AT+16(DI), Y13

// WIDE4 stores four of a register of sums as int64, after adding what is there if
// Y15 is ones.
#define WIDE4(X, AT) \
	VPMOVSXDQ X, Y12            \
	VPAND     AT(BX), Y15, Y14  \
	VPADDQ    Y14, Y12, Y12     \
	VMOVDQU   Y12, AT(BX)

// WIDE stores a row's sums, and goes on to the next row.
#define WIDE(LO, XLO, HI, XHI) \
	WIDE4(XLO, 0)              \
	VEXTRACTI128 $1, LO, X13   \
	WIDE4(X13, 32)             \
	WIDE4(XHI, 64)             \
	VEXTRACTI128 $1, HI, X13   \
	WIDE4(X13, 96)             \
	ADDQ         R9, BX

#define ZERO(LO, HI) \
	VPXOR LO, LO, LO \
	VPXOR HI, HI, HI

// ARGS loads what both routines are given.
#define ARGS \
	MOVQ         c+0(FP), DX      \
	MOVQ         ldc+8(FP), R9    \
	MOVQ         a+16(FP), SI     \
	MOVQ         b+32(FP), R11    \
	MOVQ         ldb+40(FP), R12  \
	MOVQ         panels+56(FP), AX

// func gemmS16x6AVX2(c *int64, ldc int, a *int16, lda int, b *int8, ldb, pairs, panels int, add int32)
//
//	for p := 0; p < panels; p++ {
//		for i := 0; i < 6; i++ {
//			for j := 16*p; j < 16*p+16; j++ {
//				s := int32(0)
//				for l := 0; l < pairs; l++ {
//					s += a[i,2*l]*b[p*ldb+32*l+2*(j%16)] + a[i,2*l+1]*b[p*ldb+32*l+2*(j%16)+1]
//				}
//				c[i,j] = c[i,j]&add + s
//			}
//		}
//	}
//
// add is 0 or -1. ldc, lda and ldb count bytes. 0 < pairs <= 128, so that s does not
// overflow.
//
// DX c, R9 ldc; R8 lda, R10 3*lda; SI and R13 rows 0 and 4 of a, R14 R15 the same as
// they go along; R11 b, R12 ldb, DI b as it goes along; CX pairs left, AX panels
// left; BX c of the row. Y0..Y11 sums of row 0, 0, 1, 1, ...; Y12 Y13 b; Y14 Y15
// scratch.
TEXT ·gemmS16x6AVX2(SB), NOSPLIT, $0-68
	ARGS
	MOVQ lda+24(FP), R8
	LEAQ (R8)(R8*2), R10
	LEAQ (SI)(R8*4), R13

panel:
	ZERO(Y0, Y1)
	ZERO(Y2, Y3)
	ZERO(Y4, Y5)
	ZERO(Y6, Y7)
	ZERO(Y8, Y9)
	ZERO(Y10, Y11)
	MOVQ SI, R14
	MOVQ R13, R15
	MOVQ R11, DI
	MOVQ pairs+48(FP), CX

pair:
	LOADB(0)
	PAIR((R14), Y0, Y1)
	PAIR((R14)(R8*1), Y2, Y3)
	PAIR((R14)(R8*2), Y4, Y5)
	PAIR((R14)(R10*1), Y6, Y7)
	PAIR((R15), Y8, Y9)
	PAIR((R15)(R8*1), Y10, Y11)
	ADDQ $4, R14
	ADDQ $4, R15
	ADDQ $32, DI
	DECQ CX
	JNZ  pair

	VBROADCASTSS add+64(FP), Y15
	MOVQ         DX, BX
	WIDE(Y0, X0, Y1, X1)
	WIDE(Y2, X2, Y3, X3)
	WIDE(Y4, X4, Y5, X5)
	WIDE(Y6, X6, Y7, X7)
	WIDE(Y8, X8, Y9, X9)
	WIDE(Y10, X10, Y11, X11)
	ADDQ         $128, DX
	ADDQ         R12, R11
	DECQ         AX
	JNZ          panel
	VZEROUPPER
	RET

// func gemmS16x1AVX2(c *int64, ldc int, a *int16, lda int, b *int8, ldb, pairs, panels int, add int32)
//
// gemmS16x6AVX2 for one row: b streams through. Registers as there; Y2 Y3 are the
// sums of odd pairs.
TEXT ·gemmS16x1AVX2(SB), NOSPLIT, $0-68
	ARGS

panel:
	ZERO(Y0, Y1)
	ZERO(Y2, Y3)
	MOVQ SI, R14
	MOVQ R11, DI
	MOVQ pairs+48(FP), CX
	SUBQ $2, CX
	JLT  last

pair:
	LOADB(0)
	PAIR((R14), Y0, Y1)
	LOADB(32)
	PAIR(4(R14), Y2, Y3)
	ADDQ $8, R14
	ADDQ $64, DI
	SUBQ $2, CX
	JGE  pair

last:
	TESTQ $1, CX
	JZ    store
	LOADB(0)
	PAIR((R14), Y0, Y1)

store:
	VPADDD       Y2, Y0, Y0
	VPADDD       Y3, Y1, Y1
	VBROADCASTSS add+64(FP), Y15
	MOVQ         DX, BX
	WIDE(Y0, X0, Y1, X1)
	ADDQ         $128, DX
	ADDQ         R12, R11
	DECQ         AX
	JNZ          panel
	VZEROUPPER
	RET
