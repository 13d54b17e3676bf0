//go:build !purego

#include "textflag.h"

// TAP loads a tap: R8 where it reads x, Y15 eight weights.
#define TAP \
	MOVLQSX   (R9), R8           \
	LEAQ      (SI)(R8*2), R8     \
	MOVLQSX   4(R9), R10         \
	VPMOVSXBD (DX)(R10*1), Y15   \
	ADDQ      $8, R9

// PIXEL adds eight products. The pixel's int16 are the low halves of pairs with 0.
#define PIXEL(X, S) \
	VPMOVZXWD X, Y14         \
	VPMADDWD  Y15, Y14, Y14  \
	VPADDD    Y14, S, S

// WIDE stores eight sums as int64 and goes on to the next pixel.
#define WIDE(Y, X) \
	VPMOVSXDQ    X, Y12      \
	VEXTRACTI128 $1, Y, X13  \
	VPMOVSXDQ    X13, Y13    \
	VMOVDQU      Y12, (BX)   \
	VMOVDQU      Y13, 32(BX) \
	ADDQ         R15, BX

// func depthwiseS16AVX2(y *int64, x *int16, w *int8, taps *kernels.Tap, ntaps, n, step, c int)
//
//	for i := 0; i < n; i++ {
//		for ch := 0; ch < 8; ch++ {
//			s := int32(0)
//			for t := 0; t < ntaps; t++ {
//				s += x[i*step+taps[t].X+ch] * w[taps[t].W+ch]
//			}
//			y[i*c+ch] = s
//		}
//	}
//
// n and ntaps are positive, and ntaps at most 256, so that s does not overflow.
// step and c count bytes.
//
// BX y, SI x of the pixel, DX w; R9 taps as they go along, CX how many are left; R12
// pixels left; R13 step, R14 3*step; R15 c; R8 R10 scratch. Y0..Y3 sums of four pixels.
TEXT ·depthwiseS16AVX2(SB), NOSPLIT, $0-64
	MOVQ y+0(FP), BX
	MOVQ x+8(FP), SI
	MOVQ w+16(FP), DX
	MOVQ n+40(FP), R12
	MOVQ step+48(FP), R13
	LEAQ (R13)(R13*2), R14
	MOVQ c+56(FP), R15
	SUBQ $4, R12
	JLT  rest

pixels:
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	MOVQ  taps+24(FP), R9
	MOVQ  ntaps+32(FP), CX

taps:
	TAP
	PIXEL((R8), Y0)
	PIXEL((R8)(R13*1), Y1)
	PIXEL((R8)(R13*2), Y2)
	PIXEL((R8)(R14*1), Y3)
	DECQ CX
	JNZ  taps
	WIDE(Y0, X0)
	WIDE(Y1, X1)
	WIDE(Y2, X2)
	WIDE(Y3, X3)
	LEAQ (SI)(R13*4), SI
	SUBQ $4, R12
	JGE  pixels

rest:
	ADDQ $4, R12
	JZ   done

pixel:
	VPXOR Y0, Y0, Y0
	MOVQ  taps+24(FP), R9
	MOVQ  ntaps+32(FP), CX

tap:
	TAP
	PIXEL((R8), Y0)
	DECQ CX
	JNZ  tap
	WIDE(Y0, X0)
	ADDQ R13, SI
	DECQ R12
	JNZ  pixel

done:
	VZEROUPPER
	RET
