//go:build !purego

#include "textflag.h"

// REST makes K1 the elements that there are of the next sixteen, of CX left. It
// follows a loop that is done if there are none. AX is clobbered.
#define REST \
	MOVQ  $1, AX  \
	SHLQ  CX, AX  \
	DECQ  AX      \
	KMOVW AX, K1

// func dequantRowS32AVX512(y *float32, c, terms *int32, scale, bias *float32, n int, zero int32, factor float32)
//
//	for j := range n {
//		y[j] = float32(float32(c[j]-zero*terms[j])*float32(scale[j]*factor)) + bias[j]
//	}
//
// DI y, SI c, R8 terms, R9 scale, R10 bias, CX elements left, DX bytes done; Z30
// zero, Z31 factor.
TEXT ·dequantRowS32AVX512(SB), NOSPLIT, $0-56
	MOVQ         y+0(FP), DI
	MOVQ         c+8(FP), SI
	MOVQ         terms+16(FP), R8
	MOVQ         scale+24(FP), R9
	MOVQ         bias+32(FP), R10
	MOVQ         n+40(FP), CX
	VBROADCASTSS zero+48(FP), Z30
	VBROADCASTSS factor+52(FP), Z31
	XORQ         DX, DX
	SUBQ         $16, CX
	JLT          restRow

sixteenRow:
	VPMULLD   (R8)(DX*1), Z30, Z0
	VMOVDQU32 (SI)(DX*1), Z1
	VMULPS    (R9)(DX*1), Z31, Z2
	VPSUBD    Z0, Z1, Z1
	VCVTDQ2PS Z1, Z1
	VMULPS    Z2, Z1, Z1
	VADDPS    (R10)(DX*1), Z1, Z1
	VMOVUPS   Z1, (DI)(DX*1)
	ADDQ      $64, DX
	SUBQ      $16, CX
	JGE       sixteenRow

restRow:
	ADDQ $16, CX
	JZ   doneRow
	REST
	VMOVDQU32.Z (R8)(DX*1), K1, Z0
	VMOVDQU32.Z (SI)(DX*1), K1, Z1
	VMOVUPS.Z   (R9)(DX*1), K1, Z2
	VMOVUPS.Z   (R10)(DX*1), K1, Z3
	VPMULLD     Z30, Z0, Z0
	VMULPS      Z31, Z2, Z2
	VPSUBD      Z0, Z1, Z1
	VCVTDQ2PS   Z1, Z1
	VMULPS      Z2, Z1, Z1
	VADDPS      Z3, Z1, Z1
	VMOVUPS     Z1, K1, (DI)(DX*1)

doneRow:
	VZEROUPPER
	RET

// EXTREMUM is the body of a function: it takes elements that OP puts before
// those of the lanes, which begin with FIRST, and notes in K2 where they are
// NaN. OP leaves the lane if the element is NaN or equal. Then lanes are folded
// to X0, and flags say whether K2 is 0. SI x, CX elements left; Z0 lanes, Z5 FIRST.
#define EXTREMUM(FIRST, OP) \
	MOVL          FIRST, AX     \
	VPBROADCASTD  AX, Z5        \
	VMOVAPS       Z5, Z0        \
	KXORW         K2, K2, K2    \
	SUBQ          $16, CX       \
	JLT           rest          \
sixteen:                            \
	VMOVUPS       (SI), Z1      \
	OP            Z0, Z1, Z0    \
	VCMPPS        $3, Z1, Z1, K3 \
	KORW          K3, K2, K2    \
	ADDQ          $64, SI       \
	SUBQ          $16, CX       \
	JGE           sixteen       \
rest:                               \
	ADDQ          $16, CX       \
	JZ            fold          \
	REST                        \
	VMOVUPS       (SI), K1, Z5  \
	OP            Z0, Z5, Z0    \
	VCMPPS        $3, Z5, Z5, K3 \
	KORW          K3, K2, K2    \
fold:                               \
	VEXTRACTF64X4 $1, Z0, Y1    \
	OP            Y0, Y1, Y0    \
	VEXTRACTF128  $1, Y0, X1    \
	OP            X0, X1, X0    \
	VPERMILPS     $0x0e, X0, X1 \
	OP            X0, X1, X0    \
	VPERMILPS     $1, X0, X1    \
	OP            X0, X1, X0    \
	KTESTW        K2, K2        \
	VZEROUPPER

// func greatestF32AVX512(x *float32, n int) (v float32, nan bool)
//
//	for i := range n {
//		if x[i] > s[i%16] { s[i%16] = x[i] }
//		nan = nan || x[i] != x[i]
//	}
//	return fold(s), nan
TEXT ·greatestF32AVX512(SB), NOSPLIT, $0-21
	MOVQ   x+0(FP), SI
	MOVQ   n+8(FP), CX
	EXTREMUM($0xff800000, VMAXPS)
	VMOVSS X0, v+16(FP)
	SETNE  nan+20(FP)
	RET

// func leastF32AVX512(x *float32, n int) (v float32, nan bool)
//
// It is greatestF32AVX512 with < for >.
TEXT ·leastF32AVX512(SB), NOSPLIT, $0-21
	MOVQ   x+0(FP), SI
	MOVQ   n+8(FP), CX
	EXTREMUM($0x7f800000, VMINPS)
	VMOVSS X0, v+16(FP)
	SETNE  nan+20(FP)
	RET

// QUANT makes integers of sixteen elements in X.
#define QUANT(X) \
	VDIVPS    Z10, X, X \
	VADDPS    Z11, X, X \
	VMAXPS    Z12, X, X \
	VMINPS    Z13, X, X \
	VCVTPS2DQ X, X      \
	VPADDD    Z14, X, X

// func quantF32AVX512(y *byte, x *float32, n int, scale, shift, lo, hi float32, zero int32)
//
// It is quantF32AVX2 for n elements.
TEXT ·quantF32AVX512(SB), NOSPLIT, $0-44
	MOVQ         y+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSS scale+24(FP), Z10
	VBROADCASTSS shift+28(FP), Z11
	VBROADCASTSS lo+32(FP), Z12
	VBROADCASTSS hi+36(FP), Z13
	VBROADCASTSS zero+40(FP), Z14
	SUBQ         $16, CX
	JLT          restQuant

sixteenQuant:
	VMOVUPS (SI), Z0
	QUANT(Z0)
	VPMOVDB Z0, (DI)
	ADDQ    $64, SI
	ADDQ    $16, DI
	SUBQ    $16, CX
	JGE     sixteenQuant

restQuant:
	ADDQ      $16, CX
	JZ        doneQuant
	REST
	VMOVUPS.Z (SI), K1, Z0
	QUANT(Z0)
	VPMOVDB   Z0, K1, (DI)

doneQuant:
	VZEROUPPER
	RET
