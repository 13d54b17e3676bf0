//go:build !purego

#include "textflag.h"

// ROUNDY and ROUNDZ apply OP to twelve registers, none of which depends on
// another.
#define ROUNDY(OP) \
	OP(Y0)   \
	OP(Y1)   \
	OP(Y2)   \
	OP(Y3)   \
	OP(Y4)   \
	OP(Y5)   \
	OP(Y6)   \
	OP(Y7)   \
	OP(Y8)   \
	OP(Y9)   \
	OP(Y10)  \
	OP(Y11) 

#define ROUNDZ(OP) \
	OP(Z0)   \
	OP(Z1)   \
	OP(Z2)   \
	OP(Z3)   \
	OP(Z4)   \
	OP(Z5)   \
	OP(Z6)   \
	OP(Z7)   \
	OP(Z8)   \
	OP(Z9)   \
	OP(Z10)  \
	OP(Z11) 

// LOOP does a round n times.
#define LOOP(ROUND, OP) \
	MOVQ  n+0(FP), CX \
	TESTQ CX, CX      \
	JLE   done        \
round:                \
	ROUND(OP)         \
	DECQ  CX          \
	JNZ   round       \
done:                 \
	VZEROUPPER        \
	RET

#define FMA256(R) VFMADD231PS Y12, Y12, R
#define FMA512(R) VFMADD231PS Z12, Z12, R
#define PAIRS256(R) \
	VPMADDWD Y12, Y12, Y13  \
	VPADDD   Y13, R, R
#define PAIRS512(R) \
	VPMADDWD Z12, Z12, Z13  \
	VPADDD   Z13, R, R
#define FOURS512(R) VPDPBUSD Z12, Z12, R

// func peakF32AVX2(n int): 12 times 8 multiply-adds of float32
TEXT ·peakF32AVX2(SB), NOSPLIT, $0-8
	VPXOR Y12, Y12, Y12
	LOOP(ROUNDY, FMA256)

// func peakF32AVX512(n int): 12 times 16
TEXT ·peakF32AVX512(SB), NOSPLIT, $0-8
	VPXORD Z12, Z12, Z12
	LOOP(ROUNDZ, FMA512)

// func peakS8AVX2(n int): 12 times 16 multiply-adds of int16
TEXT ·peakS8AVX2(SB), NOSPLIT, $0-8
	VPXOR Y12, Y12, Y12
	LOOP(ROUNDY, PAIRS256)

// func peakS8AVX512(n int): 12 times 32
TEXT ·peakS8AVX512(SB), NOSPLIT, $0-8
	VPXORD Z12, Z12, Z12
	LOOP(ROUNDZ, PAIRS512)

// DOT is VPDPBUSD Y12, Y12, R with a VEX prefix, which Go's assembler doesn't
// know. REX is $0xc2 for Y0 to Y7, $0x42 for others; MODRM is $0xc4 + 8·(R mod 8).
#define DOT(REX, MODRM) BYTE $0xc4; BYTE REX; BYTE $0x1d; BYTE $0x50; BYTE MODRM

#define ROUNDDOT(OP) \
	OP($0xc2, $0xc4) \
	OP($0xc2, $0xcc) \
	OP($0xc2, $0xd4) \
	OP($0xc2, $0xdc) \
	OP($0xc2, $0xe4) \
	OP($0xc2, $0xec) \
	OP($0xc2, $0xf4) \
	OP($0xc2, $0xfc) \
	OP($0x42, $0xc4) \
	OP($0x42, $0xcc) \
	OP($0x42, $0xd4) \
	OP($0x42, $0xdc)

// func peakS8AVXVNNI(n int): 12 times 32 multiply-adds of bytes
TEXT ·peakS8AVXVNNI(SB), NOSPLIT, $0-8
	VPXOR Y12, Y12, Y12
	LOOP(ROUNDDOT, DOT)

// func peakS8VNNI(n int): 12 times 64 multiply-adds of bytes
TEXT ·peakS8VNNI(SB), NOSPLIT, $0-8
	VPXORD Z12, Z12, Z12
	LOOP(ROUNDZ, FOURS512)
