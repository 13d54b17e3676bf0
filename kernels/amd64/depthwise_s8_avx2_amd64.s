//go:build !purego

#include "textflag.h"

// INTERLEAVE makes pairs of the 16 int16 in A and B: those of channels 0-3 and
// 8-11 in LO, of 4-7 and 12-15 in HI. ORDER undoes this for sums of pairs.
#define INTERLEAVE(A, B, LO, HI) \
	VPUNPCKLWD B, A, LO \
	VPUNPCKHWD B, A, HI

#define ORDER(LO, HI, FIRST, SECOND) \
	VPERM2I128 $0x20, HI, LO, FIRST  \
	VPERM2I128 $0x31, HI, LO, SECOND

// BOTH loads eight int8 into both halves of a register, as int16.
#define BOTH(A, X, Y) \
	VPBROADCASTQ A, X \
	VPMOVSXBW    X, Y

// WEIGHTS stores the pairs made of Y0 and Y1 and adds each to Y2 and Y3.
#define WEIGHTS \
	INTERLEAVE(Y0, Y1, Y4, Y5)   \
	VMOVDQU   Y4, (DI)           \
	VMOVDQU   Y5, 32(DI)         \
	VPMADDWD  Y4, Y15, Y4        \
	VPMADDWD  Y5, Y15, Y5        \
	VPADDD    Y4, Y2, Y2         \
	VPADDD    Y5, Y3, Y3         \
	ADDQ      $64, DI

// func packS8AVX2(dst *int16, init *int32, w *int8, at *int32, pairs, odd int, zero int32, wide bool)
//
// Packs the weights of pairs of taps, w[at[2*t]:] and w[at[2*t+1]:], the latter
// 0 in the last pair if odd is 1, as pairs of int16 for depthwiseS8x16AVX2, or,
// if not wide, of eight channels twice for depthwiseS8x8AVX2. And
//
//	init[ch] -= zero * sum of the weights of ch
//
// for 16 channels, or 8 and 8 copies, so that x need not be shifted by zero:
// int32 wraps, so the sums agree.
//
// DI dst, SI w, R8 at, CX pairs left, R9 odd, R10 wide; AX BX offsets.
// Y0 Y1 weights; Y2 Y3 sums; Y4 Y5 pairs; Y14 zero; Y15 ones.
TEXT ·packS8AVX2(SB), NOSPLIT, $0-53
	MOVQ         dst+0(FP), DI
	MOVQ         w+16(FP), SI
	MOVQ         at+24(FP), R8
	MOVQ         pairs+32(FP), CX
	MOVQ         odd+40(FP), R9
	MOVBLZX      wide+52(FP), R10
	MOVL         zero+48(FP), AX
	VMOVD        AX, X14
	VPBROADCASTD X14, Y14
	VPCMPEQW     Y15, Y15, Y15
	VPABSW       Y15, Y15
	VPXOR        Y2, Y2, Y2
	VPXOR        Y3, Y3, Y3

pair:
	MOVLQSX (R8), AX
	MOVLQSX 4(R8), BX
	CMPQ    R9, CX // the last pair, and odd
	JEQ     half
	TESTQ   R10, R10
	JZ      eight
	VPMOVSXBW (SI)(AX*1), Y0
	VPMOVSXBW (SI)(BX*1), Y1
	JMP     pack

eight:
	BOTH((SI)(AX*1), X0, Y0)
	BOTH((SI)(BX*1), X1, Y1)

pack:
	WEIGHTS
	ADDQ $8, R8
	DECQ CX
	JNZ  pair

	MOVQ    init+8(FP), DX
	ORDER(Y2, Y3, Y0, Y1)
	VPMULLD Y14, Y0, Y0
	VPMULLD Y14, Y1, Y1
	VMOVDQU (DX), Y4
	VMOVDQU 32(DX), Y5
	VPSUBD  Y0, Y4, Y4
	VPSUBD  Y1, Y5, Y5
	VMOVDQU Y4, (DX)
	VMOVDQU Y5, 32(DX)
	VZEROUPPER
	RET

half:
	VPXOR   Y1, Y1, Y1
	TESTQ   R10, R10
	JZ      halfEight
	VPMOVSXBW (SI)(AX*1), Y0
	JMP     pack

halfEight:
	BOTH((SI)(AX*1), X0, Y0)
	JMP pack

