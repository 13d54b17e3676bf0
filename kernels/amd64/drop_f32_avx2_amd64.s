//go:build !purego

#include "textflag.h"

// dropBlocksAVX2 are the blocks of lanes: after the transposes, register r holds
// blocks 2r and 2r+1.
DATA dropBlocksAVX2<>+0(SB)/4, $0
DATA dropBlocksAVX2<>+4(SB)/4, $2
DATA dropBlocksAVX2<>+8(SB)/4, $4
DATA dropBlocksAVX2<>+12(SB)/4, $6
DATA dropBlocksAVX2<>+16(SB)/4, $1
DATA dropBlocksAVX2<>+20(SB)/4, $3
DATA dropBlocksAVX2<>+24(SB)/4, $5
DATA dropBlocksAVX2<>+28(SB)/4, $7
GLOBL dropBlocksAVX2<>(SB), RODATA|NOPTR, $32

// ROUND is a round of Philox of eight counters Y0 to Y3 under keys Y10 and Y11. Y12
// and Y13 are the factors, Y14 and Y15 what bumps the keys.
#define ROUND \
	VPMULUDQ Y0, Y12, Y4         \
	VPSRLQ   $32, Y0, Y5         \
	VPMULUDQ Y2, Y13, Y6         \
	VPSRLQ   $32, Y2, Y7         \
	VPMULUDQ Y5, Y12, Y5         \
	VPMULUDQ Y7, Y13, Y7         \
	VPXOR    Y1, Y10, Y1         \
	VPXOR    Y3, Y11, Y3         \
	VPSRLQ   $32, Y6, Y0         \
	VPBLENDD $0xAA, Y7, Y0, Y0   \ // upper halves of B·c2
	VPXOR    Y1, Y0, Y0          \
	VPSLLQ   $32, Y7, Y1         \
	VPBLENDD $0x55, Y6, Y1, Y1   \ // lower halves
	VPSRLQ   $32, Y4, Y2         \
	VPBLENDD $0xAA, Y5, Y2, Y2   \
	VPXOR    Y3, Y2, Y2          \
	VPSLLQ   $32, Y5, Y3         \
	VPBLENDD $0x55, Y4, Y3, Y3   \
	VPADDD   Y14, Y10, Y10       \
	VPADDD   Y15, Y11, Y11

// func dropF32AVX2(y, x *float32, n int, block uint64, d *kernels.Drop)
//
//	for i := range n { y[i] = x[i]*d.Scale, or 0 if word i%4 of block+i/4 is below d.Least }
//
// n is a multiple of 32. DI y, SI x, CX elements left, R8 d, BX lower half of block, DX
// the upper one.
TEXT ·dropF32AVX2(SB), NOSPLIT, $0-40
	MOVQ         y+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVQ         block+24(FP), BX
	MOVQ         d+32(FP), R8
	MOVQ         BX, DX
	SHRQ         $32, DX
	MOVL         $0xD2511F53, AX
	VMOVD        AX, X12
	VPBROADCASTD X12, Y12
	MOVL         $0xCD9E8D57, AX
	VMOVD        AX, X13
	VPBROADCASTD X13, Y13
	MOVL         $0x9E3779B9, AX
	VMOVD        AX, X14
	VPBROADCASTD X14, Y14
	MOVL         $0xBB67AE85, AX
	VMOVD        AX, X15
	VPBROADCASTD X15, Y15

many:
	VMOVD        BX, X0
	VPBROADCASTD X0, Y0
	VPADDD       dropBlocksAVX2<>(SB), Y0, Y0
	VMOVD        DX, X1
	VPBROADCASTD X1, Y1
	VPBROADCASTD 8(R8), Y2
	VPBROADCASTD 20(R8), Y3
	VPBROADCASTD 0(R8), Y10
	VPBROADCASTD 4(R8), Y11
	ROUND
	ROUND
	ROUND
	ROUND
	ROUND
	ROUND
	ROUND
	ROUND
	ROUND
	ROUND
	VPUNPCKLDQ   Y1, Y0, Y4
	VPUNPCKHDQ   Y1, Y0, Y5
	VPUNPCKLDQ   Y3, Y2, Y6
	VPUNPCKHDQ   Y3, Y2, Y7
	VPUNPCKLQDQ  Y6, Y4, Y0
	VPUNPCKHQDQ  Y6, Y4, Y1
	VPUNPCKLQDQ  Y7, Y5, Y2
	VPUNPCKHQDQ  Y7, Y5, Y3
	VPBROADCASTD 12(R8), Y8 // least
	VBROADCASTSS 16(R8), Y9 // scale
	VPMAXUD      Y0, Y8, Y4
	VPCMPEQD     Y0, Y4, Y4 // word >= least
	VMULPS       0(SI), Y9, Y5
	VANDPS       Y5, Y4, Y5
	VMOVUPS      Y5, 0(DI)
	VPMAXUD      Y1, Y8, Y4
	VPCMPEQD     Y1, Y4, Y4 // word >= least
	VMULPS       32(SI), Y9, Y5
	VANDPS       Y5, Y4, Y5
	VMOVUPS      Y5, 32(DI)
	VPMAXUD      Y2, Y8, Y4
	VPCMPEQD     Y2, Y4, Y4 // word >= least
	VMULPS       64(SI), Y9, Y5
	VANDPS       Y5, Y4, Y5
	VMOVUPS      Y5, 64(DI)
	VPMAXUD      Y3, Y8, Y4
	VPCMPEQD     Y3, Y4, Y4 // word >= least
	VMULPS       96(SI), Y9, Y5
	VANDPS       Y5, Y4, Y5
	VMOVUPS      Y5, 96(DI)
	ADDQ         $128, SI
	ADDQ         $128, DI
	ADDL         $8, BX
	SUBQ         $32, CX
	JNZ          many
	VZEROUPPER
	RET
