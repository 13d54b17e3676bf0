//go:build !purego

#include "textflag.h"

// func gemmF32StridedxpAVX512(t *stridedF32), for p vectors of columns
//
//	for ; t.tiles > 0; t.tiles-- {
//		for i := 0; i < t.rows; i++ {
//			for j := 0; j < 16*p; j++ {
//				s := 0, or t.y[i*t.ldy+j] if t.add != 0
//				for l := 0; l < t.k; l++ {
//					s = FMA32(t.a[i*t.ra+l*t.ca], t.b[l*t.rb+j], s)
//				}
//				t.y[i*t.ldy+j] = s
//			}
//		}
//		t.a, t.y = t.a[t.rows*t.ra:], t.y[t.rows*t.ldy:]
//	}
//
// Of the last vector only the columns are touched that t.mask selects. There is
// a loop for each number of rows: up to 16, 12 and 8, so that sums fill 24
// registers.
//
// DI t; DX ca, SI b, BX rb; CX steps left; R15 y, R14 ldy; K1 the mask. The rest
// is that of the file included.

#define STEP(A, B, T, S) VFMADD231PS A, B, S
#include "gemm_f32_rows_avx512_amd64.h"

#define T_Y 0(DI)
#define T_LDY 8(DI)
#define T_A 16(DI)
#define T_RA 24(DI)
#define T_CA 32(DI)
#define T_B 40(DI)
#define T_RB 48(DI)
#define T_K 56(DI)
#define T_ROWS 64(DI)
#define T_TILES 72(DI)
#define T_MASK 80(DI)
#define T_ADD 88(DI)

// ENTER reads what all tiles share.
#define ENTER \
	MOVQ  t+0(FP), DI       \
	MOVQ  T_MASK, AX        \
	KMOVW AX, K1            \
	MOVQ  T_RA, R12         \
	LEAQ  (R12)(R12*2), R13 \
	MOVQ  T_CA, DX          \
	MOVQ  T_RB, BX          \
	MOVQ  T_LDY, R14

// TILE prepares to load a tile's sums, if there is something to add to.
#define TILE \
	MOVQ  T_Y, R15    \
	MOVQ  T_ROWS, CX  \
	CMPQ  T_ADD, $0   \
	JEQ   begin

// ROW ends a row that was loaded or stored.
#define ROW(DONE) \
	ADDQ R14, R15 \
	DECQ CX       \
	JZ   DONE

// BEGIN points at the rows of a tile.
#define BEGIN \
	MOVQ T_A, R8           \
	LEAQ (R8)(R12*4), R9   \
	LEAQ (R9)(R12*4), R10  \
	LEAQ (R10)(R12*4), R11 \
	MOVQ T_B, SI           \
	MOVQ T_K, CX           \
	MOVQ T_ROWS, AX

// NEXT ends a step of LOOP.
#define NEXT(LOOP) \
	ADDQ DX, R8  \
	ADDQ DX, R9  \
	ADDQ DX, R10 \
	ADDQ DX, R11 \
	ADDQ BX, SI  \
	DECQ CX      \
	JNZ  LOOP    \
	JMP  store

// END ends a tile.
#define END \
	MOVQ  R15, T_Y   \
	MOVQ  T_ROWS, AX \
	IMULQ R12, AX    \
	ADDQ  AX, T_A    \
	DECQ  T_TILES    \
	JNZ   tile       \
	VZEROUPPER       \
	RET

#define LOAD1(S0) \
	VMOVUPS.Z (R15), K1, S0 \
	ROW(begin)

#define STORE1(S0) \
	VMOVUPS S0, K1, (R15) \
	ROW(next)

#define LOOP1(LOOP, ROWS) \
LOOP: \
	VMOVUPS.Z (SI), K1, Z28 \
	ROWS \
	NEXT(LOOP)

#define LOAD2(S0, S1) \
	VMOVUPS (R15), S0 \
	VMOVUPS.Z 64(R15), K1, S1 \
	ROW(begin)

#define STORE2(S0, S1) \
	VMOVUPS S0, (R15) \
	VMOVUPS S1, K1, 64(R15) \
	ROW(next)

#define LOOP2(LOOP, ROWS) \
LOOP: \
	VMOVUPS (SI), Z28 \
	VMOVUPS.Z 64(SI), K1, Z29 \
	ROWS \
	NEXT(LOOP)

#define LOAD3(S0, S1, S2) \
	VMOVUPS (R15), S0 \
	VMOVUPS 64(R15), S1 \
	VMOVUPS.Z 128(R15), K1, S2 \
	ROW(begin)

#define STORE3(S0, S1, S2) \
	VMOVUPS S0, (R15) \
	VMOVUPS S1, 64(R15) \
	VMOVUPS S2, K1, 128(R15) \
	ROW(next)

#define LOOP3(LOOP, ROWS) \
LOOP: \
	VMOVUPS (SI), Z28 \
	VMOVUPS 64(SI), Z29 \
	VMOVUPS.Z 128(SI), K1, Z30 \
	ROWS \
	NEXT(LOOP)

