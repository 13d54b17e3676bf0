//go:build !purego

#include "textflag.h"

// ROUND16 stores the sixteen float32 of Y0 and Y1: clamped to Y12 (lo) and Y13
// (hi), rounded, less Y15 (offset). NaN, the first operand, becomes lo.
#define ROUND16 \
	VMAXPS       Y12, Y0, Y0   \
	VMAXPS       Y12, Y1, Y1   \
	VMINPS       Y13, Y0, Y0   \
	VMINPS       Y13, Y1, Y1   \
	VCVTPS2DQ    Y0, Y0        \
	VCVTPS2DQ    Y1, Y1        \
	VPSUBD       Y15, Y0, Y0   \
	VPSUBD       Y15, Y1, Y1   \
	VPACKSSDW    Y1, Y0, Y0    \
	VPERMQ       $0xd8, Y0, Y0 \
	VEXTRACTI128 $1, Y0, X1    \
	VPACKSSWB    X1, X0, X0    \
	VMOVDQU      X0, (DI)

// SPREADF spreads the int32 at AT(R8), as a float32.
#define SPREADF(AT, Y) \
	VPBROADCASTD AT(R8), Y \
	VCVTDQ2PS    Y, Y

// WIDEN16 loads sixteen int8 as int32, and adds BY.
#define WIDEN16(FROM, BY, U, V) \
	VPMOVSXBD (FROM), U  \
	VPMOVSXBD 8(FROM), V \
	VPADDD    BY, U, U   \
	VPADDD    BY, V, V

// Where kernels.LinearAddS8 keeps its fields.
#define ADD_A 0
#define ADD_B 4
#define ADD_C 8
#define ADD_LO 12
#define ADD_HI 16
#define ADD_OFFSET 20

// func linearAddS8AVX2(y, a, b *int8, sixteens int, p *kernels.LinearAddS8)
//
//	for i := range 16 * sixteens {
//		u, v := float32(a[i]+offset), float32(b[i]+offset)
//		y[i] = round(clamp((B*v+C)+A*u)) - offset
//	}
//
// DI y, SI a, DX b, CX sixteens left, R8 p; Y0 to Y3 the elements; Y9 A, Y10 B,
// Y11 C, Y12 lo, Y13 hi, Y15 offset.
TEXT ·linearAddS8AVX2(SB), NOSPLIT, $0-40
	MOVQ         y+0(FP), DI
	MOVQ         a+8(FP), SI
	MOVQ         b+16(FP), DX
	MOVQ         sixteens+24(FP), CX
	MOVQ         p+32(FP), R8
	VBROADCASTSS ADD_A(R8), Y9
	VBROADCASTSS ADD_B(R8), Y10
	VBROADCASTSS ADD_C(R8), Y11
	SPREADF(ADD_LO, Y12)
	SPREADF(ADD_HI, Y13)
	VPBROADCASTD ADD_OFFSET(R8), Y15

sixteen:
	WIDEN16(DX, Y15, Y0, Y1)
	WIDEN16(SI, Y15, Y2, Y3)
	VCVTDQ2PS Y0, Y0
	VCVTDQ2PS Y1, Y1
	VCVTDQ2PS Y2, Y2
	VCVTDQ2PS Y3, Y3
	VMULPS    Y10, Y0, Y0
	VMULPS    Y10, Y1, Y1
	VADDPS    Y11, Y0, Y0
	VADDPS    Y11, Y1, Y1
	VMULPS    Y9, Y2, Y2
	VMULPS    Y9, Y3, Y3
	VADDPS    Y2, Y0, Y0
	VADDPS    Y3, Y1, Y1
	ROUND16
	ADDQ      $16, SI
	ADDQ      $16, DX
	ADDQ      $16, DI
	DECQ      CX
	JNZ       sixteen
	VZEROUPPER
	RET

// Where kernels.LinearMulS8 keeps its fields.
#define MUL_ZERO_A 0
#define MUL_ZERO_B 4
#define MUL_M 8
#define MUL_ZERO 12
#define MUL_LO 16
#define MUL_HI 20
#define MUL_OFFSET 24

// func linearMulS8AVX2(y, a, b *int8, sixteens int, p *kernels.LinearMulS8)
//
//	for i := range 16 * sixteens {
//		product := float32((a[i]+offset-ZeroA) * (b[i]+offset-ZeroB))
//		y[i] = round(clamp(product*M+Zero)) - offset
//	}
//
// Registers as above, but for Y9 offset−ZeroA, Y10 offset−ZeroB, Y11 M, Y14 zero.
TEXT ·linearMulS8AVX2(SB), NOSPLIT, $0-40
	MOVQ         y+0(FP), DI
	MOVQ         a+8(FP), SI
	MOVQ         b+16(FP), DX
	MOVQ         sixteens+24(FP), CX
	MOVQ         p+32(FP), R8
	VPBROADCASTD MUL_OFFSET(R8), Y15
	VPBROADCASTD MUL_ZERO_A(R8), Y9
	VPBROADCASTD MUL_ZERO_B(R8), Y10
	VPSUBD       Y9, Y15, Y9
	VPSUBD       Y10, Y15, Y10
	VBROADCASTSS MUL_M(R8), Y11
	SPREADF(MUL_LO, Y12)
	SPREADF(MUL_HI, Y13)
	SPREADF(MUL_ZERO, Y14)

sixteen:
	WIDEN16(SI, Y9, Y0, Y1)
	WIDEN16(DX, Y10, Y2, Y3)
	VPMULLD   Y2, Y0, Y0
	VPMULLD   Y3, Y1, Y1
	VCVTDQ2PS Y0, Y0
	VCVTDQ2PS Y1, Y1
	VMULPS    Y11, Y0, Y0
	VMULPS    Y11, Y1, Y1
	VADDPS    Y14, Y0, Y0
	VADDPS    Y14, Y1, Y1
	ROUND16
	ADDQ      $16, SI
	ADDQ      $16, DX
	ADDQ      $16, DI
	DECQ      CX
	JNZ       sixteen
	VZEROUPPER
	RET
