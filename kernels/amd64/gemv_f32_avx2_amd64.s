//go:build !purego

#include "textflag.h"

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

// func gemvF32AVX2(y *[4][16]float32, a *float32, b, init, bias *[4]*float32, k int, lo, hi float32)
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
TEXT ·gemvF32AVX2(SB), NOSPLIT, $0-56
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
