//go:build !purego

#include "textflag.h"
#include "requant_avx2_amd64.h"

// func requantS8AVX2(y *int8, ldy int, c *int32, ldc, rows, cols int, mult, left, right *int32, zero, lo, hi int32)
//
//	for j := 0; j < cols; j++ {
//		for i := 0; i < rows; i++ {
//			y[i*ldy+j] = clamp(zero + scale(c[i*ldc+j], mult[j], left[j], right[j]), lo, hi)
//		}
//	}
//
// Columns go by eights: c, mult, left and right are read up to the next multiple
// of 8, y is not touched beyond cols. rows and cols must be positive.
//
// DI y, SI c of these eight columns; R8 ldy and R9 ldc in bytes; R10 R11 R12
// parameters; R13 columns left; BX, DX y and c of the row, CX rows left.
// Y0 sums; Y1 Y2 scratch; Y3 even Y4 odd multipliers; Y5 left; Y6 right;
// Y7 mask; Y8 half; Y9 1<<30; Y10 zero; X11 lo; X12 hi.
TEXT ·requantS8AVX2(SB), NOSPLIT, $0-84
	MOVQ         y+0(FP), DI
	MOVQ         ldy+8(FP), R8
	MOVQ         c+16(FP), SI
	MOVQ         ldc+24(FP), R9
	SHLQ         $2, R9
	MOVQ         mult+48(FP), R10
	MOVQ         left+56(FP), R11
	MOVQ         right+64(FP), R12
	MOVQ         cols+40(FP), R13
	MOVQ         $(1<<30), AX
	VMOVQ        AX, X9
	VPBROADCASTQ X9, Y9
	MOVL         zero+72(FP), AX
	VMOVD        AX, X10
	VPBROADCASTD X10, Y10
	MOVL         lo+76(FP), AX
	VMOVD        AX, X11
	VPBROADCASTB X11, X11
	MOVL         hi+80(FP), AX
	VMOVD        AX, X12
	VPBROADCASTB X12, X12

columns:
	VMOVDQU (R10), Y3
	VPSRLQ  $32, Y3, Y4
	VMOVDQU (R11), Y5
	VMOVDQU (R12), Y6
	MASKS(Y6, Y7, Y8, Y0)
	MOVQ    DI, BX
	MOVQ    SI, DX
	MOVQ    rows+32(FP), CX

row:
	VMOVDQU (DX), Y0
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
	ADDQ $32, R10
	ADDQ $32, R11
	ADDQ $32, R12
	SUBQ $8, R13
	JGT  columns
	VZEROUPPER
	RET

part: // the row's last 1 to 7 columns
	VMOVQ X0, AX
	MOVQ  BX, R15
	TESTQ $4, R13
	JZ    two
	MOVL  AX, (R15)
	SHRQ  $32, AX
	ADDQ  $4, R15

two:
	TESTQ $2, R13
	JZ    one
	MOVW  AX, (R15)
	SHRQ  $16, AX
	ADDQ  $2, R15

one:
	TESTQ $1, R13
	JZ    next
	MOVB  AX, (R15)
	JMP   next