TEXT ·gemmF32Stridedx1AVX512(SB), NOSPLIT, $0-8
	ENTER

tile:
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	VPXORD Z4, Z4, Z4
	VPXORD Z5, Z5, Z5
	VPXORD Z6, Z6, Z6
	VPXORD Z7, Z7, Z7
	VPXORD Z8, Z8, Z8
	VPXORD Z9, Z9, Z9
	VPXORD Z10, Z10, Z10
	VPXORD Z11, Z11, Z11
	VPXORD Z12, Z12, Z12
	VPXORD Z13, Z13, Z13
	VPXORD Z14, Z14, Z14
	VPXORD Z15, Z15, Z15
	TILE
	LOAD1(Z0)
	LOAD1(Z1)
	LOAD1(Z2)
	LOAD1(Z3)
	LOAD1(Z4)
	LOAD1(Z5)
	LOAD1(Z6)
	LOAD1(Z7)
	LOAD1(Z8)
	LOAD1(Z9)
	LOAD1(Z10)
	LOAD1(Z11)
	LOAD1(Z12)
	LOAD1(Z13)
	LOAD1(Z14)
	LOAD1(Z15)

begin:
	BEGIN
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
	MOVQ T_Y, R15
	MOVQ T_ROWS, CX
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
	END

TEXT ·gemmF32Stridedx2AVX512(SB), NOSPLIT, $0-8
	ENTER

tile:
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	VPXORD Z4, Z4, Z4
	VPXORD Z5, Z5, Z5
	VPXORD Z6, Z6, Z6
	VPXORD Z7, Z7, Z7
	VPXORD Z8, Z8, Z8
	VPXORD Z9, Z9, Z9
	VPXORD Z10, Z10, Z10
	VPXORD Z11, Z11, Z11
	VPXORD Z12, Z12, Z12
	VPXORD Z13, Z13, Z13
	VPXORD Z14, Z14, Z14
	VPXORD Z15, Z15, Z15
	VPXORD Z16, Z16, Z16
	VPXORD Z17, Z17, Z17
	VPXORD Z18, Z18, Z18
	VPXORD Z19, Z19, Z19
	VPXORD Z20, Z20, Z20
	VPXORD Z21, Z21, Z21
	VPXORD Z22, Z22, Z22
	VPXORD Z23, Z23, Z23
	TILE
	LOAD2(Z0, Z1)
	LOAD2(Z2, Z3)
	LOAD2(Z4, Z5)
	LOAD2(Z6, Z7)
	LOAD2(Z8, Z9)
	LOAD2(Z10, Z11)
	LOAD2(Z12, Z13)
	LOAD2(Z14, Z15)
	LOAD2(Z16, Z17)
	LOAD2(Z18, Z19)
	LOAD2(Z20, Z21)
	LOAD2(Z22, Z23)

begin:
	BEGIN
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
	MOVQ T_Y, R15
	MOVQ T_ROWS, CX
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
	END

TEXT ·gemmF32Stridedx3AVX512(SB), NOSPLIT, $0-8
	ENTER

tile:
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	VPXORD Z4, Z4, Z4
	VPXORD Z5, Z5, Z5
	VPXORD Z6, Z6, Z6
	VPXORD Z7, Z7, Z7
	VPXORD Z8, Z8, Z8
	VPXORD Z9, Z9, Z9
	VPXORD Z10, Z10, Z10
	VPXORD Z11, Z11, Z11
	VPXORD Z12, Z12, Z12
	VPXORD Z13, Z13, Z13
	VPXORD Z14, Z14, Z14
	VPXORD Z15, Z15, Z15
	VPXORD Z16, Z16, Z16
	VPXORD Z17, Z17, Z17
	VPXORD Z18, Z18, Z18
	VPXORD Z19, Z19, Z19
	VPXORD Z20, Z20, Z20
	VPXORD Z21, Z21, Z21
	VPXORD Z22, Z22, Z22
	VPXORD Z23, Z23, Z23
	TILE
	LOAD3(Z0, Z1, Z2)
	LOAD3(Z3, Z4, Z5)
	LOAD3(Z6, Z7, Z8)
	LOAD3(Z9, Z10, Z11)
	LOAD3(Z12, Z13, Z14)
	LOAD3(Z15, Z16, Z17)
	LOAD3(Z18, Z19, Z20)
	LOAD3(Z21, Z22, Z23)

begin:
	BEGIN
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
	MOVQ T_Y, R15
	MOVQ T_ROWS, CX
	STORE3(Z0, Z1, Z2)
	STORE3(Z3, Z4, Z5)
	STORE3(Z6, Z7, Z8)
	STORE3(Z9, Z10, Z11)
	STORE3(Z12, Z13, Z14)
	STORE3(Z15, Z16, Z17)
	STORE3(Z18, Z19, Z20)
	STORE3(Z21, Z22, Z23)

next:
	END
