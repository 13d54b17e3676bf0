//go:build !purego

#include "textflag.h"
#include "elementary_f32_amd64.h"
#include "elementary_f32_avx512_amd64.h"

// TIMES multiplies the slope in Z0 by the gradient.
#define TIMES \
	VMOVUPS.Z (DX), K1, Z1 \
	VMULPS    Z1, Z0, Z0

// GRADIENTS is the body of a function: it loads sixteen elements of v into Z0,
// where STEPS leave those of dx, and so on. LOAD loads constants. DI dx, SI v, DX
// dy, CX elements left, R8 t; Z16 a, Z17 b, unless LOAD needs them.
#define GRADIENTS(LOAD, STEPS) \
	MOVQ         dx+0(FP), DI \
	MOVQ         v+8(FP), SI  \
	MOVQ         dy+16(FP), DX \
	MOVQ         n+24(FP), CX \
	MOVQ         t+32(FP), R8 \
	VBROADCASTSS a+40(FP), Z16 \
	VBROADCASTSS b+44(FP), Z17 \
	LOAD                      \
next:                             \
	MASK                      \
	VMOVUPS.Z    (SI), K1, Z0 \
	STEPS                     \
	VMOVUPS      Z0, K1, (DI) \
	ADDQ         $64, SI      \
	ADDQ         $64, DX      \
	ADDQ         $64, DI      \
	SUBQ         $16, CX      \
	JG           next         \
	VZEROUPPER                \
	RET

// func sigmoidGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
//
// The slope is y·(1 − y).
#define SIGMOID16GRAD \
	VSUBPS Z0, Z21, Z1 \
	VMULPS Z1, Z0, Z0 \
	TIMES
#define SIGMOID16LOAD \
	VBROADCASTSS ONE, Z21
TEXT ·sigmoidGradF32AVX512(SB), NOSPLIT, $0-48
	GRADIENTS(SIGMOID16LOAD, SIGMOID16GRAD)

// func tanhGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
//
// The slope is 1 − y·y.
#define TANH16GRAD \
	VMULPS Z0, Z0, Z0 \
	VSUBPS Z0, Z21, Z0 \
	TIMES
#define TANH16LOAD \
	VBROADCASTSS ONE, Z21
TEXT ·tanhGradF32AVX512(SB), NOSPLIT, $0-48
	GRADIENTS(TANH16LOAD, TANH16GRAD)

// func eluGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
//
// The slope is b where y > 0, and y + a.
#define ELU16GRAD \
	VADDPS Z16, Z0, Z1 \
	VCMPPS $1, Z0, Z20, K2 \
	VMOVAPS Z17, K2, Z1 \
	VMOVAPS Z1, Z0 \
	TIMES
#define ELU16LOAD \
	VPXORD Z20, Z20, Z20
TEXT ·eluGradF32AVX512(SB), NOSPLIT, $0-48
	GRADIENTS(ELU16LOAD, ELU16GRAD)

// func leakyReluGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
//
// The slope is 1 where x > 0, and a.
#define LEAKYRELU16GRAD \
	VCMPPS $1, Z0, Z20, K2 \
	VMOVAPS Z16, Z0 \
	VMOVAPS Z21, K2, Z0 \
	TIMES
#define LEAKYRELU16LOAD \
	VPXORD Z20, Z20, Z20 \
	VBROADCASTSS ONE, Z21
TEXT ·leakyReluGradF32AVX512(SB), NOSPLIT, $0-48
	GRADIENTS(LEAKYRELU16LOAD, LEAKYRELU16GRAD)

// func clampGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
//
// The slope is b where 0 < y < a, and 0.
#define CLAMP16GRAD \
	VCMPPS $1, Z0, Z20, K2 \
	VCMPPS $1, Z16, Z0, K3 \
	KANDW K2, K3, K2 \
	VMOVAPS Z17, Z0 \
	TIMES \
	VMOVAPS.Z Z0, K2, Z0
#define CLAMP16LOAD \
	VPXORD Z20, Z20, Z20
TEXT ·clampGradF32AVX512(SB), NOSPLIT, $0-48
	GRADIENTS(CLAMP16LOAD, CLAMP16GRAD)

// func absGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
//
// The slope is x's sign.
#define ABS16GRAD \
	VCMPPS $4, Z20, Z0, K2 \
	VANDPS.BCST SIGN, Z0, Z0 \
	VMOVUPS.Z (DX), K1, Z1 \
	VXORPS Z1, Z0, Z0 \
	VMOVAPS.Z Z0, K2, Z0
