//go:build !purego

#include "textflag.h"

// DEQUANT is the body of a function that WIDENs bytes to int32. DI y, SI x, CX
// sixteens left; Y14 zero, Y15 scale.
#define DEQUANT(WIDEN) \
	MOVQ         y+0(FP), DI         \
	MOVQ         x+8(FP), SI         \
	MOVQ         sixteens+16(FP), CX \
	VBROADCASTSS zero+24(FP), Y14    \
	VBROADCASTSS scale+28(FP), Y15   \
sixteen:                                 \
	WIDEN        (SI), Y0            \
	WIDEN        8(SI), Y1           \
	VPSUBD       Y14, Y0, Y0         \
	VPSUBD       Y14, Y1, Y1         \
	VCVTDQ2PS    Y0, Y0              \
	VCVTDQ2PS    Y1, Y1              \
	VMULPS       Y15, Y0, Y0         \
	VMULPS       Y15, Y1, Y1         \
	VMOVUPS      Y0, (DI)            \
	VMOVUPS      Y1, 32(DI)          \
	ADDQ         $16, SI             \
	ADDQ         $64, DI             \
	DECQ         CX                  \
	JNZ          sixteen             \
	VZEROUPPER                       \
	RET

// func quantF32AVX2(y *byte, x *float32, sixteens int, scale, shift, lo, hi float32, zero int32)
//
//	for i := range 16 * sixteens {
//		y[i] = byte(kernels.RoundEven(x[i]/scale+shift, lo, hi) + zero)
//	}
//
// DI y, SI x, CX sixteens left; Y2 0x00ff words; Y10 scale, Y11 shift, Y12 lo,
// which NaN becomes, being VMAXPS's second operand; Y13 hi, Y14 zero.
TEXT ·quantF32AVX2(SB), NOSPLIT, $0-44
	MOVQ         y+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         sixteens+16(FP), CX
	VBROADCASTSS scale+24(FP), Y10
	VBROADCASTSS shift+28(FP), Y11
	VBROADCASTSS lo+32(FP), Y12
	VBROADCASTSS hi+36(FP), Y13
	VBROADCASTSS zero+40(FP), Y14
	VPCMPEQW     Y2, Y2, Y2
	VPSRLW       $8, Y2, Y2

sixteen:
	VMOVUPS      (SI), Y0
	VMOVUPS      32(SI), Y1
	VDIVPS       Y10, Y0, Y0
	VDIVPS       Y10, Y1, Y1
	VADDPS       Y11, Y0, Y0
	VADDPS       Y11, Y1, Y1
	VMAXPS       Y12, Y0, Y0
	VMAXPS       Y12, Y1, Y1
	VMINPS       Y13, Y0, Y0
	VMINPS       Y13, Y1, Y1
	VCVTPS2DQ    Y0, Y0
	VCVTPS2DQ    Y1, Y1
	VPADDD       Y14, Y0, Y0
	VPADDD       Y14, Y1, Y1
	VPACKSSDW    Y1, Y0, Y0
	VPERMQ       $0xd8, Y0, Y0
	VPAND        Y2, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPACKUSWB    X1, X0, X0
	VMOVDQU      X0, (DI)
	ADDQ         $64, SI
	ADDQ         $16, DI
	DECQ         CX
	JNZ          sixteen
	VZEROUPPER
	RET

// func dequantS8AVX2(y *float32, x *byte, sixteens int, zero int32, scale float32)
//
//	for i := range 16 * sixteens { y[i] = float32(int32(int8(x[i]))-zero) * scale }
TEXT ·dequantS8AVX2(SB), NOSPLIT, $0-32
	DEQUANT(VPMOVSXBD)

// func dequantU8AVX2(y *float32, x *byte, sixteens int, zero int32, scale float32)
//
//	for i := range 16 * sixteens { y[i] = float32(int32(x[i])-zero) * scale }
TEXT ·dequantU8AVX2(SB), NOSPLIT, $0-32
	DEQUANT(VPMOVZXBD)

// func dequantS32AVX2(y *float32, c *int32, scale, bias *float32, eights int)
//
//	for i := range 8 * eights {
//		y[i] = float32(c[i]) * scale[i]
//		if bias != nil { y[i] += bias[i] }
//	}
//
// DI y, SI c, R8 scale, R9 bias, CX eights left, AX bytes done.
TEXT ·dequantS32AVX2(SB), NOSPLIT, $0-40
	MOVQ  y+0(FP), DI
	MOVQ  c+8(FP), SI
	MOVQ  scale+16(FP), R8
	MOVQ  bias+24(FP), R9
	MOVQ  eights+32(FP), CX
	XORQ  AX, AX

eight:
	VCVTDQ2PS (SI)(AX*1), Y0
	VMULPS    (R8)(AX*1), Y0, Y0
	TESTQ     R9, R9
	JZ        unbiased
	VADDPS    (R9)(AX*1), Y0, Y0

unbiased:
	VMOVUPS Y0, (DI)(AX*1)
	ADDQ    $32, AX
	DECQ    CX
	JNZ     eight
	VZEROUPPER
	RET
