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
// D4 takes channels by 32, the last by 16, D1 by 64: that makes enough sums to
// hide a multiply-add's latency. Masks leave out what lies beyond the last.
//
// DI f; R8 x, R9 step, R13 3*step; SI w, R10 bias, R11 the tap, CX taps left; DX
// y, R15 a pixel of it; R12 channels left; AX BX offsets. Z0..Z7 sums; Z8 Z12
// Z13 Z14 w or bias, Z9 spare, Z10 lo, Z11 hi; K1..K4 sixteens of channels.

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

// SAVE stores a sum, whose bias is in B. A NaN stays: it is Intel's second
// source, which is Go's first.
#define SAVE(S, B, K, Y) \
	FINISH(B, S)       \
	VMAXPS  S, Z10, S  \
	VMINPS  S, Z11, S  \
	VMOVUPS S, K, Y

// ARGUMENTS loads what stays; PIXELS points at the first channels.
#define ARGUMENTS \
	MOVQ         f+0(FP), DI       \
	VBROADCASTSS F_LO, Z10         \
	VBROADCASTSS F_HI, Z11         \
	MOVQ         F_STEP, R9        \
	LEAQ         (R9)(R9*2), R13   \
	MOVQ         F_C, R15          \
	SHLQ         $2, R15

#define PIXELS \
	MOVQ F_X, R8     \
	MOVQ F_W, SI     \
	MOVQ F_BIAS, R10 \
	MOVQ F_Y, DX     \
	MOVQ F_C, R12

// MASK makes K1..K4 of the channels left.
#define MASK(FULL) \
	MOVQ     $-1, AX      \
	CMPQ     R12, $64     \
	JGE      FULL         \
	MOVQ     R12, CX      \
	MOVQ     $1, AX       \
	SHLQ     CX, AX       \
	DECQ     AX           \
FULL: \
	KMOVQ    AX, K1       \
	KSHIFTRQ $16, K1, K2  \
	KSHIFTRQ $32, K1, K3  \
	KSHIFTRQ $48, K1, K4

#define TAPS \
	MOVQ F_TAPS, R11 \
	MOVQ F_COUNT, CX

// TAP points AX at a tap's pixel and BX at its weights.
#define TAP \
	MOVLQSX (R11), AX       \
	MOVLQSX 4(R11), BX      \
	LEAQ    (R8)(AX*4), AX  \
	LEAQ    (SI)(BX*4), BX  \
	ADDQ    $8, R11

// ON moves on by so many channels; GROUP goes on with the next pixels.
#define ON(BYTES, CHANNELS) \
	ADDQ BYTES, R8     \
	ADDQ BYTES, SI     \
	ADDQ BYTES, R10    \
	ADDQ BYTES, DX     \
	SUBQ CHANNELS, R12

#define GROUP(X, Y, LOOP) \
	ADDQ X, F_X     \
	ADDQ Y, F_Y     \
	DECQ F_GROUPS   \
	JNZ  LOOP       \
	VZEROUPPER      \
	RET

TEXT D4(SB), NOSPLIT, $0-8
	ARGUMENTS

group:
	PIXELS

wide:
	MASK(masked)
	CMPQ R12, $16
	JLE  narrow
	VMOVUPS.Z (R10), K1, Z8
	VMOVUPS.Z 64(R10), K2, Z12
	START(Z8, Z0)
	START(Z12, Z4)
	START(Z8, Z1)
	START(Z12, Z5)
	START(Z8, Z2)
	START(Z12, Z6)
	START(Z8, Z3)
	START(Z12, Z7)
	TAPS