#define ABS16LOAD \
	VPXORD Z20, Z20, Z20
TEXT ·absGradF32AVX512(SB), NOSPLIT, $0-48
	GRADIENTS(ABS16LOAD, ABS16GRAD)

// func hardSwishGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
//
// The slope is between −3 and 3, ((x + x) + 3)·⅙.
#define HARDSWISH16GRAD \
	VADDPS Z0, Z0, Z1 \
	VADDPS.BCST THREE, Z1, Z1 \
	VMULPS.BCST SIXTH, Z1, Z1 \
	VCMPPS.BCST $13, THREE, Z0, K2 \
	VMOVAPS Z21, K2, Z1 \
	VCMPPS.BCST $2, MINUS_THREE, Z0, K2 \
	VMOVAPS Z20, K2, Z1 \
	VMOVAPS Z1, Z0 \
	TIMES
#define HARDSWISH16LOAD \
	VBROADCASTSS ONE, Z21 \
	VPXORD Z20, Z20, Z20
TEXT ·hardSwishGradF32AVX512(SB), NOSPLIT, $0-48
	GRADIENTS(HARDSWISH16LOAD, HARDSWISH16GRAD)

// func softplusGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
//
// The slope is Sigmoid(x).
#define SOFTPLUS16GRAD \
	SIGMOID16(Z0, Z1, Z2, Z3, Z4) \
	TIMES
TEXT ·softplusGradF32AVX512(SB), NOSPLIT, $0-48
	GRADIENTS(LOADEXP, SOFTPLUS16GRAD)

// func swishGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
//
// The slope is s + (a·x)·(s·(1 − s)).
#define SWISH16GRAD \
	VMULPS Z16, Z0, Z0 \
	VMOVAPS Z0, Z7 \
	SIGMOID16(Z0, Z1, Z2, Z3, Z4) \
	VSUBPS Z0, Z21, Z1 \
	VMULPS Z0, Z1, Z1 \
	VMULPS Z7, Z1, Z1 \
	VADDPS Z1, Z0, Z0 \
	TIMES
TEXT ·swishGradF32AVX512(SB), NOSPLIT, $0-48
	GRADIENTS(LOADEXP, SWISH16GRAD)

// func geluGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
//
// The slope is Φ(x) + (x·e^(x²·−½))/√(2π).
#define GELU16GRAD \
	PHI16(Z0, Z7, Z1, Z2, Z3, Z4) \
	VMULPS Z0, Z0, Z1 \
	VMULPS.BCST MINUS_HALF, Z1, Z1 \
	EXP16(Z1, Z2, Z3, Z4, Z5) \
	VMULPS Z1, Z0, Z0 \
	VMULPS.BCST GELU_DENSITY, Z0, Z0 \
	VADDPS Z0, Z7, Z0 \
	TIMES
TEXT ·geluGradF32AVX512(SB), NOSPLIT, $0-48
	GRADIENTS(LOADPHI, GELU16GRAD)

// func geluTanhGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
//
// The slope is s + (x·(s·(1 − s)))·(root + slope·x²).
#define GELUTANH16GRAD \
	VMOVAPS Z0, Z7 \
	VMULPS.BCST GELU_CUBE, Z0, Z1 \
	VMULPS Z0, Z1, Z1 \
	VMULPS Z0, Z1, Z1 \
	VADDPS Z1, Z0, Z0 \
	VMULPS.BCST GELU_TANH_ROOT, Z0, Z0 \
	SIGMOID16(Z0, Z1, Z2, Z3, Z4) \
	VSUBPS Z0, Z21, Z1 \
	VMULPS Z0, Z1, Z1 \
	VMULPS Z7, Z1, Z1 \
	VMULPS Z7, Z7, Z2 \
	VMULPS.BCST GELU_TANH_SLOPE, Z2, Z2 \
	VADDPS.BCST GELU_TANH_ROOT, Z2, Z2 \
	VMULPS Z2, Z1, Z1 \
	VADDPS Z1, Z0, Z0 \
	TIMES
TEXT ·geluTanhGradF32AVX512(SB), NOSPLIT, $0-48
	GRADIENTS(LOADEXP, GELUTANH16GRAD)
