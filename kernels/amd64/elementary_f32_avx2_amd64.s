//go:build !purego

#include "textflag.h"

// The constants: R8 points at an elementaryTable.
#define EXP_LO 0(R8)
#define EXP_HI 32(R8)
#define EXP_LOG2E 64(R8)
#define MAGIC 96(R8)
#define EXP_LN2HI 128(R8)
#define EXP_LN2LO 160(R8)
#define ONE 192(R8)
#define BIAS 224(R8)
#define EXP4 256(R8)
#define EXP3 288(R8)
#define EXP2 320(R8)
#define EXP1 352(R8)
#define EXP0 384(R8)
#define SIGN 416(R8)
#define ABS 448(R8)
#define TANH_SMALL 480(R8)
#define TANH4 512(R8)
#define TANH3 544(R8)
#define TANH2 576(R8)
#define TANH1 608(R8)
#define TANH0 640(R8)
#define ERF_SMALL 672(R8)
#define ERF_ONE 704(R8)
#define ERF6 736(R8)
#define ERF5 768(R8)
#define ERF4 800(R8)
#define ERF3 832(R8)
#define ERF2 864(R8)
#define ERF1 896(R8)
#define ERF0 928(R8)
#define TAIL5 960(R8)
#define TAIL4 992(R8)
#define TAIL3 1024(R8)
#define TAIL2 1056(R8)
#define TAIL1 1088(R8)
#define TAIL0 1120(R8)
#define TWO 1152(R8)
#define HALF 1184(R8)
#define GELU_ROOT 1216(R8)
#define GELU_CUBE 1248(R8)
#define GELU_TANH_ROOT 1280(R8)
#define THREE 1312(R8)
#define SIX 1344(R8)
#define ZERO 1376(R8)

// EXP8 makes e^X of X, as kernels.Exp does, step by step. T, U and V are
// clobbered, as in the macros below it.
#define EXP8(X, T, U, V) \
	VMOVUPS   EXP_LO, T       \
	VMAXPS    X, T, X         \
	VMOVUPS   EXP_HI, T       \
	VMINPS    X, T, X         \
	VMULPS    EXP_LOG2E, X, T \
	VADDPS    MAGIC, T, T     \
	VSUBPS    MAGIC, T, V     \
	VMULPS    EXP_LN2HI, V, U \
	VSUBPS    U, X, X         \
	VMULPS    EXP_LN2LO, V, V \
	VSUBPS    V, X, X         \
	VMULPS    X, X, V         \
	VMULPS    EXP4, X, U      \
	VADDPS    EXP3, U, U      \
	VMULPS    X, U, U         \
	VADDPS    EXP2, U, U      \
	VMULPS    X, U, U         \
	VADDPS    EXP1, U, U      \
	VMULPS    X, U, U         \
	VADDPS    EXP0, U, U      \
	VMULPS    U, V, V         \
	VADDPS    V, X, X         \
	VADDPS    ONE, X, X       \
	VPSUBD    MAGIC, T, T     \
	VPSRAD    $1, T, U        \
	VPSUBD    U, T, T         \
	VPADDD    BIAS, U, U      \
	VPSLLD    $23, U, U       \
	VPADDD    BIAS, T, T      \
	VPSLLD    $23, T, T       \
	VMULPS    U, X, X         \
	VMULPS    T, X, X

// SIGMOID8 makes kernels.Sigmoid(X) of X. S is clobbered.
#define SIGMOID8(X, T, U, V, S) \
	VMOVAPS   X, S       \
	VORPS     SIGN, X, X \
	EXP8(X, T, U, V)     \
	VMOVUPS   ONE, T     \
	VBLENDVPS S, X, T, U \
	VADDPS    X, T, T    \
	VDIVPS    T, U, X

// TANH8 makes kernels.Tanh(X) of X: B is its formula for small |X|. S, A and B
// are clobbered.
#define TANH8(X, T, U, V, S, A, B) \
	VANDPS    SIGN, X, S           \
	VANDPS    ABS, X, A            \
	VMULPS    A, A, B              \
	VMULPS    TANH4, B, U          \
	VADDPS    TANH3, U, U          \
	VMULPS    B, U, U              \
	VADDPS    TANH2, U, U          \
	VMULPS    B, U, U              \
	VADDPS    TANH1, U, U          \
	VMULPS    B, U, U              \
	VADDPS    TANH0, U, U          \
	VMULPS    A, B, B              \
	VMULPS    U, B, B              \
	VADDPS    B, A, B              \
	VADDPS    A, A, X              \
	EXP8(X, T, U, V)               \
	VADDPS    ONE, X, X            \
	VMOVUPS   TWO, T               \
	VDIVPS    X, T, X              \
	VMOVUPS   ONE, T               \
	VSUBPS    X, T, X              \
	VCMPPS    $1, TANH_SMALL, A, T \
	VBLENDVPS T, B, X, X           \
	VORPS     S, X, X

