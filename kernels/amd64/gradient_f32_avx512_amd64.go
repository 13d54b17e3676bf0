//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// unaryGradF32Slices512 is UnaryGradF32. The assembly masks what is past the
// last element.
func unaryGradF32Slices512(f kernels.UnaryGradFn, dx, v, dy []float32, a, b float32) {
	need(min(len(v), len(dy)), len(dx))
	for len(dx) > 0 {
		n := min(len(dx), callUnary)
		unaryGrad512(f, &dx[0], &v[0], &dy[0], n, a, b)
		dx, v, dy = dx[n:], v[n:], dy[n:]
	}
}

// unaryGrad512 calls each function by its name, so that no operand escapes.
func unaryGrad512(f kernels.UnaryGradFn, dx, v, dy *float32, n int, a, b float32) {
	switch f {
	case kernels.GradSigmoid:
		sigmoidGradF32AVX512(dx, v, dy, n, elementary, a, b)
	case kernels.GradTanh:
		tanhGradF32AVX512(dx, v, dy, n, elementary, a, b)
	case kernels.GradElu:
		eluGradF32AVX512(dx, v, dy, n, elementary, a, b)
	case kernels.GradLeakyRelu:
		leakyReluGradF32AVX512(dx, v, dy, n, elementary, a, b)
	case kernels.GradClamp:
		clampGradF32AVX512(dx, v, dy, n, elementary, a, b)
	case kernels.GradAbs:
		absGradF32AVX512(dx, v, dy, n, elementary, a, b)
	case kernels.GradHardSwish:
		hardSwishGradF32AVX512(dx, v, dy, n, elementary, a, b)
	case kernels.GradSoftplus:
		softplusGradF32AVX512(dx, v, dy, n, elementary, a, b)
	case kernels.GradSwish:
		swishGradF32AVX512(dx, v, dy, n, elementary, a, b)
	case kernels.GradGelu:
		geluGradF32AVX512(dx, v, dy, n, elementary, a, b)
	default:
		geluTanhGradF32AVX512(dx, v, dy, n, elementary, a, b)
	}
}

//go:noescape
func sigmoidGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)

//go:noescape
func tanhGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)

//go:noescape
func eluGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)

//go:noescape
func leakyReluGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)

//go:noescape
func clampGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)

//go:noescape
func absGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)

//go:noescape
func hardSwishGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)

//go:noescape
func softplusGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)

//go:noescape
func swishGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)

//go:noescape
func geluGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)

//go:noescape
func geluTanhGradF32AVX512(dx, v, dy *float32, n int, t *elementaryTable, a, b float32)
