// What gemm_f32_avx512_amd64.s makes routines of. It defines their names, X1,
// X2 and X3; START, which gives a sum its first value from the bias; STEP,
// which adds a product, with T to spare; and FINISH, which adds the bias where
// it comes last.
//
// func Xp(t *tilesF32)
//
//	for ; t.tiles > 0; t.tiles-- {
//		for i := 0; i < t.rows; i++ {
//			for j := 0; j < 16*p; j++ {
//				s := START(t.bias[j])
//				for l := 0; l < t.runs*t.run; l++ {
//					s = STEP(t.a[i*t.lda+l/t.run*t.line+l%t.run], t.b[j/16*t.panel+16*l+j%16], s)
//				}
//				t.y[i*t.ldy+j] = clamp(FINISH(s, t.bias[j]), t.lo, t.hi)
//			}
//		}
//		t.a, t.y = t.a[t.rows*t.lda:], t.y[t.rows*t.ldy:]
//	}
//
// Of the last panel the columns are stored that t.mask selects. There is a loop
// for each number of rows: up to 16, 12 and 8, so that sums fill 24 registers.
//
// DI t; R8 R9 R10 R11 rows 0, 4, 8 and 12 of a, R12 lda, R13 3*lda; SI b, DX
// panel; CX steps left, BX runs left; R15 y. Z0.. sums of row 0, row 1, ...; Z28
// Z29 Z30 b or bias, Z31 a; Z24 Z26 Z27 spare; Z24 lo, Z25 hi; K1 the mask.

#include "gemm_f32_rows_avx512_amd64.h"

#define T_Y 0(DI)
#define T_LDY 8(DI)
#define T_A 16(DI)
#define T_LDA 24(DI)
#define T_B 32(DI)
#define T_PANEL 40(DI)
#define T_BIAS 48(DI)
#define T_RUN 56(DI)
#define T_RUNS 64(DI)
#define T_SKIP 72(DI)
#define T_ROWS 80(DI)
#define T_TILES 88(DI)
#define T_MASK 96(DI)
#define T_LO 104(DI)
#define T_HI 108(DI)

// BEGIN points at the rows of a tile.
#define BEGIN \
	MOVQ  T_A, R8           \
	MOVQ  T_LDA, R12        \
	LEAQ  (R12)(R12*2), R13 \
	LEAQ  (R8)(R12*4), R9   \
	LEAQ  (R9)(R12*4), R10  \
	LEAQ  (R10)(R12*4), R11 \
	MOVQ  T_B, SI           \
	MOVQ  T_PANEL, DX       \
	MOVQ  T_RUN, CX         \
	MOVQ  T_RUNS, BX

// NEXT ends a step of LOOP: the next value, or the next line.
#define NEXT(LOOP) \
	ADDQ $4, R8     \
	ADDQ $4, R9     \
	ADDQ $4, R10    \
	ADDQ $4, R11    \
	ADDQ $64, SI    \
	DECQ CX         \
	JNZ  LOOP       \
	MOVQ T_SKIP, CX \
	ADDQ CX, R8     \
	ADDQ CX, R9     \
	ADDQ CX, R10    \
	ADDQ CX, R11    \
	MOVQ T_RUN, CX  \
	DECQ BX         \
	JNZ  LOOP       \
	JMP  store

// STORE prepares to store a tile.
#define STORE \
	MOVQ         T_Y, R15      \
	MOVQ         T_LDY, R12    \
	MOVQ         T_BIAS, AX    \
	MOVQ         T_ROWS, CX    \
	MOVQ         T_MASK, BX    \
	KMOVW        BX, K1        \
	VBROADCASTSS T_LO, Z24     \
	VBROADCASTSS T_HI, Z25

// CLAMP bounds S; a NaN stays, as Intel's second source, which is Go's first.
#define CLAMP(S) \
	VMAXPS S, Z24, S \
	VMINPS S, Z25, S

// ROW ends a stored row, END a tile.
#define ROW \
	ADDQ R12, R15 \
	DECQ CX       \
	JZ   next

#define END(TILE) \
	MOVQ  R15, T_Y     \
	MOVQ  T_ROWS, AX   \
	IMULQ T_LDA, AX    \
	ADDQ  AX, T_A      \
	DECQ  T_TILES      \
	JNZ   TILE         \
	VZEROUPPER         \
	RET

#define LOOP1(LOOP, ROWS) \
LOOP: \
	VMOVUPS (SI), Z28 \
	ROWS \
	NEXT(LOOP)

#define START1(S0) \
	START(Z28, S0)

#define STORE1(S0) \
	FINISH(Z28, S0) \
	CLAMP(S0) \
	VMOVUPS S0, K1, (R15) \
	ROW

#define LOOP2(LOOP, ROWS) \
LOOP: \
	VMOVUPS (SI), Z28 \
	VMOVUPS (SI)(DX*1), Z29 \
	ROWS \
	NEXT(LOOP)

#define START2(S0, S1) \
	START(Z28, S0) \
	START(Z29, S1)

#define STORE2(S0, S1) \
	FINISH(Z28, S0) \
	FINISH(Z29, S1) \
	CLAMP(S0) \
	CLAMP(S1) \
	VMOVUPS S0, (R15) \
	VMOVUPS S1, K1, 64(R15) \
	ROW

#define LOOP3(LOOP, ROWS) \
LOOP: \
	VMOVUPS (SI), Z28 \
	VMOVUPS (SI)(DX*1), Z29 \
	VMOVUPS (SI)(DX*2), Z30 \
	ROWS \
	NEXT(LOOP)

#define START3(S0, S1, S2) \
	START(Z28, S0) \
	START(Z29, S1) \
	START(Z30, S2)

#define STORE3(S0, S1, S2) \
	FINISH(Z28, S0) \
	FINISH(Z29, S1) \
	FINISH(Z30, S2) \
	CLAMP(S0) \
	CLAMP(S1) \
	CLAMP(S2) \
	VMOVUPS S0, (R15) \
	VMOVUPS S1, 64(R15) \
	VMOVUPS S2, K1, 128(R15) \
	ROW

TEXT X1(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), DI

tile:
	MOVQ T_BIAS, AX
	VMOVUPS (AX), Z28
	EACH1(START1)
	BEGIN
	MOVQ T_ROWS, AX
	LOOPS1

store:
	STORE
	VMOVUPS (AX), Z28
	EACH1(STORE1)

next:
	END(tile)

TEXT X2(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), DI

tile:
	MOVQ T_BIAS, AX
	VMOVUPS (AX), Z28
	VMOVUPS 64(AX), Z29
	EACH2(START2)
	BEGIN
	MOVQ T_ROWS, AX
	LOOPS2

store:
	STORE
	VMOVUPS (AX), Z28
	VMOVUPS 64(AX), Z29
	EACH2(STORE2)

next:
	END(tile)

TEXT X3(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), DI

tile:
	MOVQ T_BIAS, AX
	VMOVUPS (AX), Z28
	VMOVUPS 64(AX), Z29
	VMOVUPS 128(AX), Z30
	EACH3(START3)
	BEGIN
	MOVQ T_ROWS, AX
	LOOPS3

store:
	STORE
	VMOVUPS (AX), Z28
	VMOVUPS 64(AX), Z29
	VMOVUPS 128(AX), Z30
	EACH3(STORE3)

next:
	END(tile)
