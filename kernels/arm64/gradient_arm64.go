package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// unaryGradF32 returns UnaryGradF32, of which functions without assembly are
// base's.
func unaryGradF32(base func(f kernels.UnaryGradFn, dx, v, dy []float32, a, b float32)) func(f kernels.UnaryGradFn, dx, v, dy []float32, a, b float32) {
	return func(f kernels.UnaryGradFn, dx, v, dy []float32, a, b float32) {
		if f > kernels.GradAbs {
			base(f, dx, v, dy, a, b)
			return
		}
		n := len(dx)
		px, pv, py := first(dx, n), first(v, n), first(dy, n)
		for i := 0; i+block <= n; i += callLength {
			gradientBlocks(f, at(px, i), at(pv, i), at(py, i), blocks(n-i), a, b)
		}
		if rest := n % block; rest > 0 {
			tv, ty := restOf(v, n), restOf(dy, n)
			gradientBlocks(f, &tv[0], &tv[0], &ty[0], 1, a, b)
			copy(dx[n-rest:], tv[:rest])
		}
	}
}

// gradientBlocks calls each function by its name, so that no operand escapes.
func gradientBlocks(f kernels.UnaryGradFn, dx, v, dy *float32, blocks int, a, b float32) {
	switch f {
	case kernels.GradSigmoid:
		unaryGradF32NEON1(dx, v, dy, blocks, elementary, a, b)
	case kernels.GradTanh:
		unaryGradF32NEON2(dx, v, dy, blocks, elementary, a, b)
	case kernels.GradElu:
		unaryGradF32NEON3(dx, v, dy, blocks, elementary, a, b)
	case kernels.GradLeakyRelu:
		unaryGradF32NEON4(dx, v, dy, blocks, elementary, a, b)
	case kernels.GradClamp:
		unaryGradF32NEON5(dx, v, dy, blocks, elementary, a, b)
	default:
		unaryGradF32NEON6(dx, v, dy, blocks, elementary, a, b)
	}
}
