//go:build !purego

#include "textflag.h"

// The functions are those of AVX-512, half as wide and without masks.

// func sgdF32AVX2(w, m, grad *float32, eights int, p *kernels.SGDF32)
//
//	for i := range 8 * eights { w[i], m[i] = p.Next(w[i], m[i], grad[i]) } // eights > 0
//
// If m is nil, w[i] is p.Plain(w[i], grad[i]). DI w, SI m, DX g, CX eights left, R8
// p; Y15 to Y11 its numbers, R9 Nesterov; Y0 w, Y1 the gradient, then d.
TEXT ·sgdF32AVX2(SB), NOSPLIT, $0-40
	MOVQ w+0(FP), DI
	MOVQ m+8(FP), SI
	MOVQ grad+16(FP), DX
	MOVQ eights+24(FP), CX
	MOVQ p+32(FP), R8
	VBROADCASTSS 0(R8), Y15
	VBROADCASTSS 4(R8), Y14
	VBROADCASTSS 8(R8), Y13
	VBROADCASTSS 12(R8), Y12
	VBROADCASTSS 16(R8), Y11
	MOVBLZX 20(R8), R9

next:
	VMOVUPS (DI), Y0
	VMOVUPS (DX), Y1
	VMULPS Y15, Y1, Y1
	VMULPS Y14, Y0, Y2
	VADDPS Y2, Y1, Y1
	VMULPS Y13, Y0, Y0
	VMULPS Y12, Y1, Y1
	TESTQ SI, SI
	JZ plain
	VMOVUPS (SI), Y2
	VMULPS Y11, Y2, Y2
	VSUBPS Y1, Y2, Y2
	VMOVUPS Y2, (SI)
	ADDQ $32, SI
	TESTL R9, R9
	JZ ahead
	VMULPS Y11, Y2, Y2
	VSUBPS Y1, Y2, Y2

ahead:
	VADDPS Y2, Y0, Y0
	JMP store

plain:
	VSUBPS Y1, Y0, Y0

store:
	VMOVUPS Y0, (DI)
	ADDQ $32, DI
	ADDQ $32, DX
	DECQ CX
	JNZ next
	VZEROUPPER
	RET

// func adamF32AVX2(w, m, v, grad *float32, eights int, p *kernels.AdamF32)
//
//	for i := range 8 * eights { w[i], m[i], v[i] = p.Next(w[i], m[i], v[i], grad[i]) } // eights > 0
//
// DI w, SI m, BX v, DX g, CX eights left, R8 p; Y15 to Y8 its numbers; Y0
// w, Y1 the gradient, Y3 m, Y4 v.
TEXT ·adamF32AVX2(SB), NOSPLIT, $0-48
	MOVQ w+0(FP), DI
	MOVQ m+8(FP), SI
	MOVQ v+16(FP), BX
	MOVQ grad+24(FP), DX
	MOVQ eights+32(FP), CX
	MOVQ p+40(FP), R8
	VBROADCASTSS 0(R8), Y15
	VBROADCASTSS 4(R8), Y14
	VBROADCASTSS 8(R8), Y13
	VBROADCASTSS 12(R8), Y12
	VBROADCASTSS 16(R8), Y11
	VBROADCASTSS 20(R8), Y10
	VBROADCASTSS 24(R8), Y9
	VBROADCASTSS 28(R8), Y8

next:
	VMOVUPS (DI), Y0
	VMOVUPS (DX), Y1
	VMOVUPS (SI), Y3
	VMOVUPS (BX), Y4
	VMULPS Y15, Y1, Y1
	VMULPS Y14, Y0, Y2
	VADDPS Y2, Y1, Y1
	VMULPS Y13, Y0, Y0
	VSUBPS Y3, Y1, Y2
	VMULPS Y11, Y2, Y2
	VADDPS Y2, Y3, Y3
	VMULPS Y1, Y1, Y2
	VSUBPS Y4, Y2, Y2
	VMULPS Y10, Y2, Y2
	VADDPS Y2, Y4, Y4
	VSQRTPS Y4, Y2
	VMULPS Y9, Y2, Y2
	VADDPS Y8, Y2, Y2
	VMULPS Y12, Y3, Y1
	VDIVPS Y2, Y1, Y1
	VSUBPS Y1, Y0, Y0
	VMOVUPS Y3, (SI)
	VMOVUPS Y4, (BX)
	VMOVUPS Y0, (DI)
	ADDQ $32, DI
	ADDQ $32, SI
	ADDQ $32, BX
	ADDQ $32, DX
	DECQ CX
	JNZ next
	VZEROUPPER
	RET

// func rmspropF32AVX2(w, m, v, grad *float32, eights int, p *kernels.RMSpropF32)
//
//	for i := range 8 * eights { w[i], m[i], v[i] = p.Next(w[i], m[i], v[i], grad[i]) } // eights > 0
//
// If m is nil, it is 0 before, and nowhere after. Registers are those of
// adamF32AVX2.
TEXT ·rmspropF32AVX2(SB), NOSPLIT, $0-48
	MOVQ w+0(FP), DI
	MOVQ m+8(FP), SI
	MOVQ v+16(FP), BX
	MOVQ grad+24(FP), DX
	MOVQ eights+32(FP), CX
	MOVQ p+40(FP), R8
	VBROADCASTSS 0(R8), Y15
	VBROADCASTSS 4(R8), Y14
	VBROADCASTSS 8(R8), Y13
	VBROADCASTSS 12(R8), Y12
	VBROADCASTSS 16(R8), Y11
	VBROADCASTSS 20(R8), Y10
	VBROADCASTSS 24(R8), Y9

next:
	VMOVUPS (DI), Y0
	VMOVUPS (DX), Y1
	VMOVUPS (BX), Y4
	VMULPS Y15, Y1, Y1
	VMULPS Y14, Y0, Y2
	VADDPS Y2, Y1, Y1
	VMULPS Y13, Y0, Y0
	VMULPS Y1, Y1, Y2
	VSUBPS Y4, Y2, Y2
	VMULPS Y11, Y2, Y2
	VADDPS Y2, Y4, Y4
	VADDPS Y9, Y4, Y2
	VSQRTPS Y2, Y2
	VMULPS Y12, Y1, Y1
	VDIVPS Y2, Y1, Y1
	VXORPS Y3, Y3, Y3
	TESTQ SI, SI
	JZ fresh
	VMOVUPS (SI), Y3

fresh:
	VMULPS Y10, Y3, Y3
	VADDPS Y1, Y3, Y3
	VSUBPS Y3, Y0, Y0
	TESTQ SI, SI
	JZ store
	VMOVUPS Y3, (SI)
	ADDQ $32, SI

store:
	VMOVUPS Y4, (BX)
	VMOVUPS Y0, (DI)
	ADDQ $32, DI
	ADDQ $32, BX
	ADDQ $32, DX
	DECQ CX
	JNZ next
	VZEROUPPER
	RET
