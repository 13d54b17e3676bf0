//go:build !purego

#include "textflag.h"

// Products rounded.
#define X1 ·gemmF32Roundedx1AVX512
#define X2 ·gemmF32Roundedx2AVX512
#define X3 ·gemmF32Roundedx3AVX512
#define ROW4 ·gemmF32RoundedRow4AVX512
#define ROW8 ·gemmF32RoundedRow8AVX512
#define START(B, S) VPXORD S, S, S
#define STEP(A, B, T, S) \
	VMULPS A, B, T \
	VADDPS T, S, S
#define FINISH(B, S) VADDPS B, S, S
#include "gemm_f32_avx512_amd64.h"
#include "gemm_f32_row_avx512_amd64.h"
