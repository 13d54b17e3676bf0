//go:build !purego

#include "textflag.h"
#include "elementary_f32_amd64.h"

// The macros are those of AVX2, twice as wide, with the same roundings:
// VSCALEFPS rounds y·2^n once, as do two powers of which the first is exact.
// What EXP16 needs is kept in Z21 to Z31.
#define LOADEXP \
	VBROADCASTSS EXP_LO, Z31    \
	VBROADCASTSS EXP_HI, Z30    \
	VBROADCASTSS EXP_LOG2E, Z29 \
	VBROADCASTSS EXP_LN2HI, Z28 \
	VBROADCASTSS EXP_LN2LO, Z27 \
	VBROADCASTSS EXP4, Z26      \
	VBROADCASTSS EXP3, Z25      \
	VBROADCASTSS EXP2, Z24      \
	VBROADCASTSS EXP1, Z23      \
	VBROADCASTSS EXP0, Z22      \
	VBROADCASTSS ONE, Z21

// EXPIN16 makes e^X of X, within the limits of kernels.Exp. T to W are clobbered.
#define EXPIN16(X, T, U, V, W) \
	VMULPS       Z29, X, T \
	VRNDSCALEPS  $0, T, T  \
	VMULPS       Z28, T, U \
	VSUBPS       U, X, X   \
	VMULPS       Z27, T, U \
	VSUBPS       U, X, X   \
	VMULPS       X, X, V   \
	VMULPS       Z26, V, U \
	VMULPS       Z25, X, W \
	VADDPS       Z24, W, W \
	VADDPS       U, W, W   \
	VMULPS       V, W, W   \
	VMULPS       Z23, X, U \
	VADDPS       Z22, U, U \
	VADDPS       W, U, U   \
	VMULPS       U, V, V   \
	VADDPS       V, X, X   \
	VADDPS       Z21, X, X \
	VSCALEFPS    T, X, X

// EXP16 makes kernels.Exp(X) of X.
#define EXP16(X, T, U, V, W) \
	VMAXPS       X, Z31, X \
	VMINPS       X, Z30, X \
	EXPIN16(X, T, U, V, W)

// SIGMOID16 makes kernels.Sigmoid(X) of X.
#define SIGMOID16(X, T, U, V, W) \
	VPMOVD2M     X, K2      \
	VORPS.BCST   SIGN, X, X \
	EXP16(X, T, U, V, W)    \
	VADDPS       Z21, X, T  \
	VMOVAPS      Z21, U     \
	VMOVAPS      X, K2, U   \
	VDIVPS       T, U, X

// TANH16 makes kernels.Tanh(X) of X: B is its formula for small |X|.
#define TANH16(X, T, U, V, W, S, A, B) \
	VANDPS.BCST  SIGN, X, S            \
	VANDPS.BCST  ABS, X, A             \
	VMULPS       A, A, B               \
	VMULPS       B, B, V               \
	VMULPS.BCST  TANH4, V, U           \
	VMULPS.BCST  TANH3, B, W           \
	VADDPS.BCST  TANH2, W, W           \
	VADDPS       U, W, W               \
	VMULPS       V, W, W               \
	VMULPS.BCST  TANH1, B, U           \
	VADDPS.BCST  TANH0, U, U           \
	VADDPS       W, U, U               \
	VMULPS       A, B, B               \
	VMULPS       U, B, B               \
	VADDPS       B, A, B               \
	VADDPS       A, A, X               \
	EXP16(X, T, U, V, W)               \
	VADDPS       Z21, X, X             \
	VBROADCASTSS TWO, T                \
	VDIVPS       X, T, X               \
	VSUBPS       X, Z21, X             \
	VCMPPS.BCST  $1, TANH_SMALL, A, K2 \
	VMOVAPS      B, K2, X              \
	VORPS        S, X, X

