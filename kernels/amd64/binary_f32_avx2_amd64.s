//go:build !purego

#include "textflag.h"

// SIXTEENS is the body of a function of two operands, whose STEPS compute Y0
// from Y0 and (DX), Y1 from Y1 and (DX)(R9*1). DI y, SI a, DX b, CX sixteens
// left, R8 R9 bytes from one eight to the next in a and b; Y14 lo, Y15 hi. The
// second operand of VMAXPS and VMINPS is what comes out if one is NaN.
#define SIXTEENS(STEPS) \
	MOVQ         y+0(FP), DI         \
	MOVQ         a+8(FP), SI         \
	MOVQ         b+16(FP), DX        \
	MOVQ         sixteens+24(FP), CX \
	MOVQ         stepA+32(FP), R8    \
	MOVQ         stepB+40(FP), R9    \
	VBROADCASTSS lo+48(FP), Y14      \
	VBROADCASTSS hi+52(FP), Y15      \
sixteen:                                 \
	VMOVUPS      (SI), Y0            \
	VMOVUPS      (SI)(R8*1), Y1      \
	STEPS                            \
	VMAXPS       Y0, Y14, Y0         \
	VMAXPS       Y1, Y14, Y1         \
	VMINPS       Y0, Y15, Y0         \
	VMINPS       Y1, Y15, Y1         \
	VMOVUPS      Y0, (DI)            \
	VMOVUPS      Y1, 32(DI)          \
	LEAQ         (SI)(R8*2), SI      \
	LEAQ         (DX)(R9*2), DX      \
	ADDQ         $64, DI             \
	DECQ         CX                  \
	JNZ          sixteen             \
	VZEROUPPER                       \
	RET

// func addF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)
//
//	for i := range 16 * sixteens { y[i] = kernels.Clamp(a[i]+b[i], lo, hi) }
//
// where a and b stand still if their steps are 0. The others are likewise.
TEXT ·addF32AVX2(SB), NOSPLIT, $0-56
#define ADD2 \
	VADDPS (DX), Y0, Y0 \
	VADDPS (DX)(R9*1), Y1, Y1
	SIXTEENS(ADD2)

// func subF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)
TEXT ·subF32AVX2(SB), NOSPLIT, $0-56
#define SUB2 \
	VSUBPS (DX), Y0, Y0 \
	VSUBPS (DX)(R9*1), Y1, Y1
	SIXTEENS(SUB2)

// func mulF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)
TEXT ·mulF32AVX2(SB), NOSPLIT, $0-56
#define MUL2 \
	VMULPS (DX), Y0, Y0 \
	VMULPS (DX)(R9*1), Y1, Y1
	SIXTEENS(MUL2)

// func divF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)
TEXT ·divF32AVX2(SB), NOSPLIT, $0-56
#define DIV2 \
	VDIVPS (DX), Y0, Y0 \
	VDIVPS (DX)(R9*1), Y1, Y1
	SIXTEENS(DIV2)

// Of a NaN a is taken back.
#define EITHER2(OP) \
	VCMPPS    $3, Y0, Y0, Y2          \
	VCMPPS    $3, Y1, Y1, Y3          \
	OP        (DX), Y0, Y4            \
	OP        (DX)(R9*1), Y1, Y5      \
	VBLENDVPS Y2, Y0, Y4, Y0          \
	VBLENDVPS Y3, Y1, Y5, Y1

// func maxF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)
TEXT ·maxF32AVX2(SB), NOSPLIT, $0-56
	SIXTEENS(EITHER2(VMAXPS))

// func minF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)
TEXT ·minF32AVX2(SB), NOSPLIT, $0-56
	SIXTEENS(EITHER2(VMINPS))

// func normF32AVX2(y, x, scale, bias *float32, eights int, mean, factor float32)
//
//	for i := range 8 * eights {
//		y[i] = (x[i] - mean) * factor
//		if scale != nil { y[i] *= scale[i] }
//		if bias != nil { y[i] += bias[i] }
//	}
//
// DI y, SI x, R8 scale, R9 bias, CX eights left; Y14 mean, Y15 factor.
TEXT ·normF32AVX2(SB), NOSPLIT, $0-48
	MOVQ         y+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         scale+16(FP), R8
	MOVQ         bias+24(FP), R9
	MOVQ         eights+32(FP), CX
	VBROADCASTSS mean+40(FP), Y14
	VBROADCASTSS factor+44(FP), Y15
	XORQ         AX, AX

eight:
	VMOVUPS (SI)(AX*1), Y0
	VSUBPS  Y14, Y0, Y0
	VMULPS  Y15, Y0, Y0
	TESTQ   R8, R8
	JZ      unscaled
	VMULPS  (R8)(AX*1), Y0, Y0

unscaled:
	TESTQ  R9, R9
	JZ     unbiased
	VADDPS (R9)(AX*1), Y0, Y0

unbiased:
	VMOVUPS Y0, (DI)(AX*1)
	ADDQ    $32, AX
	DECQ    CX
	JNZ     eight
	VZEROUPPER
	RET
