// What depthwise_f32_avx512_amd64.s makes routines of for windows of 3x3, whose
// weights stay in registers. It defines their names, S1 and S2, for pixels as
// far apart as the columns of a window, and twice as far; the rest is that of
// depthwise_f32_avx512_amd64.h, which comes first.
//
// func Ss(f *filterF32)
//
//	for ch := 0; ch < f.c; ch++ {
//		for i := 0; i < f.groups; i++ {
//			s := START(f.bias[ch])
//			for t := 0; t < 9; t++ {
//				s = STEP(f.x[f.rows[t/3]+(i*s+t%3)*f.column+ch], f.w[f.taps[t].W+ch], s)
//			}
//			f.y[i*f.c+ch] = clamp(FINISH(s, f.bias[ch]), f.lo, f.hi)
//		}
//	}
//
// f.groups is at least 4 pixels; the last four may overlap those before, and are
// computed again.
//
// DI f; R8 R9 R10 rows of x; R11 column, R12 3*column, R13 5*column, R15 7*column;
// DX y, SI a pixel of it; BX pixels left; AX CX spare. Z0 Z1.. sums of pixel 0,
// pixel 1, ...; Z8 Z9 x; Z10 Z11.. weights of tap 0, tap 1, ...; Z28 Z29 bias, or
// spare; Z30 lo, Z31 hi; K1 K2 sixteens of channels.

#define F_ROW0 80(DI)
#define F_ROW1 88(DI)
#define F_ROW2 96(DI)
#define F_COLUMN 104(DI)
#define F_AT 112(DI)
#define F_LEFT 120(DI)

// WEIGHTS loads those of tap T.
#define WEIGHTS(T, W0, W1) \
	MOVLQSX   T*8+4(R11), CX          \
	LEAQ      (SI)(CX*4), CX          \
	VMOVUPS.Z (CX), K1, W0            \
	VMOVUPS.Z 64(CX), K2, W1

#define BIAS \
	MOVQ      F_BIAS, AX        \
	ADDQ      F_AT, AX          \
	VMOVUPS.Z (AX), K1, Z28     \
	VMOVUPS.Z 64(AX), K2, Z29

// TIMES adds x times the weights W0 and W1 to S0 and S1.
#define TIMES(W0, W1, S0, S1) \
	STEP(Z8, W0, Z28, K1, S0) \
	STEP(Z9, W1, Z29, K2, S1)

// SAVE2 stores a pixel's sums.
#define SAVE2(S0, S1, Y0, Y1) \
	FINISH(Z28, S0)           \
	FINISH(Z29, S1)           \
	VMAXPS  S0, Z30, S0       \
	VMAXPS  S1, Z30, S1       \
	VMINPS  S0, Z31, S0       \
	VMINPS  S1, Z31, S1       \
	VMOVUPS S0, K1, Y0        \
	VMOVUPS S1, K2, Y1

// LOADPIXEL loads the channels of the pixel at A.
#define LOADPIXEL(A) \
	VMOVUPS.Z A, K1, Z8   \
	VMOVUPS.Z 64 A, K2, Z9

// LINE1 adds a row's products for four pixels at stride 1, LINE2 at stride 2.
#define LINE1(PX, A0, A1, B0, B1, C0, C1) \
	LOADPIXEL((PX)) \
	TIMES(A0, A1, Z0, Z1) \
	LOADPIXEL((PX)(R11*1)) \
	TIMES(B0, B1, Z0, Z1) \
	TIMES(A0, A1, Z2, Z3) \
	LOADPIXEL((PX)(R11*2)) \
	TIMES(C0, C1, Z0, Z1) \
	TIMES(B0, B1, Z2, Z3) \
	TIMES(A0, A1, Z4, Z5) \
	LOADPIXEL((PX)(R12*1)) \
	TIMES(C0, C1, Z2, Z3) \
	TIMES(B0, B1, Z4, Z5) \
	TIMES(A0, A1, Z6, Z7) \
	LOADPIXEL((PX)(R11*4)) \
	TIMES(C0, C1, Z4, Z5) \
	TIMES(B0, B1, Z6, Z7) \
	LOADPIXEL((PX)(R13*1)) \
	TIMES(C0, C1, Z6, Z7)

