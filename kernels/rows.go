package kernels

// Rows are the slots of what is no product: they compute slices element by
// element, or one number from a slice. Every product and every sum is rounded
// by itself, whatever the tier, and sums are kept in lanes (rule 4). y may be
// one of the operands, unless a slot says otherwise. Operands are as long as y
// at least; where a slot has no y, x's length counts.
type Rows struct {
	// BinaryF32 computes y[i] = clamp(f(a[i], b[i]), lo, hi). a or b may be of
	// one element, which stands for all.
	BinaryF32 func(f BinaryFn, y, a, b []float32, lo, hi float32)
	// UnaryF32 computes y[i] = f(x[i]). a is a parameter of some functions.
	UnaryF32 func(f UnaryFn, y, x []float32, a float32)
	// UnaryGradF32 computes dx[i] = f.Of(v[i], dy[i], a, b).
	UnaryGradF32 func(f UnaryGradFn, dx, v, dy []float32, a, b float32)
	// ReduceF32 combines the elements of x; c is a parameter of some ways to.
	ReduceF32 func(f ReduceFn, x []float32, c float32) float32
	// ExpSumF32 computes y[i] = Exp((x[i] − top)·beta) and returns the sum, as
	// ReduceSum has it: a softmax but for its division.
	ExpSumF32 func(y, x []float32, top, beta float32) float32
	// SoftmaxF32 computes rows of n elements, one after the other, as SoftmaxRow
	// does. It is nil in Sets that have nothing better than slots for each row.
	SoftmaxF32 func(y, x []float32, n int, beta float32)
	// NormF32 computes y[i] = ((x[i] − mean)·factor)·scale[i] + bias[i]. scale
	// and bias may be nil: there is no such operation then.
	NormF32 func(y, x []float32, mean, factor float32, scale, bias []float32)
	// ColumnsF32 combines rows of a matrix; see there.
	ColumnsF32 ColumnsF32
	// DropF32 drops elements at random; see there.
	DropF32 DropF32

	// QuantF32 computes y[i] = q.Zero + RoundEven(x[i]/q.Scale + q.Shift, q.Lo −
	// q.Zero, q.Hi − q.Zero), of which it stores the low 8 bits: int8 or uint8,
	// as q.Lo and q.Hi have it.
	QuantF32 func(y []byte, x []float32, q *QuantF32)
	// DequantX8 computes y[i] = float32(int32(x[i]) − zero)·scale. The bytes of
	// x are int8 if signed is true, and else uint8. y shares no memory with x.
	DequantX8 func(y []float32, x []byte, signed bool, zero int32, scale float32)

	// SubS8 computes y = a − b as AddS8 has the sum.
	SubS8 func(y, a, b []int8, p *AddS8)
	// MulS8 computes the product of TFLite's MUL.
	MulS8 func(y, a, b []int8, p *MulS8)
	// MaxS8 computes y[i] = max(a[i], b[i]).
	MaxS8 func(y, a, b []int8)
	// SumS8 computes c[i] += x[i] for each element of x.
	SumS8 func(c []int32, x []int8)

	// TransposeX4 computes y[j*ldy+i] = x[i*ldx+j] for i < rows, j < cols, and
	// leaves the rest of y alone. The elements are any of 4 bytes; y shares no
	// memory with x. TransposeX1 does so with bytes.
	TransposeX4 func(y, x []int32, rows, cols, ldy, ldx int)
	TransposeX1 func(y, x []int8, rows, cols, ldy, ldx int)
}

// BinaryFn is a function of two float32.
type BinaryFn uint8

// The functions. BinaryMax is a if a > b or a is NaN, and else b; BinaryMin
// likewise with a < b.
const (
	BinaryAdd BinaryFn = iota
	BinarySub
	BinaryMul
	BinaryDiv
	BinaryMax
	BinaryMin
	BinaryFns // how many there are
)

// Of returns f(a, b).
func (f BinaryFn) Of(a, b float32) float32 {
	switch f {
	case BinaryAdd:
		return a + b
	case BinarySub:
		return a - b
	case BinaryMul:
		return float32(a * b)
	case BinaryDiv:
		return a / b
	}
	if a != a || f == BinaryMax && a > b || f == BinaryMin && a < b {
		return a
	}
	return b
}

// UnaryFn is a function of one float32, of this package. UnarySwish, UnaryElu
// and UnaryLeakyRelu have the parameter a.
type UnaryFn uint8

// The functions.
const (
	UnaryExp UnaryFn = iota
	UnarySigmoid
	UnaryTanh
	UnaryErf
	UnaryGelu
	UnaryGeluTanh
	UnarySwish
	UnaryHardSwish
	UnaryElu
	UnaryLeakyRelu
	UnarySoftplus
	UnaryFns // how many there are
)

// Of returns f(x).
func (f UnaryFn) Of(x, a float32) float32 {
	switch f {
	case UnaryExp:
		return Exp(x)
	case UnarySigmoid:
		return Sigmoid(x)
	case UnaryTanh:
		return Tanh(x)
	case UnaryErf:
		return Erf(x)
	case UnaryGelu:
		return Gelu(x)
	case UnaryGeluTanh:
		return GeluTanh(x)
	case UnarySwish:
		return Swish(x, a)
	case UnaryElu:
		return Elu(x, a)
	case UnaryLeakyRelu:
		return LeakyRelu(x, a)
	case UnarySoftplus:
		return Softplus(x)
	}
	return HardSwish(x)
}

// ReduceFn is a way to make one float32 of many: in each lane from a first
// value on, then between lanes as Fold does.
type ReduceFn uint8

// The ways. ReduceSquares is the sum of (x − c)·(x − c), which begins with 0
// like the other sum. ReduceMax begins with −∞, and m becomes BinaryMax of x and
// m; in Fold, of the upper lane and the lower one. ReduceMin begins with ∞.
const (
	ReduceSum ReduceFn = iota
	ReduceSquares
	ReduceMax
	ReduceMin
	ReduceFns // how many there are
)

// QuantF32 says how float32 become 8-bit integers. Zero lies within [Lo, Hi].
type QuantF32 struct {
	Scale, Shift float32
	Zero, Lo, Hi int32
}

// MulS8 says how y = a·b is computed on int8 of different scales, as TFLite does
// it: clamp(Zero + Out·((a − ZeroA)·(b − ZeroB)), Lo, Hi), where the product
// with the multiplier is quant.Multiplier.Apply.
type MulS8 struct {
	ZeroA, ZeroB int32
	Out          Scale
	Zero, Lo, Hi int32
}
