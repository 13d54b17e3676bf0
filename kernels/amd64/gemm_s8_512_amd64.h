// The product of int8 matrices in registers of 512 bits, for a file that defines
// NAME and what B1, B2, ROW1 and ROW2 do, and, if it has registers for that, B4
// and ROW4: Bn loads a group of four values of k in n panels, and ROWn adds its
// products with a row's values, a group at A, to the row's n registers of sums.
// They may use Z24 to Z30. Z31 holds 0x80 in each byte. The routine goes on in
// gemm_s8_512_store_amd64.h.

// Where the stack has what, from R14 on: what sums start with, parameters of
// requantisation, and sums. Each parameter is four registers wide, and repeats if
// the block has fewer columns.
#define INIT 0
#define SCALES 256
#define MULT 256
#define ADDS 512
#define ODD 512
#define LEFT 768
#define RIGHT 1024
#define MASK 1280
#define HALF 1536
#define TILE 1792

#define ROWS(N) \
	MOVQ $N, DX                    \
	MOVQ gemmS8Call_lines(R15), AX

// NEXT goes on to the next group of a line, or to the next line.
#define NEXT(LOOP) \
	ADDQ $4, SI                      \
	ADDQ $4, R10                     \
	ADDQ $4, R11                     \
	ADDQ $64, DI                     \
	DECQ CX                          \
	JNZ  LOOP                        \
	MOVQ gemmS8Call_gap(R15), CX     \
	ADDQ CX, SI                      \
	ADDQ CX, R10                     \
	ADDQ CX, R11                     \
	MOVQ gemmS8Call_groups(R15), CX  \
	DECQ AX                          \
	JNZ  LOOP

#define EVEN1 \
	B1(0)                             \
	ROW1((SI), Z0)

#define ODD1 \
	B1(64)                            \
	ROW1(4(SI), Z4)

#define EVEN2 \
	B2(0)                             \
	ROW2((SI), Z0, Z1)

#define ODD2 \
	B2(64)                            \
	ROW2(4(SI), Z4, Z5)

#define EVEN4 \
	B4(0)                             \
	ROW4((SI), Z0, Z1, Z2, Z3)

#define ODD4 \
	B4(64)                            \
	ROW4(4(SI), Z4, Z5, Z6, Z7)

// SINGLE is the loop for one row, by twos of groups: the odd ones' sums are apart.
// LAST is for the last group of an odd number.
#define SINGLE(LINE, LOOP, LAST, DONE, EVEN, ODD) \
	ROWS(1)                          \
	ZERO4(Z4, Z5, Z6, Z7)            \
LINE:                                    \
	SUBQ  $2, CX                     \
	JLT   LAST                       \
LOOP:                                    \
	EVEN                             \
	ODD                              \
	ADDQ  $8, SI                     \
	ADDQ  $128, DI                   \
	SUBQ  $2, CX                     \
	JGE   LOOP                       \
LAST:                                    \
	TESTQ $1, CX                     \
	JZ    DONE                       \
	EVEN                             \
	ADDQ  $4, SI                     \
	ADDQ  $64, DI                    \
DONE:                                    \
	ADDQ  gemmS8Call_gap(R15), SI    \
	MOVQ  gemmS8Call_groups(R15), CX \
	DECQ  AX                         \
	JNZ   LINE                       \
	ADD4                             \
	STORE4(0, Z0, Z1, Z2, Z3)        \
	JMP   tiled

#define STORE4(AT, S0, S1, S2, S3) \
	VMOVDQU64 S0, TILE+AT+0(R14)   \
	VMOVDQU64 S1, TILE+AT+64(R14)  \
	VMOVDQU64 S2, TILE+AT+128(R14) \
	VMOVDQU64 S3, TILE+AT+192(R14)

#define COPY4(S0, S1, S2, S3) \
	VMOVDQA64 Z0, S0 \
	VMOVDQA64 Z1, S1 \
	VMOVDQA64 Z2, S2 \
	VMOVDQA64 Z3, S3

#define ZERO4(S0, S1, S2, S3) \
	VPXORD S0, S0, S0 \
	VPXORD S1, S1, S1 \
	VPXORD S2, S2, S2 \
	VPXORD S3, S3, S3

#define ADD4 \
	VPADDD Z4, Z0, Z0 \
	VPADDD Z5, Z1, Z1 \
	VPADDD Z6, Z2, Z2 \
	VPADDD Z7, Z3, Z3