// TAPS multiplies a pair of taps, Y0 and Y1, by the weights at SI.
#define TAPS \
	INTERLEAVE(Y0, Y1, Y2, Y3) \
	VPMADDWD (SI), Y2, Y2      \
	VPMADDWD 32(SI), Y3, Y3    \
	VPADDD   Y2, Y4, Y4        \
	VPADDD   Y3, Y5, Y5        \
	ADDQ     $64, SI           \
	ADDQ     $8, R11

// func depthwiseS8x16AVX2(c, init *int32, ldi int, x *int8, step int, w *int16, at *int32, pairs, n int)
//
//	for i := 0; i < n; i++ {
//		for ch := 0; ch < 16; ch++ {
//			s := init[i*ldi+ch]
//			for t := 0; t < 2*pairs; t++ {
//				s += x[i*step+at[t]+ch] * w[t,ch]
//			}
//			c[i*16+ch] = s
//		}
//	}
//
// DX c, R8 init, R9 ldi in bytes, DI x, R10 step, SI R11 w and at of the pair,
// CX pairs left, R12 pixels left; AX BX offsets. Y0 Y1 x; Y2 Y3 pairs; Y4 Y5 sums.
TEXT ·depthwiseS8x16AVX2(SB), NOSPLIT, $0-72
	MOVQ c+0(FP), DX
	MOVQ init+8(FP), R8
	MOVQ ldi+16(FP), R9
	SHLQ $2, R9
	MOVQ x+24(FP), DI
	MOVQ step+32(FP), R10
	MOVQ n+64(FP), R12

pixel:
	MOVQ  w+40(FP), SI
	MOVQ  at+48(FP), R11
	MOVQ  pairs+56(FP), CX
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5

pair:
	MOVLQSX   (R11), AX
	MOVLQSX   4(R11), BX
	VPMOVSXBW (DI)(AX*1), Y0
	VPMOVSXBW (DI)(BX*1), Y1
	TAPS
	DECQ      CX
	JNZ       pair
	ORDER(Y4, Y5, Y0, Y1)
	VPADDD    (R8), Y0, Y0
	VPADDD    32(R8), Y1, Y1
	VMOVDQU   Y0, (DX)
	VMOVDQU   Y1, 32(DX)
	ADDQ      $64, DX
	ADDQ      R9, R8
	ADDQ      R10, DI
	DECQ      R12
	JNZ       pixel
	VZEROUPPER
	RET

// TWICE loads eight channels of two pixels.
#define TWICE(AT, X, Y) \
	VMOVQ     (DI)(AT*1), X          \
	VPINSRQ   $1, (R13)(AT*1), X, X  \
	VPMOVSXBW X, Y

// func depthwiseS8x8AVX2(c, init *int32, ldi int, x *int8, step int, w *int16, at *int32, pairs, n int)
//
// depthwiseS8x16AVX2 for 8 channels, n pixels in twos, each pair a row of 16 in
// init and c. If n is odd, the last pixel is computed twice.
//
// Registers as there; R13 x of the second pixel, R12 pixels left.
TEXT ·depthwiseS8x8AVX2(SB), NOSPLIT, $0-72
	MOVQ c+0(FP), DX
	MOVQ init+8(FP), R8
	MOVQ ldi+16(FP), R9
	SHLQ $2, R9
	MOVQ x+24(FP), DI
	MOVQ step+32(FP), R10
	MOVQ n+64(FP), R12

pixels:
	LEAQ    (DI)(R10*1), R13
	CMPQ    R12, $1
	CMOVQEQ DI, R13
	MOVQ    w+40(FP), SI
	MOVQ    at+48(FP), R11
	MOVQ    pairs+56(FP), CX
	VPXOR   Y4, Y4, Y4
	VPXOR   Y5, Y5, Y5

pair:
	MOVLQSX (R11), AX
	MOVLQSX 4(R11), BX
	TWICE(AX, X0, Y0)
	TWICE(BX, X1, Y1)
	TAPS
	DECQ    CX
	JNZ     pair
	ORDER(Y4, Y5, Y0, Y1)
	VPADDD  (R8), Y0, Y0
	VPADDD  32(R8), Y1, Y1
	VMOVDQU Y0, (DX)
	VMOVDQU Y1, 32(DX)
	ADDQ    $64, DX
	ADDQ    R9, R8
	LEAQ    (R13)(R10*1), DI
	SUBQ    $2, R12
	JGT     pixels
	VZEROUPPER
	RET
