//go:build !purego

#include "textflag.h"
#include "elementary_f32_amd64.h"

// EXPIN8 makes e^X of X, within the limits of kernels.Exp, as that does, step by
// step. T to W are clobbered, as in the macros below it.
#define EXPIN8(X, T, U, V, W) \
	VMULPS       EXP_LOG2E, X, T \
	VADDPS       MAGIC, T, T     \
	VSUBPS       MAGIC, T, V     \
	VMULPS       EXP_LN2HI, V, U \
	VSUBPS       U, X, X         \
	VMULPS       EXP_LN2LO, V, V \
	VSUBPS       V, X, X         \
	VMULPS       X, X, V         \
	VMULPS       EXP4, V, U      \
	VMULPS       EXP3, X, W      \
	VADDPS       EXP2, W, W      \
	VADDPS       U, W, W         \
	VMULPS       V, W, W         \
	VMULPS       EXP1, X, U      \
	VADDPS       EXP0, U, U      \
	VADDPS       W, U, U         \
	VMULPS       U, V, V         \
	VADDPS       V, X, X         \
	VADDPS       ONE, X, X       \
	VPSUBD       MAGIC, T, T     \
	VPSRAD       $1, T, U        \
	VPSUBD       U, T, T         \
	VPADDD       BIAS, U, U      \
	VPSLLD       $23, U, U       \
	VPADDD       BIAS, T, T      \
	VPSLLD       $23, T, T       \
	VMULPS       U, X, X         \
	VMULPS       T, X, X

// EXP8 makes kernels.Exp(X) of X.
#define EXP8(X, T, U, V, W) \
	VMOVUPS      EXP_LO, T \
	VMAXPS       X, T, X   \
	VMOVUPS      EXP_HI, T \
	VMINPS       X, T, X   \
	EXPIN8(X, T, U, V, W)

// SIGMOID8 makes kernels.Sigmoid(X) of X. S is clobbered.
#define SIGMOID8(X, T, U, V, W, S) \
	VMOVAPS      X, S       \
	VORPS        SIGN, X, X \
	EXP8(X, T, U, V, W)     \
	VMOVUPS      ONE, T     \
	VBLENDVPS    S, X, T, U \
	VADDPS       X, T, T    \
	VDIVPS       T, U, X

// TANH8 makes kernels.Tanh(X) of X: B is its formula for small |X|. S, A and B
// are clobbered.
#define TANH8(X, T, U, V, W, S, A, B) \
	VANDPS       SIGN, X, S           \
	VANDPS       ABS, X, A            \
	VMULPS       A, A, B              \
	VMULPS       B, B, V              \
	VMULPS       TANH4, V, U          \
	VMULPS       TANH3, B, W          \
	VADDPS       TANH2, W, W          \
	VADDPS       U, W, W              \
	VMULPS       V, W, W              \
	VMULPS       TANH1, B, U          \
	VADDPS       TANH0, U, U          \
	VADDPS       W, U, U              \
	VMULPS       A, B, B              \
	VMULPS       U, B, B              \
	VADDPS       B, A, B              \
	VADDPS       A, A, X              \
	EXP8(X, T, U, V, W)               \
	VADDPS       ONE, X, X            \
	VMOVUPS      TWO, T               \
	VDIVPS       X, T, X              \
	VMOVUPS      ONE, T               \
	VSUBPS       X, T, X              \
	VCMPPS       $1, TANH_SMALL, A, T \
	VBLENDVPS    T, B, X, X           \
	VORPS        S, X, X

// ERF8 makes kernels.Erf(X) of X, as TANH8 is made.
#define ERF8(X, T, U, V, W, S, A, B) \
	VANDPS       SIGN, X, S          \
	VANDPS       ABS, X, A           \
	VMOVUPS      ERF_ONE, T          \
	VMINPS       A, T, A             \
	VMULPS       A, A, T             \
	VMULPS       T, T, X             \
	VMULPS       ERF6, X, V          \
	VMULPS       ERF5, T, W          \
	VADDPS       ERF4, W, W          \
	VADDPS       V, W, W             \
	VMULPS       X, X, V             \
	VMULPS       V, W, W             \
	VMULPS       ERF3, T, V          \
	VADDPS       ERF2, V, V          \
	VMULPS       X, V, V             \
	VMULPS       ERF1, T, U          \
	VADDPS       ERF0, U, U          \
	VADDPS       V, U, U             \
	VADDPS       W, U, U             \
	VMULPS       U, A, B             \
	VADDPS       B, A, B             \
	VMULPS       TAIL5, A, U         \
	VADDPS       TAIL4, U, U         \
	VMULPS       T, U, U             \
	VMULPS       TAIL3, A, V         \
	VADDPS       TAIL2, V, V         \
	VADDPS       U, V, V             \
	VMULPS       T, V, V             \
	VMULPS       TAIL1, A, U         \
	VADDPS       TAIL0, U, U         \
	VADDPS       V, U, U             \
	VMULPS       U, A, U             \
	VADDPS       U, A, X             \
	VXORPS       SIGN, X, X          \
	EXPIN8(X, T, U, V, W)            \
	VMOVUPS      ONE, T              \
	VSUBPS       X, T, X             \
	VCMPPS       $1, ERF_SMALL, A, T \
	VBLENDVPS    T, B, X, X          \
	VORPS        S, X, X

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
	VMULPS HALF, Y0, Y8       \
	VMULPS GELU_ROOT, Y0, Y0  \
	ERF8(Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7) \
	VADDPS ONE, Y0, Y0        \
	VMULPS Y8, Y0, Y0
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
