//go:build !purego

#include "textflag.h"
#include "elementary_f32_amd64.h"
#include "elementary_f32_avx512_amd64.h"

#define C_GATES 0
#define C_R 8
#define C_DGATES 16
#define C_STEP 24
#define C_H 32
#define C_C 40
#define C_WAS 48
#define C_DH 56
#define C_DC 64
#define C_COUNT 72
#define C_TABLE 80

// CELL loads SI gates, R10 and R11 one and three gates' bytes, R12 c, R13 was, CX
// elements left, and R8 t. AX is clobbered later: it comes last.
#define CELL \
	MOVQ p+0(FP), AX        \
	MOVQ C_GATES(AX), SI    \
	MOVQ C_STEP(AX), R10    \
	LEAQ (R10)(R10*2), R11  \
	MOVQ C_C(AX), R12       \
	MOVQ C_WAS(AX), R13     \
	MOVQ C_COUNT(AX), CX    \
	MOVQ C_TABLE(AX), R8    \
	LOADEXP

// func lstmF32AVX512(p *cellF32)
//
// Z10 to Z13 are the gates i, f, g and o; DI r, BX h.
TEXT ·lstmF32AVX512(SB), NOSPLIT, $0-8
	CELL
	MOVQ C_R(AX), DI
	MOVQ C_H(AX), BX
next:
	MASK
	VMOVUPS.Z (SI), K1, Z0
	VMOVUPS.Z (DI), K1, Z1
	VADDPS    Z1, Z0, Z0
	SIGMOID16(Z0, Z1, Z2, Z3, Z4)
	VMOVAPS   Z0, Z10
	VMOVUPS   Z0, K1, (SI)
	VMOVUPS.Z (SI)(R10*1), K1, Z0
	VMOVUPS.Z (DI)(R10*1), K1, Z1
	VADDPS    Z1, Z0, Z0
	SIGMOID16(Z0, Z1, Z2, Z3, Z4)
	VMOVAPS   Z0, Z11
	VMOVUPS   Z0, K1, (SI)(R10*1)
	VMOVUPS.Z (SI)(R10*2), K1, Z0
	VMOVUPS.Z (DI)(R10*2), K1, Z1
	VADDPS    Z1, Z0, Z0
	TANH16(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	VMOVAPS   Z0, Z12
	VMOVUPS   Z0, K1, (SI)(R10*2)
	VMOVUPS.Z (SI)(R11*1), K1, Z0
	VMOVUPS.Z (DI)(R11*1), K1, Z1
	VADDPS    Z1, Z0, Z0
	SIGMOID16(Z0, Z1, Z2, Z3, Z4)
	VMOVAPS   Z0, Z13
	VMOVUPS   Z0, K1, (SI)(R11*1)
	VMOVUPS.Z (R13), K1, Z1
	VMULPS    Z1, Z11, Z1
	VMULPS    Z12, Z10, Z2
	VADDPS    Z2, Z1, Z0
	VMOVUPS   Z0, K1, (R12)
	TANH16(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	VMULPS    Z0, Z13, Z0
	VMOVUPS   Z0, K1, (BX)
	ADDQ      $64, SI
	ADDQ      $64, DI
	ADDQ      $64, BX
	ADDQ      $64, R12
	ADDQ      $64, R13
	SUBQ      $16, CX
	JG        next
	VZEROUPPER
	RET

// SLOPE makes Y = (1 − X)·X.
#define SLOPE(X, Y) \
	VSUBPS X, Z21, Y \
	VMULPS X, Y, Y

// BEND makes Y = 1 − X·X.
#define BEND(X, Y) \
	VMULPS X, X, Y   \
	VSUBPS Y, Z21, Y

// func lstmGradF32AVX512(p *cellF32)
//
// Z0 is tanh c, Z8 dh, Z9 dc, Z10 to Z13 the gates; DI dgates, BX dh, DX dc.
TEXT ·lstmGradF32AVX512(SB), NOSPLIT, $0-8
	CELL
	MOVQ C_DGATES(AX), DI
	MOVQ C_DH(AX), BX
	MOVQ C_DC(AX), DX
next:
	MASK
	VMOVUPS.Z (R12), K1, Z0
	TANH16(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	VMOVUPS.Z (BX), K1, Z8
	VMOVUPS.Z (DX), K1, Z9
	VMOVUPS.Z (SI), K1, Z10
	VMOVUPS.Z (SI)(R10*1), K1, Z11
	VMOVUPS.Z (SI)(R10*2), K1, Z12
	VMOVUPS.Z (SI)(R11*1), K1, Z13
	VMOVUPS.Z (R13), K1, Z14
	BEND(Z0, Z1)
	VMULPS    Z13, Z1, Z1
	VMULPS    Z8, Z1, Z1
	VADDPS    Z1, Z9, Z9
	SLOPE(Z13, Z2)
	VMULPS    Z0, Z2, Z2
	VMULPS    Z8, Z2, Z2
	VMOVUPS   Z2, K1, (DI)(R11*1)
	SLOPE(Z10, Z3)
	VMULPS    Z12, Z3, Z3
	VMULPS    Z9, Z3, Z3
	VMOVUPS   Z3, K1, (DI)
	SLOPE(Z11, Z4)
	VMULPS    Z14, Z4, Z4
	VMULPS    Z9, Z4, Z4
	VMOVUPS   Z4, K1, (DI)(R10*1)
	BEND(Z12, Z5)
	VMULPS    Z10, Z5, Z5
	VMULPS    Z9, Z5, Z5
	VMOVUPS   Z5, K1, (DI)(R10*2)
	VMULPS    Z11, Z9, Z9
	VMOVUPS   Z9, K1, (DX)
	ADDQ      $64, SI
	ADDQ      $64, DI
	ADDQ      $64, BX
	ADDQ      $64, DX
	ADDQ      $64, R12
	ADDQ      $64, R13
	SUBQ      $16, CX
	JG        next
	VZEROUPPER
	RET
