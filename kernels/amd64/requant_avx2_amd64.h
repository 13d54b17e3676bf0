// SCALE8 multiplies the eight int32 in X by their multipliers, as
// quant.Multiplier.Apply does:
//
//	h := int32((int64(x<<left)*mult + 1<<30) >> 31)
//	x = h >> right; if h&mask - (h < 0) > half { x++ }
//
// where mask = 1<<right - 1 and half = mask>>1, so that halves are rounded away
// from zero. MULT holds the multipliers in its even elements, ODD the other ones
// in its even elements, ROUND 1<<30 in each int64. LEFT, RIGHT, MASK, HALF, MULT
// and ODD may be memory. T and U are clobbered.
#define SCALE8(X, MULT, ODD, LEFT, RIGHT, MASK, HALF, ROUND, T, U) \
	VPSLLVD  LEFT, X, X      \
	VPSRLQ   $32, X, T       \
	VPMULDQ  MULT, X, X      \
	VPMULDQ  ODD, T, T       \
	VPADDQ   ROUND, X, X     \
	VPADDQ   ROUND, T, T     \
	VPSRLQ   $31, X, X       \ // even elements of h
	VPADDQ   T, T, T         \ // odd ones
	VPBLENDD $0xaa, T, X, X  \
	VPAND    MASK, X, T      \
	VPSRAD   $31, X, U       \
	VPADDD   U, T, T         \
	VPCMPGTD HALF, T, T      \
	VPSRAVD  RIGHT, X, X     \
	VPSUBD   T, X, X

// MASKS computes MASK and HALF from RIGHT. ONE is clobbered.
#define MASKS(RIGHT, MASK, HALF, ONE) \
	VPCMPEQD ONE, ONE, ONE    \
	VPSRLD   $31, ONE, ONE    \
	VPSLLVD  RIGHT, ONE, MASK \
	VPSUBD   ONE, MASK, MASK  \
	VPSRLD   $1, MASK, HALF

// NARROW8 packs the eight int32 of Y into the low eight int8 of X, the same
// register's lower half, saturating, and clamps them. T is clobbered.
#define NARROW8(Y, X, T, LO, HI) \
	VEXTRACTI128 $1, Y, T    \
	VPACKSSDW    T, X, X     \
	VPACKSSWB    X, X, X     \
	VPMAXSB      LO, X, X    \
	VPMINSB      HI, X, X
