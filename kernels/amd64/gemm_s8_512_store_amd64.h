// The end of the routine in gemm_s8_512_amd64.h: what becomes of a tile's sums.
// Four registers of them are packed at once, which are one, two or four rows.

#define MULTIPLY16(AT, Z) \
	VMOVDQU64 AT(DI), Z       \
	SCALE16(Z, MULT+AT(R14), ODD+AT(R14), LEFT+AT(R14), RIGHT+AT(R14), MASK+AT(R14), HALF+AT(R14), Z25, Z24, Z4, Z5) \
	VPADDD    Z26, Z, Z

// STORES stores the row Z at BX, of which as many columns exist as K1 says.
#define STORES(Z) \
	VMOVDQU8 Z, K1, (BX)                \
	ADDQ     gemmS8Call_ldy(R15), BX

// SCALED16 stores the sums at AT as float32, of which as many exist as K says.
#define SCALED16(AT, Z, SCALE, ADD, K) \
	VCVTDQ2PS AT(DI), Z     \
	VMULPS    SCALE, Z, Z   \
	VADDPS    ADD, Z, Z     \
	VMOVUPS   Z, K, AT(BX)

tiled: // DX rows of sums, a row after the other
	MOVQ  gemmS8Call_rowA(R15), SI
	IMULQ DX, R8
	ADDQ  R8, SI
	MOVQ  SI, gemmS8Call_rowA(R15)
	SUBQ  DX, gemmS8Call_rows(R15)
	MOVQ  gemmS8Call_rowY(R15), BX
	MOVQ  gemmS8Call_width(R15), CX
	LEAQ  TILE(R14), DI
	MOVQ  gemmS8Call_mult(R15), AX
	ORQ   gemmS8Call_scale(R15), AX
	JZ    sums
	CMPQ  gemmS8Call_size(R15), $4
	JEQ   scaled

	VMOVDQU64    ·lanes(SB), Z27
	VPBROADCASTB gemmS8Call_lo(R15), Z28
	VPBROADCASTB gemmS8Call_hi(R15), Z29
	VPBROADCASTW gemmS8Call_zero(R15), Z26
	VBROADCASTSS gemmS8Call_high(R15), Z25
	CMPQ         gemmS8Call_scale(R15), $0
	JEQ          multiply

float:
	VMOVDQU64 0(DI), Z0
	VMOVDQU64 64(DI), Z1
	VMOVDQU64 128(DI), Z2
	VMOVDQU64 192(DI), Z3
	FLOAT16(Z0, SCALES+0(R14), Z25)
	FLOAT16(Z1, SCALES+64(R14), Z25)
	FLOAT16(Z2, SCALES+128(R14), Z25)
	FLOAT16(Z3, SCALES+192(R14), Z25)
	PACK32
	VPADDSW Z26, Z0, Z0
	VPADDSW Z26, Z2, Z2
	PACK64(Z27, Z28, Z29)
	ADDQ      $256, DI
	STORES(Z0)
	DECQ      DX
	JZ        rowed
	CMPQ      CX, $2
	JGT       float
	JEQ       float2
	VEXTRACTI32X4 $1, Z0, X1
	STORES(X1)
	DECQ          DX
	JZ            rowed

float2:
	VEXTRACTI64X4 $1, Z0, Y1
	STORES(Y1)
	DECQ          DX
	JZ            rowed
	CMPQ          CX, $2
	JEQ           float
	VEXTRACTI32X4 $3, Z0, X1
	STORES(X1)
	DECQ          DX
	JNZ           float
	JMP           rowed

multiply:
	VPBROADCASTD gemmS8Call_zero(R15), Z26
	MOVQ         $(1<<30), AX
	VPBROADCASTQ AX, Z25
	VPTERNLOGD   $0xff, Z24, Z24, Z24

