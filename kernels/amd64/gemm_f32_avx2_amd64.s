//go:build !purego

#include "textflag.h"

// STEP adds a times 16 columns of b to one row's sums.
#define STEP(A, LO, HI) \
	VBROADCASTSS A, Y14       \
	VFMADD231PS  Y12, Y14, LO \
	VFMADD231PS  Y13, Y14, HI

// STORE clamps one row's sums and stores them at DX, which it moves to the next
// row. A NaN stays: VMAXPS and VMINPS yield Intel's second source, which is Go's
// first, if either is one.
#define STORE(LO, HI) \
	VMAXPS  LO, Y12, LO  \
	VMAXPS  HI, Y12, HI  \
	VMINPS  LO, Y13, LO  \
	VMINPS  HI, Y13, HI  \
	VMOVUPS LO, (DX)     \
	VMOVUPS HI, 32(DX)   \
	ADDQ    R15, DX

// NEXT sets P to the next row after Q, or to the same if there is none.
#define NEXT(Q, P) \
	MOVQ    Q, P        \
	XORQ    CX, CX      \
	DECQ    AX          \
	CMOVQGT R15, CX     \
	ADDQ    CX, P

// func gemmF32x6AVX2(y *float32, ldy int, a *float32, lda, rows int, b, bias *float32, k int, lo, hi float32)
//
//	for i := 0; i < 6; i++ {
//		for j := 0; j < 16; j++ {
//			s := bias[j]
//			for l := 0; l < k; l++ {
//				s = FMA32(a[min(i, rows-1)*lda+l], b[16*l+j], s)
//			}
//			y[i*ldy+j] = clamp(s, lo, hi)
//		}
//	}
//
// If rows is 3 or less, rows 3 to 5 of y get clamped bias instead.
//
// AX rows; SI R8 R9 R10 R11 R12 rows of a, DI b, BX l in bytes, CX steps left;
// DX y, R15 lda, then ldy, in bytes. Y0..Y11 sums of row 0, 0, 1, 1, ...; Y12 Y13
// b, then lo and hi; Y14 a.
TEXT ·gemmF32x6AVX2(SB), NOSPLIT, $0-72
	MOVQ    a+16(FP), SI
	MOVQ    lda+24(FP), R15
	SHLQ    $2, R15
	MOVQ    rows+32(FP), AX
	NEXT(SI, R8)
	NEXT(R8, R9)
	NEXT(R9, R10)
	NEXT(R10, R11)
	NEXT(R11, R12)
	MOVQ    b+40(FP), DI
	MOVQ    bias+48(FP), DX
	VMOVUPS (DX), Y0
	VMOVUPS 32(DX), Y1
	VMOVAPS Y0, Y2
	VMOVAPS Y1, Y3
	VMOVAPS Y0, Y4
	VMOVAPS Y1, Y5
	VMOVAPS Y0, Y6
	VMOVAPS Y1, Y7
	VMOVAPS Y0, Y8
	VMOVAPS Y1, Y9
	VMOVAPS Y0, Y10
	VMOVAPS Y1, Y11
	XORQ    BX, BX
	MOVQ    rows+32(FP), AX
	MOVQ    k+56(FP), CX
	TESTQ   CX, CX
	JZ      store

step:
	VMOVUPS (DI), Y12
	VMOVUPS 32(DI), Y13
	STEP((SI)(BX*1), Y0, Y1)
	STEP((R8)(BX*1), Y2, Y3)
	STEP((R9)(BX*1), Y4, Y5)
	CMPQ    AX, $3
	JLE     next // no row beyond these
	STEP((R10)(BX*1), Y6, Y7)
	STEP((R11)(BX*1), Y8, Y9)
	STEP((R12)(BX*1), Y10, Y11)

next:
	ADDQ    $4, BX
	ADDQ    $64, DI
	DECQ    CX
	JNZ     step

store:
	MOVQ         y+0(FP), DX
	MOVQ         ldy+8(FP), R15
	SHLQ         $2, R15
	VBROADCASTSS lo+64(FP), Y12
	VBROADCASTSS hi+68(FP), Y13
	STORE(Y0, Y1)
	STORE(Y2, Y3)
	STORE(Y4, Y5)
	STORE(Y6, Y7)
	STORE(Y8, Y9)
	STORE(Y10, Y11)
	VZEROUPPER
	RET

// func gemmF32x1AVX2(y *[4][16]float32, a *float32, b, bias *[4]*float32, k int, lo, hi float32)
//
//	for p := 0; p < 4; p++ {
//		for j := 0; j < 16; j++ {
//			s := bias[p][j]
//			for l := 0; l < k; l++ {
//				s = FMA32(a[l], b[p][16*l+j], s)
//			}
//			y[p][j] = clamp(s, lo, hi)
//		}
//	}
//
// Four panels make eight chains, as many as hide a multiply-add's latency.
//
// SI a, R8 R9 R10 R11 panels of b, BX 64*l, CX steps left. Y0..Y7 sums; Y14 a.
TEXT ·gemmF32x1AVX2(SB), NOSPLIT, $0-48
	MOVQ    a+8(FP), SI
	MOVQ    bias+24(FP), DX
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
	MOVQ    k+32(FP), CX
	TESTQ   CX, CX
	JZ      store

step:
	VBROADCASTSS (SI), Y14
	VFMADD231PS  (R8)(BX*1), Y14, Y0
	VFMADD231PS  32(R8)(BX*1), Y14, Y1
	VFMADD231PS  (R9)(BX*1), Y14, Y2
	VFMADD231PS  32(R9)(BX*1), Y14, Y3
	VFMADD231PS  (R10)(BX*1), Y14, Y4
	VFMADD231PS  32(R10)(BX*1), Y14, Y5
	VFMADD231PS  (R11)(BX*1), Y14, Y6
	VFMADD231PS  32(R11)(BX*1), Y14, Y7
	ADDQ         $4, SI
	ADDQ         $64, BX
	DECQ         CX
	JNZ          step

store:
	MOVQ         y+0(FP), DX
	MOVQ         $64, R15
	VBROADCASTSS lo+40(FP), Y12
	VBROADCASTSS hi+44(FP), Y13
	STORE(Y0, Y1)
	STORE(Y2, Y3)
	STORE(Y4, Y5)
	STORE(Y6, Y7)
	VZEROUPPER
	RET
