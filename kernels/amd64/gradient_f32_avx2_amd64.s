//go:build !purego

#include "textflag.h"
#include "elementary_f32_amd64.h"
#include "elementary_f32_avx2_amd64.h"

// TIMES multiplies the slope in Y0 by the gradient.
#define TIMES \
	VMULPS (DX), Y0, Y0

// GRADIENTS is the body of a function: it loads eight elements of v into Y0,
// where STEPS leave those of dx, and so on. DI dx, SI v, DX dy, CX eights left, R8
// t; Y13 0, Y14 a, Y15 b.
#define GRADIENTS(STEPS) \
	MOVQ         dx+0(FP), DI      \
	MOVQ         v+8(FP), SI       \
	MOVQ         dy+16(FP), DX     \
	MOVQ         eights+24(FP), CX \
	MOVQ         t+32(FP), R8      \
	VBROADCASTSS a+40(FP), Y14     \
	VBROADCASTSS b+44(FP), Y15     \
	VXORPS       Y13, Y13, Y13     \
next:                                  \
	VMOVUPS      (SI), Y0          \
	STEPS                          \
	VMOVUPS      Y0, (DI)          \
	ADDQ         $32, SI           \
	ADDQ         $32, DX           \
	ADDQ         $32, DI           \
	DECQ         CX                \
	JNZ          next              \
	VZEROUPPER                     \
	RET

// func sigmoidGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
//
// The slope is y·(1 − y).
#define SIGMOID8GRAD \
	VMOVUPS ONE, Y1 \
	VSUBPS Y0, Y1, Y1 \
	VMULPS Y1, Y0, Y0 \
	TIMES
TEXT ·sigmoidGradF32AVX2(SB), NOSPLIT, $0-48
	GRADIENTS(SIGMOID8GRAD)

// func tanhGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
//
// The slope is 1 − y·y.
#define TANH8GRAD \
	VMULPS Y0, Y0, Y0 \
	VMOVUPS ONE, Y1 \
	VSUBPS Y0, Y1, Y0 \
	TIMES
TEXT ·tanhGradF32AVX2(SB), NOSPLIT, $0-48
	GRADIENTS(TANH8GRAD)

// func eluGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
//
// The slope is b where y > 0, and y + a.
#define ELU8GRAD \
	VADDPS Y14, Y0, Y1 \
	VCMPPS $1, Y0, Y13, Y2 \
	VBLENDVPS Y2, Y15, Y1, Y0 \
	TIMES
TEXT ·eluGradF32AVX2(SB), NOSPLIT, $0-48
	GRADIENTS(ELU8GRAD)

// func leakyReluGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
//
// The slope is 1 where x > 0, and a.
#define LEAKYRELU8GRAD \
	VCMPPS $1, Y0, Y13, Y2 \
	VBLENDVPS Y2, ONE, Y14, Y0 \
	TIMES
TEXT ·leakyReluGradF32AVX2(SB), NOSPLIT, $0-48
	GRADIENTS(LEAKYRELU8GRAD)

// func clampGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
//
// The slope is b where 0 < y < a, and 0.
#define CLAMP8GRAD \
	VCMPPS $1, Y0, Y13, Y2 \
	VCMPPS $1, Y14, Y0, Y3 \
	VANDPS Y2, Y3, Y2 \
	VMOVAPS Y15, Y0 \
	TIMES \
	VANDPS Y2, Y0, Y0
TEXT ·clampGradF32AVX2(SB), NOSPLIT, $0-48
	GRADIENTS(CLAMP8GRAD)

// func absGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
//
// The slope is x's sign.
#define ABS8GRAD \
	VCMPPS $4, Y13, Y0, Y2 \
	VANDPS SIGN, Y0, Y0 \
	VXORPS (DX), Y0, Y0 \
	VANDPS Y2, Y0, Y0
TEXT ·absGradF32AVX2(SB), NOSPLIT, $0-48
	GRADIENTS(ABS8GRAD)

// func hardSwishGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
//
// The slope is between −3 and 3, ((x + x) + 3)·⅙.
#define HARDSWISH8GRAD \
	VADDPS Y0, Y0, Y1 \
	VADDPS THREE, Y1, Y1 \
	VMULPS SIXTH, Y1, Y1 \
	VCMPPS $13, THREE, Y0, Y2 \
	VBLENDVPS Y2, ONE, Y1, Y1 \
	VCMPPS $2, MINUS_THREE, Y0, Y2 \
	VBLENDVPS Y2, Y13, Y1, Y0 \
	TIMES
TEXT ·hardSwishGradF32AVX2(SB), NOSPLIT, $0-48
	GRADIENTS(HARDSWISH8GRAD)

// func softplusGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
//
// The slope is Sigmoid(x).
#define SOFTPLUS8GRAD \
	SIGMOID8(Y0, Y1, Y2, Y3, Y4, Y5) \
	TIMES
TEXT ·softplusGradF32AVX2(SB), NOSPLIT, $0-48
	GRADIENTS(SOFTPLUS8GRAD)

// func swishGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
//
// The slope is s + (a·x)·(s·(1 − s)).
#define SWISH8GRAD \
	VMULPS Y14, Y0, Y0 \
	VMOVAPS Y0, Y7 \
	SIGMOID8(Y0, Y1, Y2, Y3, Y4, Y5) \
	VMOVUPS ONE, Y1 \
	VSUBPS Y0, Y1, Y1 \
	VMULPS Y0, Y1, Y1 \
	VMULPS Y7, Y1, Y1 \
	VADDPS Y1, Y0, Y0 \
	TIMES
TEXT ·swishGradF32AVX2(SB), NOSPLIT, $0-48
	GRADIENTS(SWISH8GRAD)

// func geluGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
//
// The slope is Φ(x) + (x·e^(x²·−½))/√(2π).
#define GELU8GRAD \
	PHI8(Y0, Y7, Y1, Y2, Y3, Y4) \
	VMULPS Y0, Y0, Y1 \
	VMULPS MINUS_HALF, Y1, Y1 \
	EXP8(Y1, Y2, Y3, Y4, Y5) \
	VMULPS Y1, Y0, Y0 \
	VMULPS GELU_DENSITY, Y0, Y0 \
	VADDPS Y0, Y7, Y0 \
	TIMES
TEXT ·geluGradF32AVX2(SB), NOSPLIT, $0-48
	GRADIENTS(GELU8GRAD)

// func geluTanhGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
//
// The slope is s + (x·(s·(1 − s)))·(root + slope·x²).
#define GELUTANH8GRAD \
	VMOVAPS Y0, Y8 \
	VMULPS GELU_CUBE, Y0, Y1 \
	VMULPS Y0, Y1, Y1 \
	VMULPS Y0, Y1, Y1 \
	VADDPS Y1, Y0, Y0 \
	VMULPS GELU_TANH_ROOT, Y0, Y0 \
	SIGMOID8(Y0, Y1, Y2, Y3, Y4, Y5) \
	VMOVUPS ONE, Y1 \
	VSUBPS Y0, Y1, Y1 \
	VMULPS Y0, Y1, Y1 \
	VMULPS Y8, Y1, Y1 \
	VMULPS Y8, Y8, Y2 \
	VMULPS GELU_TANH_SLOPE, Y2, Y2 \
	VADDPS GELU_TANH_ROOT, Y2, Y2 \
	VMULPS Y2, Y1, Y1 \
	VADDPS Y1, Y0, Y0 \
	TIMES
TEXT ·geluTanhGradF32AVX2(SB), NOSPLIT, $0-48
	GRADIENTS(GELUTANH8GRAD)