// func NAME(p *gemmS8Call)
//
//	for columns in blocks of 64, 32 or 16 {
//		for rows in tiles of 6, 3 or 1, with 32 columns and less of 12, 4 or 1 {
//			s := bias + B's first row // in registers, then on the stack
//			for range lines {
//				for l := range groups {
//					s += (a[l] ^ 0x80) * b[l] // four values each
//				}
//			}
//			y = requantised s, or c = s, or y = float32(s)·scale + add
//		}
//	}
//
// R15 p, R14 the stack as above; R8 lda, R9 3*lda; R12 ldb, R13 3*ldb; SI R10 R11
// a of the rows 0, 4 and 8 of a tile; DI b; CX groups and AX lines left; DX rows of the tile.
// K1 the block's columns, K7 odd elements. Z0..Z23 sums.
TEXT NAME(SB), 0, $3392-8
	MOVQ         p+0(FP), R15
	LEAQ         63(SP), R14
	ANDQ         $~63, R14
	MOVL         $0x80808080, AX
	VPBROADCASTD AX, Z31
	MOVL         $0xaaaa, AX
	KMOVW        AX, K7
	MOVQ         gemmS8Call_b(R15), AX
	MOVQ         AX, gemmS8Call_blockB(R15)
	MOVQ         gemmS8Call_y(R15), AX
	MOVQ         AX, gemmS8Call_blockY(R15)

block:
	MOVQ $4, BX // registers of columns
#ifndef ROW4
	MOVQ $2, BX
#endif
	MOVQ gemmS8Call_n(R15), AX
	CMPQ AX, $48
	JGT  wide
	MOVQ $2, BX
	CMPQ AX, $16
	JGT  wide
	MOVQ $1, BX

wide:
	MOVQ  BX, gemmS8Call_width(R15)
	MOVQ  $64, CX
	SUBQ  AX, CX
	JGE   narrow
	XORQ  CX, CX

narrow:
	MOVQ  $-1, R11
	SHRQ  CX, R11
	MOVQ  BX, CX
	SHLQ  $4, CX   // columns of the block
	CMPQ  CX, $64
	JEQ   columns
	MOVQ  $1, AX
	SHLQ  CX, AX
	DECQ  AX
	ANDQ  AX, R11

columns:
	KMOVQ R11, K1
	DECQ  BX
	MOVQ  gemmS8Call_ldb(R15), R12
	MOVQ  gemmS8Call_blockB(R15), DI
	MOVQ  gemmS8Call_column(R15), R9
	SHLQ  $2, R9 // bytes of parameters before the block's
	XORQ  DX, DX

table: // register DX of the parameters, which is column register AX
	MOVQ        DX, AX
	ANDQ        BX, AX
	MOVQ        AX, SI
	IMULQ       R12, SI
	MOVQ        AX, CX
	SHLQ        $4, CX
	MOVQ        R11, R10
	SHRQ        CX, R10
	KMOVW       R10, K2
	SHLQ        $6, AX
	ADDQ        R9, AX
	MOVQ        DX, CX
	SHLQ        $6, CX
	MOVQ        gemmS8Call_bias(R15), R10
	VMOVDQU32.Z (R10)(AX*1), K2, Z0
	VPADDD      (DI)(SI*1), Z0, Z0
	VMOVDQU64   Z0, INIT(R14)(CX*1)
	MOVQ        gemmS8Call_scale(R15), R10
	TESTQ       R10, R10
	JZ          multiplier
	VMOVDQU32.Z (R10)(AX*1), K2, Z0
	VMOVDQU64   Z0, SCALES(R14)(CX*1)
	MOVL         $0x80000000, SI // −0: nothing to add
	VPBROADCASTD SI, Z0
	MOVQ         gemmS8Call_add(R15), R10
	TESTQ        R10, R10
	JZ           added
	VMOVDQU32    (R10)(AX*1), K2, Z0

added:
	VMOVDQU64 Z0, ADDS(R14)(CX*1)
	JMP       tabled

