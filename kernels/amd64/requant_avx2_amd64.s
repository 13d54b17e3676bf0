//go:build !purego

#include "textflag.h"
#include "requant_avx2_amd64.h"

// PART8 stores the first R13 of eight int8 in X0 at BX, fewer than eight. AX and
// R15 are clobbered.
#define PART8(TWO, ONE, DONE) \
	VMOVQ X0, AX    \
	MOVQ  BX, R15   \
	TESTQ $4, R13   \
	JZ    TWO       \
	MOVL  AX, (R15) \
	SHRQ  $32, AX   \
	ADDQ  $4, R15   \
TWO:                \
	TESTQ $2, R13   \
	JZ    ONE       \
	MOVW  AX, (R15) \
	SHRQ  $16, AX   \
	ADDQ  $2, R15   \
ONE:                \
	TESTQ $1, R13   \
	JZ    DONE      \
	MOVB  AX, (R15) \
	JMP   DONE

// func scaleS8AVX2(y *int8, ldy int, c *int32, ldc, rows, cols int, bias *int32, scale *float32, zero int32, lo, hi float32)
//
//	for j := 0; j < cols; j++ {
//		for i := 0; i < rows; i++ {
//			x := float32(c[i*ldc+j] + bias[j]) * scale[j]
//			y[i*ldy+j] = zero + round(min(max(x, lo), hi))
//		}
//	}
//
// lo and hi are less zero, so that results fit. Columns go by eights: c, bias and
// scale are read up to the next multiple of 8, y is not touched beyond cols. rows
// and cols must be positive.
//
// DI y, SI c of these eight columns; R8 ldy and R9 ldc in bytes; R10 R11 parameters;
// R13 columns left; BX, DX y and c of the row, CX rows left. Y0 sums; X1 scratch;
// Y2 bias; Y3 scale; Y10 zero; Y11 lo; Y12 hi.
TEXT ·scaleS8AVX2(SB), NOSPLIT, $0-76
	MOVQ         y+0(FP), DI
	MOVQ         ldy+8(FP), R8
	MOVQ         c+16(FP), SI
	MOVQ         ldc+24(FP), R9
	SHLQ         $2, R9
	MOVQ         cols+40(FP), R13
	MOVQ         bias+48(FP), R10
	MOVQ         scale+56(FP), R11
	MOVL         zero+64(FP), AX
	VMOVD        AX, X10
	VPBROADCASTD X10, Y10
	VBROADCASTSS lo+68(FP), Y11
	VBROADCASTSS hi+72(FP), Y12

columns:
	VMOVDQU (R10), Y2
	VMOVUPS (R11), Y3
	MOVQ    DI, BX
	MOVQ    SI, DX
	MOVQ    rows+32(FP), CX

row:
	VPADDD       (DX), Y2, Y0
	VCVTDQ2PS    Y0, Y0
	VMULPS       Y3, Y0, Y0
	VMAXPS       Y11, Y0, Y0
	VMINPS       Y12, Y0, Y0
	VCVTPS2DQ    Y0, Y0
	VPADDD       Y10, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPACKSSDW    X1, X0, X0
	VPACKSSWB    X0, X0, X0
	CMPQ         R13, $8
	JLT          part
	VMOVQ        X0, (BX)

next:
	ADDQ R8, BX
	ADDQ R9, DX
	DECQ CX
	JNZ  row
	ADDQ $8, DI
	ADDQ $32, SI
	ADDQ $32, R10
	ADDQ $32, R11
	SUBQ $8, R13
	JGT  columns
	VZEROUPPER
	RET

part:
	PART8(two, one, next)

// func requantS8AVX2(y *int8, ldy int, c *int32, ldc, rows, cols int, bias, mult, left, right *int32, zero, lo, hi int32)
//
//	for j := 0; j < cols; j++ {
//		for i := 0; i < rows; i++ {
//			y[i*ldy+j] = clamp(zero + scale(c[i*ldc+j]+bias[j], mult[j], left[j], right[j]), lo, hi)
//		}
//	}
//
// Columns go by eights: c, bias, mult, left and right are read up to the next
// multiple of 8, y is not touched beyond cols. rows and cols must be positive.
//
// DI y, SI c of these eight columns; R8 ldy and R9 ldc in bytes; R14 R10 R11 R12
// parameters; R13 columns left; BX, DX y and c of the row, CX rows left.
// Y0 sums; Y13 bias; Y1 Y2 scratch; Y3 even Y4 odd multipliers; Y5 left; Y6 right;
// Y7 mask; Y8 half; Y9 1<<30; Y10 zero; X11 lo; X12 hi.
TEXT ·requantS8AVX2(SB), NOSPLIT, $0-92
	MOVQ         y+0(FP), DI
	MOVQ         ldy+8(FP), R8
	MOVQ         c+16(FP), SI
	MOVQ         ldc+24(FP), R9
	SHLQ         $2, R9
	MOVQ         bias+48(FP), R14
	MOVQ         mult+56(FP), R10
	MOVQ         left+64(FP), R11
	MOVQ         right+72(FP), R12
	MOVQ         cols+40(FP), R13
	MOVQ         $(1<<30), AX
	VMOVQ        AX, X9
	VPBROADCASTQ X9, Y9
	MOVL         zero+80(FP), AX
	VMOVD        AX, X10
	VPBROADCASTD X10, Y10
	MOVL         lo+84(FP), AX
	VMOVD        AX, X11
	VPBROADCASTB X11, X11
	MOVL         hi+88(FP), AX
	VMOVD        AX, X12
	VPBROADCASTB X12, X12

columns:
	VMOVDQU (R14), Y13
	VMOVDQU (R10), Y3
	VPSRLQ  $32, Y3, Y4
	VMOVDQU (R11), Y5
	VMOVDQU (R12), Y6
	MASKS(Y6, Y7, Y8, Y0)
	MOVQ    DI, BX
	MOVQ    SI, DX
	MOVQ    rows+32(FP), CX

row:
	VPADDD  (DX), Y13, Y0
	SCALE8(Y0, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y1, Y2)
	VPADDD  Y10, Y0, Y0
	NARROW8(Y0, X0, X1, X11, X12)
	CMPQ    R13, $8
	JLT     part
	VMOVQ   X0, (BX)

next:
	ADDQ R8, BX
	ADDQ R9, DX
	DECQ CX
	JNZ  row
	ADDQ $8, DI
	ADDQ $32, SI
	ADDQ $32, R14
	ADDQ $32, R10
	ADDQ $32, R11
	ADDQ $32, R12
	SUBQ $8, R13
	JGT  columns
	VZEROUPPER
	RET

part:
	PART8(two, one, next)
