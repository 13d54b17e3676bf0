// Depthwise convolution of int8 in registers of 512 bits, for a file that defines
// NAME, DOT and SIZE: DOT(X, AT, S) adds to the sums S the products of four taps'
// values X, unsigned, and weights at AT(R12), which take SIZE bytes. It may use
// Z8 to Z11.

// Where the packed weights of a vector of 64 channels, at DI, have parameters.
#define INIT 0
#define SCALES 256
#define MULT 256
#define ODD 512
#define LEFT 768
#define RIGHT 1024
#define MASK 1280
#define HALF 1536

// AT4 loads where the next four taps read.
#define AT4 \
	MOVLQSX 0(R8), AX   \
	MOVLQSX 4(R8), CX   \
	MOVLQSX 8(R8), R13  \
	MOVLQSX 12(R8), R14 \
	ADDQ    $16, R8

// TAPS adds the products of the four taps in Z4 to Z7. Interleaving makes an
// int32 of the taps of a channel: those of channels 16*lane+4*i+j are the int32
// 4*lane+j of register i, so weights and parameters are in that order too, and
// packing puts the results in order again.
#define TAPS \
	VPUNPCKLBW Z5, Z4, Z16   \
	VPUNPCKHBW Z5, Z4, Z17   \
	VPUNPCKLBW Z7, Z6, Z18   \
	VPUNPCKHBW Z7, Z6, Z19   \
	VPUNPCKLWD Z18, Z16, Z4  \
	VPUNPCKHWD Z18, Z16, Z5  \
	VPUNPCKLWD Z19, Z17, Z6  \
	VPUNPCKHWD Z19, Z17, Z7  \
	DOT(Z4, 0*SIZE, Z0)      \
	DOT(Z5, 1*SIZE, Z1)      \
	DOT(Z6, 2*SIZE, Z2)      \
	DOT(Z7, 3*SIZE, Z3)      \
	ADDQ $(4*SIZE), R12

#define PART(AT, X) \
	VMOVDQU8.Z (DX)(AT*1), K1, X \
	VPXORD     X, Z31, X

// EVERY loads pixels that lie apart.
#define EVERY(AT, X) \
	VMOVDQU8.Z (DX)(AT*1), K2, X     \
	VMOVDQU8.Z 64(DX)(AT*1), K3, Z16 \
	VPERMT2W   Z16, Z30, X           \
	VPXORD     X, Z31, X

#define MULTIPLY16(AT, Z) \
	SCALE16(Z, MULT+AT(DI), ODD+AT(DI), LEFT+AT(DI), RIGHT+AT(DI), MASK+AT(DI), HALF+AT(DI), Z25, Z24, Z4, Z5) \
	VPADDD Z26, Z, Z

// func NAME(p *windowS8Call)
//
//	for range rows {
//		for v := range vectors {
//			s := w[v].init
//			for t := range taps { // by fours
//				s += (x[64*v+at[t]:][:64] ^ 0x80) * w[v].taps[t]
//			}
//			y[64*v:] = requantised s // the last vector as far as its mask says
//		}
//		x += stepX; y += stepY
//	}
//
// If p has an index, a row is one vector, of words that it picks from 128 bytes.
//
// R15 p; SI x and BX y of the row; DX x of the vector; R9 fours of taps left; R10
// vectors left; R8 at, R12 w; AX CX R13 R14 offsets. Z0..Z3 sums. K1 the last
// vector; K2 K3 what may be read where there is an index, Z30; K7 odd elements.
TEXT NAME(SB), NOSPLIT, $0-8
	MOVQ         p+0(FP), R15
	MOVL         $0x80808080, AX
	VPBROADCASTD AX, Z31
	MOVL         $0xaaaa, AX
	KMOVW        AX, K7
	KMOVQ        windowS8Call_last(R15), K1
	VPBROADCASTB windowS8Call_lo(R15), Z28
	VPBROADCASTB windowS8Call_hi(R15), Z29
	VPBROADCASTW windowS8Call_zero(R15), Z26
	VBROADCASTSS windowS8Call_high(R15), Z25
	CMPQ         windowS8Call_scaled(R15), $0
	JNE          indexed
	VPBROADCASTD windowS8Call_zero(R15), Z26
	MOVQ         $(1<<30), AX
	VPBROADCASTQ AX, Z25
	VPTERNLOGD   $0xff, Z24, Z24, Z24

