//go:build !purego

#include "textflag.h"

// func transposeX4AVX2(y, x *int32, blocks, ldy, ldx int)
//
//	for j := range 8 * blocks {
//		for i := range 8 { y[j*ldy+i] = x[i*ldx+j] } // ldy, ldx in bytes
//	}
//
// DI y, SI x, CX blocks left, R8 ldy, R9 ldx, R10 and R11 three times these, AX
// and BX rows 4 of x and y. Y0 to Y7 are rows of x, then columns' halves.
TEXT ·transposeX4AVX2(SB), NOSPLIT, $0-40
	MOVQ y+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ ldy+24(FP), R8
	MOVQ ldx+32(FP), R9
	LEAQ (R8)(R8*2), R10
	LEAQ (R9)(R9*2), R11

square:
	LEAQ        (SI)(R9*4), AX
	LEAQ        (DI)(R8*4), BX
	VMOVUPS     (SI), X0             // rows 0 to 3 below rows 4 to 7: columns 0 to 3,
	VMOVUPS     (SI)(R9*1), X1
	VMOVUPS     (SI)(R9*2), X2
	VMOVUPS     (SI)(R11*1), X3
	VINSERTF128 $1, (AX), Y0, Y0
	VINSERTF128 $1, (AX)(R9*1), Y1, Y1
	VINSERTF128 $1, (AX)(R9*2), Y2, Y2
	VINSERTF128 $1, (AX)(R11*1), Y3, Y3
	VMOVUPS     16(SI), X4           // and 4 to 7
	VMOVUPS     16(SI)(R9*1), X5
	VMOVUPS     16(SI)(R9*2), X6
	VMOVUPS     16(SI)(R11*1), X7
	VINSERTF128 $1, 16(AX), Y4, Y4
	VINSERTF128 $1, 16(AX)(R9*1), Y5, Y5
	VINSERTF128 $1, 16(AX)(R9*2), Y6, Y6
	VINSERTF128 $1, 16(AX)(R11*1), Y7, Y7
	VUNPCKLPS   Y1, Y0, Y8           // rows 0 1, columns 0 1
	VUNPCKHPS   Y1, Y0, Y9           // columns 2 3
	VUNPCKLPS   Y3, Y2, Y10          // rows 2 3
	VUNPCKHPS   Y3, Y2, Y11
	VUNPCKLPS   Y5, Y4, Y12
	VUNPCKHPS   Y5, Y4, Y13
	VUNPCKLPS   Y7, Y6, Y14
	VUNPCKHPS   Y7, Y6, Y15
	VUNPCKLPD   Y10, Y8, Y0
	VUNPCKHPD   Y10, Y8, Y1
	VUNPCKLPD   Y11, Y9, Y2
	VUNPCKHPD   Y11, Y9, Y3
	VUNPCKLPD   Y14, Y12, Y4
	VUNPCKHPD   Y14, Y12, Y5
	VUNPCKLPD   Y15, Y13, Y6
	VUNPCKHPD   Y15, Y13, Y7
	VMOVUPS     Y0, (DI)
	VMOVUPS     Y1, (DI)(R8*1)
	VMOVUPS     Y2, (DI)(R8*2)
	VMOVUPS     Y3, (DI)(R10*1)
	VMOVUPS     Y4, (BX)
	VMOVUPS     Y5, (BX)(R8*1)
	VMOVUPS     Y6, (BX)(R8*2)
	VMOVUPS     Y7, (BX)(R10*1)
	ADDQ        $32, SI
	LEAQ        (DI)(R8*8), DI
	DECQ        CX
	JNZ         square
	VZEROUPPER
	RET

// func transposeX1AVX2(y, x *int8, blocks, ldy, ldx int)
//
// It is transposeX4AVX2 for bytes, and has the same registers.
TEXT ·transposeX1AVX2(SB), NOSPLIT, $0-40
	MOVQ y+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ ldy+24(FP), R8
	MOVQ ldx+32(FP), R9
	LEAQ (R8)(R8*2), R10
	LEAQ (R9)(R9*2), R11

square:
	LEAQ       (SI)(R9*4), AX
	LEAQ       (DI)(R8*4), BX
	VMOVQ      (SI), X0
	VMOVQ      (SI)(R9*1), X1
	VMOVQ      (SI)(R9*2), X2
	VMOVQ      (SI)(R11*1), X3
	VMOVQ      (AX), X4
	VMOVQ      (AX)(R9*1), X5
	VMOVQ      (AX)(R9*2), X6
	VMOVQ      (AX)(R11*1), X7
	VPUNPCKLBW X1, X0, X0          // rows 0 1
	VPUNPCKLBW X3, X2, X2
	VPUNPCKLBW X5, X4, X4
	VPUNPCKLBW X7, X6, X6
	VPUNPCKLWD X2, X0, X8          // rows 0 to 3, columns 0 to 3
	VPUNPCKHWD X2, X0, X9          // columns 4 to 7
	VPUNPCKLWD X6, X4, X10         // rows 4 to 7
	VPUNPCKHWD X6, X4, X11
	VPUNPCKLDQ X10, X8, X0         // columns 0 1
	VPUNPCKHDQ X10, X8, X1
	VPUNPCKLDQ X11, X9, X2
	VPUNPCKHDQ X11, X9, X3
	VMOVQ      X0, (DI)
	VMOVHPS    X0, (DI)(R8*1)
	VMOVQ      X1, (DI)(R8*2)
	VMOVHPS    X1, (DI)(R10*1)
	VMOVQ      X2, (BX)
	VMOVHPS    X2, (BX)(R8*1)
	VMOVQ      X3, (BX)(R8*2)
	VMOVHPS    X3, (BX)(R10*1)
	ADDQ       $8, SI
	LEAQ       (DI)(R8*8), DI
	DECQ       CX
	JNZ        square
	RET
