// The part of window_s8_512_amd64.h for nine taps, the most frequent number, whose
// weights stay in registers: KEPT(X, W, S) is DOT with weights in W.

#define KEPT4(W0, W1, W2, W3) \
	KEPT(Z4, W0, Z0) \
	KEPT(Z5, W1, Z1) \
	KEPT(Z6, W2, Z2) \
	KEPT(Z7, W3, Z3)

// TAPS9 adds the products of nine taps, whose weights are in Z12 to Z23: those of
// the last one alone, with zeros.
#define TAPS9(LOAD) \
	START                                 \
	LOAD((SI), 64(SI), Z4)                \
	LOAD((SI)(AX*1), 64(SI)(AX*1), Z5)    \
	LOAD((SI)(CX*1), 64(SI)(CX*1), Z6)    \
	LOAD((SI)(DX*1), 64(SI)(DX*1), Z7)    \
	INTERLEAVE                            \
	KEPT4(Z12, Z13, Z14, Z15)             \
	LOAD((SI)(R8*1), 64(SI)(R8*1), Z4)    \
	LOAD((SI)(R9*1), 64(SI)(R9*1), Z5)    \
	LOAD((SI)(R12*1), 64(SI)(R12*1), Z6)  \
	LOAD((SI)(R13*1), 64(SI)(R13*1), Z7)  \
	INTERLEAVE                            \
	KEPT4(Z16, Z17, Z18, Z19)             \
	LOAD((SI)(R14*1), 64(SI)(R14*1), Z4)  \
	VPUNPCKLBW Z4, Z4, Z8                 \
	VPUNPCKHBW Z4, Z4, Z9                 \
	VPUNPCKLWD Z8, Z8, Z4                 \
	VPUNPCKHWD Z8, Z8, Z5                 \
	VPUNPCKLWD Z9, Z9, Z6                 \
	VPUNPCKHWD Z9, Z9, Z7                 \
	KEPT4(Z20, Z21, Z22, Z23)

// FROM sets R to where tap T reads, from where tap 0 reads.
#define FROM(T, R) \
	MOVLQSX (4*T)(R11), R \
	SUBQ    R10, R

// Nine taps: a vector of channels after the other, for all rows. AX CX DX R8 R9
// R12 R13 R14 are where taps 1 to 8 read, from where tap 0 reads, SI; R11 rows
// and R10 vectors left. K5 the columns.
nine:
	MOVQ    windowS8Call_at(R15), R11
	MOVLQSX (R11), R10
	FROM(1, AX)
	FROM(2, CX)
	FROM(3, DX)
	FROM(4, R8)
	FROM(5, R9)
	FROM(6, R12)
	FROM(7, R13)
	FROM(8, R14)
	ADDQ    windowS8Call_x(R15), R10
	MOVQ    R10, windowS8Call_vectorX(R15)
	MOVQ    windowS8Call_y(R15), R10
	MOVQ    R10, windowS8Call_vectorY(R15)
	MOVQ    windowS8Call_w(R15), DI
	MOVQ    windowS8Call_vectors(R15), R10
	KXNORQ  K5, K5, K5

nineVector:
	MOVQ      windowS8Call_params(R15), R11
	ADDQ      DI, R11
	VMOVDQU64 0(R11), Z12
	VMOVDQU64 64(R11), Z13
	VMOVDQU64 128(R11), Z14
	VMOVDQU64 192(R11), Z15
	VMOVDQU64 256(R11), Z16
	VMOVDQU64 320(R11), Z17
	VMOVDQU64 384(R11), Z18
	VMOVDQU64 448(R11), Z19
	VMOVDQU64 512(R11), Z20
	VMOVDQU64 576(R11), Z21
	VMOVDQU64 640(R11), Z22
	VMOVDQU64 704(R11), Z23
	MOVQ      windowS8Call_vectorX(R15), SI
	MOVQ      windowS8Call_vectorY(R15), BX
	MOVQ      windowS8Call_rows(R15), R11
	CMPQ      R10, $1
	JEQ       nineLast

nineWhole:
	TAPS9(WHOLE)

nineRequant:
	CMPQ windowS8Call_scaled(R15), $0
	JEQ  nineMultiply
	SCALED

nineStore:
	VMOVDQU8 Z0, K5, (BX)
	ADDQ     windowS8Call_stepX(R15), SI
	ADDQ     windowS8Call_stepY(R15), BX
	DECQ     R11
	JZ       nineNext
	CMPQ     R10, $1
	JNE      nineWhole

nineLast:
	KMOVQ K1, K5
	CMPQ  windowS8Call_index(R15), $0
	JNE   nineApart
	CMPQ  windowS8Call_last(R15), $-1
	JEQ   nineWhole
	TAPS9(PART)
	JMP   nineRequant

nineApart:
	TAPS9(EVERY)
	JMP nineRequant

nineMultiply:
	MULTIPLIED
	JMP nineStore

nineNext:
	DECQ R10
	JZ   nineDone
	ADDQ $64, windowS8Call_vectorX(R15)
	ADDQ $64, windowS8Call_vectorY(R15)
	ADDQ windowS8Call_params(R15), DI
	ADDQ $(12*SIZE), DI
	JMP  nineVector

nineDone:
	VZEROUPPER
	RET
