//go:build !purego

#include "textflag.h"

// FOLD combines the sixteen float32 at s, halves first, by OP: of the upper
// half's and the lower half's, in this order.
//
// X0 the lower half, X1 the upper one.
#define FOLD(OP) \
	MOVQ         s+0(FP), AX   \
	VMOVUPS      (AX), Y0      \
	VMOVUPS      32(AX), Y1    \
	OP           Y0, Y1, Y0    \
	VEXTRACTF128 $1, Y0, X1    \
	OP           X0, X1, X0    \
	VMOVHLPS     X0, X0, X1    \
	OP           X0, X1, X0    \
	VMOVSHDUP    X0, X1        \
	OP           X0, X1, X0    \
	VMOVSS       X0, ret+8(FP) \
	VZEROUPPER                 \
	RET

// func foldSumF32(s *[16]float32) float32
TEXT ·foldSumF32(SB), NOSPLIT, $0-12
	FOLD(VADDPS)

// func foldMaxF32(s *[16]float32) float32
//
// VMAXPS is the first source if that is greater, and else the second.
TEXT ·foldMaxF32(SB), NOSPLIT, $0-12
	FOLD(VMAXPS)

// func foldMinF32(s *[16]float32) float32
TEXT ·foldMinF32(SB), NOSPLIT, $0-12
	FOLD(VMINPS)