// ERF8 makes kernels.Erf(X) of X, as TANH8 is made.
#define ERF8(X, T, U, V, S, A, B) \
	VANDPS    SIGN, X, S          \
	VANDPS    ABS, X, A           \
	VMOVUPS   ERF_ONE, T          \
	VMINPS    A, T, A             \
	VMULPS    A, A, T             \
	VMULPS    ERF6, T, U          \
	VADDPS    ERF5, U, U          \
	VMULPS    T, U, U             \
	VADDPS    ERF4, U, U          \
	VMULPS    T, U, U             \
	VADDPS    ERF3, U, U          \
	VMULPS    T, U, U             \
	VADDPS    ERF2, U, U          \
	VMULPS    T, U, U             \
	VADDPS    ERF1, U, U          \
	VMULPS    T, U, U             \
	VADDPS    ERF0, U, U          \
	VMULPS    U, A, B             \
	VADDPS    B, A, B             \
	VMULPS    TAIL5, A, U         \
	VADDPS    TAIL4, U, U         \
	VMULPS    A, U, U             \
	VADDPS    TAIL3, U, U         \
	VMULPS    A, U, U             \
	VADDPS    TAIL2, U, U         \
	VMULPS    A, U, U             \
	VADDPS    TAIL1, U, U         \
	VMULPS    A, U, U             \
	VADDPS    TAIL0, U, U         \
	VMULPS    U, A, U             \
	VADDPS    U, A, X             \
	VXORPS    SIGN, X, X          \
	EXP8(X, T, U, V)              \
	VMOVUPS   ONE, T              \
	VSUBPS    X, T, X             \
	VCMPPS    $1, ERF_SMALL, A, T \
	VBLENDVPS T, B, X, X          \
	VORPS     S, X, X

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
	EIGHTS(EXP8(Y0, Y1, Y2, Y3))

// func sigmoidF32AVX2(y, x *float32, eights int, t *elementaryTable)
TEXT ·sigmoidF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(SIGMOID8(Y0, Y1, Y2, Y3, Y4))

// func tanhF32AVX2(y, x *float32, eights int, t *elementaryTable)
TEXT ·tanhF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(TANH8(Y0, Y1, Y2, Y3, Y4, Y5, Y6))

// func erfF32AVX2(y, x *float32, eights int, t *elementaryTable)
TEXT ·erfF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(ERF8(Y0, Y1, Y2, Y3, Y4, Y5, Y6))

// func geluF32AVX2(y, x *float32, eights int, t *elementaryTable)
#define GELU8 \
	VMULPS HALF, Y0, Y7       \
	VMULPS GELU_ROOT, Y0, Y0  \
	ERF8(Y0, Y1, Y2, Y3, Y4, Y5, Y6) \
	VADDPS ONE, Y0, Y0        \
	VMULPS Y7, Y0, Y0
TEXT ·geluF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(GELU8)

// func geluTanhF32AVX2(y, x *float32, eights int, t *elementaryTable)
#define GELUTANH8 \
	VMOVAPS Y0, Y7                \
	VMULPS  GELU_CUBE, Y0, Y1     \
	VMULPS  Y0, Y1, Y1            \
	VMULPS  Y0, Y1, Y1            \
	VADDPS  Y1, Y0, Y0            \
	VMULPS  GELU_TANH_ROOT, Y0, Y0 \
	SIGMOID8(Y0, Y1, Y2, Y3, Y4)  \
	VMULPS  Y7, Y0, Y0
TEXT ·geluTanhF32AVX2(SB), NOSPLIT, $0-32
	EIGHTS(GELUTANH8)

// func swishF32AVX2(y, x *float32, eights int, t *elementaryTable, a float32)
#define SWISH8 \
	VMOVAPS Y0, Y7               \
	VMULPS  Y8, Y0, Y0           \
	SIGMOID8(Y0, Y1, Y2, Y3, Y4) \
	VMULPS  Y7, Y0, Y0
TEXT ·swishF32AVX2(SB), NOSPLIT, $0-36
	VBROADCASTSS a+32(FP), Y8
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
// DI y, SI x, CX sixteens left, R8 t, DX sums; Y8 Y9 sums, Y10 top, Y11 beta.
TEXT ·expSumF32AVX2(SB), NOSPLIT, $0-48
	MOVQ         y+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         sixteens+16(FP), CX
	MOVQ         t+24(FP), R8
	VBROADCASTSS top+32(FP), Y10
	VBROADCASTSS beta+36(FP), Y11
	MOVQ         sums+40(FP), DX
	VMOVUPS      (DX), Y8
	VMOVUPS      32(DX), Y9

sixteen:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y4
	VSUBPS  Y10, Y0, Y0
	VSUBPS  Y10, Y4, Y4
	VMULPS  Y11, Y0, Y0
	VMULPS  Y11, Y4, Y4
	EXP8(Y0, Y1, Y2, Y3)
	EXP8(Y4, Y5, Y6, Y7)
	VMOVUPS Y0, (DI)
	VMOVUPS Y4, 32(DI)
	VADDPS  Y0, Y8, Y8
	VADDPS  Y4, Y9, Y9
	ADDQ    $64, SI
	ADDQ    $64, DI
	DECQ    CX
	JNZ     sixteen
	VMOVUPS Y8, (DX)
	VMOVUPS Y9, 32(DX)
	VZEROUPPER
	RET
