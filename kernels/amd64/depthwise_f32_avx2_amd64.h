// What depthwise_f32_avx2_amd64.s makes two routines of. It defines X16 and X8,
// their names; START, which gives sums their first value from the bias; STEP,
// which adds a product; and FINISH, which adds the bias where it comes last.

// CLAMP bounds X by lo and hi. A NaN stays: it is Intel's second source, Go's
// first, which VMAXPS and VMINPS yield if either is one.
#define CLAMP(X) \
	VMAXPS X, Y4, X \
	VMINPS X, Y5, X

// func X16(y *float32, c int, x *float32, step int, w, bias *float32, taps *kernels.Tap, count, n int, lo, hi float32)
//
//	for i := 0; i < n; i++ {
//		for ch := 0; ch < 16; ch++ {
//			s := START(bias[ch])
//			for t := 0; t < count; t++ {
//				s = STEP(x[i*step+taps[t].X+ch], w[taps[t].W+ch], s)
//			}
//			y[i*c+ch] = clamp(FINISH(s, bias[ch]), lo, hi)
//		}
//	}
//
// Two pixels at a time share the loads of w; if n is odd, the last is computed
// twice.
//
// DX R15 y, R8 c in bytes, DI R13 x, R9 step in bytes, SI w, R10 bias, R11 the
// tap, CX taps left, R12 pixels left; AX BX offsets. Y0 Y1 sums of one pixel,
// Y6 Y7 of the other; Y2 Y3 w; Y4 lo; Y5 hi; Y8..Y11 products, Y12 Y13 bias.
TEXT X16(SB), NOSPLIT, $0-80
	MOVQ         y+0(FP), DX
	MOVQ         c+8(FP), R8
	SHLQ         $2, R8
	MOVQ         x+16(FP), DI
	MOVQ         step+24(FP), R9
	SHLQ         $2, R9
	MOVQ         w+32(FP), SI
	MOVQ         bias+40(FP), R10
	MOVQ         n+64(FP), R12
	VBROADCASTSS lo+72(FP), Y4
	VBROADCASTSS hi+76(FP), Y5

pixels:
	LEAQ    (DX)(R8*1), R15
	LEAQ    (DI)(R9*1), R13
	CMPQ    R12, $1
	CMOVQEQ DX, R15
	CMOVQEQ DI, R13
	VMOVUPS (R10), Y12
	VMOVUPS 32(R10), Y13
	START(Y12, Y0)
	START(Y13, Y1)
	VMOVAPS Y0, Y6
	VMOVAPS Y1, Y7
	MOVQ    taps+48(FP), R11
	MOVQ    count+56(FP), CX
	TESTQ   CX, CX
	JZ      store

tap:
	MOVLQSX     (R11), AX
	MOVLQSX     4(R11), BX
	VMOVUPS     (SI)(BX*4), Y2
	VMOVUPS     32(SI)(BX*4), Y3
	STEP((DI)(AX*4), Y2, Y8, Y0)
	STEP(32(DI)(AX*4), Y3, Y9, Y1)
	STEP((R13)(AX*4), Y2, Y10, Y6)
	STEP(32(R13)(AX*4), Y3, Y11, Y7)
	ADDQ        $8, R11
	DECQ        CX
	JNZ         tap

store:
	FINISH(Y12, Y0)
	FINISH(Y13, Y1)
	FINISH(Y12, Y6)
	FINISH(Y13, Y7)
	CLAMP(Y0)
	CLAMP(Y1)
	CLAMP(Y6)
	CLAMP(Y7)
	VMOVUPS Y0, (DX)
	VMOVUPS Y1, 32(DX)
	VMOVUPS Y6, (R15)
	VMOVUPS Y7, 32(R15)
	LEAQ    (R15)(R8*1), DX
	LEAQ    (R13)(R9*1), DI
	SUBQ    $2, R12
	JGT     pixels
	VZEROUPPER
	RET

// func X8(y *float32, c int, x *float32, step int, w, bias *float32, taps *kernels.Tap, count, n int, lo, hi float32, mask *[8]int32)
//
// X16 for the channels below 8 whose mask is -1: others are
// neither read nor written. Registers as there; Y1 Y7 x, then products; Y8
// mask.
TEXT X8(SB), NOSPLIT, $0-88
	MOVQ         y+0(FP), DX
	MOVQ         c+8(FP), R8
	SHLQ         $2, R8
	MOVQ         x+16(FP), DI
	MOVQ         step+24(FP), R9
	SHLQ         $2, R9
	MOVQ         w+32(FP), SI
	MOVQ         bias+40(FP), R10
	MOVQ         n+64(FP), R12
	VBROADCASTSS lo+72(FP), Y4
	VBROADCASTSS hi+76(FP), Y5
	MOVQ         mask+80(FP), AX
	VMOVDQU      (AX), Y8

pixels:
	LEAQ       (DX)(R8*1), R15
	LEAQ       (DI)(R9*1), R13
	CMPQ       R12, $1
	CMOVQEQ    DX, R15
	CMOVQEQ    DI, R13
	VMASKMOVPS (R10), Y8, Y12
	START(Y12, Y0)
	VMOVAPS    Y0, Y6
	MOVQ       taps+48(FP), R11
	MOVQ       count+56(FP), CX
	TESTQ      CX, CX
	JZ         store

tap:
	MOVLQSX     (R11), AX
	MOVLQSX     4(R11), BX
	VMASKMOVPS  (SI)(BX*4), Y8, Y2
	VMASKMOVPS  (DI)(AX*4), Y8, Y1
	VMASKMOVPS  (R13)(AX*4), Y8, Y7
	STEP(Y1, Y2, Y1, Y0)
	STEP(Y7, Y2, Y7, Y6)
	ADDQ        $8, R11
	DECQ        CX
	JNZ         tap

store:
	FINISH(Y12, Y0)
	FINISH(Y12, Y6)
	CLAMP(Y0)
	CLAMP(Y6)
	VMASKMOVPS Y0, Y8, (DX)
	VMASKMOVPS Y6, Y8, (R15)
	LEAQ       (R15)(R8*1), DX
	LEAQ       (R13)(R9*1), DI
	SUBQ       $2, R12
	JGT        pixels
	VZEROUPPER
	RET
