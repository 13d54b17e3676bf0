// What gemm_f32_avx512_amd64.s makes routines for one row of. It defines their
// names, ROW4 and ROW8; the rest is that of gemm_f32_avx512_amd64.h, which comes
// first.
//
// func ROWp(t *tilesF32)
//
//	for j := 0; j < 16*p; j++ {
//		s := START(t.bias[j])
//		for l := 0; l < t.run; l++ {
//			s = STEP(t.a[l], t.b[j/16*t.panel+16*l+j%16], s)
//		}
//		t.y[j] = clamp(FINISH(s, t.bias[j]), t.lo, t.hi)
//	}
//
// Of the last panel the columns are stored that t.mask selects.
//
// DI t; R8 a; SI R9 panels 0 and 4 of b, DX panel, R13 3*panel; CX steps left;
// R15 y, AX bias. Z0.. sums, Z28 b or bias, Z31 a; Z24 lo, Z25 hi; K1 the mask.

#define PANEL(B, S) \
	VMOVUPS B, Z28 \
	STEP(Z31, Z28, Z26, S)

#define FIRST(I, S) \
	VMOVUPS I*64(AX), Z28 \
	START(Z28, S)

#define LAST(I, S) \
	VMOVUPS I*64(AX), Z28 \
	FINISH(Z28, S)        \
	CLAMP(S)

TEXT ROW4(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), DI
	MOVQ T_A, R8
	MOVQ T_B, SI
	MOVQ T_PANEL, DX
	LEAQ (DX)(DX*2), R13
	MOVQ T_BIAS, AX
	MOVQ T_RUN, CX
	FIRST(0, Z0)
	FIRST(1, Z1)
	FIRST(2, Z2)
	FIRST(3, Z3)

step:
	VBROADCASTSS (R8), Z31
	PANEL((SI), Z0)
	PANEL((SI)(DX*1), Z1)
	PANEL((SI)(DX*2), Z2)
	PANEL((SI)(R13*1), Z3)
	ADDQ $4, R8
	ADDQ $64, SI
	DECQ CX
	JNZ  step

	STORE
	LAST(0, Z0)
	LAST(1, Z1)
	LAST(2, Z2)
	LAST(3, Z3)
	VMOVUPS Z0, 0*64(R15)
	VMOVUPS Z1, 1*64(R15)
	VMOVUPS Z2, 2*64(R15)
	VMOVUPS Z3, K1, 3*64(R15)
	VZEROUPPER
	RET

TEXT ROW8(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), DI
	MOVQ T_A, R8
	MOVQ T_B, SI
	MOVQ T_PANEL, DX
	LEAQ (DX)(DX*2), R13
	LEAQ (SI)(DX*4), R9
	MOVQ T_BIAS, AX
	MOVQ T_RUN, CX
	FIRST(0, Z0)
	FIRST(1, Z1)
	FIRST(2, Z2)
	FIRST(3, Z3)
	FIRST(4, Z4)
	FIRST(5, Z5)
	FIRST(6, Z6)
	FIRST(7, Z7)

step:
	VBROADCASTSS (R8), Z31
	PANEL((SI), Z0)
	PANEL((SI)(DX*1), Z1)
	PANEL((SI)(DX*2), Z2)
	PANEL((SI)(R13*1), Z3)
	PANEL((R9), Z4)
	PANEL((R9)(DX*1), Z5)
	PANEL((R9)(DX*2), Z6)
	PANEL((R9)(R13*1), Z7)
	ADDQ $4, R8
	ADDQ $64, SI
	ADDQ $64, R9
	DECQ CX
	JNZ  step

	STORE
	LAST(0, Z0)
	LAST(1, Z1)
	LAST(2, Z2)
	LAST(3, Z3)
	LAST(4, Z4)
	LAST(5, Z5)
	LAST(6, Z6)
	LAST(7, Z7)
	VMOVUPS Z0, 0*64(R15)
	VMOVUPS Z1, 1*64(R15)
	VMOVUPS Z2, 2*64(R15)
	VMOVUPS Z3, 3*64(R15)
	VMOVUPS Z4, 4*64(R15)
	VMOVUPS Z5, 5*64(R15)
	VMOVUPS Z6, 6*64(R15)
	VMOVUPS Z7, K1, 7*64(R15)
	VZEROUPPER
	RET