#define LINE2(PX, A0, A1, B0, B1, C0, C1) \
	LOADPIXEL((PX)) \
	TIMES(A0, A1, Z0, Z1) \
	LOADPIXEL((PX)(R11*1)) \
	TIMES(B0, B1, Z0, Z1) \
	LOADPIXEL((PX)(R11*2)) \
	TIMES(C0, C1, Z0, Z1) \
	TIMES(A0, A1, Z2, Z3) \
	LOADPIXEL((PX)(R12*1)) \
	TIMES(B0, B1, Z2, Z3) \
	LOADPIXEL((PX)(R11*4)) \
	TIMES(C0, C1, Z2, Z3) \
	TIMES(A0, A1, Z4, Z5) \
	LOADPIXEL((PX)(R13*1)) \
	TIMES(B0, B1, Z4, Z5) \
	LOADPIXEL((PX)(R12*2)) \
	TIMES(C0, C1, Z4, Z5) \
	TIMES(A0, A1, Z6, Z7) \
	LOADPIXEL((PX)(R15*1)) \
	TIMES(B0, B1, Z6, Z7) \
	LOADPIXEL((PX)(R11*8)) \
	TIMES(C0, C1, Z6, Z7)

// ROUTINE is the body of both.
#define ROUTINE(LINE) \
	MOVQ         f+0(FP), DI \
	VBROADCASTSS F_LO, Z30 \
	VBROADCASTSS F_HI, Z31 \
	MOVQ         F_COLUMN, R11 \
	LEAQ         (R11)(R11*4), R13 \
	LEAQ         (R13)(R11*2), R15 \
	MOVQ         $0, F_AT \
	MOVQ         F_C, AX \
	MOVQ         AX, F_LEFT \
channels: \
	MOVQ F_LEFT, R12 \
	MASK(masked) \
	MOVQ F_W, SI \
	ADDQ F_AT, SI \
	MOVQ F_TAPS, R11 \
	WEIGHTS(0, Z10, Z11) \
	WEIGHTS(1, Z12, Z13) \
	WEIGHTS(2, Z14, Z15) \
	WEIGHTS(3, Z16, Z17) \
	WEIGHTS(4, Z18, Z19) \
	WEIGHTS(5, Z20, Z21) \
	WEIGHTS(6, Z22, Z23) \
	WEIGHTS(7, Z24, Z25) \
	WEIGHTS(8, Z26, Z27) \
	MOVQ F_COLUMN, R11 \
	LEAQ (R11)(R11*2), R12 \
	MOVQ F_X, AX \
	ADDQ F_AT, AX \
	MOVQ F_ROW0, R8 \
	ADDQ AX, R8 \
	MOVQ F_ROW1, R9 \
	ADDQ AX, R9 \
	MOVQ F_ROW2, R10 \
	ADDQ AX, R10 \
	MOVQ F_Y, DX \
	ADDQ F_AT, DX \
	MOVQ F_C, SI \
	SHLQ $2, SI \
	MOVQ F_GROUPS, BX \
group: \
	BIAS \
	START(Z28, Z0) \
	START(Z29, Z1) \
	START(Z28, Z2) \
	START(Z29, Z3) \
	START(Z28, Z4) \
	START(Z29, Z5) \
	START(Z28, Z6) \
	START(Z29, Z7) \
	LINE(R8, Z10, Z11, Z12, Z13, Z14, Z15) \
	LINE(R9, Z16, Z17, Z18, Z19, Z20, Z21) \
	LINE(R10, Z22, Z23, Z24, Z25, Z26, Z27) \
	BIAS \
	LEAQ (SI)(SI*2), AX \
	ADDQ DX, AX \
	SAVE2(Z0, Z1, (DX), 64(DX)) \
	SAVE2(Z2, Z3, (DX)(SI*1), 64(DX)(SI*1)) \
	SAVE2(Z4, Z5, (DX)(SI*2), 64(DX)(SI*2)) \
	SAVE2(Z6, Z7, (AX), 64(AX)) \
	MOVQ $4, AX \
	SUBQ $4, BX \
	JEQ  next \
	CMPQ BX, $4 \
	CMOVQLT BX, AX \
	MOVQ BX, CX \
	MOVQ $4, BX \
	CMPQ CX, $4 \
	CMOVQGT CX, BX \
	MOVQ SI, CX \
	IMULQ AX, CX \
	ADDQ CX, DX \
	IMULQ F_STEP, AX \
	ADDQ AX, R8 \
	ADDQ AX, R9 \
	ADDQ AX, R10 \
	JMP  group \
next: \
	ADDQ $128, F_AT \
	SUBQ $32, F_LEFT \
	JGT  channels \
	VZEROUPPER \
	RET

TEXT S1(SB), NOSPLIT, $0-8
	ROUTINE(LINE1)

TEXT S2(SB), NOSPLIT, $0-8
	ROUTINE(LINE2)
