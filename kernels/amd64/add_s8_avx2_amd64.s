//go:build !purego

#include "textflag.h"
#include "requant_avx2_amd64.h"

// Where kernels.AddS8 keeps its fields, and a kernels.Scale its.
#define ZERO_A 0
#define ZERO_B 4
#define SCALE_A 8
#define SCALE_B 20
#define SCALE_OUT 32
#define SHIFT 44
#define ZERO 48
#define LO 52
#define HI 56

// TABLE spreads the Scale at FROM(R8) over vectors: its multiplier over MULT,
// the rest over TO(SP): left shift plus PLUS, right shift, mask and half.
#define TABLE(FROM, MULT, TO, PLUS) \
	VPBROADCASTD FROM+0(R8), MULT \
	VPBROADCASTD FROM+4(R8), Y0   \
	VPADDD       PLUS, Y0, Y0     \
	VMOVDQU      Y0, TO+0(SP)     \
	VPBROADCASTD FROM+8(R8), Y0   \
	VMOVDQU      Y0, TO+32(SP)    \
	MASKS(Y0, Y1, Y2, Y3)         \
	VMOVDQU      Y1, TO+64(SP)    \
	VMOVDQU      Y2, TO+96(SP)

#define SCALE(X, MULT, AT) \
	SCALE8(X, MULT, MULT, AT+0(SP), AT+32(SP), AT+64(SP), AT+96(SP), Y9, Y2, Y3)

// SUM is the body of addS8AVX2 and subS8AVX2, which OP tells apart. DI y, SI a,
// DX b, CX eights left, R8 p. Y0 Y1 a and b; Y2 Y3 scratch; Y4 Y5 Y6 multipliers
// of a, b and y; Y9 1<<30; Y10 zero of a, Y11 of b, Y12 of y; X13 lo; X14 hi; Y15
// shift. The stack holds three tables, since registers don't suffice.
#define SUM(OP) \
	MOVQ         y+0(FP), DI       \
	MOVQ         a+8(FP), SI       \
	MOVQ         b+16(FP), DX      \
	MOVQ         eights+24(FP), CX \
	MOVQ         p+32(FP), R8      \
	VPXOR        Y14, Y14, Y14     \
	VPBROADCASTD SHIFT(R8), Y15    \
	TABLE(SCALE_A, Y4, 0, Y15)     \
	TABLE(SCALE_B, Y5, 128, Y15)   \
	TABLE(SCALE_OUT, Y6, 256, Y14) \
	MOVQ         $(1<<30), AX      \
	VMOVQ        AX, X9            \
	VPBROADCASTQ X9, Y9            \
	VPBROADCASTD ZERO_A(R8), Y10   \
	VPBROADCASTD ZERO_B(R8), Y11   \
	VPBROADCASTD ZERO(R8), Y12     \
	VPBROADCASTB LO(R8), X13       \
	VPBROADCASTB HI(R8), X14       \
eight:                                 \
	VPMOVSXBD (SI), Y0             \
	VPMOVSXBD (DX), Y1             \
	VPSUBD    Y10, Y0, Y0          \
	VPSUBD    Y11, Y1, Y1          \
	SCALE(Y0, Y4, 0)               \
	SCALE(Y1, Y5, 128)             \
	OP        Y1, Y0, Y0           \
	SCALE(Y0, Y6, 256)             \
	VPADDD    Y12, Y0, Y0          \
	NARROW8(Y0, X0, X1, X13, X14)  \
	VMOVQ     X0, (DI)             \
	ADDQ      $8, SI               \
	ADDQ      $8, DX               \
	ADDQ      $8, DI               \
	DECQ      CX                   \
	JNZ       eight                \
	VZEROUPPER                     \
	RET

// func addS8AVX2(y, a, b *int8, eights int, p *kernels.AddS8)
//
//	for i := 0; i < 8*eights; i++ {
//		s := scale(a[i]-p.ZeroA, p.A, p.Shift) + scale(b[i]-p.ZeroB, p.B, p.Shift)
//		y[i] = clamp(p.Zero + scale(s, p.Out, 0), p.Lo, p.Hi)
//	}
TEXT ·addS8AVX2(SB), 0, $384-40
	SUM(VPADDD)

// func subS8AVX2(y, a, b *int8, eights int, p *kernels.AddS8)
//
// It is addS8AVX2 with a difference in place of the sum.
TEXT ·subS8AVX2(SB), 0, $384-40
	SUM(VPSUBD)
