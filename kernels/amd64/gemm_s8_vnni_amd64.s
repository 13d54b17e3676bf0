//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "requant_avx512_amd64.h"

// The dot product is of unsigned by signed int8, hence the 0x80 in Z31.
#define NAME ·gemmS8VNNI

#define B1(AT) \
	VMOVDQU64 AT(DI), Z24

#define B2(AT) \
	B1(AT)                        \
	VMOVDQU64 AT(DI)(R12*1), Z25

#define B4(AT) \
	B2(AT)                        \
	VMOVDQU64 AT(DI)(R12*2), Z26  \
	VMOVDQU64 AT(DI)(R13*1), Z27

#define ROW1(A, S0) \
	VPXORD.BCST A, Z31, Z30       \
	VPDPBUSD    Z24, Z30, S0

#define ROW2(A, S0, S1) \
	ROW1(A, S0)                   \
	VPDPBUSD    Z25, Z30, S1

#define ROW4(A, S0, S1, S2, S3) \
	ROW2(A, S0, S1)               \
	VPDPBUSD    Z26, Z30, S2      \
	VPDPBUSD    Z27, Z30, S3

#include "gemm_s8_512_amd64.h"
#include "gemm_s8_512_store_amd64.h"