// LOADERF keeps the polynomials of ERF16 in Z8 to Z20, beside what it needs of
// EXPIN16.
#define LOADERF \
	LOADEXP                 \
	VBROADCASTSS ERF6, Z8   \
	VBROADCASTSS ERF5, Z9   \
	VBROADCASTSS ERF4, Z10  \
	VBROADCASTSS ERF3, Z11  \
	VBROADCASTSS ERF2, Z12  \
	VBROADCASTSS ERF1, Z13  \
	VBROADCASTSS ERF0, Z14  \
	VBROADCASTSS TAIL5, Z15 \
	VBROADCASTSS TAIL4, Z16 \
	VBROADCASTSS TAIL3, Z17 \
	VBROADCASTSS TAIL2, Z18 \
	VBROADCASTSS TAIL1, Z19 \
	VBROADCASTSS TAIL0, Z20

// ERF16 makes kernels.Erf(X) of X, as TANH16 is made.
#define ERF16(X, T, U, V, W, S, A, B) \
	VANDPS.BCST  SIGN, X, S           \
	VANDPS.BCST  ABS, X, A            \
	VBROADCASTSS ERF_ONE, T           \
	VMINPS       A, T, A              \
	VMULPS       A, A, T              \
	VMULPS       T, T, X              \
	VMULPS       Z8, X, V             \
	VMULPS       Z9, T, W             \
	VADDPS       Z10, W, W            \
	VADDPS       V, W, W              \
	VMULPS       X, X, V              \
	VMULPS       V, W, W              \
	VMULPS       Z11, T, V            \
	VADDPS       Z12, V, V            \
	VMULPS       X, V, V              \
	VMULPS       Z13, T, U            \
	VADDPS       Z14, U, U            \
	VADDPS       V, U, U              \
	VADDPS       W, U, U              \
	VMULPS       U, A, B              \
	VADDPS       B, A, B              \
	VMULPS       Z15, A, U            \
	VADDPS       Z16, U, U            \
	VMULPS       T, U, U              \
	VMULPS       Z17, A, V            \
	VADDPS       Z18, V, V            \
	VADDPS       U, V, V              \
	VMULPS       T, V, V              \
	VMULPS       Z19, A, U            \
	VADDPS       Z20, U, U            \
	VADDPS       V, U, U              \
	VMULPS       U, A, U              \
	VADDPS       U, A, X              \
	VXORPS.BCST  SIGN, X, X           \
	EXPIN16(X, T, U, V, W)            \
	VSUBPS       X, Z21, X            \
	VCMPPS.BCST  $1, ERF_SMALL, A, K2 \
	VMOVAPS      B, K2, X             \
	VORPS        S, X, X

// MASK makes K1 the elements of the next sixteen that there are, of CX left.
// AX is clobbered.
#define MASK \
	MOVQ    $-1, AX   \
	CMPQ    CX, $16   \
	JGE     whole     \
	MOVQ    $1, AX    \
	SHLQ    CX, AX    \
	DECQ    AX        \
whole:                    \
	KMOVW   AX, K1

// SIXTEENS is the body of a function: it loads sixteen elements into Z0, whose
// STEPS leave the result there, and so on. LOAD loads constants. DI y, SI x, CX
// elements left, R8 t.
#define SIXTEENS(LOAD, STEPS) \
	MOVQ      y+0(FP), DI  \
	MOVQ      x+8(FP), SI  \
	MOVQ      n+16(FP), CX \
	MOVQ      t+24(FP), R8 \
	LOAD                   \
sixteen:                       \
	MASK                   \
	VMOVUPS.Z (SI), K1, Z0 \
	STEPS                  \
	VMOVUPS   Z0, K1, (DI) \
	ADDQ      $64, SI      \
	ADDQ      $64, DI      \
	SUBQ      $16, CX      \
	JG        sixteen      \
	VZEROUPPER             \
	RET

// func expF32AVX512(y, x *float32, n int, t *elementaryTable)
//
//	for i := range n { y[i] = kernels.Exp(x[i]) } // n > 0
TEXT ·expF32AVX512(SB), NOSPLIT, $0-32
	SIXTEENS(LOADEXP, EXP16(Z0, Z1, Z2, Z3, Z4))

// func sigmoidF32AVX512(y, x *float32, n int, t *elementaryTable)
TEXT ·sigmoidF32AVX512(SB), NOSPLIT, $0-32
	SIXTEENS(LOADEXP, SIGMOID16(Z0, Z1, Z2, Z3, Z4))

