//go:build !purego

#include "textflag.h"

// Products rounded.
#define X16 ·depthwiseF32Roundedx16AVX2
#define X8 ·depthwiseF32Roundedx8AVX2
#define START(B, S) VXORPS S, S, S
#define STEP(X, W, T, S) \
	VMULPS X, W, T \
	VADDPS T, S, S
#define FINISH(B, S) VADDPS B, S, S
#include "depthwise_f32_avx2_amd64.h"
#undef X16
#undef X8
#undef START
#undef STEP
#undef FINISH
#undef CLAMP

// Products fused.
#define X16 ·depthwiseF32x16AVX2
#define X8 ·depthwiseF32x8AVX2
#define START(B, S) VMOVAPS B, S
#define STEP(X, W, T, S) VFMADD231PS X, W, S
#define FINISH(B, S)
#include "depthwise_f32_avx2_amd64.h"
