//go:build !purego

#include "textflag.h"

// STRIPE is the body of a function of the columns of four vectors. DI y, SI x, DX d,
// R8 c, CX rows left, R9 bytes from row to row; Z0 to Z3 y, Z8 to Z11 c. ROW does a
// row, NEXT goes to the next.
#define STRIPE(ROW, NEXT) \
	MOVQ    y+0(FP), DI     \
	MOVQ    x+8(FP), SI     \
	MOVQ    d+16(FP), DX    \
	MOVQ    c+24(FP), R8    \
	MOVQ    rows+32(FP), CX \
	MOVQ    ld+40(FP), R9   \
	VMOVUPS (DI), Z0        \
	VMOVUPS 64(DI), Z1      \
	VMOVUPS 128(DI), Z2     \
	VMOVUPS 192(DI), Z3     \
	VMOVUPS (R8), Z8        \
	VMOVUPS 64(R8), Z9      \
	VMOVUPS 128(R8), Z10    \
	VMOVUPS 192(R8), Z11    \
row:                            \
	ROW                     \
	NEXT                    \
	DECQ    CX              \
	JNZ     row             \
	VMOVUPS Z0, (DI)        \
	VMOVUPS Z1, 64(DI)      \
	VMOVUPS Z2, 128(DI)     \
	VMOVUPS Z3, 192(DI)     \
	VZEROUPPER              \
	RET

// STRIP is STRIPE for the columns of one vector of which K1 tells those there are.
#define STRIP(ROW, NEXT) \
	MOVQ      y+0(FP), DI     \
	MOVQ      x+8(FP), SI     \
	MOVQ      d+16(FP), DX    \
	MOVQ      c+24(FP), R8    \
	MOVQ      rows+32(FP), CX \
	MOVQ      ld+40(FP), R9   \
	MOVQ      mask+48(FP), AX \
	KMOVW     AX, K1          \
	VMOVUPS.Z (DI), K1, Z0    \
	VMOVUPS.Z (R8), K1, Z8    \
row:                              \
	ROW                       \
	NEXT                      \
	DECQ      CX              \
	JNZ       row             \
	VMOVUPS   Z0, K1, (DI)    \
	VZEROUPPER                \
	RET

#define NEXTX ADDQ R9, SI
#define NEXTXD ADDQ R9, SI; ADDQ R9, DX

#define SUM1 \
	VMOVUPS.Z (SI), K1, Z4; \
	VADDPS Z4, Z0, Z0

#define SUM4 \
	VADDPS (SI), Z0, Z0; \
	VADDPS 64(SI), Z1, Z1; \
	VADDPS 128(SI), Z2, Z2; \
	VADDPS 192(SI), Z3, Z3

#define SQUARES1 \
	VMOVUPS.Z (SI), K1, Z4; \
	VSUBPS Z8, Z4, Z4; \
	VMULPS Z4, Z4, Z4; \
	VADDPS Z4, Z0, Z0

#define SQUARES4 \
	VMOVUPS (SI), Z4; \
	VSUBPS Z8, Z4, Z4; \
	VMULPS Z4, Z4, Z4; \
	VADDPS Z4, Z0, Z0; \
	VMOVUPS 64(SI), Z5; \
	VSUBPS Z9, Z5, Z5; \
	VMULPS Z5, Z5, Z5; \
	VADDPS Z5, Z1, Z1; \
	VMOVUPS 128(SI), Z6; \
	VSUBPS Z10, Z6, Z6; \
	VMULPS Z6, Z6, Z6; \
	VADDPS Z6, Z2, Z2; \
	VMOVUPS 192(SI), Z7; \
	VSUBPS Z11, Z7, Z7; \
	VMULPS Z7, Z7, Z7; \
	VADDPS Z7, Z3, Z3

#define PRODUCTS1 \
	VMOVUPS.Z (SI), K1, Z4; \
	VSUBPS Z8, Z4, Z4; \
	VMOVUPS.Z (DX), K1, Z12; \
	VMULPS Z12, Z4, Z4; \
	VADDPS Z4, Z0, Z0

#define PRODUCTS4 \
	VMOVUPS (SI), Z4; \
	VSUBPS Z8, Z4, Z4; \
	VMULPS (DX), Z4, Z4; \
	VADDPS Z4, Z0, Z0; \
	VMOVUPS 64(SI), Z5; \
	VSUBPS Z9, Z5, Z5; \
	VMULPS 64(DX), Z5, Z5; \
	VADDPS Z5, Z1, Z1; \
	VMOVUPS 128(SI), Z6; \
	VSUBPS Z10, Z6, Z6; \
	VMULPS 128(DX), Z6, Z6; \
	VADDPS Z6, Z2, Z2; \
	VMOVUPS 192(SI), Z7; \
	VSUBPS Z11, Z7, Z7; \
	VMULPS 192(DX), Z7, Z7; \
	VADDPS Z7, Z3, Z3

// func columnSumx64F32AVX512(y, x, d, c *float32, rows, ld int)
//
//	for i := range rows { for j := range 64 { y[j] += x[i*ld/4+j] } }
TEXT ·columnSumx64F32AVX512(SB), NOSPLIT, $0-48
	STRIPE(SUM4, NEXTX)

// func columnSumx16F32AVX512(y, x, d, c *float32, rows, ld int, mask int)
//
//	for i := range rows { for j := range 16 { y[j] += x[i*ld/4+j] } } // of the columns in mask
TEXT ·columnSumx16F32AVX512(SB), NOSPLIT, $0-56
	STRIP(SUM1, NEXTX)

// func columnSquaresx64F32AVX512(y, x, d, c *float32, rows, ld int)
//
//	for i := range rows { for j := range 64 { y[j] += float32((x[i*ld/4+j] - c[j]) * (x[i*ld/4+j] - c[j])) } }
TEXT ·columnSquaresx64F32AVX512(SB), NOSPLIT, $0-48
	STRIPE(SQUARES4, NEXTX)

// func columnSquaresx16F32AVX512(y, x, d, c *float32, rows, ld int, mask int)
//
//	for i := range rows { for j := range 16 { y[j] += float32((x[i*ld/4+j] - c[j]) * (x[i*ld/4+j] - c[j])) } } // of the columns in mask
TEXT ·columnSquaresx16F32AVX512(SB), NOSPLIT, $0-56
	STRIP(SQUARES1, NEXTX)

// func columnProductsx64F32AVX512(y, x, d, c *float32, rows, ld int)
//
//	for i := range rows { for j := range 64 { y[j] += float32(d[i*ld/4+j] * (x[i*ld/4+j] - c[j])) } }
TEXT ·columnProductsx64F32AVX512(SB), NOSPLIT, $0-48
	STRIPE(PRODUCTS4, NEXTXD)

// func columnProductsx16F32AVX512(y, x, d, c *float32, rows, ld int, mask int)
//
//	for i := range rows { for j := range 16 { y[j] += float32(d[i*ld/4+j] * (x[i*ld/4+j] - c[j])) } } // of the columns in mask
TEXT ·columnProductsx16F32AVX512(SB), NOSPLIT, $0-56
	STRIP(PRODUCTS1, NEXTXD)
