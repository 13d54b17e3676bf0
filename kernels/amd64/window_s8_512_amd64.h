// Depthwise convolution of int8 in registers of 512 bits, for a file that defines
// NAME, DOT and SIZE: DOT(X, AT, S) adds to the sums S the products of four taps'
// values X, unsigned, and weights at AT(R12), which take SIZE bytes. It may use
// Z8 to Z11. If the file defines NINE, a part for nine taps follows.

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

// INTERLEAVE makes an int32 of the four taps in Z4 to Z7 for each channel: those
// of channels 16*lane+4*i+j are the int32 4*lane+j of register i, so weights and
// parameters are in that order too, and packing puts the results in order again.
#define INTERLEAVE \
	VPUNPCKLBW Z5, Z4, Z8    \
	VPUNPCKHBW Z5, Z4, Z9    \
	VPUNPCKLBW Z7, Z6, Z10   \
	VPUNPCKHBW Z7, Z6, Z11   \
	VPUNPCKLWD Z10, Z8, Z4   \
	VPUNPCKHWD Z10, Z8, Z5   \
	VPUNPCKLWD Z11, Z9, Z6   \
	VPUNPCKHWD Z11, Z9, Z7

// TAPS adds the products of the four taps in Z4 to Z7.
#define TAPS \
	INTERLEAVE               \
	DOT(Z4, 0*SIZE, Z0)      \
	DOT(Z5, 1*SIZE, Z1)      \
	DOT(Z6, 2*SIZE, Z2)      \
	DOT(Z7, 3*SIZE, Z3)      \
	ADDQ $(4*SIZE), R12

// WHOLE, PART and EVERY load a tap: all of it, what the last vector has, or what
// lies apart in the 128 bytes at A and B.
#define WHOLE(A, B, X) \
	VPXORD A, Z31, X

#define PART(A, B, X) \
	VMOVDQU8.Z A, K1, X  \
	VPXORD     X, Z31, X

#define EVERY(A, B, X) \
	VMOVDQU8.Z A, K2, X    \
	VMOVDQU8.Z B, K3, Z27  \
	VPERMT2W   Z27, Z30, X \
	VPXORD     X, Z31, X

// LOAD4 loads the next four taps.
#define LOAD4(LOAD) \
	AT4                                         \
	LOAD((DX)(AX*1), 64(DX)(AX*1), Z4)          \
	LOAD((DX)(CX*1), 64(DX)(CX*1), Z5)          \
	LOAD((DX)(R13*1), 64(DX)(R13*1), Z6)        \
	LOAD((DX)(R14*1), 64(DX)(R14*1), Z7)

#define MULTIPLY16(AT, Z) \
	SCALE16(Z, MULT+AT(DI), ODD+AT(DI), LEFT+AT(DI), RIGHT+AT(DI), MASK+AT(DI), HALF+AT(DI), Z25, Z24, Z4, Z5) \
	VPADDD Z26, Z, Z

// SCALED and MULTIPLIED requantise the sums to the int8 in Z0.
#define SCALED \
	FLOAT16(Z0, SCALES+0(DI), Z25)   \
	FLOAT16(Z1, SCALES+64(DI), Z25)  \
	FLOAT16(Z2, SCALES+128(DI), Z25) \
	FLOAT16(Z3, SCALES+192(DI), Z25) \
	PACK32                           \
	VPADDSW Z26, Z0, Z0              \
	VPADDSW Z26, Z2, Z2              \
	BYTES

#define MULTIPLIED \
	MULTIPLY16(0, Z0)   \
	MULTIPLY16(64, Z1)  \
	MULTIPLY16(128, Z2) \
	MULTIPLY16(192, Z3) \
	PACK32              \
	BYTES

#define BYTES \
	VPACKSSWB Z2, Z0, Z0  \
	VPMAXSB   Z28, Z0, Z0 \
	VPMINSB   Z29, Z0, Z0

#define START \
	VMOVDQU64 INIT+0(DI), Z0   \
	VMOVDQU64 INIT+64(DI), Z1  \
	VMOVDQU64 INIT+128(DI), Z2 \
	VMOVDQU64 INIT+192(DI), Z3

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
#ifdef NINE
	CMPQ windowS8Call_taps(R15), $9
	JEQ  nine
#endif
	MOVQ windowS8Call_x(R15), SI
	MOVQ windowS8Call_y(R15), BX
	MOVQ windowS8Call_rows(R15), R11

row:
	MOVQ SI, DX
	MOVQ windowS8Call_w(R15), DI
	MOVQ windowS8Call_vectors(R15), R10

vector:
	START
	MOVQ      windowS8Call_params(R15), R12
	ADDQ      DI, R12
	MOVQ      windowS8Call_at(R15), R8
	MOVQ      windowS8Call_groups(R15), R9
	CMPQ      R10, $1
	JEQ       last

whole:
	LOAD4(WHOLE)
	TAPS
	DECQ   R9
	JNZ    whole

requant:
	CMPQ windowS8Call_scaled(R15), $0
	JEQ  multiply
	SCALED

packed:
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
	MULTIPLIED
	JMP packed

last:
	CMPQ windowS8Call_index(R15), $0
	JNE  apart
	CMPQ windowS8Call_last(R15), $-1
	JEQ  whole

part:
	LOAD4(PART)
	TAPS
	DECQ R9
	JNZ  part
	JMP  requant

apart:
	LOAD4(EVERY)
	TAPS
	DECQ R9
	JNZ  apart
	JMP  requant