multiplier:
	MOVQ      gemmS8Call_mult(R15), R10
	TESTQ     R10, R10
	JZ        tabled // sums are stored as they are
	VMOVDQU32 (R10)(AX*1), Z0
	VMOVDQU64 Z0, MULT(R14)(CX*1)
	VPSRLQ    $32, Z0, Z0
	VMOVDQU64 Z0, ODD(R14)(CX*1)
	MOVQ      gemmS8Call_left(R15), R10
	VMOVDQU32 (R10)(AX*1), Z0
	VMOVDQU64 Z0, LEFT(R14)(CX*1)
	MOVQ      gemmS8Call_right(R15), R10
	VMOVDQU32 (R10)(AX*1), Z0
	VMOVDQU64 Z0, RIGHT(R14)(CX*1)
	MASKS16(Z0, Z1, Z2)
	VMOVDQU64 Z1, MASK(R14)(CX*1)
	VMOVDQU64 Z2, HALF(R14)(CX*1)

tabled:
	INCQ DX
	CMPQ DX, $4
	JNE  table

	MOVQ gemmS8Call_m(R15), AX
	MOVQ AX, gemmS8Call_rows(R15)
	MOVQ gemmS8Call_a(R15), AX
	MOVQ AX, gemmS8Call_rowA(R15)
	MOVQ gemmS8Call_blockY(R15), AX
	MOVQ AX, gemmS8Call_rowY(R15)

tile:
	MOVQ      gemmS8Call_lda(R15), R8
	LEAQ      (R8)(R8*2), R9
	MOVQ      gemmS8Call_ldb(R15), R12
	LEAQ      (R12)(R12*2), R13
	MOVQ      gemmS8Call_rowA(R15), SI
	LEAQ      (SI)(R8*4), R10
	LEAQ      (R10)(R8*4), R11
	MOVQ      gemmS8Call_blockB(R15), DI
	ADDQ      $64, DI
	MOVQ      gemmS8Call_groups(R15), CX
	MOVQ      gemmS8Call_rows(R15), AX
	MOVQ      gemmS8Call_width(R15), BX
	VMOVDQU64 INIT+0(R14), Z0
	CMPQ      BX, $1
	JEQ       one
	VMOVDQU64 INIT+64(R14), Z1
#ifdef ROW4
	CMPQ      BX, $2
	JEQ       two
	VMOVDQU64 INIT+128(R14), Z2
	VMOVDQU64 INIT+192(R14), Z3
	CMPQ      AX, $6
	JGE       rows6x4
	CMPQ      AX, $3
	JGE       rows3x4

	SINGLE(line1x4, loop1x4, last1x4, done1x4, EVEN4, ODD4)

rows3x4:
	ROWS(3)
	COPY4(Z4, Z5, Z6, Z7)
	COPY4(Z8, Z9, Z10, Z11)
	TESTQ CX, CX
	JZ    done3x4

loop3x4:
	B4(0)
	ROW4((SI), Z0, Z1, Z2, Z3)
	ROW4((SI)(R8*1), Z4, Z5, Z6, Z7)
	ROW4((SI)(R8*2), Z8, Z9, Z10, Z11)
	NEXT(loop3x4)

done3x4:
	STORE4(0, Z0, Z1, Z2, Z3)
	STORE4(256, Z4, Z5, Z6, Z7)
	STORE4(512, Z8, Z9, Z10, Z11)
	JMP tiled

rows6x4:
	ROWS(6)
	COPY4(Z4, Z5, Z6, Z7)
	COPY4(Z8, Z9, Z10, Z11)
	COPY4(Z12, Z13, Z14, Z15)
	COPY4(Z16, Z17, Z18, Z19)
	COPY4(Z20, Z21, Z22, Z23)
	TESTQ CX, CX
	JZ    done6x4

loop6x4:
	B4(0)
	ROW4((SI), Z0, Z1, Z2, Z3)
	ROW4((SI)(R8*1), Z4, Z5, Z6, Z7)
	ROW4((SI)(R8*2), Z8, Z9, Z10, Z11)
	ROW4((SI)(R9*1), Z12, Z13, Z14, Z15)
	ROW4((R10), Z16, Z17, Z18, Z19)
	ROW4((R10)(R8*1), Z20, Z21, Z22, Z23)
	NEXT(loop6x4)

done6x4:
	STORE4(0, Z0, Z1, Z2, Z3)
	STORE4(256, Z4, Z5, Z6, Z7)
	STORE4(512, Z8, Z9, Z10, Z11)
	STORE4(768, Z12, Z13, Z14, Z15)
	STORE4(1024, Z16, Z17, Z18, Z19)
	STORE4(1280, Z20, Z21, Z22, Z23)
	JMP tiled

