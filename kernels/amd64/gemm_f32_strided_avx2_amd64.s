//go:build !purego

#include "textflag.h"

// STEP adds a times 16 columns of b to one row's sums.
#define STEP(A, LO, HI) \
	VBROADCASTSS A, Y14       \
	VFMADD231PS  Y12, Y14, LO \
	VFMADD231PS  Y13, Y14, HI

// NEXT sets P to the next row after Q, or to the same if there is none.
#define NEXT(Q, P) \
	MOVQ    Q, P    \
	XORQ    CX, CX  \
	DECQ    AX      \
	CMOVQGT R15, CX \
	ADDQ    CX, P

// ENTER points at the rows and sets all sums to 0.
#define ENTER \
	MOVQ   a+16(FP), SI    \
	MOVQ   ra+24(FP), R15  \
	SHLQ   $2, R15         \
	MOVQ   rows+40(FP), AX \
	NEXT(SI, R8)           \
	NEXT(R8, R9)           \
	NEXT(R9, R10)          \
	NEXT(R10, R11)         \
	NEXT(R11, R12)         \
	MOVQ   b+48(FP), DI    \
	MOVQ   ca+32(FP), R15  \
	SHLQ   $2, R15         \
	MOVQ   rb+56(FP), R13  \
	SHLQ   $2, R13         \
	XORQ   BX, BX          \
	MOVQ   rows+40(FP), AX \
	MOVQ   k+64(FP), CX    \
	VXORPS Y0, Y0, Y0      \
	VXORPS Y1, Y1, Y1      \
	VXORPS Y2, Y2, Y2      \
	VXORPS Y3, Y3, Y3      \
	VXORPS Y4, Y4, Y4      \
	VXORPS Y5, Y5, Y5      \
	VXORPS Y6, Y6, Y6      \
	VXORPS Y7, Y7, Y7      \
	VXORPS Y8, Y8, Y8      \
	VXORPS Y9, Y9, Y9      \
	VXORPS Y10, Y10, Y10   \
	VXORPS Y11, Y11, Y11

// FIRST points at the sums of row 0.
#define FIRST \
	MOVQ y+0(FP), DX    \
	MOVQ ldy+8(FP), R14 \
	SHLQ $2, R14

// LOAD and STORE move one row's sums, and DX to the next row.
#define LOAD(LO, HI) \
	VMOVUPS (DX), LO   \
	VMOVUPS 32(DX), HI \
	ADDQ    R14, DX

#define STORE(LO, HI) \
	VMOVUPS LO, (DX)   \
	VMOVUPS HI, 32(DX) \
	ADDQ    R14, DX

// LOADS loads the sums, if they go on from y.
#define LOADS(STEPS) \
	CMPB add+72(FP), $0 \
	JEQ  STEPS          \
	FIRST               \
	LOAD(Y0, Y1)        \
	LOAD(Y2, Y3)        \
	LOAD(Y4, Y5)        \
	LOAD(Y6, Y7)        \
	LOAD(Y8, Y9)        \
	LOAD(Y10, Y11)

// ROWS adds one product to all sums and ends a step.
#define ROWS(STEPS, AHEAD) \
	STEP((SI)(BX*1), Y0, Y1)    \
	STEP((R8)(BX*1), Y2, Y3)    \
	STEP((R9)(BX*1), Y4, Y5)    \
	CMPQ AX, $3                 \
	JLE  AHEAD                  \
	STEP((R10)(BX*1), Y6, Y7)   \
	STEP((R11)(BX*1), Y8, Y9)   \
	STEP((R12)(BX*1), Y10, Y11) \
AHEAD: \
	ADDQ R15, BX                \
	ADDQ R13, DI                \
	DECQ CX                     \
	JNZ  STEPS

#define LEAVE \
	FIRST           \
	STORE(Y0, Y1)   \
	STORE(Y2, Y3)   \
	STORE(Y4, Y5)   \
	STORE(Y6, Y7)   \
	STORE(Y8, Y9)   \
	STORE(Y10, Y11) \
	VZEROUPPER      \
	RET

// func gemmF32Strided6x16AVX2(y *float32, ldy int, a *float32, ra, ca, rows int, b *float32, rb, k int, add bool)
//
//	for i := 0; i < 6; i++ {
//		for j := 0; j < 16; j++ {
//			s := 0, or y[i*ldy+j] if add
//			for l := 0; l < k; l++ {
//				s = FMA32(a[min(i, rows-1)*ra+l*ca], b[l*rb+j], s)
//			}
//			y[i*ldy+j] = s
//		}
//	}
//
// If rows is 3 or less, rows 3 to 5 of y keep what they start with. k is 1 at
// least.
//
// AX rows; SI R8 R9 R10 R11 R12 rows of a, BX l*ca in bytes, R15 ca; DI b, R13
// rb; CX steps left; DX y, R14 ldy. Y0..Y11 sums of row 0, 0, 1, 1, ...; Y12 Y13
// b; Y14 a.
TEXT ·gemmF32Strided6x16AVX2(SB), NOSPLIT, $0-73
	ENTER
	LOADS(step)

step:
	VMOVUPS (DI), Y12
	VMOVUPS 32(DI), Y13
	ROWS(step, ahead)
	LEAVE

// func gemmF32Strided6xnAVX2(y *float32, ldy int, a *float32, ra, ca, rows int, b *float32, rb, k int, add bool, mask *[16]int32)
//
// gemmF32Strided6x16AVX2, but only the columns of b are read that mask selects:
// others count as 0. DX is the mask during the steps.
TEXT ·gemmF32Strided6xnAVX2(SB), NOSPLIT, $0-88
	ENTER
	LOADS(begin)

begin:
	MOVQ mask+80(FP), DX

step:
	VMOVUPS    (DX), Y12
	VMOVUPS    32(DX), Y13
	VMASKMOVPS (DI), Y12, Y12
	VMASKMOVPS 32(DI), Y13, Y13
	ROWS(step, ahead)
	LEAVE
