//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "requant_avx2_amd64.h"
#include "vpdpbusd_amd64.h"

// Where the packed weights of a vector of 32 channels, at DI, have parameters.
#define INIT 0
#define SCALES 128
#define MULT 128
#define ODD 256
#define LEFT 384
#define RIGHT 512
#define MASK 640
#define HALF 768

#define LOAD(AT, X) \
	VPXOR (DX)(AT*1), Y15, X

// DOT adds the products of the taps in Y(X) and the weights at AT(R12).
#define DOT(X, AT, S) \
	VMOVDQU AT(R12), Y12 \
	VPDPBUSD(12, X, S)

#define FLOAT8(AT, X) \
	VCVTDQ2PS X, X                 \
	VMULPS    SCALES+AT(DI), X, X  \
	VMINPS    Y8, X, X             \
	VCVTPS2DQ X, X

#define MULTIPLY8(AT, X) \
	SCALE8(X, MULT+AT(DI), ODD+AT(DI), LEFT+AT(DI), RIGHT+AT(DI), MASK+AT(DI), HALF+AT(DI), Y8, Y4, Y5) \
	VPADDD Y9, X, X

#define PACK32 \
	VPACKSSDW Y1, Y0, Y0 \
	VPACKSSDW Y3, Y2, Y2

// func windowS8AVXVNNI(p *windowS8Call)
//
// ·windowS8VNNI for vectors of 32 channels, without masks: the last vector of a
// row ends with the row. Interleaving, and so the order of weights, is explained
// there.
//
// R15 p; SI x and BX y of the row; DX x of the vector; R9 fours of taps left; R10
// vectors left; R11 rows left; R8 at; DI parameters and R12 weights of the vector;
// AX CX R13 R14 offsets. Y0..Y3 sums; Y4..Y7 taps; Y8..Y11 scratch; Y12 weights;
// Y15 0x80.
TEXT ·windowS8AVXVNNI(SB), NOSPLIT, $0-8
	MOVQ         p+0(FP), R15
	MOVL         $0x80808080, AX
	VMOVD        AX, X15
	VPBROADCASTD X15, Y15
	MOVQ         windowS8Call_x(R15), SI
	MOVQ         windowS8Call_y(R15), BX
	MOVQ         windowS8Call_rows(R15), R11

row:
	MOVQ windowS8Call_w(R15), DI
	MOVQ windowS8Call_vectors(R15), R10
	XORQ AX, AX

vector: // AX channels before it
	CMPQ    R10, $1
	CMOVQEQ windowS8Call_end(R15), AX
	MOVQ    AX, windowS8Call_vectorX(R15)
	LEAQ    (SI)(AX*1), DX
	VMOVDQU INIT+0(DI), Y0
	VMOVDQU INIT+32(DI), Y1
	VMOVDQU INIT+64(DI), Y2
	VMOVDQU INIT+96(DI), Y3
	MOVQ    windowS8Call_params(R15), R12
	ADDQ    DI, R12
	MOVQ    windowS8Call_at(R15), R8
	MOVQ    windowS8Call_groups(R15), R9

group:
	MOVLQSX    0(R8), AX
	MOVLQSX    4(R8), CX
	MOVLQSX    8(R8), R13
	MOVLQSX    12(R8), R14
	LOAD(AX, Y4)
	LOAD(CX, Y5)
	LOAD(R13, Y6)
	LOAD(R14, Y7)
	VPUNPCKLBW Y5, Y4, Y8
	VPUNPCKHBW Y5, Y4, Y9
	VPUNPCKLBW Y7, Y6, Y10
	VPUNPCKHBW Y7, Y6, Y11
	VPUNPCKLWD Y10, Y8, Y4
	VPUNPCKHWD Y10, Y8, Y5
	VPUNPCKLWD Y11, Y9, Y6
	VPUNPCKHWD Y11, Y9, Y7
	DOT(4, 0, 0)
	DOT(5, 32, 1)
	DOT(6, 64, 2)
	DOT(7, 96, 3)
	ADDQ       $16, R8
	ADDQ       $128, R12
	DECQ       R9
	JNZ        group

	VPBROADCASTB windowS8Call_lo(R15), Y10
	VPBROADCASTB windowS8Call_hi(R15), Y11
	CMPQ         windowS8Call_scaled(R15), $0
	JEQ          multiply
	VBROADCASTSS windowS8Call_high(R15), Y8
	VPBROADCASTW windowS8Call_zero(R15), Y9
	FLOAT8(0, Y0)
	FLOAT8(32, Y1)
	FLOAT8(64, Y2)
	FLOAT8(96, Y3)
	PACK32
	VPADDSW      Y9, Y0, Y0
	VPADDSW      Y9, Y2, Y2

store:
	VPACKSSWB Y2, Y0, Y0
	VPMAXSB   Y10, Y0, Y0
	VPMINSB   Y11, Y0, Y0
	MOVQ      windowS8Call_vectorX(R15), AX
	VMOVDQU   Y0, (BX)(AX*1)
	ADDQ      $32, AX
	MOVQ      R12, DI
	DECQ      R10
	JNZ       vector
	ADDQ      windowS8Call_stepX(R15), SI
	ADDQ      windowS8Call_stepY(R15), BX
	DECQ      R11
	JNZ       row
	VZEROUPPER
	RET

multiply:
	MOVQ         $(1<<30), AX
	VMOVQ        AX, X8
	VPBROADCASTQ X8, Y8
	VPBROADCASTD windowS8Call_zero(R15), Y9
	MULTIPLY8(0, Y0)
	MULTIPLY8(32, Y1)
	MULTIPLY8(64, Y2)
	MULTIPLY8(96, Y3)
	PACK32
	JMP store
