//go:build !purego

#include "textflag.h"

// LOOKUP64 looks the bytes of Z0 up: in the table's lower half, whose registers
// are Z4 and Z5, and its upper half, Z6 and Z7. Seven bits of an index count; the
// eighth chooses between the halves.
#define LOOKUP64 \
	VPMOVB2M  Z0, K2         \
	VMOVDQU64 Z0, Z1         \
	VPERMI2B  Z5, Z4, Z0     \
	VPERMI2B  Z7, Z6, Z1     \
	VMOVDQU8  Z1, K2, Z0

// func lookupVBMI(y, x *byte, n int, t *[256]byte)
//
//	for i := range n { y[i] = t[x[i]] } // n > 0
//
// DI y, SI x, CX bytes left, R8 t.
TEXT ·lookupVBMI(SB), NOSPLIT, $0-32
	MOVQ      y+0(FP), DI
	MOVQ      x+8(FP), SI
	MOVQ      n+16(FP), CX
	MOVQ      t+24(FP), R8
	VMOVDQU64 (R8), Z4
	VMOVDQU64 64(R8), Z5
	VMOVDQU64 128(R8), Z6
	VMOVDQU64 192(R8), Z7

next:
	SUBQ      $64, CX
	JLT       rest
	VMOVDQU64 (SI), Z0
	LOOKUP64
	VMOVDQU64 Z0, (DI)
	ADDQ      $64, SI
	ADDQ      $64, DI
	JMP       next

rest:
	ADDQ       $64, CX
	JZ         done
	MOVQ       $1, AX
	SHLQ       CX, AX
	DECQ       AX
	KMOVQ      AX, K1
	VMOVDQU8.Z (SI), K1, Z0
	LOOKUP64
	VMOVDQU8   Z0, K1, (DI)

done:
	VZEROUPPER
	RET
