// The product of int16 by int8 in registers of 512 bits, for a file that defines
// NAME and what ROW does: add the products of two values of k, a row's at A with
// those of 16 columns in Z24, to the row's sums. It may use Z25.

#define LOADB(AT) \
	VPMOVSXBW AT(DI), Z24

// WIDE stores a row's sums as int64, after adding what is there if K1 is ones, and
// goes on to the next row.
#define WIDE(Z, Y) \
	VPMOVSXDQ     Y, Z26               \
	VEXTRACTI64X4 $1, Z, Y27           \
	VPMOVSXDQ     Y27, Z27             \
	VPADDQ        (BX), Z26, K1, Z26   \
	VPADDQ        64(BX), Z27, K1, Z27 \
	VMOVDQU64     Z26, (BX)            \
	VMOVDQU64     Z27, 64(BX)          \
	ADDQ          R9, BX

#define ZERO4(S0, S1, S2, S3) \
	VPXORD S0, S0, S0 \
	VPXORD S1, S1, S1 \
	VPXORD S2, S2, S2 \
	VPXORD S3, S3, S3

#define NEXT(LOOP) \
	ADDQ $4, R14 \
	ADDQ $4, R15 \
	ADDQ $4, R10 \
	ADDQ $32, DI \
	DECQ CX      \
	JNZ  LOOP

// func NAME(c *int64, ldc int, a *int16, lda int, b *int8, ldb, pairs, panels int, add int32, rows int)
//
//	for p := 0; p < panels; p++ {
//		for i := 0; i < rows; i++ {
//			for j := 16*p; j < 16*p+16; j++ {
//				s := int32(0)
//				for l := 0; l < pairs; l++ {
//					s += a[i,2*l]*b[p*ldb+32*l+2*(j%16)] + a[i,2*l+1]*b[p*ldb+32*l+2*(j%16)+1]
//				}
//				c[i,j] = c[i,j]&add + s
//			}
//		}
//	}
//
// rows is 12, 4 or 1; add is 0 or -1. ldc, lda and ldb count bytes. 0 < pairs <=
// 128, so that s does not overflow.
//
// DX c, R9 ldc; R8 lda, R13 3*lda; SI a; R14 R15 R10 rows 0, 4 and 8 as they go
// along; R11 b, R12 ldb, DI b as it goes along; CX pairs left, AX panels left; BX c
// of the row. Z0..Z11 sums of rows, or of one row's successive pairs; Z24 b.
TEXT NAME(SB), NOSPLIT, $0-80
	MOVQ   c+0(FP), DX
	MOVQ   ldc+8(FP), R9
	MOVQ   a+16(FP), SI
	MOVQ   lda+24(FP), R8
	MOVQ   b+32(FP), R11
	MOVQ   ldb+40(FP), R12
	MOVQ   panels+56(FP), AX
	MOVLQSX add+64(FP), CX
	KMOVQ  CX, K1
	LEAQ   (R8)(R8*2), R13

panel:
	ZERO4(Z0, Z1, Z2, Z3)
	MOVQ SI, R14
	LEAQ (R14)(R8*4), R15
	LEAQ (R15)(R8*4), R10
	MOVQ R11, DI
	MOVQ DX, BX
	MOVQ pairs+48(FP), CX
	CMPQ rows+72(FP), $4
	JLT  single
	JEQ  four
	ZERO4(Z4, Z5, Z6, Z7)
	ZERO4(Z8, Z9, Z10, Z11)

twelve:
	LOADB(0)
	ROW((R14), Z0)
	ROW((R14)(R8*1), Z1)
	ROW((R14)(R8*2), Z2)
	ROW((R14)(R13*1), Z3)
	ROW((R15), Z4)
	ROW((R15)(R8*1), Z5)
	ROW((R15)(R8*2), Z6)
	ROW((R15)(R13*1), Z7)
	ROW((R10), Z8)
	ROW((R10)(R8*1), Z9)
	ROW((R10)(R8*2), Z10)
	ROW((R10)(R13*1), Z11)
	NEXT(twelve)
	WIDE(Z0, Y0)
	WIDE(Z1, Y1)
	WIDE(Z2, Y2)
	WIDE(Z3, Y3)
	WIDE(Z4, Y4)
	WIDE(Z5, Y5)
	WIDE(Z6, Y6)
	WIDE(Z7, Y7)
	WIDE(Z8, Y8)
	WIDE(Z9, Y9)
	WIDE(Z10, Y10)
	WIDE(Z11, Y11)

next:
	ADDQ $128, DX
	ADDQ R12, R11
	DECQ AX
	JNZ  panel
	VZEROUPPER
	RET

four:
	LOADB(0)
	ROW((R14), Z0)
	ROW((R14)(R8*1), Z1)
	ROW((R14)(R8*2), Z2)
	ROW((R14)(R13*1), Z3)
	NEXT(four)
	WIDE(Z0, Y0)
	WIDE(Z1, Y1)
	WIDE(Z2, Y2)
	WIDE(Z3, Y3)
	JMP next

single:
	SUBQ $4, CX
	JLT  rest

fours:
	LOADB(0)
	ROW((R14), Z0)
	LOADB(32)
	ROW(4(R14), Z1)
	LOADB(64)
	ROW(8(R14), Z2)
	LOADB(96)
	ROW(12(R14), Z3)
	ADDQ $16, R14
	ADDQ $128, DI
	SUBQ $4, CX
	JGE  fours

rest:
	ADDQ $4, CX
	JZ   sum

ones:
	LOADB(0)
	ROW((R14), Z0)
	NEXT(ones)

sum:
	VPADDD Z1, Z0, Z0
	VPADDD Z3, Z2, Z2
	VPADDD Z2, Z0, Z0
	WIDE(Z0, Y0)
	JMP    next
