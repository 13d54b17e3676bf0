//go:build !purego

#include "textflag.h"

// ELEMENTS is the body of a function once its parameters are in registers: SIXTEEN
// makes those of K1 of AX on from (SI) and (DX) the float32 of Z0, which are then
// clamped to Z12 (lo) and Z13 (hi), rounded, less Z15 (offset), and stored at (DI).
// NaN, the first operand, becomes lo. CX elements left; AX done.
#define ELEMENTS(SIXTEEN) \
	XORQ       AX, AX           \
	KXNORW     K1, K1, K1       \
	SUBQ       $16, CX          \
	JLT        rest             \
sixteen:                            \
	SIXTEEN                     \
	VMAXPS     Z12, Z0, Z0      \
	VMINPS     Z13, Z0, Z0      \
	VCVTPS2DQ  Z0, Z0           \
	VPSUBD     Z15, Z0, Z0      \
	VPMOVSDB   Z0, K1, (DI)(AX*1) \
	ADDQ       $16, AX          \
	SUBQ       $16, CX          \
	JGE        sixteen          \
rest:                               \
	ADDQ       $16, CX          \
	JLE        done             \
	MOVQ       $1, BX           \ // the elements that are left, in a last round
	SHLQ       CX, BX           \
	DECQ       BX               \
	KMOVW      BX, K1           \
	XORQ       CX, CX           \
	JMP        sixteen          \
done:                               \
	VZEROUPPER                  \
	RET

// SPREADF spreads the int32 at AT(R8), as a float32.
#define SPREADF(AT, Z) \
	VPBROADCASTD AT(R8), Z \
	VCVTDQ2PS    Z, Z

// ARGUMENTS loads those that all functions have.
#define ARGUMENTS \
	MOVQ y+0(FP), DI  \
	MOVQ a+8(FP), SI  \
	MOVQ b+16(FP), DX \
	MOVQ n+24(FP), CX \
	MOVQ p+32(FP), R8

// Where kernels.LinearAddS8 keeps its fields.
#define ADD_A 0
#define ADD_B 4
#define ADD_C 8
#define ADD_LO 12
#define ADD_HI 16
#define ADD_OFFSET 20

// SUM makes (B*v+C)+A*u of a's elements u and b's v: Z9 A, Z10 B, Z11 C.
#define SUM \
	VPMOVSXBD.Z (DX)(AX*1), K1, Z0 \
	VPMOVSXBD.Z (SI)(AX*1), K1, Z1 \
	VPADDD      Z15, Z0, Z0        \
	VPADDD      Z15, Z1, Z1        \
	VCVTDQ2PS   Z0, Z0             \
	VCVTDQ2PS   Z1, Z1             \
	VMULPS      Z10, Z0, Z0        \
	VADDPS      Z11, Z0, Z0        \
	VMULPS      Z9, Z1, Z1         \
	VADDPS      Z1, Z0, Z0

// func linearAddS8AVX512(y, a, b *int8, n int, p *kernels.LinearAddS8)
//
//	for i := range n {
//		u, v := float32(a[i]+offset), float32(b[i]+offset)
//		y[i] = round(clamp((B*v+C)+A*u)) - offset
//	}
TEXT ·linearAddS8AVX512(SB), NOSPLIT, $0-40
	ARGUMENTS
	VBROADCASTSS ADD_A(R8), Z9
	VBROADCASTSS ADD_B(R8), Z10
	VBROADCASTSS ADD_C(R8), Z11
	SPREADF(ADD_LO, Z12)
	SPREADF(ADD_HI, Z13)
	VPBROADCASTD ADD_OFFSET(R8), Z15
	ELEMENTS(SUM)

// Where kernels.LinearMulS8 keeps its fields.
#define MUL_ZERO_A 0
#define MUL_ZERO_B 4
#define MUL_M 8
#define MUL_ZERO 12
#define MUL_LO 16
#define MUL_HI 20
#define MUL_OFFSET 24

// PRODUCT makes u*v*M+Zero of a's elements u and b's v, less their zero points: Z9
// offset−ZeroA, Z10 offset−ZeroB, Z11 M, Z14 Zero.
#define PRODUCT \
	VPMOVSXBD.Z (SI)(AX*1), K1, Z0 \
	VPMOVSXBD.Z (DX)(AX*1), K1, Z1 \
	VPADDD      Z9, Z0, Z0         \
	VPADDD      Z10, Z1, Z1        \
	VPMULLD     Z1, Z0, Z0         \
	VCVTDQ2PS   Z0, Z0             \
	VMULPS      Z11, Z0, Z0        \
	VADDPS      Z14, Z0, Z0

// func linearMulS8AVX512(y, a, b *int8, n int, p *kernels.LinearMulS8)
//
//	for i := range n {
//		product := float32((a[i]+offset-ZeroA) * (b[i]+offset-ZeroB))
//		y[i] = round(clamp(product*M+Zero)) - offset
//	}
TEXT ·linearMulS8AVX512(SB), NOSPLIT, $0-40
	ARGUMENTS
	VPBROADCASTD MUL_OFFSET(R8), Z15
	VPBROADCASTD MUL_ZERO_A(R8), Z9
	VPBROADCASTD MUL_ZERO_B(R8), Z10
	VPSUBD       Z9, Z15, Z9
	VPSUBD       Z10, Z15, Z10
	VBROADCASTSS MUL_M(R8), Z11
	SPREADF(MUL_LO, Z12)
	SPREADF(MUL_HI, Z13)
	SPREADF(MUL_ZERO, Z14)
	ELEMENTS(PRODUCT)
