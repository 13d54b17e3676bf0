// EXPIN8 makes e^X of X, within the limits of kernels.Exp, as that does, step by
// step. T to W are clobbered, as in the macros below it.
#define EXPIN8(X, T, U, V, W) \
	VMULPS       EXP_LOG2E, X, T \
	VADDPS       MAGIC, T, T     \
	VSUBPS       MAGIC, T, V     \
	VMULPS       EXP_LN2HI, V, U \
	VSUBPS       U, X, X         \
	VMULPS       EXP_LN2LO, V, V \
	VSUBPS       V, X, X         \
	VMULPS       X, X, V         \
	VMULPS       EXP4, V, U      \
	VMULPS       EXP3, X, W      \
	VADDPS       EXP2, W, W      \
	VADDPS       U, W, W         \
	VMULPS       V, W, W         \
	VMULPS       EXP1, X, U      \
	VADDPS       EXP0, U, U      \
	VADDPS       W, U, U         \
	VMULPS       U, V, V         \
	VADDPS       V, X, X         \
	VADDPS       ONE, X, X       \
	VPSUBD       MAGIC, T, T     \
	VPSRAD       $1, T, U        \
	VPSUBD       U, T, T         \
	VPADDD       BIAS, U, U      \
	VPSLLD       $23, U, U       \
	VPADDD       BIAS, T, T      \
	VPSLLD       $23, T, T       \
	VMULPS       U, X, X         \
	VMULPS       T, X, X

// EXP8 makes kernels.Exp(X) of X.
#define EXP8(X, T, U, V, W) \
	VMOVUPS      EXP_LO, T \
	VMAXPS       X, T, X   \
	VMOVUPS      EXP_HI, T \
	VMINPS       X, T, X   \
	EXPIN8(X, T, U, V, W)

// SIGMOID8 makes kernels.Sigmoid(X) of X. S is clobbered.
#define SIGMOID8(X, T, U, V, W, S) \
	VMOVAPS      X, S       \
	VORPS        SIGN, X, X \
	EXP8(X, T, U, V, W)     \
	VMOVUPS      ONE, T     \
	VBLENDVPS    S, X, T, U \
	VADDPS       X, T, T    \
	VDIVPS       T, U, X

// TANH8 makes kernels.Tanh(X) of X: B is its formula for small |X|. S, A and B
// are clobbered.
#define TANH8(X, T, U, V, W, S, A, B) \
	VANDPS       SIGN, X, S           \
	VANDPS       ABS, X, A            \
	VMULPS       A, A, B              \
	VMULPS       B, B, V              \
	VMULPS       TANH4, V, U          \
	VMULPS       TANH3, B, W          \
	VADDPS       TANH2, W, W          \
	VADDPS       U, W, W              \
	VMULPS       V, W, W              \
	VMULPS       TANH1, B, U          \
	VADDPS       TANH0, U, U          \
	VADDPS       W, U, U              \
	VMULPS       A, B, B              \
	VMULPS       U, B, B              \
	VADDPS       B, A, B              \
	VADDPS       A, A, X              \
	EXP8(X, T, U, V, W)               \
	VADDPS       ONE, X, X            \
	VMOVUPS      TWO, T               \
	VDIVPS       X, T, X              \
	VMOVUPS      ONE, T               \
	VSUBPS       X, T, X              \
	VCMPPS       $1, TANH_SMALL, A, T \
	VBLENDVPS    T, B, X, X           \
	VORPS        S, X, X

// ERF8 makes kernels.Erf(X) of X, as TANH8 is made.
#define ERF8(X, T, U, V, W, S, A, B) \
	VANDPS       SIGN, X, S          \
	VANDPS       ABS, X, A           \
	VMOVUPS      ERF_ONE, T          \
	VMINPS       A, T, A             \
	VMULPS       A, A, T             \
	VMULPS       T, T, X             \
	VMULPS       ERF6, X, V          \
	VMULPS       ERF5, T, W          \
	VADDPS       ERF4, W, W          \
	VADDPS       V, W, W             \
	VMULPS       X, X, V             \
	VMULPS       V, W, W             \
	VMULPS       ERF3, T, V          \
	VADDPS       ERF2, V, V          \
	VMULPS       X, V, V             \
	VMULPS       ERF1, T, U          \
	VADDPS       ERF0, U, U          \
	VADDPS       V, U, U             \
	VADDPS       W, U, U             \
	VMULPS       U, A, B             \
	VADDPS       B, A, B             \
	VMULPS       TAIL5, A, U         \
	VADDPS       TAIL4, U, U         \
	VMULPS       T, U, U             \
	VMULPS       TAIL3, A, V         \
	VADDPS       TAIL2, V, V         \
	VADDPS       U, V, V             \
	VMULPS       T, V, V             \
	VMULPS       TAIL1, A, U         \
	VADDPS       TAIL0, U, U         \
	VADDPS       V, U, U             \
	VMULPS       U, A, U             \
	VADDPS       U, A, X             \
	VXORPS       SIGN, X, X          \
	EXPIN8(X, T, U, V, W)            \
	VMOVUPS      ONE, T              \
	VSUBPS       X, T, X             \
	VCMPPS       $1, ERF_SMALL, A, T \
	VBLENDVPS    T, B, X, X          \
	VORPS        S, X, X

// PHI8 makes kernels.Phi(X) in P.
#define PHI8(X, P, T, U, V, W) \
	VANDPS    ABS, X, P           \
	VMULPS    P, P, U             \
	VMULPS    PHI7, P, V          \
	VADDPS    PHI6, V, V          \
	VMULPS    U, V, V             \
	VMULPS    PHI5, P, W          \
	VADDPS    PHI4, W, W          \
	VADDPS    V, W, W             \
	VMULPS    PHI3, P, V          \
	VADDPS    PHI2, V, V          \
	VMULPS    U, V, V             \
	VMULPS    PHI1, P, T          \
	VADDPS    PHI0, T, T          \
	VADDPS    V, T, T             \
	VMULPS    U, U, U             \
	VMULPS    U, W, W             \
	VADDPS    W, T, T             \
	EXPIN8(T, P, U, V, W)         \
	VANDPS    ABS, X, P           \
	VCMPPS    $1, PHI_ZERO, P, P  \
	VANDPS    P, T, T             \
	VMOVUPS   ONE, P              \
	VSUBPS    T, P, P             \
	VBLENDVPS X, T, P, P
