package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// pairF32 is a clamped function of two float32. k is nil for Ref.
//
//go:noinline
func pairF32(f kernels.BinaryFn, lo, hi float32, k *kernels.Set) pair[float32, float32, float32] {
	p := pair[float32, float32, float32]{f: func(a, b float32) float32 { return clamp32(f.Of(a, b), lo, hi) }}
	if k != nil {
		p.ones = true
		p.run = func(y, a, b []float32) { k.BinaryF32(f, y, a, b, lo, hi) }
	}
	return p
}

// unboundedF32 is pairF32 without a clamp.
func unboundedF32(f kernels.BinaryFn, k *kernels.Set) pair[float32, float32, float32] {
	return pairF32(f, infs[0], infs[1], k)
}

// infs are the bounds of what has none.
var infs = [2]float32{float32(math.Inf(-1)), float32(math.Inf(1))}

// pairKernel names what computes an operator that has kernels for float32 and
// int8.
func (p *Prep) pairKernel() string {
	if d := p.In[0].DType; d == tensor.F32 || d == tensor.I8 {
		return p.Kernels.Name
	}
	return "go"
}
