// The macros are those of AVX2, twice as wide, with the same roundings:
// VSCALEFPS rounds y·2^n once, as do two powers of which the first is exact.
// What EXP16 needs is kept in Z21 to Z31.
#define LOADEXP \
	VBROADCASTSS EXP_LO, Z31    \
	VBROADCASTSS EXP_HI, Z30    \
	VBROADCASTSS EXP_LOG2E, Z29 \
	VBROADCASTSS EXP_LN2HI, Z28 \
	VBROADCASTSS EXP_LN2LO, Z27 \
	VBROADCASTSS EXP4, Z26      \
	VBROADCASTSS EXP3, Z25      \
	VBROADCASTSS EXP2, Z24      \
	VBROADCASTSS EXP1, Z23      \
	VBROADCASTSS EXP0, Z22      \
	VBROADCASTSS ONE, Z21

// EXPIN16 makes e^X of X, within the limits of kernels.Exp. T to W are clobbered.
#define EXPIN16(X, T, U, V, W) \
	VMULPS       Z29, X, T \
	VRNDSCALEPS  $0, T, T  \
	VMULPS       Z28, T, U \
	VSUBPS       U, X, X   \
	VMULPS       Z27, T, U \
	VSUBPS       U, X, X   \
	VMULPS       X, X, V   \
	VMULPS       Z26, V, U \
	VMULPS       Z25, X, W \
	VADDPS       Z24, W, W \
	VADDPS       U, W, W   \
	VMULPS       V, W, W   \
	VMULPS       Z23, X, U \
	VADDPS       Z22, U, U \
	VADDPS       W, U, U   \
	VMULPS       U, V, V   \
	VADDPS       V, X, X   \
	VADDPS       Z21, X, X \
	VSCALEFPS    T, X, X

// EXP16 makes kernels.Exp(X) of X.
#define EXP16(X, T, U, V, W) \
	VMAXPS       X, Z31, X \
	VMINPS       X, Z30, X \
	EXPIN16(X, T, U, V, W)

// SIGMOID16 makes kernels.Sigmoid(X) of X.
#define SIGMOID16(X, T, U, V, W) \
	VPMOVD2M     X, K2      \
	VORPS.BCST   SIGN, X, X \
	EXP16(X, T, U, V, W)    \
	VADDPS       Z21, X, T  \
	VMOVAPS      Z21, U     \
	VMOVAPS      X, K2, U   \
	VDIVPS       T, U, X

// TANH16 makes kernels.Tanh(X) of X: B is its formula for small |X|.
#define TANH16(X, T, U, V, W, S, A, B) \
	VANDPS.BCST  SIGN, X, S            \
	VANDPS.BCST  ABS, X, A             \
	VMULPS       A, A, B               \
	VMULPS       B, B, V               \
	VMULPS.BCST  TANH4, V, U           \
	VMULPS.BCST  TANH3, B, W           \
	VADDPS.BCST  TANH2, W, W           \
	VADDPS       U, W, W               \
	VMULPS       V, W, W               \
	VMULPS.BCST  TANH1, B, U           \
	VADDPS.BCST  TANH0, U, U           \
	VADDPS       W, U, U               \
	VMULPS       A, B, B               \
	VMULPS       U, B, B               \
	VADDPS       B, A, B               \
	VADDPS       A, A, X               \
	EXP16(X, T, U, V, W)               \
	VADDPS       Z21, X, X             \
	VBROADCASTSS TWO, T                \
	VDIVPS       X, T, X               \
	VSUBPS       X, Z21, X             \
	VCMPPS.BCST  $1, TANH_SMALL, A, K2 \
	VMOVAPS      B, K2, X              \
	VORPS        S, X, X

// LOADERF keeps the polynomials of ERF16 in Z8 to Z20, beside what it needs of
// EXPIN16.
#define LOADERF \
	LOADEXP                 \
	VBROADCASTSS ERF6, Z8   \
	VBROADCASTSS ERF5, Z9   \
	VBROADCASTSS ERF4, Z10  \
	VBROADCASTSS ERF3, Z11  \
	VBROADCASTSS ERF2, Z12  \
	VBROADCASTSS ERF1, Z13  \
	VBROADCASTSS ERF0, Z14  \
	VBROADCASTSS TAIL5, Z15 \
	VBROADCASTSS TAIL4, Z16 \
	VBROADCASTSS TAIL3, Z17 \
	VBROADCASTSS TAIL2, Z18 \
	VBROADCASTSS TAIL1, Z19 \
	VBROADCASTSS TAIL0, Z20

