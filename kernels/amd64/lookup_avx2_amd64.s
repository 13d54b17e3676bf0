//go:build !purego

#include "textflag.h"

// STEP looks part AT/32 of the table up, where VPSHUFB sees an index that isn't
// negative: its lower four bits count. The next part's indices are 16 less, and
// those that are negative stay so.
#define STEP(AT) \
	VMOVDQU AT(R8), Y0   \
	VPSHUFB Y4, Y0, Y1   \
	VPSHUFB Y5, Y0, Y2   \
	VPXOR   Y1, Y6, Y6   \
	VPXOR   Y2, Y7, Y7   \
	VPSUBSB Y15, Y4, Y4  \
	VPSUBSB Y15, Y5, Y5

// func lookupAVX2(y, x *byte, sixtyfours int, steps *[16][32]byte)
//
//	for i := range 64 * sixtyfours { y[i] = t[x[i]] } // of which steps were made
//
// DI y, SI x, CX sixtyfours left, R8 steps; Y4 Y5 indices, Y6 Y7 results, Y8 Y9
// x, Y14 sign bits, Y15 sixteens.
TEXT ·lookupAVX2(SB), NOSPLIT, $0-32
	MOVQ         y+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         sixtyfours+16(FP), CX
	MOVQ         steps+24(FP), R8
	MOVQ         $0x1080, AX
	VMOVQ        AX, X15
	VPBROADCASTB X15, Y14
	VPSRLW       $8, X15, X15
	VPBROADCASTB X15, Y15

sixtyfour:
	VMOVDQU (SI), Y8
	VMOVDQU 32(SI), Y9
	VMOVDQA Y8, Y4
	VMOVDQA Y9, Y5
	VPXOR   Y6, Y6, Y6
	VPXOR   Y7, Y7, Y7
	STEP(0)
	STEP(32)
	STEP(64)
	STEP(96)
	STEP(128)
	STEP(160)
	STEP(192)
	STEP(224)
	VPXOR   Y14, Y8, Y4 // the upper half: 0 to 127 now, the lower negative
	VPXOR   Y14, Y9, Y5
	STEP(256)
	STEP(288)
	STEP(320)
	STEP(352)
	STEP(384)
	STEP(416)
	STEP(448)
	STEP(480)
	VMOVDQU Y6, (DI)
	VMOVDQU Y7, 32(DI)
	ADDQ    $64, SI
	ADDQ    $64, DI
	DECQ    CX
	JNZ     sixtyfour
	VZEROUPPER
	RET
