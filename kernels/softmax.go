package kernels

import "math"

// SoftmaxTop bounds the greatest element of a softmax: of nothing but −∞
// differences are −∞ then, and not NaN.
func SoftmaxTop(greatest float32) float32 { return max(greatest, -math.MaxFloat32) }

// SoftmaxFloor returns what elements of a softmax are raised to at least, and the
// exponential of that, which is taken from each, so that those become 0.
// Exponentials are e⁻⁸⁰ or more then: numbers next to 0 (subnormal ones) take CPUs
// long. Where the greatest element is so large that there is no such floor, it is
// −∞.
func SoftmaxFloor(top, beta float32) (floor, least float32) {
	floor = top - 80/beta
	if least = Exp(float32((floor - top) * beta)); !(least < 1e-30) {
		return float32(math.Inf(-1)), 0
	}
	return floor, least
}

// SoftmaxRow is the definition of a row of Rows.SoftmaxF32.
func SoftmaxRow(y, x []float32, beta float32) {
	greatest := float32(math.Inf(-1))
	for _, v := range x {
		greatest = BinaryMax.Of(v, greatest)
	}
	top := SoftmaxTop(greatest)
	floor, least := SoftmaxFloor(top, beta)
	var sums [Lanes]float32
	for i, v := range x {
		y[i] = Exp(float32((BinaryMax.Of(v, floor) - top) * beta))
		sums[i%Lanes] += y[i]
	}
	inverse := 1 / Fold(&sums)
	for i, v := range y[:len(x)] {
		y[i] = float32((v - least) * inverse)
	}
}
