//go:build !purego

#include "textflag.h"
#include "requant_avx2_amd64.h"

// TIMES multiplies the four int64 in X by the numbers below 2^15 in M, wrapping: X
// is its low half times M plus its high half times M, 32 bits up. T is clobbered.
#define TIMES(X, M, T) \
	VPSRLQ   $32, X, T \
	VPMULUDQ M, X, X   \
	VPMULUDQ M, T, T   \
	VPSLLQ   $32, T, T \
	VPADDQ   T, X, X

// LOWER packs the low halves of the eight int64 in Y0 and Y1 into Y0.
#define LOWER \
	VSHUFPS $0x88, Y1, Y0, Y0 \
	VPERMQ  $0xd8, Y0, Y0

// STORE16 clamps the eight int32 in Y0 to Y14, Y15 and stores them as int16 at BX.
#define STORE16 \
	VPMAXSD      Y14, Y0, Y0 \
	VPMINSD      Y15, Y0, Y0 \
	VEXTRACTI128 $1, Y0, X1  \
	VPACKSSDW    X1, X0, X0  \
	VMOVDQU      X0, (BX)

// COLUMNS goes on to the next eight columns.
#define COLUMNS(LOOP) \
	ADDQ $16, DI  \
	ADDQ $64, SI  \
	ADDQ $64, R14 \
	ADDQ $32, R10 \
	ADDQ $32, R11 \
	ADDQ $32, R12 \
	DECQ R13      \
	JNZ  LOOP     \
	VZEROUPPER    \
	RET

// func requantS64AVX2(y *int16, ldy int, c *int64, ldc, rows, eights int, bias *int64, mult, right *int32, lo, hi int32)
//
//	for j := 0; j < 8*eights; j++ {
//		for i := 0; i < rows; i++ {
//			x := ((c[i*ldc+j]+bias[j])*mult[j] + 1<<(right[j]-1)) >> right[j]
//			y[i*ldy+j] = clamp(int32(x), lo, hi)
//		}
//	}
//
// There is no arithmetic shift of int64: 1<<63 is added before a logical one, and
// what becomes of it taken off after. As all wraps, the addends are summed once for
// the column: bias*mult + 1<<(right-1) + 1<<63.
//
// DI y, SI c of these eight columns; R8 ldy and R9 ldc in bytes; R14 R10 R12
// parameters (R11 goes along); R13 eights left; BX, DX y and c of the row, CX rows
// left. Y0 Y1 sums; Y2 scratch; Y3 Y4 multipliers; Y5 Y6 right; Y7 Y8 addends; Y9
// Y10 (1<<63)>>right; Y11 1<<63; Y12 1; Y14 lo; Y15 hi.
TEXT ·requantS64AVX2(SB), NOSPLIT, $0-80
	MOVQ         y+0(FP), DI
	MOVQ         ldy+8(FP), R8
	SHLQ         $1, R8
	MOVQ         c+16(FP), SI
	MOVQ         ldc+24(FP), R9
	SHLQ         $3, R9
	MOVQ         eights+40(FP), R13
	MOVQ         bias+48(FP), R14
	MOVQ         mult+56(FP), R10
	MOVQ         right+64(FP), R12
	VBROADCASTSS lo+72(FP), Y14
	VBROADCASTSS hi+76(FP), Y15
	VPCMPEQD     Y11, Y11, Y11
	VPSRLQ       $63, Y11, Y12
	VPSLLQ       $63, Y11, Y11

columns:
	VPMOVZXDQ (R10), Y3
	VPMOVZXDQ 16(R10), Y4
	VPMOVZXDQ (R12), Y5
	VPMOVZXDQ 16(R12), Y6
	VMOVDQU   (R14), Y7
	VMOVDQU   32(R14), Y8
	TIMES(Y7, Y3, Y2)
	TIMES(Y8, Y4, Y2)
	VPADDQ    Y11, Y7, Y7
	VPADDQ    Y11, Y8, Y8
	VPSUBQ    Y12, Y5, Y9
	VPSLLVQ   Y9, Y12, Y9
	VPADDQ    Y9, Y7, Y7
	VPSUBQ    Y12, Y6, Y10
	VPSLLVQ   Y10, Y12, Y10
	VPADDQ    Y10, Y8, Y8
	VPSRLVQ   Y5, Y11, Y9
	VPSRLVQ   Y6, Y11, Y10
	MOVQ      DI, BX
	MOVQ      SI, DX
	MOVQ      rows+32(FP), CX

row:
	VMOVDQU (DX), Y0
	VMOVDQU 32(DX), Y1
	TIMES(Y0, Y3, Y2)
	TIMES(Y1, Y4, Y2)
	VPADDQ  Y7, Y0, Y0
	VPADDQ  Y8, Y1, Y1
	VPSRLVQ Y5, Y0, Y0
	VPSRLVQ Y6, Y1, Y1
	VPSUBQ  Y9, Y0, Y0
	VPSUBQ  Y10, Y1, Y1
	LOWER
	STORE16
	ADDQ    R8, BX
	ADDQ    R9, DX
	DECQ    CX
	JNZ     row
	COLUMNS(columns)

// func requantSingleAVX2(y *int16, ldy int, c *int64, ldc, rows, eights int, bias *int64, mult, left, right *int32, lo, hi int32)
//
//	for j := 0; j < 8*eights; j++ {
//		for i := 0; i < rows; i++ {
//			y[i*ldy+j] = clamp(scale(int32(c[i*ldc+j]+bias[j]), mult[j], left[j], right[j]), lo, hi)
//		}
//	}
//
// Registers as in requantS64AVX2, but R11 left; Y3 even Y4 odd multipliers; Y5 left;
// Y6 right; Y7 mask; Y8 half; Y9 1<<30; Y10 Y11 bias.
TEXT ·requantSingleAVX2(SB), NOSPLIT, $0-88
	MOVQ         y+0(FP), DI
	MOVQ         ldy+8(FP), R8
	SHLQ         $1, R8
	MOVQ         c+16(FP), SI
	MOVQ         ldc+24(FP), R9
	SHLQ         $3, R9
	MOVQ         eights+40(FP), R13
	MOVQ         bias+48(FP), R14
	MOVQ         mult+56(FP), R10
	MOVQ         left+64(FP), R11
	MOVQ         right+72(FP), R12
	VBROADCASTSS lo+80(FP), Y14
	VBROADCASTSS hi+84(FP), Y15
	MOVQ         $(1<<30), AX
	VMOVQ        AX, X9
	VPBROADCASTQ X9, Y9

columns:
	VMOVDQU (R10), Y3
	VPSRLQ  $32, Y3, Y4
	VMOVDQU (R11), Y5
	VMOVDQU (R12), Y6
	MASKS(Y6, Y7, Y8, Y0)
	VMOVDQU (R14), Y10
	VMOVDQU 32(R14), Y11
	MOVQ    DI, BX
	MOVQ    SI, DX
	MOVQ    rows+32(FP), CX

row:
	VPADDQ (DX), Y10, Y0
	VPADDQ 32(DX), Y11, Y1
	LOWER
	SCALE8(Y0, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y1, Y2)
	STORE16
	ADDQ   R8, BX
	ADDQ   R9, DX
	DECQ   CX
	JNZ    row
	COLUMNS(columns)
