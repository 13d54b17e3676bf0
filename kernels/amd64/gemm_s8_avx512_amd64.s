//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "requant_avx512_amd64.h"

// Without dot products of int8, even and odd values become int16 apart: those of
// b in Z24 and Z25, and of a second panel in Z26 and Z27; those of a in Z29 and Z30.
#define NAME ·gemmS8AVX512

#define WIDEN(EVEN, ODD) \
	VPSLLW $8, ODD, EVEN   \
	VPSRAW $8, EVEN, EVEN  \
	VPSRAW $8, ODD, ODD

#define B1(AT) \
	VMOVDQU64 AT(DI), Z25  \
	WIDEN(Z24, Z25)

#define B2(AT) \
	B1(AT)                        \
	VMOVDQU64 AT(DI)(R12*1), Z27  \
	WIDEN(Z26, Z27)

#define DOT(EVEN, ODD, S) \
	VPMADDWD EVEN, Z29, Z28  \
	VPADDD   Z28, S, S       \
	VPMADDWD ODD, Z30, Z28   \
	VPADDD   Z28, S, S

#define ROW1(A, S0) \
	VPXORD.BCST A, Z31, Z30    \
	VPSLLW      $8, Z30, Z29   \
	VPSRLW      $8, Z29, Z29   \
	VPSRLW      $8, Z30, Z30   \
	DOT(Z24, Z25, S0)

#define ROW2(A, S0, S1) \
	ROW1(A, S0)        \
	DOT(Z26, Z27, S1)

#include "gemm_s8_512_amd64.h"
#include "gemm_s8_512_store_amd64.h"
