package kerneltest

import (
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// call is one call of a slot, with a name for messages.
type call struct {
	name string
	run  func()
}

// allocations checks that no slot allocates, at sizes that leave rests.
func allocations(t *testing.T, s kernels.Set) {
	const m, n, k = 11, 19, 24
	a, y, c := make([]int8, m*k), make([]int8, m*n), make([]int32, m*n)
	fa, fy := make([]float32, m*k), make([]float32, m*n)
	b, fb := make([]int8, s.GemmS8.PackedS8Len(n, k)), make([]float32, s.GemmF32.PackedF32Len(n, k))
	bias := make([]float32, kernels.RoundUp(n, s.GemmF32.NR))
	q, p, table := kernels.NewRequant(n), &kernels.AddS8{}, [256]byte{}
	sum, product := &kernels.LinearAddS8{}, &kernels.LinearMulS8{}
	quant, mulS8, c2 := &kernels.QuantF32{Scale: 1, Hi: 1}, &kernels.MulS8{}, make([]int32, m*n)
	drop := &kernels.Drop{Least: 1 << 31, Scale: 2}
	pool := []int32{0, 0}
	x16, y16, sums, q16, acc16 := make([]int16, m*k), make([]int16, m*n), make([]int64, m*n), kernels.NewRequantS16(n, true), accS16(s)
	b16 := make([]int8, kernels.GemmS16{NR: max(1, s.GemmS16.NR), KR: max(1, s.GemmS16.KR)}.PackedS8Len(n, k))
	sgd, adam, rmsprop := &kernels.SGDF32{}, &kernels.AdamF32{}, &kernels.RMSpropF32{}
	taps := []kernels.Tap{{X: 0, W: 0}, {X: n, W: n}}
	fixed := s.FixDepthwiseS8(a, taps, n, n, 1, q)
	for _, c := range []call{
		{"GemmS8.Mul", func() { s.GemmS8.Mul(y, n, a, k, b, m, n, k, q) }},
		{"GemmS8.Acc", func() { s.GemmS8.Acc(c, a, k, b, q.Bias, m, n, k) }},
		{"GemmF32", func() { s.GemmF32.Mul(fy, n, fa, k, fb, bias, m, n, k, 0, 6) }},
		{"GemmF32.Rounded", func() { s.GemmF32.Rounded(fy, n, fa, k, fb, bias, m, n, k, 0, 6) }},
		{"GemmF32.Strided", func() { s.GemmF32.Strided(fy, n, fa, 1, m, fb, n, m, n, k, true) }},
		{"DepthwiseS8", func() { s.DepthwiseS8(y, a, b, taps, 3, n, n, 1, q) }},
		{"FixedDepthwiseS8", func() { fixed(y, a, 3, 1, 0) }},
		{"DepthwiseF32", func() { s.DepthwiseF32.Mul(fy, fa, fb, bias, taps, 3, n, n, 0, 6) }},
		{"DepthwiseF32.Rounded", func() { s.DepthwiseF32.Rounded(fy, fa, fb, bias, taps, 3, n, n, 0, 6) }},
		{"AddS8", func() { s.AddS8(y, y, y, p) }},
		{"RequantS32", func() { s.RequantS32(y[:n], c, q) }},
		{"DequantS32", func() { s.DequantS32(fy[:n], c, fa, fa) }},
		{"Lookup", func() { s.Lookup(table[:n], table[:n], &table) }},
		{"LinearAddS8", func() { s.LinearAddS8(y, y, y, sum) }},
		{"LinearMulS8", func() { s.LinearMulS8(y, y, y, product) }},
		{"BinaryF32", func() { s.BinaryF32(kernels.BinaryMax, fy[:n], fa, fa[:1], 0, 1) }},
		{"UnaryF32", func() { s.UnaryF32(kernels.UnaryTanh, fy[:n], fa, 1) }},
		{"UnaryGradF32", func() { s.UnaryGradF32(kernels.GradTanh, fy[:n], fa, fa, 1, 1) }},
		{"SGDF32", func() { s.SGDF32(fy[:n], fa, fa[n:], sgd) }},
		{"AdamF32", func() { s.AdamF32(fy[:n], fa, fa[n:], fa[2*n:], adam) }},
		{"RMSpropF32", func() { s.RMSpropF32(fy[:n], fa, fa[n:], fa[2*n:], rmsprop) }},
		{"ReduceF32", func() { s.ReduceF32(kernels.ReduceMax, fa[:n], 1) }},
		{"ExpSumF32", func() { s.ExpSumF32(fy[:n], fa, 0, 1) }},
		{"NormF32", func() { s.NormF32(fy[:n], fa, 0, 1, fa, fa) }},
		{"ColumnsF32", func() { s.ColumnsF32(kernels.ColumnProducts, fy[:n], fa, fa, bias, m, n) }},
		{"DropF32", func() { s.DropF32(fy[:n], fa, 1, drop) }},
		{"MaxPool", func() { s.Pools.MaxF32(fy[:n], fa, pool, 1, n, n) }},
		{"MaxPoolGrad", func() { s.Pools.MaxGradF32(fy[:n], fa[:n], fa, fa, pool, 1, n, n) }},
		{"QuantF32", func() { s.QuantF32(table[:n], fa, quant) }},
		{"DequantX8", func() { s.DequantX8(fy[:n], table[:], true, 0, 1) }},
		{"SubS8", func() { s.SubS8(y[:n], y, y, p) }},
		{"MulS8", func() { s.MulS8(y[:n], y, y, mulS8) }},
		{"MaxS8", func() { s.MaxS8(y[:n], y, y) }},
		{"SumS8", func() { s.SumS8(c, y[:n]) }},
		{"TransposeX4", func() { s.TransposeX4(c, c2, m, n, m, n) }},
		{"TransposeX1", func() { s.TransposeX1(y, a, m, n, m, n) }},
		{"GemmS16", func() { acc16(sums, x16, k, b16, m, n, k) }},
		{"DepthwiseS16", func() { s.DepthwiseS16(sums, x16, a, taps, 3, n, n) }},
		{"RequantS64", func() { s.RequantS64(y16, n, sums, m, n, q16, 0) }},
		{"LSTMF32", func() { s.LSTMF32(fy[:4], fy[4:8], fy[16:32], fa, fa) }},
		{"LSTMGradF32", func() { s.LSTMGradF32(fy[16:32], fy[:4], fy[4:8], fa, fa, fa) }},
		{"GRUF32", func() { s.GRUF32(fy[:4], fy[16:32], fy[32:44], fa) }},
		{"GRUGradF32", func() { s.GRUGradF32(fy[16:32], fy[:4], fa, fa) }},
	} {
		if n := testing.AllocsPerRun(3, c.run); n != 0 {
			t.Errorf("%s allocates %v times", c.name, n)
		}
	}
}

// accS16 is GemmS16.Acc, or one that does nothing if there is none.
func accS16(s kernels.Set) func(c []int64, a []int16, lda int, b []int8, m, n, k int) {
	if s.GemmS16.Acc != nil {
		return s.GemmS16.Acc
	}
	return func([]int64, []int16, int, []int8, int, int, int) {}
}

// shortS16 are the calls of shortOperands for slots of int16.
func shortS16(s kernels.Set) (calls []call) {
	const m, n, k = 5, 16, 16
	i16, i64, i8 := func(n int) []int16 { return make([]int16, n) }, func(n int) []int64 { return make([]int64, n) }, func(n int) []int8 { return make([]int8, n) }
	q, taps, dw := kernels.NewRequantS16(n, false), []kernels.Tap{{X: 8, W: 16}}, s.DepthwiseS16
	short := kernels.NewRequantS16(n-1, true)
	if acc := s.GemmS16.Acc; acc != nil {
		b := i8(s.GemmS16.PackedS8Len(n, k))
		calls = []call{
			{"GemmS16 c", func() { acc(i64(m*n-1), i16(m*k), k, b, m, n, k) }},
			{"GemmS16 a", func() { acc(i64(m*n), i16(m*k-1), k, b, m, n, k) }},
			{"GemmS16 b", func() { acc(i64(m*n), i16(m*k), k, b[:len(b)-1:len(b)-1], m, n, k) }},
		}
	}
	return append(calls,
		call{"DepthwiseS16 y", func() { dw(i64(2*n-1), i16(2*n+8), i8(2*n), taps, 2, n, n) }},
		call{"DepthwiseS16 x", func() { dw(i64(2*n), i16(2*n+7), i8(2*n), taps, 2, n, n) }},
		call{"DepthwiseS16 w", func() { dw(i64(2*n), i16(2*n+8), i8(2*n-1), taps, 2, n, n) }},
		call{"DepthwiseS16 tap", func() { dw(i64(2*n), i16(2*n+8), i8(2*n), []kernels.Tap{{X: -1}}, 2, n, n) }},
		call{"RequantS64 y", func() { s.RequantS64(i16(m*n-1), n, i64(m*n), m, n, q, 0) }},
		call{"RequantS64 c", func() { s.RequantS64(i16(m*n), n, i64(m*n-1), m, n, q, 0) }},
		call{"RequantS64 q", func() { s.RequantS64(i16(m*n), n, i64(m*n), m, n, q, 1) }},
		call{"RequantS64 single", func() { s.RequantS64(i16(m*n), n, i64(m*n), m, n, short, 0) }})
}

// shortOperands checks that a slice too short for its slot panics, before
// assembly runs past its end.
func shortOperands(t *testing.T, s kernels.Set) {
	const m, n, k = 5, 16, 16
	i8 := func(n int) []int8 { return make([]int8, n) }
	i32 := func(n int) []int32 { return make([]int32, n) }
	f32 := func(n int) []float32 { return make([]float32, n) }
	q, taps := kernels.NewRequant(n), []kernels.Tap{{X: 8, W: 16}}
	b := i8(s.GemmS8.PackedS8Len(n, k))
	fixed := s.FixDepthwiseS8(i8(2*n), taps, n, n, 0, q)
	mul, acc, gemm, rounded := s.GemmS8.Mul, s.GemmS8.Acc, s.GemmF32.Mul, s.GemmF32.Rounded
	strided := s.GemmF32.Strided
	for _, c := range append(shortS16(s), []call{
		{"Mul y", func() { mul(i8(m*n-1), n, i8(m*k), k, b, m, n, k, q) }},
		{"Mul a", func() { mul(i8(m*n), n, i8(m*k-1), k, b, m, n, k, q) }},
		{"Mul b", func() { mul(i8(m*n), n, i8(m*k), k, b[:len(b)-1:len(b)-1], m, n, k, q) }},
		{"Mul q", func() { mul(i8(m*n), n, i8(m*k), k, b, m, n, k, &kernels.Requant{Bias: q.Bias}) }},
		{"Lines a", func() { s.GemmS8.Lines(i8(m*n), n, i8((m-1)*8+9+7), 8, 8, 9, b, m, n, 16, q) }},
		{"Lines run", func() { s.GemmS8.Lines(i8(m*n), n, i8(100), 8, s.GemmS8.KR*3/2, 9, b, m, n, s.GemmS8.KR*3, q) }},
		{"Acc c", func() { acc(i32(m*n-1), i8(m*k), k, b, q.Bias, m, n, k) }},
		{"Acc bias", func() { acc(i32(m*n), i8(m*k), k, b, q.Bias[:n-1:n-1], m, n, k) }},
		{"GemmF32 y", func() { gemm(f32(m*n-1), n, f32(m*k), k, f32(n*k), f32(n), m, n, k, 0, 1) }},
		{"GemmF32 a", func() { gemm(f32(m*n), n, f32(m*k-1), k, f32(n*k), f32(n), m, n, k, 0, 1) }},
		{"GemmF32 b", func() { gemm(f32(m*n), n, f32(m*k), k, f32(n*k-1), f32(n), m, n, k, 0, 1) }},
		{"Rounded y", func() { rounded(f32(m*n-1), n, f32(m*k), k, f32(n*k), f32(n), m, n, k, 0, 1) }},
		{"Rounded a", func() { rounded(f32(m*n), n, f32(m*k-1), k, f32(n*k), f32(n), m, n, k, 0, 1) }},
		{"Rounded b", func() { rounded(f32(m*n), n, f32(m*k), k, f32(n*k-1), f32(n), m, n, k, 0, 1) }},
		{"Strided y", func() { strided(f32(m*n-1), n, f32(m*k), k, 1, f32(n*k), n, m, n, k, false) }},
		{"Strided a", func() { strided(f32(m*n), n, f32(m*k-1), 1, m, f32(n*k), n, m, n, k, false) }},
		{"Strided b", func() { strided(f32(m*n), n, f32(m*k), k, 1, f32(n*k-1), n, m, n, k, true) }},
		{"Strided stride", func() { strided(f32(m*n), n, f32(m*k), -1, 1, f32(n*k), n, m, n, k, true) }},
		{"DepthwiseS8 y", func() { s.DepthwiseS8(i8(2*n-1), i8(2*n+8), i8(2*n), taps, 2, n, n, 0, q) }},
		{"DepthwiseS8 x", func() { s.DepthwiseS8(i8(2*n), i8(2*n+7), i8(2*n), taps, 2, n, n, 0, q) }},
		{"DepthwiseS8 w", func() { s.DepthwiseS8(i8(2*n), i8(2*n+8), i8(2*n-1), taps, 2, n, n, 0, q) }},
		{"DepthwiseS8 tap", func() { s.DepthwiseS8(i8(2*n), i8(2*n+8), i8(2*n), []kernels.Tap{{X: -1}}, 2, n, n, 0, q) }},
		{"FixedDepthwiseS8 y", func() { fixed(i8(2*n-1), i8(2*n+8), 2, 1, 0) }},
		{"FixedDepthwiseS8 x", func() { fixed(i8(2*n), i8(2*n+7), 2, 1, 0) }},
		{"FixedDepthwiseS8 w", func() { s.FixDepthwiseS8(i8(2*n-1), taps, n, n, 0, q)(i8(2*n), i8(2*n+8), 2, 1, 0) }},
		{"DepthwiseF32 x", func() { s.DepthwiseF32.Mul(f32(2*n), f32(2*n+7), f32(2*n), f32(n), taps, 2, n, n, 0, 1) }},
		{"DepthwiseF32 bias", func() { s.DepthwiseF32.Mul(f32(2*n), f32(2*n+8), f32(2*n), f32(n-1), taps, 2, n, n, 0, 1) }},
		{"Mul scales", func() {
			mul(i8(m*n), n, i8(m*k), k, b, m, n, k, &kernels.Requant{Bias: q.Bias, Scale: f32(n - 1)})
		}},
		{"RequantS32 c", func() { s.RequantS32(i8(n), i32(n-1), q) }},
		{"DequantS32 scale", func() { s.DequantS32(f32(n), i32(n), f32(n-1), nil) }},
		{"DequantS32 bias", func() { s.DequantS32(f32(n), i32(n), f32(n), f32(n-1)) }},
		{"Lookup x", func() { s.Lookup(make([]byte, n), make([]byte, n-1), &[256]byte{}) }},
		{"LinearAddS8 b", func() { s.LinearAddS8(i8(n), i8(n), i8(n-1), &kernels.LinearAddS8{}) }},
		{"LinearMulS8 a", func() { s.LinearMulS8(i8(n), i8(n-1), i8(n), &kernels.LinearMulS8{}) }},
		{"BinaryF32 a", func() { s.BinaryF32(kernels.BinaryAdd, f32(n), f32(n-1), f32(n), 0, 1) }},
		{"BinaryF32 b", func() { s.BinaryF32(kernels.BinaryDiv, f32(n), f32(n), f32(n-1), 0, 1) }},
		{"BinaryF32 none", func() { s.BinaryF32(kernels.BinaryDiv, f32(n), f32(n), nil, 0, 1) }},
		{"UnaryF32 x", func() { s.UnaryF32(kernels.UnaryExp, f32(n), f32(n-1), 0) }},
		{"ColumnsF32 x", func() { s.ColumnsF32(kernels.ColumnSum, f32(n), f32(3*n-1), nil, nil, 3, n) }},
		{"ColumnsF32 d", func() { s.ColumnsF32(kernels.ColumnProducts, f32(n), f32(3*n), f32(3*n-1), f32(n), 3, n) }},
		{"ColumnsF32 c", func() { s.ColumnsF32(kernels.ColumnSquares, f32(n), f32(3*n), nil, f32(n-1), 3, n) }},
		{"DropF32", func() { s.DropF32(f32(n), f32(n-1), 0, &kernels.Drop{}) }},
		{"MaxPool y", func() { s.Pools.MaxF32(f32(n-1), f32(n), []int32{0}, 1, n, n) }},
		{"MaxPool tap", func() { s.Pools.MaxF32(f32(2*n), f32(3*n), []int32{0, int32(n) + 1}, 2, n, n) }},
		{"MaxPool tap before", func() { s.Pools.MaxF32(f32(n), f32(n), []int32{-1}, 1, n, n) }},
		{"MaxPoolGrad dx", func() { s.Pools.MaxGradF32(f32(n-1), f32(n), f32(n), f32(n), []int32{0}, 1, n, n) }},
		{"MaxPoolGrad dy", func() { s.Pools.MaxGradF32(f32(n), f32(n), f32(n), f32(n-1), []int32{0}, 1, n, n) }},
		{"UnaryGradF32 v", func() { s.UnaryGradF32(kernels.GradSigmoid, f32(n), f32(n-1), f32(n), 0, 0) }},
		{"UnaryGradF32 dy", func() { s.UnaryGradF32(kernels.GradGelu, f32(n), f32(n), f32(n-1), 0, 0) }},
		{"SGDF32 g", func() { s.SGDF32(f32(n), nil, f32(n-1), &kernels.SGDF32{}) }},
		{"SGDF32 m", func() { s.SGDF32(f32(n), f32(n-1), f32(n), &kernels.SGDF32{}) }},
		{"AdamF32 m", func() { s.AdamF32(f32(n), f32(n-1), f32(n), f32(n), &kernels.AdamF32{}) }},
		{"AdamF32 v", func() { s.AdamF32(f32(n), f32(n), f32(n-1), f32(n), &kernels.AdamF32{}) }},
		{"AdamF32 g", func() { s.AdamF32(f32(n), f32(n), f32(n), f32(n-1), &kernels.AdamF32{}) }},
		{"RMSpropF32 m", func() { s.RMSpropF32(f32(n), f32(n-1), f32(n), f32(n), &kernels.RMSpropF32{}) }},
		{"RMSpropF32 v", func() { s.RMSpropF32(f32(n), nil, f32(n-1), f32(n), &kernels.RMSpropF32{}) }},
		{"ExpSumF32 x", func() { s.ExpSumF32(f32(n), f32(n-1), 0, 1) }},
		{"NormF32 scale", func() { s.NormF32(f32(n), f32(n), 0, 1, f32(n-1), nil) }},
		{"NormF32 bias", func() { s.NormF32(f32(n), f32(n), 0, 1, nil, f32(n-1)) }},
		{"QuantF32 x", func() { s.QuantF32(make([]byte, n), f32(n-1), &kernels.QuantF32{Scale: 1}) }},
		{"DequantX8 x", func() { s.DequantX8(f32(n), make([]byte, n-1), true, 0, 1) }},
		{"SubS8 b", func() { s.SubS8(i8(n), i8(n), i8(n-1), &kernels.AddS8{}) }},
		{"MulS8 b", func() { s.MulS8(i8(n), i8(n), i8(n-1), &kernels.MulS8{}) }},
		{"MaxS8 a", func() { s.MaxS8(i8(n), i8(n-1), i8(n)) }},
		{"SumS8 c", func() { s.SumS8(i32(n-1), i8(n)) }},
		{"TransposeX4 x", func() { s.TransposeX4(i32(m*n), i32(m*n-1), m, n, m, n) }},
		{"TransposeX4 y", func() { s.TransposeX4(i32(m*n-1), i32(m*n), m, n, m, n) }},
		{"TransposeX1 x", func() { s.TransposeX1(i8(m*n), i8(m*n-1), m, n, m, n) }},
		{"AddS8 a", func() { s.AddS8(i8(n), i8(n-1), i8(n), &kernels.AddS8{}) }},
		{"AddS8 b", func() { s.AddS8(i8(n), i8(n), i8(n-1), &kernels.AddS8{}) }},
		{"LSTMF32 gates", func() { s.LSTMF32(f32(n), f32(n), f32(4*n-1), f32(4*n), f32(n)) }},
		{"LSTMF32 r", func() { s.LSTMF32(f32(n), f32(n), f32(4*n), f32(4*n-1), f32(n)) }},
		{"LSTMGradF32 dgates", func() { s.LSTMGradF32(f32(4*n-1), f32(n), f32(n), f32(4*n), f32(n), f32(n)) }},
		{"LSTMGradF32 was", func() { s.LSTMGradF32(f32(4*n), f32(n), f32(n), f32(4*n), f32(n), f32(n-1)) }},
		{"GRUF32 r", func() { s.GRUF32(f32(n), f32(4*n), f32(3*n-1), f32(n)) }},
		{"GRUGradF32 gates", func() { s.GRUGradF32(f32(4*n), f32(n), f32(4*n-1), f32(n)) }},
	}...) {
		if !panics(c.run) {
			t.Errorf("%s: one element short, and no panic", c.name)
		}
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return
}
