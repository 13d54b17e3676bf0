//go:build !purego

#include "textflag.h"

// dropBlocksAVX512 are the blocks of lanes: after the transposes, register r holds
// blocks 4r to 4r+3.
DATA dropBlocksAVX512<>+0(SB)/4, $0
DATA dropBlocksAVX512<>+4(SB)/4, $4
DATA dropBlocksAVX512<>+8(SB)/4, $8
DATA dropBlocksAVX512<>+12(SB)/4, $12
DATA dropBlocksAVX512<>+16(SB)/4, $1
DATA dropBlocksAVX512<>+20(SB)/4, $5
DATA dropBlocksAVX512<>+24(SB)/4, $9
DATA dropBlocksAVX512<>+28(SB)/4, $13
DATA dropBlocksAVX512<>+32(SB)/4, $2
DATA dropBlocksAVX512<>+36(SB)/4, $6
DATA dropBlocksAVX512<>+40(SB)/4, $10
DATA dropBlocksAVX512<>+44(SB)/4, $14
DATA dropBlocksAVX512<>+48(SB)/4, $3
DATA dropBlocksAVX512<>+52(SB)/4, $7
DATA dropBlocksAVX512<>+56(SB)/4, $11
DATA dropBlocksAVX512<>+60(SB)/4, $15
GLOBL dropBlocksAVX512<>(SB), RODATA|NOPTR, $64

// ROUND is a round of Philox of sixteen counters Z0 to Z3 under keys Z10 and Z11. Z12
// and Z13 are the factors, Z14 and Z15 what bumps the keys, K1 odd lanes, K2 even ones.
#define ROUND \
	VPMULUDQ   Z0, Z12, Z4         \
	VPSRLQ     $32, Z0, Z5         \
	VPMULUDQ   Z2, Z13, Z6         \
	VPSRLQ     $32, Z2, Z7         \
	VPMULUDQ   Z5, Z12, Z5         \
	VPMULUDQ   Z7, Z13, Z7         \
	VPSRLQ     $32, Z6, Z0         \
	VMOVDQA32  Z7, K1, Z0          \ // upper halves of B·c2
	VPTERNLOGD $0x96, Z1, Z10, Z0  \
	VPSLLQ     $32, Z7, Z1         \
	VMOVDQA32  Z6, K2, Z1          \ // lower halves
	VPSRLQ     $32, Z4, Z2         \
	VMOVDQA32  Z5, K1, Z2          \
	VPTERNLOGD $0x96, Z3, Z11, Z2  \
	VPSLLQ     $32, Z5, Z3         \
	VMOVDQA32  Z4, K2, Z3          \
	VPADDD     Z14, Z10, Z10       \
	VPADDD     Z15, Z11, Z11

// func dropF32AVX512(y, x *float32, n int, block uint64, d *kernels.Drop)
//
//	for i := range n { y[i] = x[i]*d.Scale, or 0 if word i%4 of block+i/4 is below d.Least }
//
// n is a multiple of 64. DI y, SI x, CX elements left, R8 d, BX lower half of block, DX
// the upper one.
TEXT ·dropF32AVX512(SB), NOSPLIT, $0-40
	MOVQ         y+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVQ         block+24(FP), BX
	MOVQ         d+32(FP), R8
	MOVQ         BX, DX
	SHRQ         $32, DX
	MOVL         $0xD2511F53, AX
	VMOVD        AX, X12
	VPBROADCASTD X12, Z12
	MOVL         $0xCD9E8D57, AX
	VMOVD        AX, X13
	VPBROADCASTD X13, Z13
	MOVL         $0x9E3779B9, AX
	VMOVD        AX, X14
	VPBROADCASTD X14, Z14
	MOVL         $0xBB67AE85, AX
	VMOVD        AX, X15
	VPBROADCASTD X15, Z15
	MOVL         $0xAAAA, AX
	KMOVW        AX, K1
	KNOTW        K1, K2
	VPBROADCASTD 12(R8), Z16 // least
	VBROADCASTSS 16(R8), Z17 // scale

many:
	VMOVD        BX, X0
	VPBROADCASTD X0, Z0
	VPADDD       dropBlocksAVX512<>(SB), Z0, Z0
	VMOVD        DX, X1
	VPBROADCASTD X1, Z1
	VPBROADCASTD 8(R8), Z2
	VPBROADCASTD 20(R8), Z3
	VPBROADCASTD 0(R8), Z10
	VPBROADCASTD 4(R8), Z11
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
	VPUNPCKLDQ   Z1, Z0, Z4
	VPUNPCKHDQ   Z1, Z0, Z5
	VPUNPCKLDQ   Z3, Z2, Z6
	VPUNPCKHDQ   Z3, Z2, Z7
	VPUNPCKLQDQ  Z6, Z4, Z0
	VPUNPCKHQDQ  Z6, Z4, Z1
	VPUNPCKLQDQ  Z7, Z5, Z2
	VPUNPCKHQDQ  Z7, Z5, Z3
	VPCMPUD      $5, Z16, Z0, K3 // word >= least
	VMULPS.Z     0(SI), Z17, K3, Z4
	VMOVUPS      Z4, 0(DI)
	VPCMPUD      $5, Z16, Z1, K3 // word >= least
	VMULPS.Z     64(SI), Z17, K3, Z4
	VMOVUPS      Z4, 64(DI)
	VPCMPUD      $5, Z16, Z2, K3 // word >= least
	VMULPS.Z     128(SI), Z17, K3, Z4
	VMOVUPS      Z4, 128(DI)
	VPCMPUD      $5, Z16, Z3, K3 // word >= least
	VMULPS.Z     192(SI), Z17, K3, Z4
	VMOVUPS      Z4, 192(DI)
	ADDQ         $256, SI
	ADDQ         $256, DI
	ADDL         $16, BX
	SUBQ         $64, CX
	JNZ          many
	VZEROUPPER
	RET