indexed:
	MOVQ      windowS8Call_index(R15), AX
	TESTQ     AX, AX
	JZ        begin
	VMOVDQU64 (AX), Z30
	KMOVQ     windowS8Call_read(R15), K2
	KMOVQ     windowS8Call_read+8(R15), K3

begin:
	MOVQ windowS8Call_x(R15), SI
	MOVQ windowS8Call_y(R15), BX
	MOVQ windowS8Call_rows(R15), R11

row:
	MOVQ SI, DX
	MOVQ windowS8Call_w(R15), DI
	MOVQ windowS8Call_vectors(R15), R10

vector:
	VMOVDQU64 INIT+0(DI), Z0
	VMOVDQU64 INIT+64(DI), Z1
	VMOVDQU64 INIT+128(DI), Z2
	VMOVDQU64 INIT+192(DI), Z3
	MOVQ      windowS8Call_params(R15), R12
	ADDQ      DI, R12
	MOVQ      windowS8Call_at(R15), R8
	MOVQ      windowS8Call_groups(R15), R9
	CMPQ      R10, $1
	JEQ       last

whole:
	AT4
	VPXORD (DX)(AX*1), Z31, Z4
	VPXORD (DX)(CX*1), Z31, Z5
	VPXORD (DX)(R13*1), Z31, Z6
	VPXORD (DX)(R14*1), Z31, Z7
	TAPS
	DECQ   R9
	JNZ    whole

requant:
	CMPQ windowS8Call_scaled(R15), $0
	JEQ  multiply
	FLOAT16(Z0, SCALES+0(DI), Z25)
	FLOAT16(Z1, SCALES+64(DI), Z25)
	FLOAT16(Z2, SCALES+128(DI), Z25)
	FLOAT16(Z3, SCALES+192(DI), Z25)
	PACK32
	VPADDSW Z26, Z0, Z0
	VPADDSW Z26, Z2, Z2

packed:
	VPACKSSWB Z2, Z0, Z0
	VPMAXSB   Z28, Z0, Z0
	VPMINSB   Z29, Z0, Z0
	MOVQ      R12, DI        // the next vector's
	DECQ      R10
	JZ        rowed
	VMOVDQU64 Z0, (BX)
	ADDQ      $64, BX
	ADDQ      $64, DX
	JMP       vector

rowed:
	VMOVDQU8 Z0, K1, (BX)
	MOVQ     windowS8Call_vectors(R15), AX
	DECQ     AX
	SHLQ     $6, AX
	SUBQ     AX, BX
	ADDQ     windowS8Call_stepX(R15), SI
	ADDQ     windowS8Call_stepY(R15), BX
	DECQ     R11
	JNZ      row
	VZEROUPPER
	RET

multiply:
	MULTIPLY16(0, Z0)
	MULTIPLY16(64, Z1)
	MULTIPLY16(128, Z2)
	MULTIPLY16(192, Z3)
	PACK32
	JMP packed

last:
	CMPQ windowS8Call_index(R15), $0
	JNE  apart
	CMPQ windowS8Call_last(R15), $-1
	JEQ  whole

part:
	AT4
	PART(AX, Z4)
	PART(CX, Z5)
	PART(R13, Z6)
	PART(R14, Z7)
	TAPS
	DECQ R9
	JNZ  part
	JMP  requant

apart:
	AT4
	EVERY(AX, Z4)
	EVERY(CX, Z5)
	EVERY(R13, Z6)
	EVERY(R14, Z7)
	TAPS
	DECQ R9
	JNZ  apart
	JMP  requant
