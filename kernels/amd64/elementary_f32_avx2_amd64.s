//go:build !purego

#include "textflag.h"
#include "elementary_f32_amd64.h"
#include "elementary_f32_avx2_amd64.h"

// EIGHTS is the body of a function: it loads eight elements into Y0, whose
// STEPS leave the result there, and so on. DI y, SI x, CX eights left, R8 t.
#define EIGHTS(STEPS) \
	MOVQ    y+0(FP), DI       \
	MOVQ    x+8(FP), SI       \
	MOVQ    eights+16(FP), CX \
	MOVQ    t+24(FP), R8      \
eight:                            \
	VMOVUPS (SI), Y0          \
	STEPS                     \
	VMOVUPS Y0, (DI)          \
	ADDQ    $32, SI           \
	ADDQ    $32, DI           \
	DECQ    CX                \
	JNZ     eight             \
	VZEROUPPER                \
	RET

// func expF32AVX2(y, x *float32, eights int, t *elementaryTable)
//
//	for i := range 8 * eights { y[i] = kernels.Exp(x[i]) }
TEXT ·expF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(EXP8(Y0, Y1, Y2, Y3, Y4))

// func sigmoidF32AVX2(y, x *float32, eights int, t *elementaryTable)
TEXT ·sigmoidF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(SIGMOID8(Y0, Y1, Y2, Y3, Y4, Y5))

// func tanhF32AVX2(y, x *float32, eights int, t *elementaryTable)
TEXT ·tanhF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(TANH8(Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7))

// func erfF32AVX2(y, x *float32, eights int, t *elementaryTable)
TEXT ·erfF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(ERF8(Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7))

// func geluF32AVX2(y, x *float32, eights int, t *elementaryTable)
#define GELU8 \
	PHI8(Y0, Y1, Y2, Y3, Y4, Y5) \
	VMULPS Y1, Y0, Y0
TEXT ·geluF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(GELU8)

// func geluTanhF32AVX2(y, x *float32, eights int, t *elementaryTable)
#define GELUTANH8 \
	VMOVAPS Y0, Y8                \
	VMULPS  GELU_CUBE, Y0, Y1     \
	VMULPS  Y0, Y1, Y1            \
	VMULPS  Y0, Y1, Y1            \
	VADDPS  Y1, Y0, Y0            \
	VMULPS  GELU_TANH_ROOT, Y0, Y0 \
	SIGMOID8(Y0, Y1, Y2, Y3, Y4, Y5)  \
	VMULPS  Y8, Y0, Y0
TEXT ·geluTanhF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(GELUTANH8)

// func swishF32AVX2(y, x *float32, eights int, t *elementaryTable, a float32)
#define SWISH8 \
	VMOVAPS Y0, Y8               \
	VMULPS  Y9, Y0, Y0           \
	SIGMOID8(Y0, Y1, Y2, Y3, Y4, Y5) \
	VMULPS  Y8, Y0, Y0
TEXT ·swishF32AVX2(SB), NOSPLIT, $0-36
	VBROADCASTSS a+32(FP), Y9
	EIGHTS(SWISH8)

// func hardSwishF32AVX2(y, x *float32, eights int, t *elementaryTable)
#define HARDSWISH8 \
	VADDPS  THREE, Y0, Y1 \
	VMOVUPS ZERO, Y2      \
	VMAXPS  Y1, Y2, Y1    \
	VMOVUPS SIX, Y2       \
	VMINPS  Y1, Y2, Y1    \
	VMULPS  Y1, Y0, Y0    \
	VDIVPS  Y2, Y0, Y0
TEXT ·hardSwishF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(HARDSWISH8)

// func eluF32AVX2(y, x *float32, eights int, t *elementaryTable, a float32)
#define ELU8 \
	VMOVAPS   Y0, Y7           \
	VMOVUPS   EXPM1_LO, Y1     \
	VMAXPS    Y0, Y1, Y0       \
	VMINPS    Y0, Y6, Y0       \
	VMULPS    EXP_LOG2E, Y0, Y1 \
	VADDPS    MAGIC, Y1, Y1    \
	VSUBPS    MAGIC, Y1, Y3    \
	VMULPS    EXP_LN2HI, Y3, Y2 \
	VSUBPS    Y2, Y0, Y0       \
	VMULPS    EXP_LN2LO, Y3, Y3 \
	VSUBPS    Y3, Y0, Y0       \
	VMULPS    Y0, Y0, Y3       \
	VMULPS    EXP4, Y3, Y2     \
	VMULPS    EXP3, Y0, Y4     \
	VADDPS    EXP2, Y4, Y4     \
	VADDPS    Y2, Y4, Y4       \
	VMULPS    Y3, Y4, Y4       \
	VMULPS    EXP1, Y0, Y2     \
	VADDPS    EXP0, Y2, Y2     \
	VADDPS    Y4, Y2, Y2       \
	VMULPS    Y2, Y3, Y3       \
	VADDPS    Y3, Y0, Y0       \ // e^r − 1
	VPSUBD    MAGIC, Y1, Y1    \
	VPADDD    BIAS, Y1, Y1     \
	VPSLLD    $23, Y1, Y1      \ // 2^n
	VMULPS    Y1, Y0, Y0       \
	VSUBPS    ONE, Y1, Y1      \
	VADDPS    Y1, Y0, Y0       \
	VMULPS    Y5, Y0, Y0       \
	VCMPPS    $1, Y7, Y6, Y1   \
	VBLENDVPS Y1, Y7, Y0, Y0
