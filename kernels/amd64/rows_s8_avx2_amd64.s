//go:build !purego

#include "textflag.h"
#include "requant_avx2_amd64.h"

// Where kernels.MulS8 keeps its fields.
#define ZERO_A 0
#define ZERO_B 4
#define MULT 8
#define LEFT 12
#define RIGHT 16
#define ZERO 20
#define LO 24
#define HI 28

// func mulS8AVX2(y, a, b *int8, eights int, p *kernels.MulS8)
//
//	for i := 0; i < 8*eights; i++ {
//		y[i] = clamp(p.Zero + scale((a[i]-p.ZeroA)*(b[i]-p.ZeroB), p.Out), p.Lo, p.Hi)
//	}
//
// DI y, SI a, DX b, CX eights left, R8 p. Y0 Y1 a and b; Y2 Y3 scratch; Y4
// multiplier, Y5 left, Y6 right shift, Y7 mask, Y8 half, Y9 1<<30; Y10 zero of
// a, Y11 of b, Y12 of y; X13 lo; X14 hi.
TEXT ·mulS8AVX2(SB), NOSPLIT, $0-40
	MOVQ         y+0(FP), DI
	MOVQ         a+8(FP), SI
	MOVQ         b+16(FP), DX
	MOVQ         eights+24(FP), CX
	MOVQ         p+32(FP), R8
	VPBROADCASTD MULT(R8), Y4
	VPBROADCASTD LEFT(R8), Y5
	VPBROADCASTD RIGHT(R8), Y6
	MASKS(Y6, Y7, Y8, Y0)
	MOVQ         $(1<<30), AX
	VMOVQ        AX, X9
	VPBROADCASTQ X9, Y9
	VPBROADCASTD ZERO_A(R8), Y10
	VPBROADCASTD ZERO_B(R8), Y11
	VPBROADCASTD ZERO(R8), Y12
	VPBROADCASTB LO(R8), X13
	VPBROADCASTB HI(R8), X14

eight:
	VPMOVSXBD (SI), Y0
	VPMOVSXBD (DX), Y1
	VPSUBD    Y10, Y0, Y0
	VPSUBD    Y11, Y1, Y1
	VPMULLD   Y1, Y0, Y0
	SCALE8(Y0, Y4, Y4, Y5, Y6, Y7, Y8, Y9, Y2, Y3)
	VPADDD    Y12, Y0, Y0
	NARROW8(Y0, X0, X1, X13, X14)
	VMOVQ     X0, (DI)
	ADDQ      $8, SI
	ADDQ      $8, DX
	ADDQ      $8, DI
	DECQ      CX
	JNZ       eight
	VZEROUPPER
	RET

// func maxS8AVX2(y, a, b *int8, thirtytwos int)
//
//	for i := range 32 * thirtytwos { y[i] = max(a[i], b[i]) }
TEXT ·maxS8AVX2(SB), NOSPLIT, $0-32
	MOVQ y+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ thirtytwos+24(FP), CX

thirtytwo:
	VMOVDQU (SI), Y0
	VPMAXSB (DX), Y0, Y0
	VMOVDQU Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DX
	ADDQ    $32, DI
	DECQ    CX
	JNZ     thirtytwo
	VZEROUPPER
	RET

// func sumS8AVX2(c *int32, x *int8, sixteens int)
//
//	for i := range 16 * sixteens { c[i] += int32(x[i]) }
TEXT ·sumS8AVX2(SB), NOSPLIT, $0-24
	MOVQ c+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ sixteens+16(FP), CX

sixteen:
	VPMOVSXBD (SI), Y0
	VPMOVSXBD 8(SI), Y1
	VPADDD    (DI), Y0, Y0
	VPADDD    32(DI), Y1, Y1
	VMOVDQU   Y0, (DI)
	VMOVDQU   Y1, 32(DI)
	ADDQ      $16, SI
	ADDQ      $64, DI
	DECQ      CX
	JNZ       sixteen
	VZEROUPPER
	RET
