package kernels

// Set is one complete choice of kernels. Slots are never nil, but for those that
// say so.
type Set struct {
	Name  string // the tier
	Fused bool   // float32 follows rule 2 of the arithmetic law

	GemmS8       GemmS8
	GemmF32      GemmF32
	DepthwiseS8  DepthwiseS8
	DepthwiseF32 DepthwiseF32

	FixedDepthwiseS8 FixedDepthwiseS8 // nil if DepthwiseS8 does as well; see FixDepthwiseS8

	AddS8 func(y, a, b []int8, p *AddS8)

	// RequantS32 stores a row of sums: y[j] is c[j] + q.Bias[j] requantised by q.
	RequantS32 func(y []int8, c []int32, q *Requant)
	// DequantS32 computes y[j] = float32(c[j])·scale[j] + bias[j], the product
	// rounded. bias may be nil, which adds nothing.
	DequantS32 func(y []float32, c []int32, scale, bias []float32)
	// DequantRowS32 is DequantS32 of c[j] − zero·terms[j], in 32 bits, with scales
	// scale[j]·factor, rounded: of a row whose parameters are found during the run.
	// It is nil in Sets that have nothing better than one step after the other.
	DequantRowS32 func(y []float32, c, terms []int32, zero int32, scale []float32, factor float32, bias []float32)
	// Lookup computes y[i] = t[x[i]]. y may be x.
	Lookup func(y, x []byte, t *[256]byte)
	// LinearAddS8 and LinearMulS8 compute a + b and a·b for int8 of different
	// scales, as ONNX Runtime does. y may be a or b.
	LinearAddS8 func(y, a, b []int8, p *LinearAddS8)
	LinearMulS8 func(y, a, b []int8, p *LinearMulS8)

	Peak Peak
	S16  // of int16: see there
	Rows // of what is no product: see there
	Updates
	Cells // of recurrent layers: see there
	Pools
}

// Peak measures what a CPU can do at best: each function runs n rounds of the
// tier's multiply-adds on registers, none waiting for another, and returns how
// many multiply-accumulates that was.
type Peak struct{ F32, S8 func(n int) (macs int) }

// GemmS8 multiplies rows of int8 by packed columns of int8.
//
// A is m rows of k values, row i at a[i*lda:]. B holds n columns as [PackS8]
// lays them out. Both functions read k rounded up to KR values of each row of
// A: those past k must be readable and may hold anything, because B is zero
// there. So len(a) >= (m-1)*lda + RoundUp(k, KR).
type GemmS8 struct {
	MR, NR, KR int // m is best a multiple of MR; B's panels are NR columns by KR deep

	// Excess is what the kernels add to each value of A on the way: 128 where
	// their instruction multiplies unsigned by signed. PackS8 makes up for it.
	Excess int32

	// Acc computes c[i*n+j] = bias[j] + sum over l of a[i*lda+l]*B[l,j].
	// bias has n values.
	Acc func(c []int32, a []int8, lda int, b []int8, bias []int32, m, n, k int)
	// Mul computes the same sums, with q.Bias, and stores them requantised by
	// q at y[i*ldy+j]. It leaves the rest of y alone.
	Mul func(y []int8, ldy int, a []int8, lda int, b []int8, m, n, k int, q *Requant)
	// Float computes the same sums as Acc and stores y[i*ldy+j] = float32(c)·scale[j]
	// + add[j], the product rounded. add may be nil, which adds nothing. It is nil in
	// Sets that have nothing better than one step after the other.
	Float func(y []float32, ldy int, a []int8, lda int, b []int8, bias []int32, scale, add []float32, m, n, k int)
	// Lines is Mul for rows that lie in several lines of an image: value l of row
	// i is a[i*lda + l/run*line + l%run], where run is a multiple of KR, and k of
	// run. It is nil in Sets that have nothing better than copied rows.
	Lines func(y []int8, ldy int, a []int8, lda, run, line int, b []int8, m, n, k int, q *Requant)
}

// GemmF32 multiplies rows of float32 by packed columns of float32.
//
// Mul computes y[i*ldy+j] = clamp(bias[j] + sum over l of a[i*lda+l]*B[l,j],
// lo, hi), the sum one chain of fused multiply-adds in order of l. B holds n
// columns as [PackF32] lays them out in panels of NR. Exactly k values of
// each row of A are read. bias has n values rounded up to NR.
//
// Rounded computes the same with the rounding of TensorFlow Lite's reference
// kernels, which makes its bits the same on any CPU at all: each sum starts
// with 0, each product is rounded before it is added, in order of l, and the
// bias comes last: y[i*ldy+j] = clamp(sum + bias[j], lo, hi).
//
// Lines and RoundedLines are Mul and Rounded for rows that lie in several lines
// of an image: value l of row i is a[i*lda + l/run*line + l%run], and k a
// multiple of run. They are nil in Sets that have nothing better than copied
// rows.
//
// Strided multiplies what is not packed: y[i*ldy+j], or 0 unless add is true,
// plus the sum over l of a[i*ra+l*ca]*b[l*rb+j], one chain of fused
// multiply-adds in order of l. So a is stored either way round, chains can go on
// where others stopped, and what y held before can be a bias. Strides are not
// negative (of 0 they repeat a value), and y shares no memory with a and b. As
// with Mul, a call may be of any size: assembly stops on the way.
type GemmF32 struct {
	MR, NR              int
	Mul, Rounded        func(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32)
	Lines, RoundedLines func(y []float32, ldy int, a []float32, lda, run, line int, b, bias []float32, m, n, k int, lo, hi float32)
	Strided             func(y []float32, ldy int, a []float32, ra, ca int, b []float32, rb, m, n, k int, add bool)
}

