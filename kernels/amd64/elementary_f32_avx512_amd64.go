//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// unaryF32Slices512 is UnaryF32. The assembly masks what is past the last
// element.
func unaryF32Slices512(f kernels.UnaryFn, y, x []float32, a float32) {
	need(len(x), len(y))
	for len(y) > 0 {
		n := min(len(y), callUnary)
		unary512(f, &y[0], &x[0], n, a)
		y, x = y[n:], x[n:]
	}
}

// unary512 calls each function by its name, so that no operand escapes.
func unary512(f kernels.UnaryFn, y, x *float32, n int, a float32) {
	switch f {
	case kernels.UnaryExp:
		expF32AVX512(y, x, n, elementary)
	case kernels.UnarySigmoid:
		sigmoidF32AVX512(y, x, n, elementary)
	case kernels.UnaryTanh:
		tanhF32AVX512(y, x, n, elementary)
	case kernels.UnaryErf:
		erfF32AVX512(y, x, n, elementary)
	case kernels.UnaryGelu:
		geluF32AVX512(y, x, n, elementary)
	case kernels.UnaryGeluTanh:
		geluTanhF32AVX512(y, x, n, elementary)
	case kernels.UnarySwish:
		swishF32AVX512(y, x, n, elementary, a)
	case kernels.UnaryElu:
		eluF32AVX512(y, x, n, elementary, a)
	case kernels.UnaryLeakyRelu:
		leakyReluF32AVX512(y, x, n, elementary, a)
	case kernels.UnarySoftplus:
		softplusF32AVX512(y, x, n, elementary)
	default:
		hardSwishF32AVX512(y, x, n, elementary)
	}
}

// expSumF32Slices512 is ExpSumF32.
func expSumF32Slices512(y, x []float32, top, beta float32) float32 {
	need(len(x), len(y))
	var sums [kernels.Lanes]float32
	for len(y) > 0 {
		n := min(len(y), callUnary)
		expSumF32AVX512(&y[0], &x[0], n, elementary, top, beta, &sums)
		y, x = y[n:], x[n:]
	}
	return foldSumF32(&sums)
}

//go:noescape
func expF32AVX512(y, x *float32, n int, t *elementaryTable)

//go:noescape
func sigmoidF32AVX512(y, x *float32, n int, t *elementaryTable)

//go:noescape
func tanhF32AVX512(y, x *float32, n int, t *elementaryTable)

//go:noescape
func erfF32AVX512(y, x *float32, n int, t *elementaryTable)

//go:noescape
func geluF32AVX512(y, x *float32, n int, t *elementaryTable)

//go:noescape
func geluTanhF32AVX512(y, x *float32, n int, t *elementaryTable)

//go:noescape
func swishF32AVX512(y, x *float32, n int, t *elementaryTable, a float32)

//go:noescape
func hardSwishF32AVX512(y, x *float32, n int, t *elementaryTable)

//go:noescape
func eluF32AVX512(y, x *float32, n int, t *elementaryTable, a float32)

//go:noescape
func leakyReluF32AVX512(y, x *float32, n int, t *elementaryTable, a float32)

//go:noescape
func softplusF32AVX512(y, x *float32, n int, t *elementaryTable)

//go:noescape
func expSumF32AVX512(y, x *float32, n int, t *elementaryTable, top, beta float32, sums *[kernels.Lanes]float32)
