//go:build !purego

#include "textflag.h"

// Bytes from a row to the next of tileS8's fields.
#define ROW_A 512
#define ROW_C 256

// func widenS8AVX2(dst *int16, src *int8, lds, rows, n int)
//
//	for i := 0; i < rows; i++ {
//		for l := 0; l < n; l++ {
//			dst[i*depthS8+l] = int16(src[i*lds+l])
//		}
//	}
//
// Sixteen at a time, the last sixteen of a row again where n is no multiple.
//
// DI dst, SI src, R8 lds, R9 rows left, CX n, DX n-16, AX l.
TEXT ·widenS8AVX2(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ lds+16(FP), R8
	MOVQ rows+24(FP), R9
	MOVQ n+32(FP), CX
	MOVQ CX, DX
	SUBQ $16, DX

row:
	XORQ AX, AX
	CMPQ CX, $16
	JLT  narrow

wide:
	VPMOVSXBW (SI)(AX*1), Y0
	VMOVDQU   Y0, (DI)(AX*2)
	ADDQ      $16, AX
	CMPQ      AX, DX
	JLE       wide
	VPMOVSXBW (SI)(DX*1), Y0
	VMOVDQU   Y0, (DI)(DX*2)

next:
	ADDQ $ROW_A, DI
	ADDQ R8, SI
	DECQ R9
	JNZ  row
	VZEROUPPER
	RET

narrow:
	CMPQ    AX, CX
	JGE     next
	MOVBLSX (SI)(AX*1), BX
	MOVW    BX, (DI)(AX*2)
	INCQ    AX
	JMP     narrow

// PAIR adds the products of two values of k in one row and in 16 columns.
#define PAIR(A, LO, HI) \
	VPBROADCASTD A, Y14          \
	VPMADDWD     Y12, Y14, Y15   \
	VPADDD       Y15, LO, LO     \
	VPMADDWD     Y13, Y14, Y14   \
	VPADDD       Y14, HI, HI

#define LOAD(ROW, LO, HI) \
	VMOVDQU (ROW), LO   \
	VMOVDQU 32(ROW), HI

// HALF is PAIR for 8 columns.
#define HALF(A, LO) \
	VPBROADCASTD A, Y14        \
	VPMADDWD     Y12, Y14, Y14 \
	VPADDD       Y14, LO, LO

// func gemmS8x6AVX2(c, init *int32, ldi int, a *int16, b *int8, ldb, pairs, cols, rows int)
//
//	for p := 0; 16*p < cols; p++ {
//		for i := 0; i < 6; i++ {
//			for j := 16*p; j < 16*p+16; j++ {
//				s := init[i*ldi+j]
//				for l := 0; l < pairs; l++ {
//					s += a[i,2*l]*b[p*ldb+32*l+2*(j%16)] + a[i,2*l+1]*b[p*ldb+32*l+2*(j%16)+1]
//				}
//				c[i,j] = s
//			}
//		}
//	}
//
// If rows is 3 or less, only the first three are worth computing, and c's others
// become init; if a panel has only 8 columns or less, so do its others.
//
// DX c, R8 init, R9 ldi in bytes, R15 rows, R10 a, R11 b, R12 ldb, R13 columns left;
// SI, DI a and b of the pair, CX pairs left. Y0..Y11 sums of row 0, 0, 1, 1, ...;
// Y12 Y13 b; Y14 Y15 a, products.
TEXT ·gemmS8x6AVX2(SB), NOSPLIT, $0-72
	MOVQ c+0(FP), DX
	MOVQ init+8(FP), R8
	MOVQ ldi+16(FP), R9
	SHLQ $2, R9
	MOVQ a+24(FP), R10
	MOVQ b+32(FP), R11
	MOVQ ldb+40(FP), R12
	MOVQ cols+56(FP), R13
	MOVQ rows+64(FP), R15

panel:
	MOVQ  R8, AX
	LOAD(AX, Y0, Y1)
	ADDQ  R9, AX
	LOAD(AX, Y2, Y3)
	ADDQ  R9, AX
	LOAD(AX, Y4, Y5)
	ADDQ  R9, AX
	LOAD(AX, Y6, Y7)
	ADDQ  R9, AX
	LOAD(AX, Y8, Y9)
	ADDQ  R9, AX
	LOAD(AX, Y10, Y11)
	MOVQ  R10, SI
	MOVQ  R11, DI
	MOVQ  pairs+48(FP), CX
	TESTQ CX, CX
	JZ    store
	CMPQ  R13, $8
	JLE   half

pair:
	VPMOVSXBW (DI), Y12
	VPMOVSXBW 16(DI), Y13
	PAIR(0*ROW_A(SI), Y0, Y1)
	PAIR(1*ROW_A(SI), Y2, Y3)
	PAIR(2*ROW_A(SI), Y4, Y5)
	CMPQ      R15, $3
	JLE       next
	PAIR(3*ROW_A(SI), Y6, Y7)
	PAIR(4*ROW_A(SI), Y8, Y9)
	PAIR(5*ROW_A(SI), Y10, Y11)

next:
	ADDQ      $4, SI
	ADDQ      $32, DI
	DECQ      CX
	JNZ       pair

store:
	VMOVDQU Y0, 0*ROW_C(DX)
	VMOVDQU Y1, 0*ROW_C+32(DX)
	VMOVDQU Y2, 1*ROW_C(DX)
	VMOVDQU Y3, 1*ROW_C+32(DX)
	VMOVDQU Y4, 2*ROW_C(DX)
	VMOVDQU Y5, 2*ROW_C+32(DX)
	VMOVDQU Y6, 3*ROW_C(DX)
	VMOVDQU Y7, 3*ROW_C+32(DX)
	VMOVDQU Y8, 4*ROW_C(DX)
	VMOVDQU Y9, 4*ROW_C+32(DX)
	VMOVDQU Y10, 5*ROW_C(DX)
	VMOVDQU Y11, 5*ROW_C+32(DX)
	ADDQ    $64, DX
	ADDQ    $64, R8
	ADDQ    R12, R11
	SUBQ    $16, R13
	JGT     panel
	VZEROUPPER
	RET

half:
	VPMOVSXBW (DI), Y12
	HALF(0*ROW_A(SI), Y0)
	HALF(1*ROW_A(SI), Y2)
	HALF(2*ROW_A(SI), Y4)
	HALF(3*ROW_A(SI), Y6)
	HALF(4*ROW_A(SI), Y8)
	HALF(5*ROW_A(SI), Y10)
	ADDQ      $4, SI
	ADDQ      $32, DI
	DECQ      CX
	JNZ       half
	JMP       store

// func gemmS8x1AVX2(c, init *int32, a *int16, b *int8, ldb, pairs, cols int)
//
// gemmS8x6AVX2 for one row: b streams through. Registers as there; Y2 Y3 are the
// sums of odd pairs.
TEXT ·gemmS8x1AVX2(SB), NOSPLIT, $0-56
	MOVQ c+0(FP), DX
	MOVQ init+8(FP), R8
	MOVQ a+16(FP), R10
	MOVQ b+24(FP), R11
	MOVQ ldb+32(FP), R12
	MOVQ cols+48(FP), R13

panel:
	LOAD(R8, Y0, Y1)
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	MOVQ  R10, SI
	MOVQ  R11, DI
	MOVQ  pairs+40(FP), CX
	SUBQ  $2, CX
	JLT   last

pair:
	VPMOVSXBW (DI), Y12
	VPMOVSXBW 16(DI), Y13
	PAIR(0(SI), Y0, Y1)
	VPMOVSXBW 32(DI), Y12
	VPMOVSXBW 48(DI), Y13
	PAIR(4(SI), Y2, Y3)
	ADDQ      $8, SI
	ADDQ      $64, DI
	SUBQ      $2, CX
	JGE       pair

last:
	TESTQ     $1, CX
	JZ        store
	VPMOVSXBW (DI), Y12
	VPMOVSXBW 16(DI), Y13
	PAIR(0(SI), Y0, Y1)

store:
	VPADDD  Y2, Y0, Y0
	VPADDD  Y3, Y1, Y1
	VMOVDQU Y0, (DX)
	VMOVDQU Y1, 32(DX)
	ADDQ    $64, DX
	ADDQ    $64, R8
	ADDQ    R12, R11
	SUBQ    $16, R13
	JGT     panel
	VZEROUPPER
	RET
