// SCALE16 multiplies the 16 int32 in X by their multipliers, as SCALE8 does in
// requant_avx2_amd64.h. All operands but X, T and U may be memory; ROUND is 1<<30
// in each int64, MINUS -1 in each int32. K7 must be 0xaaaa. T, U and K6 are
// clobbered.
#define SCALE16(X, MULT, ODD, LEFT, RIGHT, MASK, HALF, ROUND, MINUS, T, U) \
	VPSLLVD   LEFT, X, X       \
	VPSRLQ    $32, X, T        \
	VPMULDQ   MULT, X, X       \
	VPMULDQ   ODD, T, T        \
	VPADDQ    ROUND, X, X      \
	VPADDQ    ROUND, T, T      \
	VPSRLQ    $31, X, X        \ // even elements of h
	VPADDQ    T, T, T          \ // odd ones
	VMOVDQA32 T, K7, X         \
	VPSRAD    $31, X, U        \
	VPANDD    MASK, X, T       \
	VPADDD    U, T, T          \
	VPCMPGTD  HALF, T, K6      \
	VPSRAVD   RIGHT, X, X      \
	VPSUBD    MINUS, X, K6, X

// FLOAT16 multiplies the 16 int32 in X by float32 and rounds to the nearest
// int32, ties to even. HIGH is hi - zero: higher ones become that, while what is
// below int32's range becomes its least value, and so is too low afterwards too.
#define FLOAT16(X, SCALE, HIGH) \
	VCVTDQ2PS X, X        \
	VMULPS    SCALE, X, X \
	VMINPS    HIGH, X, X  \
	VCVTPS2DQ X, X

// MASKS16 is MASKS for 16 int32; HALF is clobbered first.
#define MASKS16(RIGHT, MASK, HALF) \
	VPTERNLOGD $0xff, HALF, HALF, HALF \
	VPSLLVD    RIGHT, HALF, MASK       \
	VPANDND    HALF, MASK, MASK        \
	VPSRLD     $1, MASK, HALF

// PACK32 packs Z0 Z1 Z2 Z3, 64 int32, into the int16 of Z0 and Z2, PACK64 these
// into the int8 of Z0, which it clamps. Packing works within lanes of 128 bits,
// hence ORDER, which is ·lanes.
#define PACK32 \
	VPACKSSDW Z1, Z0, Z0    \
	VPACKSSDW Z3, Z2, Z2

#define PACK64(ORDER, LO, HI) \
	VPACKSSWB Z2, Z0, Z0    \
	VPERMD    Z0, ORDER, Z0 \
	VPMAXSB   LO, Z0, Z0    \
	VPMINSB   HI, Z0, Z0
