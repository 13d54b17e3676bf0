//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// unaryGradF32Slices is UnaryGradF32. The last elements, fewer than eight, pass
// through copies.
func unaryGradF32Slices(f kernels.UnaryGradFn, dx, v, dy []float32, a, b float32) {
	need(min(len(v), len(dy)), len(dx))
	for len(dx) >= 8 {
		n := min(len(dx), callUnary) &^ 7
		unaryGradEights(f, &dx[0], &v[0], &dy[0], n/8, a, b)
		dx, v, dy = dx[n:], v[n:], dy[n:]
	}
	if len(dx) > 0 {
		var tv, ty [8]float32
		copy(tv[:], v[:len(dx)])
		copy(ty[:], dy[:len(dx)])
		unaryGradEights(f, &tv[0], &tv[0], &ty[0], 1, a, b)
		copy(dx, tv[:])
	}
}

// unaryGradEights calls each function by its name, so that no operand escapes.
func unaryGradEights(f kernels.UnaryGradFn, dx, v, dy *float32, eights int, a, b float32) {
	switch f {
	case kernels.GradSigmoid:
		sigmoidGradF32AVX2(dx, v, dy, eights, elementary, a, b)
	case kernels.GradTanh:
		tanhGradF32AVX2(dx, v, dy, eights, elementary, a, b)
	case kernels.GradElu:
		eluGradF32AVX2(dx, v, dy, eights, elementary, a, b)
	case kernels.GradLeakyRelu:
		leakyReluGradF32AVX2(dx, v, dy, eights, elementary, a, b)
	case kernels.GradClamp:
		clampGradF32AVX2(dx, v, dy, eights, elementary, a, b)
	case kernels.GradAbs:
		absGradF32AVX2(dx, v, dy, eights, elementary, a, b)
	case kernels.GradHardSwish:
		hardSwishGradF32AVX2(dx, v, dy, eights, elementary, a, b)
	case kernels.GradSoftplus:
		softplusGradF32AVX2(dx, v, dy, eights, elementary, a, b)
	case kernels.GradSwish:
		swishGradF32AVX2(dx, v, dy, eights, elementary, a, b)
	case kernels.GradGelu:
		geluGradF32AVX2(dx, v, dy, eights, elementary, a, b)
	default:
		geluTanhGradF32AVX2(dx, v, dy, eights, elementary, a, b)
	}
}

//go:noescape
func sigmoidGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)

//go:noescape
func tanhGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)

//go:noescape
func eluGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)

//go:noescape
func leakyReluGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)

//go:noescape
func clampGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)

//go:noescape
func absGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)

//go:noescape
func hardSwishGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)

//go:noescape
func softplusGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)

//go:noescape
func swishGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)

//go:noescape
func geluGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)

//go:noescape
func geluTanhGradF32AVX2(dx, v, dy *float32, eights int, t *elementaryTable, a, b float32)