two:
#endif
	VMOVDQA64 Z0, Z2
	VMOVDQA64 Z1, Z3
	CMPQ      AX, $12
	JGE       rows12x2
	CMPQ      AX, $4
	JGE       rows4x2

	SINGLE(line1x2, loop1x2, last1x2, done1x2, EVEN2, ODD2)

rows4x2:
	ROWS(4)
	COPY4(Z4, Z5, Z6, Z7)
	TESTQ CX, CX
	JZ    done4x2

loop4x2:
	B2(0)
	ROW2((SI), Z0, Z1)
	ROW2((SI)(R8*1), Z2, Z3)
	ROW2((SI)(R8*2), Z4, Z5)
	ROW2((SI)(R9*1), Z6, Z7)
	NEXT(loop4x2)

done4x2:
	STORE4(0, Z0, Z1, Z2, Z3)
	STORE4(256, Z4, Z5, Z6, Z7)
	JMP tiled

rows12x2:
	ROWS(12)
	COPY4(Z4, Z5, Z6, Z7)
	COPY4(Z8, Z9, Z10, Z11)
	COPY4(Z12, Z13, Z14, Z15)
	COPY4(Z16, Z17, Z18, Z19)
	COPY4(Z20, Z21, Z22, Z23)
	TESTQ CX, CX
	JZ    done12x2

loop12x2:
	B2(0)
	ROW2((SI), Z0, Z1)
	ROW2((SI)(R8*1), Z2, Z3)
	ROW2((SI)(R8*2), Z4, Z5)
	ROW2((SI)(R9*1), Z6, Z7)
	ROW2((R10), Z8, Z9)
	ROW2((R10)(R8*1), Z10, Z11)
	ROW2((R10)(R8*2), Z12, Z13)
	ROW2((R10)(R9*1), Z14, Z15)
	ROW2((R11), Z16, Z17)
	ROW2((R11)(R8*1), Z18, Z19)
	ROW2((R11)(R8*2), Z20, Z21)
	ROW2((R11)(R9*1), Z22, Z23)
	NEXT(loop12x2)

done12x2:
	STORE4(0, Z0, Z1, Z2, Z3)
	STORE4(256, Z4, Z5, Z6, Z7)
	STORE4(512, Z8, Z9, Z10, Z11)
	STORE4(768, Z12, Z13, Z14, Z15)
	STORE4(1024, Z16, Z17, Z18, Z19)
	STORE4(1280, Z20, Z21, Z22, Z23)
	JMP tiled

one:
	VMOVDQA64 Z0, Z1
	VMOVDQA64 Z0, Z2
	VMOVDQA64 Z0, Z3
	CMPQ      AX, $12
	JGE       rows12x1
	CMPQ      AX, $4
	JGE       rows4x1

	SINGLE(line1x1, loop1x1, last1x1, done1x1, EVEN1, ODD1)

rows4x1:
	ROWS(4)
	TESTQ CX, CX
	JZ    done4x1

loop4x1:
	B1(0)
	ROW1((SI), Z0)
	ROW1((SI)(R8*1), Z1)
	ROW1((SI)(R8*2), Z2)
	ROW1((SI)(R9*1), Z3)
	NEXT(loop4x1)

done4x1:
	STORE4(0, Z0, Z1, Z2, Z3)
	JMP tiled

rows12x1:
	ROWS(12)
	COPY4(Z4, Z5, Z6, Z7)
	COPY4(Z8, Z9, Z10, Z11)
	TESTQ CX, CX
	JZ    done12x1

loop12x1:
	B1(0)
	ROW1((SI), Z0)
	ROW1((SI)(R8*1), Z1)
	ROW1((SI)(R8*2), Z2)
	ROW1((SI)(R9*1), Z3)
	ROW1((R10), Z4)
	ROW1((R10)(R8*1), Z5)
	ROW1((R10)(R8*2), Z6)
	ROW1((R10)(R9*1), Z7)
	ROW1((R11), Z8)
	ROW1((R11)(R8*1), Z9)
	ROW1((R11)(R8*2), Z10)
	ROW1((R11)(R9*1), Z11)
	NEXT(loop12x1)

done12x1:
	STORE4(0, Z0, Z1, Z2, Z3)
	STORE4(256, Z4, Z5, Z6, Z7)
	STORE4(512, Z8, Z9, Z10, Z11)
