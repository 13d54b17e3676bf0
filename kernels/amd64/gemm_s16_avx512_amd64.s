//go:build !purego

#include "textflag.h"

#define NAME ·gemmS16AVX512

#define ROW(A, S) \
	VPBROADCASTD A, Z25        \
	VPMADDWD     Z24, Z25, Z25 \
	VPADDD       Z25, S, S

#include "gemm_s16_512_amd64.h"
