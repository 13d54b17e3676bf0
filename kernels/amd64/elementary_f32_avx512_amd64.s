//go:build !purego

#include "textflag.h"
#include "elementary_f32_amd64.h"
#include "elementary_f32_avx512_amd64.h"

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
	PHI16(Z0, Z1, Z2, Z3, Z4, Z5) \
	VMULPS Z1, Z0, Z0
TEXT ·geluF32AVX512(SB), NOSPLIT, $0-32
	SIXTEENS(LOADPHI, GELU16)

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

// func eluF32AVX512(y, x *float32, n int, t *elementaryTable, a float32)
#define ELU16 \
	VMOVAPS      Z0, Z7          \
	VBROADCASTSS EXPM1_LO, Z1    \
	VPXORD       Z6, Z6, Z6      \
	VMAXPS       Z0, Z1, Z0      \
	VMINPS       Z0, Z6, Z0      \
	VMULPS       Z29, Z0, Z1     \
	VRNDSCALEPS  $0, Z1, Z1      \
	VMULPS       Z28, Z1, Z2     \
	VSUBPS       Z2, Z0, Z0      \
	VMULPS       Z27, Z1, Z2     \
	VSUBPS       Z2, Z0, Z0      \
	VMULPS       Z0, Z0, Z3      \
	VMULPS       Z26, Z3, Z2     \
	VMULPS       Z25, Z0, Z4     \
	VADDPS       Z24, Z4, Z4     \
	VADDPS       Z2, Z4, Z4      \
	VMULPS       Z3, Z4, Z4      \
	VMULPS       Z23, Z0, Z2     \
	VADDPS       Z22, Z2, Z2     \
	VADDPS       Z4, Z2, Z2      \
	VMULPS       Z2, Z3, Z3      \
	VADDPS       Z3, Z0, Z0      \ // e^r − 1
	VSCALEFPS    Z1, Z21, Z1     \ // 2^n
	VMULPS       Z1, Z0, Z0      \
	VSUBPS       Z21, Z1, Z1     \
	VADDPS       Z1, Z0, Z0      \
	VMULPS       Z5, Z0, Z0      \
	VCMPPS       $1, Z7, Z6, K2  \
	VMOVAPS      Z7, K2, Z0
TEXT ·eluF32AVX512(SB), NOSPLIT, $0-36
	VBROADCASTSS a+32(FP), Z5
	SIXTEENS(LOADEXP, ELU16)

// func leakyReluF32AVX512(y, x *float32, n int, t *elementaryTable, a float32)
#define LEAKY16 \
	VMULPS  Z5, Z0, Z1     \
	VCMPPS  $1, Z0, Z6, K2 \
	VMOVAPS Z0, K2, Z1     \
	VMOVAPS Z1, Z0
#define NOTHING \
	VPXORD Z6, Z6, Z6
TEXT ·leakyReluF32AVX512(SB), NOSPLIT, $0-36
	VBROADCASTSS a+32(FP), Z5
	SIXTEENS(NOTHING, LEAKY16)

// func softplusF32AVX512(y, x *float32, n int, t *elementaryTable)
#define SOFTPLUS16 \
	VMOVAPS     Z0, Z7           \
	VORPS.BCST  SIGN, Z0, Z0     \
	EXP16(Z0, Z1, Z2, Z3, Z4)    \
	VADDPS.BCST TWO, Z0, Z1      \
	VDIVPS      Z1, Z0, Z0       \ // s
	VMULPS      Z0, Z0, Z1       \
	VMULPS      Z1, Z1, Z2       \
	VMULPS.BCST LOG1P4, Z2, Z3   \
	VMULPS.BCST LOG1P3, Z1, Z4   \
	VADDPS.BCST LOG1P2, Z4, Z4   \
	VADDPS      Z3, Z4, Z4       \
	VMULPS      Z2, Z4, Z4       \
	VMULPS.BCST LOG1P1, Z1, Z3   \
	VADDPS.BCST LOG1P0, Z3, Z3   \
	VADDPS      Z4, Z3, Z3       \
	VMULPS      Z1, Z0, Z1       \
	VMULPS      Z3, Z1, Z1       \
	VADDPS      Z1, Z0, Z0       \
	VADDPS      Z0, Z0, Z0       \
	VPXORD      Z6, Z6, Z6       \
	VMAXPS      Z6, Z7, Z7       \
	VADDPS      Z0, Z7, Z0
TEXT ·softplusF32AVX512(SB), NOSPLIT, $0-32
	SIXTEENS(LOADEXP, SOFTPLUS16)

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
