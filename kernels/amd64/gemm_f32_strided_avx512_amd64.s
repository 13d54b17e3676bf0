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

#define ZERO1(S0) \
	VPXORD S0, S0, S0

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

#define ZERO2(S0, S1) \
	VPXORD S0, S0, S0 \
	VPXORD S1, S1, S1

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

#define ZERO3(S0, S1, S2) \
	VPXORD S0, S0, S0 \
	VPXORD S1, S1, S1 \
	VPXORD S2, S2, S2

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
	EACH1(ZERO1)
	TILE
	EACH1(LOAD1)

begin:
	BEGIN
	LOOPS1

store:
	MOVQ T_Y, R15
	MOVQ T_ROWS, CX
	EACH1(STORE1)

next:
	END

TEXT ·gemmF32Stridedx2AVX512(SB), NOSPLIT, $0-8
	ENTER

tile:
	EACH2(ZERO2)
	TILE
	EACH2(LOAD2)

begin:
	BEGIN
	LOOPS2

store:
	MOVQ T_Y, R15
	MOVQ T_ROWS, CX
	EACH2(STORE2)

next:
	END

TEXT ·gemmF32Stridedx3AVX512(SB), NOSPLIT, $0-8
	ENTER

tile:
	EACH3(ZERO3)
	TILE
	EACH3(LOAD3)

begin:
	BEGIN
	LOOPS3

store:
	MOVQ T_Y, R15
	MOVQ T_ROWS, CX
	EACH3(STORE3)

next:
	END
