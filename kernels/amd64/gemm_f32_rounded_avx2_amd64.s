//go:build !purego

#include "textflag.h"

// ROUNDED adds a times 16 columns of b to one row's sums, products rounded.
#define ROUNDED(A, LO, HI) \
	VBROADCASTSS A, Y14      \
	VMULPS       Y12, Y14, Y15 \
	VADDPS       Y15, LO, LO   \
	VMULPS       Y13, Y14, Y14 \
	VADDPS       Y14, HI, HI

// LAST adds the bias, clamps one row's sums and stores them at DX, which it
// moves to the next row. A NaN stays: it is Intel's second source, Go's first.
#define LAST(LO, HI) \
	VADDPS  Y14, LO, LO \
	VADDPS  Y15, HI, HI \
	VMAXPS  LO, Y12, LO \
	VMAXPS  HI, Y12, HI \
	VMINPS  LO, Y13, LO \
	VMINPS  HI, Y13, HI \
	VMOVUPS LO, (DX)    \
	VMOVUPS HI, 32(DX)  \
	ADDQ    R15, DX

// FOLLOW sets P to the next row after Q, or to the same if there is none.
#define FOLLOW(Q, P) \
	MOVQ    Q, P    \
	XORQ    CX, CX  \
	DECQ    AX      \
	CMOVQGT R15, CX \
	ADDQ    CX, P

// func gemmF32Roundedx6AVX2(y *float32, ldy int, a *float32, lda, rows int, b, bias *float32, k int, lo, hi float32)
//
//	for i := 0; i < 6; i++ {
//		for j := 0; j < 16; j++ {
//			s := float32(0)
//			for l := 0; l < k; l++ {
//				s += float32(a[min(i, rows-1)*lda+l] * b[16*l+j])
//			}
//			y[i*ldy+j] = clamp(s+bias[j], lo, hi)
//		}
//	}
//
// SI R8 R9 R10 R11 R12 rows of a, DI b, BX l in bytes, CX steps left; DX y,
// R15 lda, then ldy, in bytes. Y0..Y11 sums of row 0, 0, 1, 1, ...; Y12 Y13 b,
// then lo and hi; Y14 a, then bias; Y15 products, then bias.
TEXT ·gemmF32Roundedx6AVX2(SB), NOSPLIT, $0-72
	MOVQ   a+16(FP), SI
	MOVQ   lda+24(FP), R15
	SHLQ   $2, R15
	MOVQ   rows+32(FP), AX
	FOLLOW(SI, R8)
	FOLLOW(R8, R9)
	FOLLOW(R9, R10)
	FOLLOW(R10, R11)
	FOLLOW(R11, R12)
	MOVQ   b+40(FP), DI
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	VXORPS Y10, Y10, Y10
	VXORPS Y11, Y11, Y11
	XORQ   BX, BX
	MOVQ   k+56(FP), CX
	TESTQ  CX, CX
	JZ     store

step:
	VMOVUPS (DI), Y12
	VMOVUPS 32(DI), Y13
	ROUNDED((SI)(BX*1), Y0, Y1)
	ROUNDED((R8)(BX*1), Y2, Y3)
	ROUNDED((R9)(BX*1), Y4, Y5)
	ROUNDED((R10)(BX*1), Y6, Y7)
	ROUNDED((R11)(BX*1), Y8, Y9)
	ROUNDED((R12)(BX*1), Y10, Y11)
	ADDQ    $4, BX
	ADDQ    $64, DI
	DECQ    CX
	JNZ     step

store:
	MOVQ         y+0(FP), DX
	MOVQ         bias+48(FP), SI
	VMOVUPS      (SI), Y14
	VMOVUPS      32(SI), Y15
	MOVQ         ldy+8(FP), R15
	SHLQ         $2, R15
	VBROADCASTSS lo+64(FP), Y12
	VBROADCASTSS hi+68(FP), Y13
	LAST(Y0, Y1)
	LAST(Y2, Y3)
	LAST(Y4, Y5)
	LAST(Y6, Y7)
	LAST(Y8, Y9)
	LAST(Y10, Y11)
	VZEROUPPER
	RET