// func tanhF32AVX512(y, x *float32, n int, t *elementaryTable)
TEXT ·tanhF32AVX512(SB), NOSPLIT, $0-32
	SIXTEENS(LOADEXP, TANH16(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7))

// func erfF32AVX512(y, x *float32, n int, t *elementaryTable)
TEXT ·erfF32AVX512(SB), NOSPLIT, $0-32
	SIXTEENS(LOADERF, ERF16(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7))

// func geluF32AVX512(y, x *float32, n int, t *elementaryTable)
#define GELU16 \
	VMULPS.BCST GELU_ROOT, Z0, Z0            \
	ERF16(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)    \
	VADDPS      Z21, Z0, Z0                  \
	VMOVUPS.Z   (SI), K1, Z1                 \ // x again
	VMULPS.BCST HALF, Z1, Z1                 \
	VMULPS      Z1, Z0, Z0
TEXT ·geluF32AVX512(SB), NOSPLIT, $0-32
	SIXTEENS(LOADERF, GELU16)

// func geluTanhF32AVX512(y, x *float32, n int, t *elementaryTable)
#define GELUTANH16 \
	VMOVAPS     Z0, Z7                       \
	VMULPS.BCST GELU_CUBE, Z0, Z1            \
	VMULPS      Z0, Z1, Z1                   \
	VMULPS      Z0, Z1, Z1                   \
	VADDPS      Z1, Z0, Z0                   \
	VMULPS.BCST GELU_TANH_ROOT, Z0, Z0       \
	SIGMOID16(Z0, Z1, Z2, Z3, Z4)                \
	VMULPS      Z7, Z0, Z0
TEXT ·geluTanhF32AVX512(SB), NOSPLIT, $0-32
	SIXTEENS(LOADEXP, GELUTANH16)

// func swishF32AVX512(y, x *float32, n int, t *elementaryTable, a float32)
#define SWISH16 \
	VMOVAPS Z0, Z7            \
	VMULPS  Z6, Z0, Z0        \
	SIGMOID16(Z0, Z1, Z2, Z3, Z4) \
	VMULPS  Z7, Z0, Z0
TEXT ·swishF32AVX512(SB), NOSPLIT, $0-36
	VBROADCASTSS a+32(FP), Z6
	SIXTEENS(LOADEXP, SWISH16)

// func hardSwishF32AVX512(y, x *float32, n int, t *elementaryTable)
#define HARDSWISH16 \
	VADDPS.BCST  THREE, Z0, Z1 \
	VPXORD       Z2, Z2, Z2    \
	VMAXPS       Z1, Z2, Z1    \
	VBROADCASTSS SIX, Z2       \
	VMINPS       Z1, Z2, Z1    \
	VMULPS       Z1, Z0, Z0    \
	VDIVPS       Z2, Z0, Z0
TEXT ·hardSwishF32AVX512(SB), NOSPLIT, $0-32
	SIXTEENS(LOADEXP, HARDSWISH16)

// func expSumF32AVX512(y, x *float32, n int, t *elementaryTable, top, beta float32, sums *[16]float32)
//
//	for i := range n { // n > 0
//		y[i] = kernels.Exp((x[i] - top) * beta)
//		sums[i%16] += y[i]
//	}
//
// DI y, SI x, CX elements left, R8 t, DX sums; Z8 sums, Z10 top, Z11 beta.
TEXT ·expSumF32AVX512(SB), NOSPLIT, $0-48
	MOVQ         y+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVQ         t+24(FP), R8
	VBROADCASTSS top+32(FP), Z10
	VBROADCASTSS beta+36(FP), Z11
	MOVQ         sums+40(FP), DX
	VMOVUPS      (DX), Z8
	LOADEXP

sixteen:
	MASK
	VMOVUPS.Z (SI), K1, Z0
	VSUBPS    Z10, Z0, Z0
	VMULPS    Z11, Z0, Z0
	EXP16(Z0, Z1, Z2, Z3, Z4)
	VMOVUPS   Z0, K1, (DI)
	VADDPS    Z0, Z8, K1, Z8
	ADDQ      $64, SI
	ADDQ      $64, DI
	SUBQ      $16, CX
	JG        sixteen
	VMOVUPS   Z8, (DX)
	VZEROUPPER
	RET
