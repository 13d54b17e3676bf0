//go:build !purego

#include "textflag.h"

// CLAMPED stores Z0, as the AVX2 file does.
#define CLAMPED(K) \
	VMAXPS  Z0, Z14, Z0    \
	VMINPS  Z0, Z15, Z0    \
	VMOVUPS Z0, K, (DI)(AX*1)

// ELEMENTS is the body of a function of two operands. DI y, SI a, DX b, CX elements
// left, AX bytes done; Z14 lo, Z15 hi; Z1 b, if ONE says that it is one number.
// K1 is all ones, and in the end the elements that are left.
#define ELEMENTS(OP) \
	MOVQ         y+0(FP), DI       \
	MOVQ         a+8(FP), SI       \
	MOVQ         b+16(FP), DX      \
	MOVQ         n+24(FP), CX      \
	VBROADCASTSS lo+32(FP), Z14    \
	VBROADCASTSS hi+36(FP), Z15    \
	XORQ         AX, AX            \
	KXNORW       K1, K1, K1        \
	VBROADCASTSS (DX), Z1          \
	CMPB         one+40(FP), $0    \
	JNE          number            \
	SUBQ         $16, CX           \
	JLT          rest              \
sixteen:                               \
	VMOVUPS      (SI)(AX*1), Z0    \
	OP           (DX)(AX*1), Z0, Z0 \
	CLAMPED(K1)                    \
	ADDQ         $64, AX           \
	SUBQ         $16, CX           \
	JGE          sixteen           \
rest:                                  \
	ADDQ         $16, CX           \
	JZ           done              \
	MOVQ         $1, BX            \
	SHLQ         CX, BX            \
	DECQ         BX                \
	KMOVW        BX, K1            \
	VMOVUPS      (DX)(AX*1), K1, Z1 \ // the first b where there is none
	JMP          last              \
number:                                \
	SUBQ         $16, CX           \
	JLT          few               \
numbers:                               \
	VMOVUPS      (SI)(AX*1), Z0    \
	OP           Z1, Z0, Z0        \
	CLAMPED(K1)                    \
	ADDQ         $64, AX           \
	SUBQ         $16, CX           \
	JGE          numbers           \
few:                                   \
	ADDQ         $16, CX           \
	JZ           done              \
	MOVQ         $1, BX            \
	SHLQ         CX, BX            \
	DECQ         BX                \
	KMOVW        BX, K1            \
last:                                  \
	VMOVUPS.Z    (SI)(AX*1), K1, Z0 \
	OP           Z1, Z0, K1, Z0    \
	CLAMPED(K1)                    \
done:                                  \
	VZEROUPPER                     \
	RET

// func addF32AVX512(y, a, b *float32, n int, lo, hi float32, one bool)
//
//	for i := range n { y[i] = kernels.Clamp(a[i]+b[i], lo, hi) }
//
// where b is *b for all i if one is true. The others are likewise.
TEXT ·addF32AVX512(SB), NOSPLIT, $0-41
	ELEMENTS(VADDPS)

// func subF32AVX512(y, a, b *float32, n int, lo, hi float32, one bool)
TEXT ·subF32AVX512(SB), NOSPLIT, $0-41
	ELEMENTS(VSUBPS)

// func mulF32AVX512(y, a, b *float32, n int, lo, hi float32, one bool)
TEXT ·mulF32AVX512(SB), NOSPLIT, $0-41
	ELEMENTS(VMULPS)
