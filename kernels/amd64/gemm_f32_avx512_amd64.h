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
	START(Z28, Z0)
	START(Z28, Z1)
	START(Z28, Z2)
	START(Z28, Z3)
	START(Z28, Z4)
	START(Z28, Z5)
	START(Z28, Z6)
	START(Z28, Z7)
	START(Z28, Z8)
	START(Z28, Z9)
	START(Z28, Z10)
	START(Z28, Z11)
	START(Z28, Z12)
	START(Z28, Z13)
	START(Z28, Z14)
	START(Z28, Z15)
	BEGIN
	MOVQ T_ROWS, AX
	CMPQ AX, $8
	JLE  few
	CMPQ AX, $16
	JEQ  loop16
	CMPQ AX, $15
	JEQ  loop15
	CMPQ AX, $14
	JEQ  loop14
	CMPQ AX, $13
	JEQ  loop13
	CMPQ AX, $12
	JEQ  loop12
	CMPQ AX, $11
	JEQ  loop11
	CMPQ AX, $10
	JEQ  loop10

	LOOP1(loop9, ROWS1x9)
	LOOP1(loop10, ROWS1x10)
	LOOP1(loop11, ROWS1x11)
	LOOP1(loop12, ROWS1x12)
	LOOP1(loop13, ROWS1x13)
	LOOP1(loop14, ROWS1x14)
	LOOP1(loop15, ROWS1x15)
	LOOP1(loop16, ROWS1x16)

few:
	CMPQ AX, $8
	JEQ  loop8
	CMPQ AX, $7
	JEQ  loop7
	CMPQ AX, $6
	JEQ  loop6
	CMPQ AX, $5
	JEQ  loop5
	CMPQ AX, $4
	JEQ  loop4
	CMPQ AX, $3
	JEQ  loop3
	CMPQ AX, $2
	JEQ  loop2

	LOOP1(loop1, ROWS1x1)
	LOOP1(loop2, ROWS1x2)
	LOOP1(loop3, ROWS1x3)
	LOOP1(loop4, ROWS1x4)
	LOOP1(loop5, ROWS1x5)
	LOOP1(loop6, ROWS1x6)
	LOOP1(loop7, ROWS1x7)
	LOOP1(loop8, ROWS1x8)

store:
	STORE
	VMOVUPS (AX), Z28
	STORE1(Z0)
	STORE1(Z1)
	STORE1(Z2)
	STORE1(Z3)
	STORE1(Z4)
	STORE1(Z5)
	STORE1(Z6)
	STORE1(Z7)
	STORE1(Z8)
	STORE1(Z9)
	STORE1(Z10)
	STORE1(Z11)
	STORE1(Z12)
	STORE1(Z13)
	STORE1(Z14)
	STORE1(Z15)

next:
	END(tile)

TEXT X2(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), DI

tile:
	MOVQ T_BIAS, AX
	VMOVUPS (AX), Z28
	VMOVUPS 64(AX), Z29
	START(Z28, Z0)
	START(Z29, Z1)
	START(Z28, Z2)
	START(Z29, Z3)
	START(Z28, Z4)
	START(Z29, Z5)
	START(Z28, Z6)
	START(Z29, Z7)
	START(Z28, Z8)
	START(Z29, Z9)
	START(Z28, Z10)
	START(Z29, Z11)
	START(Z28, Z12)
	START(Z29, Z13)
	START(Z28, Z14)
	START(Z29, Z15)
	START(Z28, Z16)
	START(Z29, Z17)
	START(Z28, Z18)
	START(Z29, Z19)
	START(Z28, Z20)
	START(Z29, Z21)
	START(Z28, Z22)
	START(Z29, Z23)
	BEGIN
	MOVQ T_ROWS, AX
	CMPQ AX, $6
	JLE  few
	CMPQ AX, $12
	JEQ  loop12
	CMPQ AX, $11
	JEQ  loop11
	CMPQ AX, $10
	JEQ  loop10
	CMPQ AX, $9
	JEQ  loop9
	CMPQ AX, $8
	JEQ  loop8

	LOOP2(loop7, ROWS2x7)
	LOOP2(loop8, ROWS2x8)
	LOOP2(loop9, ROWS2x9)
	LOOP2(loop10, ROWS2x10)
	LOOP2(loop11, ROWS2x11)
	LOOP2(loop12, ROWS2x12)

