package kernels

// S16 are the slots for int16 activations with int8 weights, whose sums are exact
// in 64 bits. Kernels sum up to [Products16] products in 32 bits before they widen
// them.
type S16 struct {
	// GemmS16 is without an Acc where two products of int8, of high and low bytes,
	// are as fast.
	GemmS16      GemmS16
	DepthwiseS16 DepthwiseS16
	// RequantS64 stores m rows of n sums, row i at c[i*n:], as columns j and on of
	// an output: y[i*ldy+l] is c[i*n+l] requantised by q's parameters of j+l. It
	// leaves the rest of y alone.
	RequantS64 func(y []int16, ldy int, c []int64, m, n int, q *RequantS16, j int)
}

// Products16 is how many products of int16 and int8 may be summed in an int32: each
// is at most 2^15·2^7 = 2^22, so 256 of them are at most 2^30.
const Products16 = 256

// GemmS16 multiplies rows of int16 by packed columns of int8.
//
// A is m rows of k values, row i at a[i*lda:]. B holds n columns as [GemmS16.PackS8]
// lays them out. As with GemmS8, k rounded up to KR values of each row are read, so
// len(a) >= (m-1)*lda + RoundUp(k, KR).
type GemmS16 struct {
	MR, NR, KR int // m is best a multiple of MR; B's panels are NR columns by KR deep

	// Acc computes c[i*n+j] = sum over l of a[i*lda+l]*B[l,j].
	Acc func(c []int64, a []int16, lda int, b []int8, m, n, k int)
}

// panels is the layout of B, that of GemmS8.
func (g GemmS16) panels() GemmS8 { return GemmS8{NR: g.NR, KR: g.KR} }

// PackedS8Len is the length that PackS8 needs for n columns of k values. What it is
// for the columns before a panel is where the panel starts.
func (g GemmS16) PackedS8Len(n, k int) int { return g.panels().PackedS8Len(n, k) }

// PackS8 lays out src, n rows of k values, as [GemmS8.PackS8] does without an Excess.
func (g GemmS16) PackS8(dst, src []int8, n, k int) { g.panels().PackS8(dst, src, n, k) }

// DepthwiseS16 sums each channel by itself, for a run of n output pixels:
//
//	y[i*c+ch] = sum over t of x[i*step+taps[t].X+ch]*w[taps[t].W+ch]
//
// 0 <= i < n, 0 <= ch < c. There are up to Products16 taps.
type DepthwiseS16 func(y []int64, x []int16, w []int8, taps []Tap, n, step, c int)

// RequantS16 says how the sum of a column becomes an int16: the bias is added,
// wrapping in 64 bits, and the result clamped to Lo and Hi, which lie within int16.
//
// If Left is nil, the sum is multiplied by Mult[j], 0 to 2^15-1, and shifted right by
// Right[j], 1 to 62, rounding half up and wrapping; what is clamped are the low 32
// bits. So quant.Multiplier.Apply64 has it.
//
// Otherwise it wraps in 32 bits, and the multiplier is that of [Requant].
//
// Slices have n values.
type RequantS16 struct {
	Bias              []int64
	Mult, Left, Right []int32
	Lo, Hi            int32
}

// NewRequantS16 returns a RequantS16 for n columns: zeros, but for right shifts of 1.
// single says that sums wrap in 32 bits.
func NewRequantS16(n int, single bool) *RequantS16 {
	q := &RequantS16{Bias: make([]int64, n), Mult: make([]int32, n), Right: make([]int32, n)}
	if single {
		q.Left = make([]int32, n)
	}
	for j := range q.Right {
		q.Right[j] = 1
	}
	return q
}
