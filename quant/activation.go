package quant

import (
	"fmt"
	"math"
)

// Activation is a function fused into an operator, numbered as in TFLite's
// schema.
type Activation uint8

// The activations of the schema. The kernels clamp for the ReLUs and, like the
// reference, leave Tanh and SignBit to whoever rejects or handles them.
const (
	None Activation = iota
	ReLU
	ReLUN1To1
	ReLU6
	Tanh
	SignBit
)

var activationNames = [...]string{"NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT"}

// String returns the schema's name.
func (a Activation) String() string {
	if int(a) < len(activationNames) {
		return activationNames[a]
	}
	return fmt.Sprintf("Activation(%d)", uint8(a))
}

// ActivationRange returns the range of quantised outputs that act leaves of
// [lo, hi], the range of the output's type (CalculateActivationRangeQuantized).
// It uses the first scale and zero point of p; nil or empty p gives [lo, hi].
// A bound beyond int32 saturates, where the reference refuses the model.
func ActivationRange(act Activation, p *Params, lo, hi int32) (int32, int32) {
	if p == nil || len(p.Scale) == 0 || len(p.Zero) == 0 {
		return lo, hi
	}
	bound := func(x float32) int32 {
		return QuantizeF32(x, p.Scale[0], p.Zero[0], math.MinInt32, math.MaxInt32)
	}
	switch act {
	case ReLU:
		return max(lo, bound(0)), hi
	case ReLU6:
		return max(lo, bound(0)), min(hi, bound(6))
	case ReLUN1To1:
		return max(lo, bound(-1)), min(hi, bound(1))
	}
	return lo, hi
}

// ActivationRangeFloat returns the range to which act clamps a float32. Without
// an activation it is that of the finite numbers: the reference's kernels, which
// clamp always, turn an infinity into the largest number.
func ActivationRangeFloat(act Activation) (float32, float32) {
	switch act {
	case ReLU:
		return 0, math.MaxFloat32
	case ReLU6:
		return 0, 6
	case ReLUN1To1:
		return -1, 1
	}
	return -math.MaxFloat32, math.MaxFloat32
}