// Tap is one position of a filter: where it reads the image, relative to the
// output's first tap, and where its weights start. Both count elements.
type Tap struct{ X, W int32 }

// DepthwiseS8 filters each channel by itself, for a run of n output pixels:
//
//	y[i*c+ch] = requant(q.Bias[ch] + sum over t of (x[i*step+taps[t].X+ch] - zero)*w[taps[t].W+ch])
//
// 0 <= i < n, 0 <= ch < c. The caller leaves out taps that fall on padding.
type DepthwiseS8 func(y, x, w []int8, taps []Tap, n, step, c int, zero int32, q *Requant)

// FixedDepthwiseS8 lays out weights and parameters that stay the same, and returns
// DepthwiseS8 for them. It may keep all of its slices.
type FixedDepthwiseS8 func(w []int8, taps []Tap, step, c int, zero int32, q *Requant) DepthwiseLinesS8

// DepthwiseLinesS8 computes several lines of n output pixels: those of line l read
// x[l*line:], and follow the outputs of the line before.
type DepthwiseLinesS8 func(y, x []int8, n, lines, line int)

// Lines returns the function that computes line by line.
func (mul DepthwiseS8) Lines(w []int8, taps []Tap, step, c int, zero int32, q *Requant) DepthwiseLinesS8 {
	return func(y, x []int8, n, lines, line int) {
		if len(taps) == 0 { // nothing is read
			lines, n = 1, lines*n
		}
		for l := range lines {
			mul(y[l*n*c:], x[l*line:], w, taps, n, step, c, zero, q)
		}
	}
}

// FixDepthwiseS8 is FixedDepthwiseS8, or does without.
func (s *Set) FixDepthwiseS8(w []int8, taps []Tap, step, c int, zero int32, q *Requant) DepthwiseLinesS8 {
	if s.FixedDepthwiseS8 != nil {
		return s.FixedDepthwiseS8(w, taps, step, c, zero, q)
	}
	return s.DepthwiseS8.Lines(w, taps, step, c, zero, q)
}

// DepthwiseF32 is DepthwiseS8 for float32, and clamps its sums. bias has c
// values.
//
// Mul starts with the bias and fuses the products, in order of t. Rounded has
// the rounding of GemmF32.Rounded: each sum starts with 0, products are rounded
// and added in order of t, the bias comes last.
//
// Lines and RoundedLines compute several lines of n pixels: those of line l read
// x[l*line:], and follow the outputs of the line before. They are nil in Sets that
// have nothing better than one line after the other.
type DepthwiseF32 struct {
	Mul, Rounded        func(y, x, w []float32, bias []float32, taps []Tap, n, step, c int, lo, hi float32)
	Lines, RoundedLines func(y, x, w, bias []float32, taps []Tap, n, lines, line, step, c int, lo, hi float32)
}

// Requant says how the int32 sum of a column becomes an int8:
// clamp(Zero + sum·multiplier, Lo, Hi). The multiplier of column j is
// Mult[j]·2^(Left[j]-Right[j]-31), as quant.Multiplier.Apply computes it.
//
// If Scale is there, it replaces the multipliers, as ONNX has it:
// clamp(Zero + round(float32(sum)·Scale[j]), Lo, Hi), where round is to the
// nearest integer, ties to even. All scales are numbers: neither NaN nor
// infinite. Mult, Left and Right are then nil.
//
// Zero lies within int8, as Lo and Hi do.
//
// Each slice is as long as n rounded up to 16, so that kernels can load whole
// vectors; see [NewRequant] and [NewScaled].
type Requant struct {
	Bias, Mult, Left, Right []int32
	Scale                   []float32
	Zero, Lo, Hi            int32
}

// AddS8 says how y = a + b is computed on int8 of different scales, as TFLite
// does it: clamp(Zero + Out·(A·((a-ZeroA)<<Shift) + B·((b-ZeroB)<<Shift)), Lo, Hi),
// where each product with a multiplier is quant.Multiplier.Apply. a and b are as
// long as y at least; y may be either of them.
type AddS8 struct {
	ZeroA, ZeroB int32
	A, B, Out    Scale
	Shift        int32
	Zero, Lo, Hi int32
}

// Scale is a quant.Multiplier with its shift taken apart, for vector code.
type Scale struct{ Mult, Left, Right int32 }

// LinearAddS8 says how y = a + b is computed: clamp(round((B·b + C) + A·a), Lo,
// Hi), in float32, each operation rounded, and round to the nearest integer,
// ties to even. The zero points are part of C. A, B and C are numbers.
//
// Each int8 stands for an integer that is Offset more, 0 or 128: those of
// uint8, sign bits flipped. a, b, Lo and Hi in the formula are these integers.
type LinearAddS8 struct {
	A, B, C        float32
	Lo, Hi, Offset int32
}

// LinearMulS8 says how y = a·b is computed: clamp(round(((a − ZeroA)·(b −
// ZeroB))·M + Zero), Lo, Hi), as LinearAddS8 rounds and with its Offset. M is a
// number.
type LinearMulS8 struct {
	ZeroA, ZeroB         int32
	M                    float32
	Zero, Lo, Hi, Offset int32
}
