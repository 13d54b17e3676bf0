//go:build !purego

#include "textflag.h"
#include "vpdpbusd_amd64.h"

// Bytes from a row to the next of tileVNNI.
#define ROW_C 256

// ROW adds the products of four values of k in the row at A, and Y12 and Y13.
#define ROW(A, LO, HI) \
	VPBROADCASTD A, Y14        \
	VPXOR        Y15, Y14, Y14 \
	VPDPBUSD(12, 14, LO)       \
	VPDPBUSD(13, 14, HI)

#define STORE(ROW, LO, HI) \
	VMOVDQU LO, ROW*ROW_C(DX)    \
	VMOVDQU HI, ROW*ROW_C+32(DX)

#define SIGN \
	MOVL         $0x80808080, AX \
	VMOVD        AX, X15         \
	VPBROADCASTD X15, Y15

// func gemmS8x6AVXVNNI(c, bias *int32, a *int8, lda int, b *int8, ldb, groups, cols, rows int)
//
//	for p := 0; 16*p < cols; p++ {
//		for i := 0; i < rows; i++ {
//			for j := 16*p; j < 16*p+16; j++ {
//				s := bias[j] + the first row of b's panel
//				for l := 0; l < groups; l++ {
//					s += (a[i*lda+4*l:] ^ 0x80) * b[l,j] // four products
//				}
//				c[i,j] = s
//			}
//		}
//	}
//
// Rows up to the sixth are computed, from the last one's values.
//
// DX c, SI bias, DI b of the panel, BX columns left; CX groups left, R15 b of the
// group; AX 4*l; R8..R13 a of the rows. Y0..Y11 sums of row 0, 0, 1, 1, ...;
// Y12 Y13 b; Y14 a; Y15 0x80.
TEXT ·gemmS8x6AVXVNNI(SB), NOSPLIT, $0-72
	SIGN
	MOVQ    c+0(FP), DX
	MOVQ    bias+8(FP), SI
	MOVQ    b+32(FP), DI
	MOVQ    cols+56(FP), BX
	MOVQ    rows+64(FP), CX
	MOVQ    lda+24(FP), AX
	MOVQ    a+16(FP), R8
	LEAQ    (R8)(AX*1), R9
	CMPQ    CX, $2
	CMOVQLT R8, R9
	LEAQ    (R9)(AX*1), R10
	CMPQ    CX, $3
	CMOVQLT R9, R10
	LEAQ    (R10)(AX*1), R11
	CMPQ    CX, $4
	CMOVQLT R10, R11
	LEAQ    (R11)(AX*1), R12
	CMPQ    CX, $5
	CMOVQLT R11, R12
	LEAQ    (R12)(AX*1), R13
	CMPQ    CX, $6
	CMOVQLT R12, R13

panel:
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	VPADDD  (DI), Y0, Y0
	VPADDD  32(DI), Y1, Y1
	VMOVDQA Y0, Y2
	VMOVDQA Y1, Y3
	VMOVDQA Y0, Y4
	VMOVDQA Y1, Y5
	VMOVDQA Y0, Y6
	VMOVDQA Y1, Y7
	VMOVDQA Y0, Y8
	VMOVDQA Y1, Y9
	VMOVDQA Y0, Y10
	VMOVDQA Y1, Y11
	LEAQ    64(DI), R15
	XORQ    AX, AX
	MOVQ    groups+48(FP), CX
	TESTQ   CX, CX
	JZ      store

group:
	VMOVDQU (R15), Y12
	VMOVDQU 32(R15), Y13
	ROW((R8)(AX*1), 0, 1)
	ROW((R9)(AX*1), 2, 3)
	ROW((R10)(AX*1), 4, 5)
	ROW((R11)(AX*1), 6, 7)
	ROW((R12)(AX*1), 8, 9)
	ROW((R13)(AX*1), 10, 11)
	ADDQ    $4, AX
	ADDQ    $64, R15
	DECQ    CX
	JNZ     group

store:
	STORE(0, Y0, Y1)
	STORE(1, Y2, Y3)
	STORE(2, Y4, Y5)
	STORE(3, Y6, Y7)
	STORE(4, Y8, Y9)
	STORE(5, Y10, Y11)
	ADDQ $64, DX
	ADDQ $64, SI
	ADDQ ldb+40(FP), DI
	SUBQ $16, BX
	JGT  panel
	VZEROUPPER
	RET

// func gemmS8x1AVXVNNI(c, bias *int32, a *int8, b *int8, ldb, groups, cols int)
//
// gemmS8x6AVXVNNI for one row: b streams through. Registers as there; R8 a; Y2 Y3
// are the sums of odd groups.
TEXT ·gemmS8x1AVXVNNI(SB), NOSPLIT, $0-56
	SIGN
	MOVQ c+0(FP), DX
	MOVQ bias+8(FP), SI
	MOVQ b+24(FP), DI
	MOVQ cols+48(FP), BX

panel:
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	VPADDD  (DI), Y0, Y0
	VPADDD  32(DI), Y1, Y1
	VPXOR   Y2, Y2, Y2
	VPXOR   Y3, Y3, Y3
	LEAQ    64(DI), R15
	MOVQ    a+16(FP), R8
	MOVQ    groups+40(FP), CX
	SUBQ    $2, CX
	JLT     last

group:
	VMOVDQU (R15), Y12
	VMOVDQU 32(R15), Y13
	ROW((R8), 0, 1)
	VMOVDQU 64(R15), Y12
	VMOVDQU 96(R15), Y13
	ROW(4(R8), 2, 3)
	ADDQ    $8, R8
	ADDQ    $128, R15
	SUBQ    $2, CX
	JGE     group

last:
	TESTQ   $1, CX
	JZ      store
	VMOVDQU (R15), Y12
	VMOVDQU 32(R15), Y13
	ROW((R8), 0, 1)

store:
	VPADDD Y2, Y0, Y0
	VPADDD Y3, Y1, Y1
	STORE(0, Y0, Y1)
	ADDQ   $64, DX
	ADDQ   $64, SI
	ADDQ   ldb+32(FP), DI
	SUBQ   $16, BX
	JGT    panel
	VZEROUPPER
	RET
