//go:build !purego

#include "textflag.h"

// Products rounded.
#define D4 ·depthwiseF32Rounded4AVX512
#define D1 ·depthwiseF32Rounded1AVX512
#define S1 ·depthwiseF32Rounded3x3AVX512
#define S2 ·depthwiseF32Rounded3x3Stride2AVX512
#define START(B, S) VPXORD S, S, S
#define STEP(X, W, T, K, S) \
	VMULPS.Z X, W, K, T \
	VADDPS   T, S, S
#define FINISH(B, S) VADDPS B, S, S
#include "depthwise_f32_avx512_amd64.h"
#include "depthwise_f32_3x3_avx512_amd64.h"
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
#undef SAVE
#undef ARGUMENTS
#undef PIXELS
#undef MASK
#undef TAPS
#undef TAP
#undef ON
#undef GROUP
#undef S1
#undef S2
#undef F_ROW0
#undef F_ROW1
#undef F_ROW2
#undef F_COLUMN
#undef F_AT
#undef F_LEFT
#undef WEIGHTS
#undef BIAS
#undef TIMES
#undef SAVE2
#undef LOADPIXEL
#undef LINE1
#undef LINE2
#undef ROUTINE

// Products fused.
#define D4 ·depthwiseF32x4AVX512
#define D1 ·depthwiseF32x1AVX512
#define S1 ·depthwiseF323x3AVX512
#define S2 ·depthwiseF323x3Stride2AVX512
#define START(B, S) VMOVAPS B, S
#define STEP(X, W, T, K, S) VFMADD231PS X, W, K, S
#define FINISH(B, S)
#include "depthwise_f32_avx512_amd64.h"
#include "depthwise_f32_3x3_avx512_amd64.h"
