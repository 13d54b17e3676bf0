//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "requant_avx512_amd64.h"

// PAIR adds the products of a group of four k, at A, to the sums of two panels,
// of which the group is AT bytes on.
#define PAIR(A, AT, S0, S1) \
	VPXORD.BCST A(SI), Z31, Z30              \
	VPDPBUSD    AT(DI), Z30, S0              \
	VPDPBUSD    AT(DI)(R12*1), Z30, S1

// MULTIPLY multiplies the sums S of the columns AT bytes on by their multipliers.
// K is of those that exist.
#define MULTIPLY(S, AT, K) \
	VMOVDQU32.Z AT(R13)(R11*4), K, Z16       \
	VPSRLQ      $32, Z16, Z17                \
	VMOVDQU32.Z AT(DX)(R11*4), K, Z18        \
	VMOVDQU32.Z AT(R14)(R11*4), K, Z19       \
	MASKS16(Z19, Z20, Z21)                   \
	SCALE16(S, Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23, Z4, Z5) \
	VPADDD      Z26, S, S                    \
	VPMOVSDB    S, X4                        \
	VPMAXSB     X28, X4, X4                  \
	VPMINSB     X29, X4, X4

// FLOAT does so with scales.
#define FLOAT(S, AT, K) \
	VMOVUPS.Z AT(R10)(R11*4), K, Z4          \
	FLOAT16(S, Z4, Z25)                      \
	VPMOVSDW  S, Y4                          \
	VPADDSW   Y26, Y4, Y4                    \
	VPMOVSWB  Y4, X4                         \
	VPMAXSB   X28, X4, X4                    \
	VPMINSB   X29, X4, X4

// func gemvS8VNNI(p *gemmS8Call)
//
//	for columns by twos of panels {
//		s := bias + B's first row
//		for l := range groups {
//			s += (a[l] ^ 0x80) * b[l] // four values each
//		}
//		y = requantised s, or c = s
//	}
//
// It is gemmS8VNNI for one row in one line. Weights are read once and in order,
// which is what the second cache gives them fastest for.
//
// R15 p; SI a, CX groups left; DI b, R12 ldb; R9 bias, R10 scales; R13
// multipliers, DX and R14 shifts to the left and right; R8 y; R11 the first
// column, BX columns left. K1 and K2 the columns that exist. Z0 to Z7 sums, those
// of a panel in every other one.
TEXT ·gemvS8VNNI(SB), NOSPLIT, $0-8
	MOVQ         p+0(FP), R15
	MOVL         $0x80808080, AX
	VPBROADCASTD AX, Z31
	MOVQ         gemmS8Call_y(R15), R8
	MOVQ         gemmS8Call_b(R15), DI
	MOVQ         gemmS8Call_ldb(R15), R12
	MOVQ         gemmS8Call_bias(R15), R9
	MOVQ         gemmS8Call_scale(R15), R10
	MOVQ         gemmS8Call_mult(R15), R13
	MOVQ         gemmS8Call_left(R15), DX
	MOVQ         gemmS8Call_right(R15), R14
	MOVQ         gemmS8Call_n(R15), BX
	MOVQ         gemmS8Call_column(R15), R11
	VPBROADCASTB gemmS8Call_lo(R15), X28
	VPBROADCASTB gemmS8Call_hi(R15), X29
	VPBROADCASTW gemmS8Call_zero(R15), Y26
	VBROADCASTSS gemmS8Call_high(R15), Z25
	TESTQ        R13, R13
	JZ           pair
	VPBROADCASTD gemmS8Call_zero(R15), Z26
	MOVQ         $(1<<30), AX
	VPBROADCASTQ AX, Z22
	VPTERNLOGD   $0xff, Z23, Z23, Z23
	MOVL         $0xaaaa, AX
	KMOVW        AX, K7

pair:
	MOVQ        $32, CX
	CMPQ        BX, CX
	CMOVQLT     BX, CX
	MOVQ        $1, AX
	SHLQ        CX, AX
	DECQ        AX
	KMOVD       AX, K1
	KSHIFTRD    $16, K1, K2
	MOVQ        gemmS8Call_a(R15), SI
	MOVQ        gemmS8Call_groups(R15), CX
	XORQ        AX, AX
	CMPQ        BX, $16
	CMOVQLE     AX, R12                       // the second panel is the first again
	VMOVDQU32.Z (R9)(R11*4), K1, Z0
	VMOVDQU32.Z 64(R9)(R11*4), K2, Z1
	VPADDD      (DI), Z0, Z0
	VPADDD      (DI)(R12*1), Z1, Z1
	VPXORD      Z2, Z2, Z2
	VPXORD      Z3, Z3, Z3
	VPXORD      Z4, Z4, Z4
	VPXORD      Z5, Z5, Z5
	VPXORD      Z6, Z6, Z6
	VPXORD      Z7, Z7, Z7
	ADDQ        $64, DI
	SUBQ        $4, CX
	JLT         rest

four:
	PAIR(0, 0, Z0, Z1)
	PAIR(4, 64, Z2, Z3)
	PAIR(8, 128, Z4, Z5)
	PAIR(12, 192, Z6, Z7)
	ADDQ $16, SI
	ADDQ $256, DI
	SUBQ $4, CX
	JGE  four

rest:
	ADDQ $4, CX
	JZ   summed

one:
	PAIR(0, 0, Z0, Z1)
	ADDQ $4, SI
	ADDQ $64, DI
	DECQ CX
	JNZ  one

summed:
	ADDQ   R12, DI // the second panel's end
	VPADDD Z2, Z0, Z0
	VPADDD Z3, Z1, Z1
	VPADDD Z6, Z4, Z4
	VPADDD Z7, Z5, Z5
	VPADDD Z4, Z0, Z0
	VPADDD Z5, Z1, Z1
	TESTQ  R10, R10
	JNZ    float
	TESTQ  R13, R13
	JNZ    multiply
	VMOVDQU32 Z0, K1, (R8)
	VMOVDQU32 Z1, K2, 64(R8)
	ADDQ      $128, R8

next:
	ADDQ $32, R11
	SUBQ $32, BX
	JGT  pair
	VZEROUPPER
	RET

float:
	FLOAT(Z0, 0, K1)
	VMOVDQU8 X4, K1, (R8)
	FLOAT(Z1, 64, K2)
	VMOVDQU8 X4, K2, 16(R8)
	ADDQ     $32, R8
	JMP      next

multiply:
	MULTIPLY(Z0, 0, K1)
	VMOVDQU8 X4, K1, (R8)
	MULTIPLY(Z1, 64, K2)
	VMOVDQU8 X4, K2, 16(R8)
	ADDQ     $32, R8
	JMP      next
