// What depthwise_f32_avx512_amd64.s makes routines of. It defines their names,
// D4 and D1; START, which gives a sum its first value from the bias; STEP, which
// adds a product, with T to spare; and FINISH, which adds the bias where it
// comes last.
//
// func Dp(f *filterF32)
//
//	for ; f.groups > 0; f.groups-- {
//		for ch := 0; ch < f.c; ch++ {
//			for i := 0; i < p; i++ {
//				s := START(f.bias[ch])
//				for t := 0; t < f.count; t++ {
//					s = STEP(f.x[i*f.step+f.taps[t].X+ch], f.w[f.taps[t].W+ch], s)
//				}
//				f.y[i*f.c+ch] = clamp(FINISH(s, f.bias[ch]), f.lo, f.hi)
//			}
//		}
//		f.x, f.y = f.x[p*f.step:], f.y[p*f.c:]
//	}
//
// DI f; R8 x, R9 step, R13 3*step; SI w, R10 bias, R11 the tap, CX taps left; DX
// y, R15 a pixel of it; R12 channels left; AX BX offsets. Z0.. sums of the
// pixels, Z8 w or bias, Z9 spare, Z10 lo, Z11 hi; K1 the channels.

#define F_Y 0(DI)
#define F_X 8(DI)
#define F_STEP 16(DI)
#define F_W 24(DI)
#define F_BIAS 32(DI)
#define F_TAPS 40(DI)
#define F_COUNT 48(DI)
#define F_C 56(DI)
#define F_GROUPS 64(DI)
#define F_LO 72(DI)
#define F_HI 76(DI)

// SUM adds the product of a tap, where the weights are in Z8.
#define SUM(X, S) STEP(X, Z8, Z9, S)

// SAVE stores a pixel's sum. A NaN stays: it is Intel's second source, which is
// Go's first.
#define SAVE(S, Y) \
	FINISH(Z8, S)       \
	VMAXPS  S, Z10, S   \
	VMINPS  S, Z11, S   \
	VMOVUPS S, K1, Y

TEXT D4(SB), NOSPLIT, $0-8
	MOVQ         f+0(FP), DI
	VBROADCASTSS F_LO, Z10
	VBROADCASTSS F_HI, Z11
	MOVQ         F_STEP, R9
	LEAQ         (R9)(R9*2), R13
	MOVQ         F_C, R15
	SHLQ         $2, R15

group:
	MOVQ  F_X, R8
	MOVQ  F_W, SI
	MOVQ  F_BIAS, R10
	MOVQ  F_Y, DX
	MOVQ  F_C, R12
	MOVL  $0xffff, AX
	KMOVW AX, K1

channels:
	CMPQ   R12, $16
	JGE    start
	MOVQ   R12, CX
	MOVL   $1, AX
	SHLL   CX, AX
	DECL   AX
	KMOVW  AX, K1

start:
	VMOVUPS.Z (R10), K1, Z8
	START(Z8, Z0)
	START(Z8, Z1)
	START(Z8, Z2)
	START(Z8, Z3)
	MOVQ F_TAPS, R11
	MOVQ F_COUNT, CX

tap:
	MOVLQSX   (R11), AX
	MOVLQSX   4(R11), BX
	LEAQ      (R8)(AX*4), AX
	VMOVUPS.Z (SI)(BX*4), K1, Z8
	SUM((AX), Z0)
	SUM((AX)(R9*1), Z1)
	SUM((AX)(R9*2), Z2)
	SUM((AX)(R13*1), Z3)
	ADDQ $8, R11
	DECQ CX
	JNZ  tap

	VMOVUPS.Z (R10), K1, Z8
	LEAQ      (DX)(R15*2), AX
	SAVE(Z0, (DX))
	SAVE(Z1, (DX)(R15*1))
	SAVE(Z2, (AX))
	SAVE(Z3, (AX)(R15*1))
	ADDQ $64, R8
	ADDQ $64, SI
	ADDQ $64, R10
	ADDQ $64, DX
	SUBQ $16, R12
	JGT  channels

	MOVQ R9, AX
	MOVQ R15, BX
	SHLQ $2, AX
	SHLQ $2, BX
	ADDQ AX, F_X
	ADDQ BX, F_Y
	DECQ F_GROUPS
	JNZ  group
	VZEROUPPER
	RET

TEXT D1(SB), NOSPLIT, $0-8
	MOVQ         f+0(FP), DI
	VBROADCASTSS F_LO, Z10
	VBROADCASTSS F_HI, Z11
	MOVQ         F_STEP, R9
	LEAQ         (R9)(R9*2), R13
	MOVQ         F_C, R15
	SHLQ         $2, R15

group:
	MOVQ  F_X, R8
	MOVQ  F_W, SI
	MOVQ  F_BIAS, R10
	MOVQ  F_Y, DX
	MOVQ  F_C, R12
	MOVL  $0xffff, AX
	KMOVW AX, K1

channels:
	CMPQ   R12, $16
	JGE    start
	MOVQ   R12, CX
	MOVL   $1, AX
	SHLL   CX, AX
	DECL   AX
	KMOVW  AX, K1

start:
	VMOVUPS.Z (R10), K1, Z8
	START(Z8, Z0)
	MOVQ F_TAPS, R11
	MOVQ F_COUNT, CX

tap:
	MOVLQSX   (R11), AX
	MOVLQSX   4(R11), BX
	LEAQ      (R8)(AX*4), AX
	VMOVUPS.Z (SI)(BX*4), K1, Z8
	SUM((AX), Z0)
	ADDQ $8, R11
	DECQ CX
	JNZ  tap

	VMOVUPS.Z (R10), K1, Z8
	SAVE(Z0, (DX))
	ADDQ $64, R8
	ADDQ $64, SI
	ADDQ $64, R10
	ADDQ $64, DX
	SUBQ $16, R12
	JGT  channels

	MOVQ R9, AX
	MOVQ R15, BX
	ADDQ AX, F_X
	ADDQ BX, F_Y
	DECQ F_GROUPS
	JNZ  group
	VZEROUPPER
	RET
