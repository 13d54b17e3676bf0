// What the routines of pools have in common. AX *poolF32, DI y, SI x, R8 taps, R9
// count, R11 outputs left, R12 step; BX is x at the channels at hand, of which CX
// are left.
#define P_Y 0
#define P_X 8
#define P_DY 16
#define P_DX 24
#define P_TAPS 32
#define P_COUNT 40
#define P_C 48
#define P_N 56
#define P_STEP 64

#define POOL_ARGUMENTS \
	MOVQ p+0(FP), AX      \
	MOVQ P_Y(AX), DI      \
	MOVQ P_X(AX), SI      \
	MOVQ P_TAPS(AX), R8   \
	MOVQ P_COUNT(AX), R9  \
	MOVQ P_N(AX), R11     \
	MOVQ P_STEP(AX), R12

// POOL_GRAD_ARGUMENTS loads R10 dy and R13, how far dx is from x.
#define POOL_GRAD_ARGUMENTS \
	POOL_ARGUMENTS        \
	MOVQ P_DY(AX), R10    \
	MOVQ P_DX(AX), R13    \
	SUBQ SI, R13

// TAP makes R15 what tap DX sees.
#define TAP \
	MOVLQSX (R8)(DX*4), R15 \
	LEAQ    (BX)(R15*4), R15
