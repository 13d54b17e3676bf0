//go:build !purego

#include "textflag.h"

// Products rounded.
#define D4 ·depthwiseF32Rounded4AVX512
#define D1 ·depthwiseF32Rounded1AVX512
#define START(B, S) VPXORD S, S, S
#define STEP(X, W, T, S) \
	VMULPS.Z X, W, K1, T \
	VADDPS   T, S, S
#define FINISH(B, S) VADDPS B, S, S
#include "depthwise_f32_avx512_amd64.h"
#undef D4
#undef D1
#undef START
#undef STEP
#undef FINISH
#undef F_Y
#undef F_X
#undef F_STEP
#undef F_W
#undef F_BIAS
#undef F_TAPS
#undef F_COUNT
#undef F_C
#undef F_GROUPS
#undef F_LO
#undef F_HI
#undef SUM
#undef SAVE

// Products fused.
#define D4 ·depthwiseF32x4AVX512
#define D1 ·depthwiseF32x1AVX512
#define START(B, S) VMOVAPS B, S
#define STEP(X, W, T, S) VFMADD231PS X, W, K1, S
#define FINISH(B, S)
#include "depthwise_f32_avx512_amd64.h"