TEXT ·eluF32AVX2(SB), NOSPLIT, $0-36
	VBROADCASTSS a+32(FP), Y5
	VXORPS       Y6, Y6, Y6
	EIGHTS(ELU8)

// func leakyReluF32AVX2(y, x *float32, eights int, t *elementaryTable, a float32)
#define LEAKY8 \
	VMULPS    Y5, Y0, Y1     \
	VCMPPS    $1, Y0, Y6, Y2 \
	VBLENDVPS Y2, Y0, Y1, Y0
TEXT ·leakyReluF32AVX2(SB), NOSPLIT, $0-36
	VBROADCASTSS a+32(FP), Y5
	VXORPS       Y6, Y6, Y6
	EIGHTS(LEAKY8)

// func softplusF32AVX2(y, x *float32, eights int, t *elementaryTable)
#define SOFTPLUS8 \
	VMOVAPS Y0, Y7          \
	VORPS   SIGN, Y0, Y0    \
	EXP8(Y0, Y1, Y2, Y3, Y4) \
	VADDPS  TWO, Y0, Y1     \
	VDIVPS  Y1, Y0, Y0      \ // s
	VMULPS  Y0, Y0, Y1      \
	VMULPS  Y1, Y1, Y2      \
	VMULPS  LOG1P4, Y2, Y3  \
	VMULPS  LOG1P3, Y1, Y4  \
	VADDPS  LOG1P2, Y4, Y4  \
	VADDPS  Y3, Y4, Y4      \
	VMULPS  Y2, Y4, Y4      \
	VMULPS  LOG1P1, Y1, Y3  \
	VADDPS  LOG1P0, Y3, Y3  \
	VADDPS  Y4, Y3, Y3      \
	VMULPS  Y1, Y0, Y1      \
	VMULPS  Y3, Y1, Y1      \
	VADDPS  Y1, Y0, Y0      \
	VADDPS  Y0, Y0, Y0      \
	VXORPS  Y6, Y6, Y6      \
	VMAXPS  Y6, Y7, Y7      \
	VADDPS  Y0, Y7, Y0
TEXT ·softplusF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(SOFTPLUS8)

// func expSumF32AVX2(y, x *float32, sixteens int, t *elementaryTable, top, beta float32, sums *[16]float32)
//
//	for i := range 16 * sixteens {
//		y[i] = kernels.Exp((x[i] - top) * beta)
//		sums[i%16] += y[i]
//	}
//
// DI y, SI x, CX sixteens left, R8 t, DX sums; Y10 Y11 sums, Y12 top, Y13 beta.
TEXT ·expSumF32AVX2(SB), NOSPLIT, $0-48
	MOVQ         y+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         sixteens+16(FP), CX
	MOVQ         t+24(FP), R8
	VBROADCASTSS top+32(FP), Y12
	VBROADCASTSS beta+36(FP), Y13
	MOVQ         sums+40(FP), DX
	VMOVUPS      (DX), Y10
	VMOVUPS      32(DX), Y11

sixteen:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y5
	VSUBPS  Y12, Y0, Y0
	VSUBPS  Y12, Y5, Y5
	VMULPS  Y13, Y0, Y0
	VMULPS  Y13, Y5, Y5
	EXP8(Y0, Y1, Y2, Y3, Y4)
	EXP8(Y5, Y6, Y7, Y8, Y9)
	VMOVUPS Y0, (DI)
	VMOVUPS Y5, 32(DI)
	VADDPS  Y0, Y10, Y10
	VADDPS  Y5, Y11, Y11
	ADDQ    $64, SI
	ADDQ    $64, DI
	DECQ    CX
	JNZ     sixteen
	VMOVUPS Y10, (DX)
	VMOVUPS Y11, 32(DX)
	VZEROUPPER
	RET