// ERF16 makes kernels.Erf(X) of X, as TANH16 is made.
#define ERF16(X, T, U, V, W, S, A, B) \
	VANDPS.BCST  SIGN, X, S           \
	VANDPS.BCST  ABS, X, A            \
	VBROADCASTSS ERF_ONE, T           \
	VMINPS       A, T, A              \
	VMULPS       A, A, T              \
	VMULPS       T, T, X              \
	VMULPS       Z8, X, V             \
	VMULPS       Z9, T, W             \
	VADDPS       Z10, W, W            \
	VADDPS       V, W, W              \
	VMULPS       X, X, V              \
	VMULPS       V, W, W              \
	VMULPS       Z11, T, V            \
	VADDPS       Z12, V, V            \
	VMULPS       X, V, V              \
	VMULPS       Z13, T, U            \
	VADDPS       Z14, U, U            \
	VADDPS       V, U, U              \
	VADDPS       W, U, U              \
	VMULPS       U, A, B              \
	VADDPS       B, A, B              \
	VMULPS       Z15, A, U            \
	VADDPS       Z16, U, U            \
	VMULPS       T, U, U              \
	VMULPS       Z17, A, V            \
	VADDPS       Z18, V, V            \
	VADDPS       U, V, V              \
	VMULPS       T, V, V              \
	VMULPS       Z19, A, U            \
	VADDPS       Z20, U, U            \
	VADDPS       V, U, U              \
	VMULPS       U, A, U              \
	VADDPS       U, A, X              \
	VXORPS.BCST  SIGN, X, X           \
	EXPIN16(X, T, U, V, W)            \
	VSUBPS       X, Z21, X            \
	VCMPPS.BCST  $1, ERF_SMALL, A, K2 \
	VMOVAPS      B, K2, X             \
	VORPS        S, X, X

// LOADPHI keeps the polynomial of PHI16 in Z8 to Z15, beside what it needs of
// EXPIN16.
#define LOADPHI \
	LOADEXP                \
	VBROADCASTSS PHI7, Z8  \
	VBROADCASTSS PHI6, Z9  \
	VBROADCASTSS PHI5, Z10 \
	VBROADCASTSS PHI4, Z11 \
	VBROADCASTSS PHI3, Z12 \
	VBROADCASTSS PHI2, Z13 \
	VBROADCASTSS PHI1, Z14 \
	VBROADCASTSS PHI0, Z15

// PHI16 makes kernels.Phi(X) in P.
#define PHI16(X, P, T, U, V, W) \
	VANDPS.BCST ABS, X, P            \
	VCMPPS.BCST $1, PHI_ZERO, P, K2  \
	VMULPS      P, P, U              \
	VMULPS      Z8, P, V             \
	VADDPS      Z9, V, V             \
	VMULPS      U, V, V              \
	VMULPS      Z10, P, W            \
	VADDPS      Z11, W, W            \
	VADDPS      V, W, W              \
	VMULPS      Z12, P, V            \
	VADDPS      Z13, V, V            \
	VMULPS      U, V, V              \
	VMULPS      Z14, P, T            \
	VADDPS      Z15, T, T            \
	VADDPS      V, T, T              \
	VMULPS      U, U, U              \
	VMULPS      U, W, W              \
	VADDPS      W, T, T              \
	EXPIN16(T, P, U, V, W)           \
	VMOVAPS.Z   T, K2, T             \
	VPMOVD2M    X, K2                \
	VSUBPS      T, Z21, P            \
	VMOVAPS     T, K2, P

// MASK makes K1 the elements of the next sixteen that there are, of CX left.
// AX is clobbered.
#define MASK \
	MOVQ    $-1, AX   \
	CMPQ    CX, $16   \
	JGE     whole     \
	MOVQ    $1, AX    \
	SHLQ    CX, AX    \
	DECQ    AX        \
whole:                    \
	KMOVW   AX, K1