// TERM adds Y14 times 8 values of b to SUM, the product rounded first.
#define TERM(B, T, SUM) \
	VMULPS B, Y14, T \
	VADDPS T, SUM, SUM

// FINISH adds the bias to one panel's sums, which hold what came before if
// this is a later part of a long row, clamps and stores them at DX. A NaN stays.
#define FINISH(BIAS, LO, HI) \
	VADDPS  (BIAS), LO, LO   \
	VADDPS  32(BIAS), HI, HI \
	VMAXPS  LO, Y12, LO      \
	VMAXPS  HI, Y12, HI      \
	VMINPS  LO, Y13, LO      \
	VMINPS  HI, Y13, HI      \
	VMOVUPS LO, (DX)         \
	VMOVUPS HI, 32(DX)       \
	ADDQ    $64, DX

// func gemmF32Roundedx1AVX2(y *[4][16]float32, a *float32, b, init, bias *[4]*float32, k int, lo, hi float32)
//
//	for p := 0; p < 4; p++ {
//		for j := 0; j < 16; j++ {
//			s := init[p][j]
//			for l := 0; l < k; l++ {
//				s += float32(a[l] * b[p][16*l+j])
//			}
//			y[p][j] = clamp(s + bias[p][j], lo, hi)
//		}
//	}
//
// SI a, R8 R9 R10 R11 panels of b, then of bias, BX 64*l, CX steps left.
// Y0..Y7 sums; Y8..Y11 products; Y12 lo, Y13 hi, Y14 a.
TEXT ·gemmF32Roundedx1AVX2(SB), NOSPLIT, $0-56
	MOVQ    a+8(FP), SI
	MOVQ    init+24(FP), DX
	MOVQ    0(DX), AX
	VMOVUPS (AX), Y0
	VMOVUPS 32(AX), Y1
	MOVQ    8(DX), AX
	VMOVUPS (AX), Y2
	VMOVUPS 32(AX), Y3
	MOVQ    16(DX), AX
	VMOVUPS (AX), Y4
	VMOVUPS 32(AX), Y5
	MOVQ    24(DX), AX
	VMOVUPS (AX), Y6
	VMOVUPS 32(AX), Y7
	MOVQ    b+16(FP), DX
	MOVQ    0(DX), R8
	MOVQ    8(DX), R9
	MOVQ    16(DX), R10
	MOVQ    24(DX), R11
	XORQ    BX, BX
	MOVQ    k+40(FP), CX
	TESTQ   CX, CX
	JZ      store

step:
	VBROADCASTSS (SI), Y14
	TERM((R8)(BX*1), Y8, Y0)
	TERM(32(R8)(BX*1), Y9, Y1)
	TERM((R9)(BX*1), Y10, Y2)
	TERM(32(R9)(BX*1), Y11, Y3)
	TERM((R10)(BX*1), Y8, Y4)
	TERM(32(R10)(BX*1), Y9, Y5)
	TERM((R11)(BX*1), Y10, Y6)
	TERM(32(R11)(BX*1), Y11, Y7)
	ADDQ $4, SI
	ADDQ $64, BX
	DECQ CX
	JNZ  step

store:
	MOVQ         bias+32(FP), DX
	MOVQ         0(DX), R8
	MOVQ         8(DX), R9
	MOVQ         16(DX), R10
	MOVQ         24(DX), R11
	MOVQ         y+0(FP), DX
	VBROADCASTSS lo+48(FP), Y12
	VBROADCASTSS hi+52(FP), Y13
	FINISH(R8, Y0, Y1)
	FINISH(R9, Y2, Y3)
	FINISH(R10, Y4, Y5)
	FINISH(R11, Y6, Y7)
	VZEROUPPER
	RET
