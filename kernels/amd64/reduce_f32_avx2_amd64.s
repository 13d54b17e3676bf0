//go:build !purego

#include "textflag.h"

// LANES is the body of a reduction: DI s, SI x, CX sixteens left; Y0 Y1 the
// lanes, which STEPS brings the sixteen elements at (SI) to.
#define LANES(STEPS) \
	MOVQ    s+0(FP), DI         \
	MOVQ    x+8(FP), SI         \
	MOVQ    sixteens+16(FP), CX \
	VMOVUPS (DI), Y0            \
	VMOVUPS 32(DI), Y1          \
sixteen:                            \
	STEPS                       \
	ADDQ    $64, SI             \
	DECQ    CX                  \
	JNZ     sixteen             \
	VMOVUPS Y0, (DI)            \
	VMOVUPS Y1, 32(DI)

// func sumF32AVX2(s *[16]float32, x *float32, sixteens int)
//
//	for i := range 16 * sixteens { s[i%16] += x[i] }
TEXT ·sumF32AVX2(SB), NOSPLIT, $0-24
#define SUM16 \
	VADDPS (SI), Y0, Y0 \
	VADDPS 32(SI), Y1, Y1
	LANES(SUM16)
	VZEROUPPER
	RET

// func squaresF32AVX2(s *[16]float32, x *float32, sixteens int, c float32)
//
//	for i := range 16 * sixteens { s[i%16] += float32((x[i] - c) * (x[i] - c)) }
TEXT ·squaresF32AVX2(SB), NOSPLIT, $0-28
#define SQUARES16 \
	VMOVUPS (SI), Y2   \
	VMOVUPS 32(SI), Y3 \
	VSUBPS  Y4, Y2, Y2 \
	VSUBPS  Y4, Y3, Y3 \
	VMULPS  Y2, Y2, Y2 \
	VMULPS  Y3, Y3, Y3 \
	VADDPS  Y2, Y0, Y0 \
	VADDPS  Y3, Y1, Y1
	VBROADCASTSS c+24(FP), Y4
	LANES(SQUARES16)
	VZEROUPPER
	RET

// EXTREMUM16 takes elements that OP puts before those of the lanes, and notes
// in Y4 where they are NaN. OP leaves the lane if the element is NaN or equal.
#define EXTREMUM16(OP) \
	VMOVUPS (SI), Y2       \
	VMOVUPS 32(SI), Y3     \
	OP      Y0, Y2, Y0     \
	OP      Y1, Y3, Y1     \
	VCMPPS  $3, Y2, Y3, Y2 \
	VORPS   Y2, Y4, Y4

// func greatestF32AVX2(s *[16]float32, x *float32, sixteens int) bool
//
//	for i := range 16 * sixteens {
//		if x[i] > s[i%16] { s[i%16] = x[i] }
//		nan = nan || x[i] != x[i]
//	}
TEXT ·greatestF32AVX2(SB), NOSPLIT, $0-25
	VXORPS    Y4, Y4, Y4
	LANES(EXTREMUM16(VMAXPS))
	VMOVMSKPS Y4, AX
	TESTQ     AX, AX
	SETNE     ret+24(FP)
	VZEROUPPER
	RET

// func leastF32AVX2(s *[16]float32, x *float32, sixteens int) bool
//
// It is greatestF32AVX2 with < for >.
TEXT ·leastF32AVX2(SB), NOSPLIT, $0-25
	VXORPS    Y4, Y4, Y4
	LANES(EXTREMUM16(VMINPS))
	VMOVMSKPS Y4, AX
	TESTQ     AX, AX
	SETNE     ret+24(FP)
	VZEROUPPER
	RET
