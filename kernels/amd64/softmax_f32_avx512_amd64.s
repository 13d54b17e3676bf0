//go:build !purego

#include "textflag.h"
#include "elementary_f32_amd64.h"
#include "elementary_f32_avx512_amd64.h"

// FOLD16 combines the lanes of Z by OP, halves first, in X. The register after it
// is T, whose names are as Z's.
#define FOLD16(OP, Z, Y, X, YT, XT) \
	VEXTRACTF64X4 $1, Z, YT     \
	OP            Y, YT, Y      \
	VEXTRACTF128  $1, Y, XT     \
	OP            X, XT, X      \
	VPERMILPS     $0x0e, X, XT  \
	OP            X, XT, X      \
	VPERMILPS     $1, X, XT     \
	OP            X, XT, X

// RAISED makes Exp((max(Z0, floor) − top)·beta) of Z0, which is within Exp's limits.
#define RAISED \
	VMAXPS Z13, Z0, Z0 \
	VSUBPS Z10, Z0, Z0 \
	VMULPS Z11, Z0, Z0 \
	EXPIN16(Z0, Z1, Z2, Z3, Z4)

// LIMIT compares Z14 by HOW with the float32 of bits V; if that isn't so, the row
// is not for this routine.
#define LIMIT(HOW, V) \
	MOVL         V, AX             \
	VPBROADCASTD AX, Z1            \
	VCMPPS       HOW, Z1, Z14, K3  \
	KORTESTW     K3, K3            \
	JCC          stop

// func softmaxF32AVX512(y, x *float32, rows, n int, t *elementaryTable, beta, depth float32) (done int)
//
//	for range rows { // rows > 0, n > 0
//		top := max of x's row
//		floor := top - depth
//		least := kernels.Exp((floor - top) * beta)
//		if the row has NaN, or least isn't in [1e-35, 1e-30) {
//			break
//		}
//		y = kernels.Exp((max(x, floor) - top) * beta)
//		y = (y - least) * (1 / sum of y)
//		done++
//	}
//
// DI y, SI x, R8 t, R9 rows left, R10 whole registers of a row in bytes, R11 bytes
// of a row; DX bytes done; K1 the rest of a row, which is none if R10 is R11. Z5 rest
// of the row; Z8 lanes, Z10 top, Z11 beta, Z12 depth, Z13 floor, Z14 least, Z15
// the sum's inverse, Z20 −∞.
TEXT ·softmaxF32AVX512(SB), NOSPLIT, $0-56
	MOVQ         y+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         rows+16(FP), R9
	MOVQ         n+24(FP), R11
	MOVQ         t+32(FP), R8
	VBROADCASTSS beta+40(FP), Z11
	VBROADCASTSS depth+44(FP), Z12
	MOVL         $0xff800000, AX
	VPBROADCASTD AX, Z20
	LOADEXP
	MOVQ         R11, CX
	ANDQ         $15, CX
	MOVQ         $1, AX
	SHLQ         CX, AX
	DECQ         AX
	KMOVW        AX, K1
	SHLQ         $2, R11
	MOVQ         R11, R10
	ANDQ         $~63, R10

row:
	VMOVAPS Z20, Z9
	KXORW   K2, K2, K2
	XORQ    DX, DX
	CMPQ    R10, $0
	JEQ     topRest

topSixteen:
	VMOVUPS (SI)(DX*1), Z0
	VMAXPS  Z9, Z0, Z9
	VCMPPS  $3, Z0, Z0, K3
	KORW    K3, K2, K2
	ADDQ    $64, DX
	CMPQ    DX, R10
	JLT     topSixteen

topRest:
	CMPQ    R10, R11
	JEQ     topped
	VMOVAPS Z20, Z5
	VMOVUPS (SI)(DX*1), K1, Z5
	VMAXPS  Z9, Z5, Z9
	VCMPPS  $3, Z5, Z5, K3
	KORW    K3, K2, K2

topped:
	KORTESTW     K2, K2
	JNE          stop
	FOLD16(VMAXPS, Z9, Y9, X9, Y0, X0)
	VBROADCASTSS X9, Z10
	VSUBPS       Z12, Z10, Z13
	VSUBPS       Z10, Z13, Z14
	VMULPS       Z11, Z14, Z14
	EXP16(Z14, Z1, Z2, Z3, Z4)
	LIMIT($1, $0x0da24260)  // less than 1e-30
	LIMIT($13, $0x0554ad2e) // 1e-35 or more
	VPXORD       Z8, Z8, Z8
	XORQ         DX, DX
	CMPQ         R10, $0
	JEQ          expRest

expSixteen:
	VMOVUPS (SI)(DX*1), Z0
	RAISED
	VMOVUPS Z0, (DI)(DX*1)
	VADDPS  Z0, Z8, Z8
	ADDQ    $64, DX
	CMPQ    DX, R10
	JLT     expSixteen

expRest:
	CMPQ      R10, R11
	JEQ       summed
	VMOVUPS.Z (SI)(DX*1), K1, Z0
	RAISED
	VMOVAPS   Z0, Z5
	VADDPS    Z0, Z8, K1, Z8

summed:
	FOLD16(VADDPS, Z8, Y8, X8, Y0, X0)
	VDIVSS       X8, X21, X8
	VBROADCASTSS X8, Z15
	XORQ         DX, DX
	CMPQ         R10, $0
	JEQ          normRest

normSixteen:
	VMOVUPS (DI)(DX*1), Z0
	VSUBPS  Z14, Z0, Z0
	VMULPS  Z15, Z0, Z0
	VMOVUPS Z0, (DI)(DX*1)
	ADDQ    $64, DX
	CMPQ    DX, R10
	JLT     normSixteen

normRest:
	CMPQ    R10, R11
	JEQ     done
	VSUBPS  Z14, Z5, Z5
	VMULPS  Z15, Z5, Z5
	VMOVUPS Z5, K1, (DI)(DX*1)

done:
	ADDQ R11, SI
	ADDQ R11, DI
	DECQ R9
	JNE  row

stop:
	MOVQ rows+16(FP), AX
	SUBQ R9, AX
	MOVQ AX, done+48(FP)
	VZEROUPPER
	RET
