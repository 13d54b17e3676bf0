package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Bounds clamp an operator's result to [Lo, Hi]. The zero Bounds don't. TFLite
// clamps floats always, if only to the finite numbers: see
// quant.ActivationRangeFloat. NaN passes.
type Bounds struct{ Lo, Hi float32 }

// Activated returns the bounds of a fused activation.
func Activated(a quant.Activation) Bounds {
	lo, hi := quant.ActivationRangeFloat(a)
	return Bounds{lo, hi}
}

// valid says what keeps b from being bounds.
func (b Bounds) valid() error {
	if !(b.Lo <= b.Hi) {
		return errorf("bounds %v to %v: want a lower and an upper one", b.Lo, b.Hi)
	}
	return nil
}

// floats returns b for float32.
func (b Bounds) floats() (lo, hi float32) {
	if b == (Bounds{}) {
		return float32(math.Inf(-1)), float32(math.Inf(1))
	}
	return b.Lo, b.Hi
}

// quantised returns b for elements of type t, an integer with a scale.
func (b Bounds) quantised(t tensor.Type) (lo, hi int32) {
	l, h := t.DType.Range()
	if b == (Bounds{}) {
		return int32(l), int32(h)
	}
	scale, zero := scaleZero(t)
	return quant.QuantizeF32(b.Lo, scale, zero, int32(l), int32(h)), quant.QuantizeF32(b.Hi, scale, zero, int32(l), int32(h))
}

// integers returns b for plain integers that have a range of [lo, hi].
func (b Bounds) integers(lo, hi int64) (int64, int64) {
	if b == (Bounds{}) {
		return lo, hi
	}
	if l := math.Ceil(float64(b.Lo)); l > float64(lo) {
		lo = int64(l)
	}
	if h := math.Floor(float64(b.Hi)); h < float64(hi) {
		hi = int64(h)
	}
	return lo, hi
}

// then returns the bounds that clamp first to b and then to [lo, hi].
func (b Bounds) then(lo, hi float32) Bounds {
	l, h := b.floats()
	return Bounds{kernels.Clamp(l, lo, hi), kernels.Clamp(h, lo, hi)}
}

// Bounded is implemented by operators that may do no more than to clamp real
// numbers to [lo, hi]: they can be fused into what comes before.
type Bounded interface {
	Bounds() (lo, hi float32, ok bool)
}

// fuseBounds returns b with next's bounds on top, if next only clamps and a
// clamp of type t, which the output has, is the same thing.
func fuseBounds(b Bounds, next graph.Op, t tensor.Type) (Bounds, bool) {
	c, ok := next.(Bounded)
	if !ok || t.DType != tensor.F32 && !quantised(t.DType) {
		return b, false
	}
	lo, hi, ok := c.Bounds()
	if !ok || !(lo <= hi) {
		return b, false
	}
	return b.then(lo, hi), true
}

// clamp32 is kernels.Clamp without branches, which random signs mislead.
func clamp32(x, lo, hi float32) float32 {
	u := math.Float32bits(x)
	if x < lo {
		u = math.Float32bits(lo)
	}
	if x > hi {
		u = math.Float32bits(hi)
	}
	return math.Float32frombits(u)
}