integer:
	MULTIPLY16(0, Z0)
	MULTIPLY16(64, Z1)
	MULTIPLY16(128, Z2)
	MULTIPLY16(192, Z3)
	PACK32
	PACK64(Z27, Z28, Z29)
	ADDQ $256, DI
	STORES(Z0)
	DECQ DX
	JZ   rowed
	CMPQ CX, $2
	JGT  integer
	JEQ  integer2
	VEXTRACTI32X4 $1, Z0, X1
	STORES(X1)
	DECQ          DX
	JZ            rowed

integer2:
	VEXTRACTI64X4 $1, Z0, Y1
	STORES(Y1)
	DECQ          DX
	JZ            rowed
	CMPQ          CX, $2
	JEQ           integer
	VEXTRACTI32X4 $3, Z0, X1
	STORES(X1)
	DECQ          DX
	JNZ           integer
	JMP           rowed

sums: // a row of sums at BX, CX registers; their columns by sixteens of K1
	MOVQ  BX, SI
	MOVQ  CX, AX
	KMOVQ K1, K2

sum:
	VMOVDQU64 (DI), Z0
	VMOVDQU32 Z0, K2, (SI)
	KSHIFTRQ  $16, K2, K2
	ADDQ      $64, DI
	ADDQ      $64, SI
	DECQ      AX
	JNZ       sum
	ADDQ      gemmS8Call_ldy(R15), BX
	DECQ      DX
	JNZ       sums

	JMP  rowed

scaled: // a row of float32 at BX, CX registers
	CMPQ     CX, $4
	JNE      scaledSome
	VMOVUPS  SCALES+0(R14), Z16
	VMOVUPS  SCALES+64(R14), Z17
	VMOVUPS  SCALES+128(R14), Z18
	VMOVUPS  SCALES+192(R14), Z19
	VMOVUPS  ADDS+0(R14), Z20
	VMOVUPS  ADDS+64(R14), Z21
	VMOVUPS  ADDS+128(R14), Z22
	VMOVUPS  ADDS+192(R14), Z23
	KSHIFTRQ $16, K1, K2
	KSHIFTRQ $32, K1, K3
	KSHIFTRQ $48, K1, K4

scaled4:
	SCALED16(0, Z0, Z16, Z20, K1)
	SCALED16(64, Z1, Z17, Z21, K2)
	SCALED16(128, Z2, Z18, Z22, K3)
	SCALED16(192, Z3, Z19, Z23, K4)
	ADDQ $256, DI
	ADDQ gemmS8Call_ldy(R15), BX
	DECQ DX
	JNZ  scaled4
	JMP  rowed

scaledSome: // their columns by sixteens of K2
	MOVQ  BX, SI
	MOVQ  CX, AX
	KMOVQ K1, K2
	XORQ  R8, R8

scaledOne:
	VCVTDQ2PS (DI), Z0
	VMULPS    SCALES(R14)(R8*1), Z0, Z0
	VADDPS    ADDS(R14)(R8*1), Z0, Z0
	VMOVUPS   Z0, K2, (SI)
	KSHIFTRQ  $16, K2, K2
	ADDQ      $64, DI
	ADDQ      $64, SI
	ADDQ      $64, R8
	DECQ      AX
	JNZ       scaledOne
	ADDQ      gemmS8Call_ldy(R15), BX
	DECQ      DX
	JNZ       scaledSome

rowed:
	MOVQ BX, gemmS8Call_rowY(R15)
	CMPQ gemmS8Call_rows(R15), $0
	JNE  tile

	MOVQ  gemmS8Call_width(R15), CX
	MOVQ  gemmS8Call_ldb(R15), R12
	IMULQ CX, R12
	ADDQ  R12, gemmS8Call_blockB(R15)
	SHLQ  $4, CX
	ADDQ  CX, gemmS8Call_column(R15)
	MOVQ  gemmS8Call_size(R15), DX
	IMULQ CX, DX
	ADDQ  DX, gemmS8Call_blockY(R15)
	SUBQ  CX, gemmS8Call_n(R15)
	JGT   block
	VZEROUPPER
	RET
