//go:build !purego

#include "textflag.h"

// MASK makes K1 the elements of the next sixteen that there are, of CX left.
// AX is clobbered.
#define MASK \
	MOVQ  $-1, AX \
	CMPQ  CX, $16 \
	JGE   whole   \
	MOVQ  $1, AX  \
	SHLQ  CX, AX  \
	DECQ  AX      \
whole:                \
	KMOVW AX, K1

// func sgdF32AVX512(w, m, grad *float32, n int, p *kernels.SGDF32)
//
//	for i := range n { w[i], m[i] = p.Next(w[i], m[i], grad[i]) } // n > 0
//
// If m is nil, w[i] is p.Plain(w[i], grad[i]). DI w, SI m, DX g, CX elements left, R8
// p; Z31 to Z27 its numbers, R9 Nesterov; Z0 w, Z1 the gradient, then d.
TEXT ·sgdF32AVX512(SB), NOSPLIT, $0-40
	MOVQ w+0(FP), DI
	MOVQ m+8(FP), SI
	MOVQ grad+16(FP), DX
	MOVQ n+24(FP), CX
	MOVQ p+32(FP), R8
	VBROADCASTSS 0(R8), Z31
	VBROADCASTSS 4(R8), Z30
	VBROADCASTSS 8(R8), Z29
	VBROADCASTSS 12(R8), Z28
	VBROADCASTSS 16(R8), Z27
	MOVBLZX 20(R8), R9

next:
	MASK
	VMOVUPS.Z (DI), K1, Z0
	VMOVUPS.Z (DX), K1, Z1
	VMULPS Z31, Z1, Z1
	VMULPS Z30, Z0, Z2
	VADDPS Z2, Z1, Z1
	VMULPS Z29, Z0, Z0
	VMULPS Z28, Z1, Z1
	TESTQ SI, SI
	JZ plain
	VMOVUPS.Z (SI), K1, Z2
	VMULPS Z27, Z2, Z2
	VSUBPS Z1, Z2, Z2
	VMOVUPS Z2, K1, (SI)
	ADDQ $64, SI
	TESTL R9, R9
	JZ ahead
	VMULPS Z27, Z2, Z2
	VSUBPS Z1, Z2, Z2

ahead:
	VADDPS Z2, Z0, Z0
	JMP store

plain:
	VSUBPS Z1, Z0, Z0

store:
	VMOVUPS Z0, K1, (DI)
	ADDQ $64, DI
	ADDQ $64, DX
	SUBQ $16, CX
	JG next
	VZEROUPPER
	RET

// func adamF32AVX512(w, m, v, grad *float32, n int, p *kernels.AdamF32)
//
//	for i := range n { w[i], m[i], v[i] = p.Next(w[i], m[i], v[i], grad[i]) } // n > 0
//
// DI w, SI m, BX v, DX g, CX elements left, R8 p; Z31 to Z24 its numbers; Z0
// w, Z1 the gradient, Z3 m, Z4 v.
TEXT ·adamF32AVX512(SB), NOSPLIT, $0-48
	MOVQ w+0(FP), DI
	MOVQ m+8(FP), SI
	MOVQ v+16(FP), BX
	MOVQ grad+24(FP), DX
	MOVQ n+32(FP), CX
	MOVQ p+40(FP), R8
	VBROADCASTSS 0(R8), Z31
	VBROADCASTSS 4(R8), Z30
	VBROADCASTSS 8(R8), Z29
	VBROADCASTSS 12(R8), Z28
	VBROADCASTSS 16(R8), Z27
	VBROADCASTSS 20(R8), Z26
	VBROADCASTSS 24(R8), Z25
	VBROADCASTSS 28(R8), Z24

next:
	MASK
	VMOVUPS.Z (DI), K1, Z0
	VMOVUPS.Z (DX), K1, Z1
	VMOVUPS.Z (SI), K1, Z3
	VMOVUPS.Z (BX), K1, Z4
	VMULPS Z31, Z1, Z1
	VMULPS Z30, Z0, Z2
	VADDPS Z2, Z1, Z1
	VMULPS Z29, Z0, Z0
	VSUBPS Z3, Z1, Z2
	VMULPS Z27, Z2, Z2
	VADDPS Z2, Z3, Z3
	VMULPS Z1, Z1, Z2
	VSUBPS Z4, Z2, Z2
	VMULPS Z26, Z2, Z2
	VADDPS Z2, Z4, Z4
	VSQRTPS Z4, Z2
	VMULPS Z25, Z2, Z2
	VADDPS Z24, Z2, Z2
	VMULPS Z28, Z3, Z1
	VDIVPS Z2, Z1, Z1
	VSUBPS Z1, Z0, Z0
	VMOVUPS Z3, K1, (SI)
	VMOVUPS Z4, K1, (BX)
	VMOVUPS Z0, K1, (DI)
	ADDQ $64, DI
	ADDQ $64, SI
	ADDQ $64, BX
	ADDQ $64, DX
	SUBQ $16, CX
	JG next
	VZEROUPPER
	RET

// func rmspropF32AVX512(w, m, v, grad *float32, n int, p *kernels.RMSpropF32)
//
//	for i := range n { w[i], m[i], v[i] = p.Next(w[i], m[i], v[i], grad[i]) } // n > 0
//
// If m is nil, it is 0 before, and nowhere after. Registers are those of
// adamF32AVX512.
TEXT ·rmspropF32AVX512(SB), NOSPLIT, $0-48
	MOVQ w+0(FP), DI
	MOVQ m+8(FP), SI
	MOVQ v+16(FP), BX
	MOVQ grad+24(FP), DX
	MOVQ n+32(FP), CX
	MOVQ p+40(FP), R8
	VBROADCASTSS 0(R8), Z31
	VBROADCASTSS 4(R8), Z30
	VBROADCASTSS 8(R8), Z29
	VBROADCASTSS 12(R8), Z28
	VBROADCASTSS 16(R8), Z27
	VBROADCASTSS 20(R8), Z26
	VBROADCASTSS 24(R8), Z25

next:
	MASK
	VMOVUPS.Z (DI), K1, Z0
	VMOVUPS.Z (DX), K1, Z1
	VMOVUPS.Z (BX), K1, Z4
	VMULPS Z31, Z1, Z1
	VMULPS Z30, Z0, Z2
	VADDPS Z2, Z1, Z1
	VMULPS Z29, Z0, Z0
	VMULPS Z1, Z1, Z2
	VSUBPS Z4, Z2, Z2
	VMULPS Z27, Z2, Z2
	VADDPS Z2, Z4, Z4
	VADDPS Z25, Z4, Z2
	VSQRTPS Z2, Z2
	VMULPS Z28, Z1, Z1
	VDIVPS Z2, Z1, Z1
	VPXORD Z3, Z3, Z3
	TESTQ SI, SI
	JZ fresh
	VMOVUPS.Z (SI), K1, Z3

fresh:
	VMULPS Z26, Z3, Z3
	VADDPS Z1, Z3, Z3
	VSUBPS Z3, Z0, Z0
	TESTQ SI, SI
	JZ store
	VMOVUPS Z3, K1, (SI)
	ADDQ $64, SI

store:
	VMOVUPS Z4, K1, (BX)
	VMOVUPS Z0, K1, (DI)
	ADDQ $64, DI
	ADDQ $64, BX
	ADDQ $64, DX
	SUBQ $16, CX
	JG next
	VZEROUPPER
	RET
