//go:build !purego

#include "textflag.h"
#include "pool_f32_amd64.h"

DATA leastF32<>+0(SB)/4, $0xff7fffff
GLOBL leastF32<>(SB), RODATA|NOPTR, $4

// CHANNELS makes K1 the mask of the next sixteen of CX channels.
#define CHANNELS \
	MOVL $16, R15     \
	CMPQ CX, $16      \
	CMOVQLT CX, R15   \
	MOVL $-1, DX      \
	BZHIL R15, DX, DX \
	KMOVW DX, K1      \
	XORL DX, DX

// func maxPoolF32AVX512(p *poolF32)
//
// VMAXPS gives its last operand, the maximum so far, where one is NaN.
TEXT ·maxPoolF32AVX512(SB), NOSPLIT, $0-8
	POOL_ARGUMENTS
	VBROADCASTSS leastF32<>(SB), Z4
output:
	MOVQ P_C(AX), CX
	MOVQ SI, BX
channels:
	CHANNELS
	VMOVAPS Z4, Z0
tap:
	TAP
	VMOVUPS.Z (R15), K1, Z1
	VCMPPS    $3, Z1, Z1, K2
	VMAXPS    Z0, Z1, Z0
	VMOVAPS   Z1, K2, Z0
	INCQ      DX
	CMPQ      DX, R9
	JLT       tap
	VMOVUPS   Z0, K1, (DI)
	ADDQ      $64, DI
	ADDQ      $64, BX
	SUBQ      $16, CX
	JG        channels
	LEAQ      (DI)(CX*4), DI
	ADDQ      R12, SI
	DECQ      R11
	JNZ       output
	VZEROUPPER
	RET

// func maxPoolGradF32AVX512(p *poolF32)
//
// Z0 is the maximum, Z1 the gradient until a tap takes it.
TEXT ·maxPoolGradF32AVX512(SB), NOSPLIT, $0-8
	POOL_GRAD_ARGUMENTS
	VPXORD Z4, Z4, Z4
output:
	MOVQ P_C(AX), CX
	MOVQ SI, BX
channels:
	CHANNELS
	VMOVUPS.Z (DI), K1, Z0
	VADDPS    Z4, Z0, Z0
	VMOVUPS.Z (R10), K1, Z1
tap:
	TAP
	VMOVUPS.Z  (R15), K1, Z2
	VADDPS     Z4, Z2, Z2
	VPCMPEQD   Z2, Z0, K1, K2
	VMOVAPS.Z  Z1, K2, Z3
	VPXORD     Z3, Z1, Z1
	VADDPS     (R15)(R13*1), Z3, K1, Z3
	VMOVUPS    Z3, K1, (R15)(R13*1)
	INCQ       DX
	CMPQ       DX, R9
	JLT        tap
	ADDQ       $64, DI
	ADDQ       $64, R10
	ADDQ       $64, BX
	SUBQ       $16, CX
	JG         channels
	LEAQ       (DI)(CX*4), DI
	LEAQ       (R10)(CX*4), R10
	ADDQ       R12, SI
	DECQ       R11
	JNZ        output
	VZEROUPPER
	RET