tap:
	TAP
	VMOVUPS.Z (BX), K1, Z8
	VMOVUPS.Z 64(BX), K2, Z12
	STEP((AX), Z8, Z9, K1, Z0)
	STEP(64(AX), Z12, Z9, K2, Z4)
	STEP((AX)(R9*1), Z8, Z9, K1, Z1)
	STEP(64(AX)(R9*1), Z12, Z9, K2, Z5)
	STEP((AX)(R9*2), Z8, Z9, K1, Z2)
	STEP(64(AX)(R9*2), Z12, Z9, K2, Z6)
	STEP((AX)(R13*1), Z8, Z9, K1, Z3)
	STEP(64(AX)(R13*1), Z12, Z9, K2, Z7)
	DECQ CX
	JNZ  tap

	VMOVUPS.Z (R10), K1, Z8
	VMOVUPS.Z 64(R10), K2, Z12
	LEAQ (DX)(R15*2), AX
	SAVE(Z0, Z8, K1, (DX))
	SAVE(Z4, Z12, K2, 64(DX))
	SAVE(Z1, Z8, K1, (DX)(R15*1))
	SAVE(Z5, Z12, K2, 64(DX)(R15*1))
	SAVE(Z2, Z8, K1, (AX))
	SAVE(Z6, Z12, K2, 64(AX))
	SAVE(Z3, Z8, K1, (AX)(R15*1))
	SAVE(Z7, Z12, K2, 64(AX)(R15*1))
	ON($128, $32)
	JGT wide
	JMP next

narrow:
	VMOVUPS.Z (R10), K1, Z8
	START(Z8, Z0)
	START(Z8, Z1)
	START(Z8, Z2)
	START(Z8, Z3)
	TAPS

last:
	TAP
	VMOVUPS.Z (BX), K1, Z8
	STEP((AX), Z8, Z9, K1, Z0)
	STEP((AX)(R9*1), Z8, Z9, K1, Z1)
	STEP((AX)(R9*2), Z8, Z9, K1, Z2)
	STEP((AX)(R13*1), Z8, Z9, K1, Z3)
	DECQ CX
	JNZ  last

	VMOVUPS.Z (R10), K1, Z8
	LEAQ (DX)(R15*2), AX
	SAVE(Z0, Z8, K1, (DX))
	SAVE(Z1, Z8, K1, (DX)(R15*1))
	SAVE(Z2, Z8, K1, (AX))
	SAVE(Z3, Z8, K1, (AX)(R15*1))

next:
	LEAQ (R9*4), AX
	LEAQ (R15*4), BX
	GROUP(AX, BX, group)

TEXT D1(SB), NOSPLIT, $0-8
	ARGUMENTS

group:
	PIXELS

channels:
	MASK(masked)
	VMOVUPS.Z (R10), K1, Z8
	VMOVUPS.Z 64(R10), K2, Z12
	VMOVUPS.Z 128(R10), K3, Z13
	VMOVUPS.Z 192(R10), K4, Z14
	START(Z8, Z0)
	START(Z12, Z1)
	START(Z13, Z2)
	START(Z14, Z3)
	TAPS

tap:
	TAP
	VMOVUPS.Z (BX), K1, Z8
	VMOVUPS.Z 64(BX), K2, Z12
	VMOVUPS.Z 128(BX), K3, Z13
	VMOVUPS.Z 192(BX), K4, Z14
	STEP((AX), Z8, Z9, K1, Z0)
	STEP(64(AX), Z12, Z9, K2, Z1)
	STEP(128(AX), Z13, Z9, K3, Z2)
	STEP(192(AX), Z14, Z9, K4, Z3)
	DECQ CX
	JNZ  tap

	VMOVUPS.Z (R10), K1, Z8
	VMOVUPS.Z 64(R10), K2, Z12
	VMOVUPS.Z 128(R10), K3, Z13
	VMOVUPS.Z 192(R10), K4, Z14
	SAVE(Z0, Z8, K1, (DX))
	SAVE(Z1, Z12, K2, 64(DX))
	SAVE(Z2, Z13, K3, 128(DX))
	SAVE(Z3, Z14, K4, 192(DX))
	ON($256, $64)
	JGT channels
	GROUP(R9, R15, group)
