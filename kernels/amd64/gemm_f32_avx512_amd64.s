//go:build !purego

#include "textflag.h"

// Products fused.
#define X1 ·gemmF32x1AVX512
#define X2 ·gemmF32x2AVX512
#define X3 ·gemmF32x3AVX512
#define ROW4 ·gemmF32Row4AVX512
#define ROW8 ·gemmF32Row8AVX512
#define START(B, S) VMOVAPS B, S
#define STEP(A, B, T, S) VFMADD231PS A, B, S
#define FINISH(B, S)
#include "gemm_f32_avx512_amd64.h"
#include "gemm_f32_row_avx512_amd64.h"
