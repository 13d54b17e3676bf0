//go:build !purego

#include "textflag.h"
#include "pool_f32_amd64.h"

DATA lowestF32<>+0(SB)/4, $0xff7fffff
GLOBL lowestF32<>(SB), RODATA|NOPTR, $4

DATA lanesF32<>+0(SB)/4, $0
DATA lanesF32<>+4(SB)/4, $1
DATA lanesF32<>+8(SB)/4, $2
DATA lanesF32<>+12(SB)/4, $3
DATA lanesF32<>+16(SB)/4, $4
DATA lanesF32<>+20(SB)/4, $5
DATA lanesF32<>+24(SB)/4, $6
DATA lanesF32<>+28(SB)/4, $7
GLOBL lanesF32<>(SB), RODATA|NOPTR, $32

// FEW makes Y7 the mask of the last CX channels, less than eight.
#define FEW \
	VMOVD        CX, X7     \
	VPBROADCASTD X7, Y7     \
	VPCMPGTD     Y6, Y7, Y7

// func maxPoolF32AVX2(p *poolF32)
//
// VMAXPS gives its last operand, the maximum so far, where one is NaN.
#define GREATER \
	VCMPPS    $3, Y1, Y1, Y2     \
	VMAXPS    Y0, Y1, Y0         \
	VBLENDVPS Y2, Y1, Y0, Y0     \
	INCQ      DX                 \
	CMPQ      DX, R9

TEXT ·maxPoolF32AVX2(SB), NOSPLIT, $0-8
	POOL_ARGUMENTS
	VBROADCASTSS lowestF32<>(SB), Y4
	VMOVDQU      lanesF32<>(SB), Y6
output:
	MOVQ P_C(AX), CX
	MOVQ SI, BX
channels:
	XORL    DX, DX
	VMOVAPS Y4, Y0
	CMPQ    CX, $8
	JLT     few
tap:
	TAP
	VMOVUPS (R15), Y1
	GREATER
	JLT     tap
	VMOVUPS Y0, (DI)
	ADDQ    $32, DI
	ADDQ    $32, BX
	SUBQ    $8, CX
	JNZ     channels
	JMP     next
few:
	FEW
fewTap:
	TAP
	VMASKMOVPS (R15), Y7, Y1
	GREATER
	JLT        fewTap
	VMASKMOVPS Y0, Y7, (DI)
	LEAQ       (DI)(CX*4), DI
next:
	ADDQ R12, SI
	DECQ R11
	JNZ  output
	VZEROUPPER
	RET

// func maxPoolGradF32AVX2(p *poolF32)
//
// Y0 is the maximum, Y1 the gradient until a tap takes it; TAKE leaves in Y3 what
// the tap's element of dx, in Y5, becomes.
#define TAKE \
	VADDPS   Y4, Y2, Y2         \
	VPCMPEQD Y2, Y0, Y3         \
	VPAND    Y1, Y3, Y3         \
	VPXOR    Y3, Y1, Y1         \
	VADDPS   Y5, Y3, Y3

TEXT ·maxPoolGradF32AVX2(SB), NOSPLIT, $0-8
	POOL_GRAD_ARGUMENTS
	VPXOR   Y4, Y4, Y4
	VMOVDQU lanesF32<>(SB), Y6
output:
	MOVQ P_C(AX), CX
	MOVQ SI, BX
channels:
	XORL DX, DX
	CMPQ CX, $8
	JLT  few
	VADDPS  (DI), Y4, Y0
	VMOVUPS (R10), Y1
tap:
	TAP
	VMOVUPS (R15), Y2
	VMOVUPS (R15)(R13*1), Y5
	TAKE
	VMOVUPS Y3, (R15)(R13*1)
	INCQ    DX
	CMPQ    DX, R9
	JLT     tap
	ADDQ    $32, DI
	ADDQ    $32, R10
	ADDQ    $32, BX
	SUBQ    $8, CX
	JNZ     channels
	JMP     next
few:
	FEW
	VMASKMOVPS (DI), Y7, Y0
	VADDPS     Y4, Y0, Y0
	VMASKMOVPS (R10), Y7, Y1
fewTap:
	TAP
	VMASKMOVPS (R15), Y7, Y2
	VMASKMOVPS (R15)(R13*1), Y7, Y5
	TAKE
	VMASKMOVPS Y3, Y7, (R15)(R13*1)
	INCQ       DX
	CMPQ       DX, R9
	JLT        fewTap
	LEAQ       (DI)(CX*4), DI
	LEAQ       (R10)(CX*4), R10
next:
	ADDQ R12, SI
	DECQ R11
	JNZ  output
	VZEROUPPER
	RET