few:
	CMPQ AX, $6
	JEQ  loop6
	CMPQ AX, $5
	JEQ  loop5
	CMPQ AX, $4
	JEQ  loop4
	CMPQ AX, $3
	JEQ  loop3
	CMPQ AX, $2
	JEQ  loop2

	LOOP2(loop1, ROWS2x1)
	LOOP2(loop2, ROWS2x2)
	LOOP2(loop3, ROWS2x3)
	LOOP2(loop4, ROWS2x4)
	LOOP2(loop5, ROWS2x5)
	LOOP2(loop6, ROWS2x6)

store:
	STORE
	VMOVUPS (AX), Z28
	VMOVUPS 64(AX), Z29
	STORE2(Z0, Z1)
	STORE2(Z2, Z3)
	STORE2(Z4, Z5)
	STORE2(Z6, Z7)
	STORE2(Z8, Z9)
	STORE2(Z10, Z11)
	STORE2(Z12, Z13)
	STORE2(Z14, Z15)
	STORE2(Z16, Z17)
	STORE2(Z18, Z19)
	STORE2(Z20, Z21)
	STORE2(Z22, Z23)

next:
	END(tile)

TEXT X3(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), DI

tile:
	MOVQ T_BIAS, AX
	VMOVUPS (AX), Z28
	VMOVUPS 64(AX), Z29
	VMOVUPS 128(AX), Z30
	START(Z28, Z0)
	START(Z29, Z1)
	START(Z30, Z2)
	START(Z28, Z3)
	START(Z29, Z4)
	START(Z30, Z5)
	START(Z28, Z6)
	START(Z29, Z7)
	START(Z30, Z8)
	START(Z28, Z9)
	START(Z29, Z10)
	START(Z30, Z11)
	START(Z28, Z12)
	START(Z29, Z13)
	START(Z30, Z14)
	START(Z28, Z15)
	START(Z29, Z16)
	START(Z30, Z17)
	START(Z28, Z18)
	START(Z29, Z19)
	START(Z30, Z20)
	START(Z28, Z21)
	START(Z29, Z22)
	START(Z30, Z23)
	BEGIN
	MOVQ T_ROWS, AX
	CMPQ AX, $4
	JLE  few
	CMPQ AX, $8
	JEQ  loop8
	CMPQ AX, $7
	JEQ  loop7
	CMPQ AX, $6
	JEQ  loop6

	LOOP3(loop5, ROWS3x5)
	LOOP3(loop6, ROWS3x6)
	LOOP3(loop7, ROWS3x7)
	LOOP3(loop8, ROWS3x8)

few:
	CMPQ AX, $4
	JEQ  loop4
	CMPQ AX, $3
	JEQ  loop3
	CMPQ AX, $2
	JEQ  loop2

	LOOP3(loop1, ROWS3x1)
	LOOP3(loop2, ROWS3x2)
	LOOP3(loop3, ROWS3x3)
	LOOP3(loop4, ROWS3x4)

store:
	STORE
	VMOVUPS (AX), Z28
	VMOVUPS 64(AX), Z29
	VMOVUPS 128(AX), Z30
	STORE3(Z0, Z1, Z2)
	STORE3(Z3, Z4, Z5)
	STORE3(Z6, Z7, Z8)
	STORE3(Z9, Z10, Z11)
	STORE3(Z12, Z13, Z14)
	STORE3(Z15, Z16, Z17)
	STORE3(Z18, Z19, Z20)
	STORE3(Z21, Z22, Z23)

next:
	END(tile)
