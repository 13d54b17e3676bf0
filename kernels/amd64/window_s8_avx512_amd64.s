//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "requant_avx512_amd64.h"

// Without dot products of int8, even and odd taps are multiplied apart, by weights
// of int16: first those of the even ones.
#define NAME ·windowS8AVX512
#define SIZE 128

#define DOT(X, AT, S) \
	VPSRLW   $8, X, Z8           \
	VPSLLW   $8, X, Z9           \
	VPSRLW   $8, Z9, Z9          \
	VPMADDWD AT+0(R12), Z9, Z9   \
	VPMADDWD AT+64(R12), Z8, Z8  \
	VPADDD   Z9, S, S            \
	VPADDD   Z8, S, S

#include "window_s8_512_amd64.h"
