package op

import "github.com/edgeinfer/edgeinfer/kernels"

// plain returns what computes an Activation with Plain, of float32: Elu and
// LeakyRelu are those of kernels, with A; Selu is Elu with A, times B;
// HardSigmoid is a product with A, to which B is added; Softplus, where A and B are
// 1, is that of kernels. It is nil for other functions.
func (o *Activation) plain(k *kernels.Set) func(y, x []float32) {
	a, b := []float32{o.A}, []float32{o.B}
	switch o.F {
	case ActElu:
		return func(y, x []float32) { k.UnaryF32(kernels.UnaryElu, y, x, o.A) }
	case ActLeakyRelu:
		return func(y, x []float32) { k.UnaryF32(kernels.UnaryLeakyRelu, y, x, o.A) }
	case ActSelu:
		return inParts(func(y, x []float32) {
			k.UnaryF32(kernels.UnaryElu, y, x, o.A)
			k.BinaryF32(kernels.BinaryMul, y, y, b, infs[0], infs[1])
		})
	case ActHardSigmoid:
		return inParts(func(y, x []float32) {
			k.BinaryF32(kernels.BinaryMul, y, x, a, infs[0], infs[1])
			k.BinaryF32(kernels.BinaryAdd, y, y, b, 0, 1)
		})
	case ActSoftplus:
		if o.A == 1 && o.B == 1 {
			return func(y, x []float32) { k.UnaryF32(kernels.UnarySoftplus, y, x, 0) }
		}
	}
	return nil
}

// partElements is how many elements several passes go over at a time, so that
// they stay in the first-level cache.
const partElements = 2048

// inParts returns f called for parts that stay in the cache.
func inParts(f func(y, x []float32)) func(y, x []float32) {
	return func(y, x []float32) {
		for len(y) > 0 {
			n := min(len(y), partElements)
			f(y[:n], x[:n])
			y, x = y[n:], x[n:]
		}
	}
}

// plainRef is plain, element by element. It is false if there is no such function.
func (o *Activation) plainRef(y, x []float32) bool {
	var f func(x float32) float32
	switch o.F {
	case ActElu:
		f = func(x float32) float32 { return kernels.Elu(x, o.A) }
	case ActLeakyRelu:
		f = func(x float32) float32 { return kernels.LeakyRelu(x, o.A) }
	case ActSelu:
		f = func(x float32) float32 { return float32(kernels.Elu(x, o.A) * o.B) }
	case ActHardSigmoid:
		f = func(x float32) float32 { return kernels.Clamp(float32(x*o.A)+o.B, 0, 1) }
	case ActSoftplus:
		if o.A == 1 && o.B == 1 {
			f = kernels.Softplus
		}
	}
	if f != nil {
		each(y, x, f)
	}
	return f != nil
}
