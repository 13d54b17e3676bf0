//go:build !purego

#include "textflag.h"

// STRIPE is the body of a function of the columns of four vectors. DI y, SI x, DX d,
// R8 c, CX rows left, R9 bytes from row to row; Y0 to Y3 y, Y8 to Y11 c. ROW does a
// row, NEXT goes to the next.
#define STRIPE(ROW, NEXT) \
	MOVQ    y+0(FP), DI     \
	MOVQ    x+8(FP), SI     \
	MOVQ    d+16(FP), DX    \
	MOVQ    c+24(FP), R8    \
	MOVQ    rows+32(FP), CX \
	MOVQ    ld+40(FP), R9   \
	VMOVUPS (DI), Y0        \
	VMOVUPS 32(DI), Y1      \
	VMOVUPS 64(DI), Y2     \
	VMOVUPS 96(DI), Y3     \
	VMOVUPS (R8), Y8        \
	VMOVUPS 32(R8), Y9      \
	VMOVUPS 64(R8), Y10    \
	VMOVUPS 96(R8), Y11    \
row:                            \
	ROW                     \
	NEXT                    \
	DECQ    CX              \
	JNZ     row             \
	VMOVUPS Y0, (DI)        \
	VMOVUPS Y1, 32(DI)      \
	VMOVUPS Y2, 64(DI)     \
	VMOVUPS Y3, 96(DI)     \
	VZEROUPPER              \
	RET

// STRIP is STRIPE for the columns of one vector.
#define STRIP(ROW, NEXT) \
	MOVQ    y+0(FP), DI     \
	MOVQ    x+8(FP), SI     \
	MOVQ    d+16(FP), DX    \
	MOVQ    c+24(FP), R8    \
	MOVQ    rows+32(FP), CX \
	MOVQ    ld+40(FP), R9   \
	VMOVUPS (DI), Y0        \
	VMOVUPS (R8), Y8        \
row:                            \
	ROW                     \
	NEXT                    \
	DECQ    CX              \
	JNZ     row             \
	VMOVUPS Y0, (DI)        \
	VZEROUPPER              \
	RET

#define NEXTX ADDQ R9, SI
#define NEXTXD ADDQ R9, SI; ADDQ R9, DX

#define SUM1 \
	VADDPS (SI), Y0, Y0

#define SUM4 \
	VADDPS (SI), Y0, Y0; \
	VADDPS 32(SI), Y1, Y1; \
	VADDPS 64(SI), Y2, Y2; \
	VADDPS 96(SI), Y3, Y3

#define SQUARES1 \
	VMOVUPS (SI), Y4; \
	VSUBPS Y8, Y4, Y4; \
	VMULPS Y4, Y4, Y4; \
	VADDPS Y4, Y0, Y0

#define SQUARES4 \
	VMOVUPS (SI), Y4; \
	VSUBPS Y8, Y4, Y4; \
	VMULPS Y4, Y4, Y4; \
	VADDPS Y4, Y0, Y0; \
	VMOVUPS 32(SI), Y5; \
	VSUBPS Y9, Y5, Y5; \
	VMULPS Y5, Y5, Y5; \
	VADDPS Y5, Y1, Y1; \
	VMOVUPS 64(SI), Y6; \
	VSUBPS Y10, Y6, Y6; \
	VMULPS Y6, Y6, Y6; \
	VADDPS Y6, Y2, Y2; \
	VMOVUPS 96(SI), Y7; \
	VSUBPS Y11, Y7, Y7; \
	VMULPS Y7, Y7, Y7; \
	VADDPS Y7, Y3, Y3

#define PRODUCTS1 \
	VMOVUPS (SI), Y4; \
	VSUBPS Y8, Y4, Y4; \
	VMULPS (DX), Y4, Y4; \
	VADDPS Y4, Y0, Y0

#define PRODUCTS4 \
	VMOVUPS (SI), Y4; \
	VSUBPS Y8, Y4, Y4; \
	VMULPS (DX), Y4, Y4; \
	VADDPS Y4, Y0, Y0; \
	VMOVUPS 32(SI), Y5; \
	VSUBPS Y9, Y5, Y5; \
	VMULPS 32(DX), Y5, Y5; \
	VADDPS Y5, Y1, Y1; \
	VMOVUPS 64(SI), Y6; \
	VSUBPS Y10, Y6, Y6; \
	VMULPS 64(DX), Y6, Y6; \
	VADDPS Y6, Y2, Y2; \
	VMOVUPS 96(SI), Y7; \
	VSUBPS Y11, Y7, Y7; \
	VMULPS 96(DX), Y7, Y7; \
	VADDPS Y7, Y3, Y3

// func columnSumx32F32AVX2(y, x, d, c *float32, rows, ld int)
//
//	for i := range rows { for j := range 32 { y[j] += x[i*ld/4+j] } }
TEXT ·columnSumx32F32AVX2(SB), NOSPLIT, $0-48
	STRIPE(SUM4, NEXTX)

// func columnSumx8F32AVX2(y, x, d, c *float32, rows, ld int)
//
//	for i := range rows { for j := range 8 { y[j] += x[i*ld/4+j] } }
TEXT ·columnSumx8F32AVX2(SB), NOSPLIT, $0-48
	STRIP(SUM1, NEXTX)

// func columnSquaresx32F32AVX2(y, x, d, c *float32, rows, ld int)
//
//	for i := range rows { for j := range 32 { y[j] += float32((x[i*ld/4+j] - c[j]) * (x[i*ld/4+j] - c[j])) } }
TEXT ·columnSquaresx32F32AVX2(SB), NOSPLIT, $0-48
	STRIPE(SQUARES4, NEXTX)

// func columnSquaresx8F32AVX2(y, x, d, c *float32, rows, ld int)
//
//	for i := range rows { for j := range 8 { y[j] += float32((x[i*ld/4+j] - c[j]) * (x[i*ld/4+j] - c[j])) } }
TEXT ·columnSquaresx8F32AVX2(SB), NOSPLIT, $0-48
	STRIP(SQUARES1, NEXTX)

// func columnProductsx32F32AVX2(y, x, d, c *float32, rows, ld int)
//
//	for i := range rows { for j := range 32 { y[j] += float32(d[i*ld/4+j] * (x[i*ld/4+j] - c[j])) } }
TEXT ·columnProductsx32F32AVX2(SB), NOSPLIT, $0-48
	STRIPE(PRODUCTS4, NEXTXD)

// func columnProductsx8F32AVX2(y, x, d, c *float32, rows, ld int)
//
//	for i := range rows { for j := range 8 { y[j] += float32(d[i*ld/4+j] * (x[i*ld/4+j] - c[j])) } }
TEXT ·columnProductsx8F32AVX2(SB), NOSPLIT, $0-48
	STRIP(PRODUCTS1, NEXTXD)
