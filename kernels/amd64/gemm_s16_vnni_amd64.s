//go:build !purego

#include "textflag.h"

#define NAME ·gemmS16VNNI

#define ROW(A, S) \
	VPDPWSSD.BCST A, Z24, S

#include "gemm_s16_512_amd64.h"
