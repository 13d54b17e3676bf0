package train

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Activation is a function that a layer applies to its output. The zero value
// applies none.
type Activation uint8

// The functions, with the parameters that they have in Keras 3.
const (
	Linear      Activation = iota // x
	ReLU                          // max(x, 0)
	ReLU6                         // min(max(x, 0), 6)
	LeakyReLU                     // 0.2·x where x < 0, and x: Keras 2 has 0.3, PyTorch 0.01
	ELU                           // eˣ − 1 where x < 0, and x
	SELU                          // ELU with the constants of self-normalising networks
	GELU                          // x·Φ(x), by erf
	SiLU                          // x·sigmoid(x)
	HardSwish                     // x·min(max(x + 3, 0), 6)/6: MobileNetV3's
	Sigmoid                       // 1/(1 + e⁻ˣ)
	Tanh                          // the hyperbolic tangent
	Softmax                       // eˣ divided by its sum along the last axis
	Softplus                      // log(1 + eˣ)
	activations                   // how many there are
)

// activationNames are Keras' names.
var activationNames = [activations]string{
	"linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "hard_swish", "sigmoid", "tanh", "softmax", "softplus",
}

// Constants of SELU (Klambauer et al., "Self-normalizing neural networks", 2017).
const (
	seluAlpha = 1.6732632423543772
	seluScale = 1.0507009873554805
)

// String returns Keras' name: "leaky_relu".
func (a Activation) String() string {
	if a >= activations {
		return fmt.Sprintf("activation %d", uint8(a))
	}
	return activationNames[a]
}

// ParseActivation returns the activation of a name that String returns, or of
// another that Keras knows it by.
func ParseActivation(name string) (Activation, error) {
	switch name {
	case "":
		return Linear, nil
	case "swish":
		return SiLU, nil
	case "hard_silu":
		return HardSwish, nil
	}
	for a, n := range activationNames {
		if n == name {
			return Activation(a), nil
		}
	}
	return Linear, fmt.Errorf("activation %q is not known: want one of %v", name, activationNames)
}

// op returns the operator that applies a, in training and in what is exported. It
// is nil for Linear.
func (a Activation) op() graph.Op {
	switch a {
	case ReLU:
		return &op.Clamp{Lo: 0, Hi: float32(math.Inf(1))}
	case ReLU6:
		return &op.Clamp{Lo: 0, Hi: 6}
	case LeakyReLU:
		return &op.LeakyRelu{Alpha: 0.2}
	case ELU:
		return &op.Elu{Plain: true}
	case SELU:
		return &op.Activation{F: op.ActSelu, A: seluAlpha, B: seluScale, Plain: true}
	case GELU:
		return &op.Gelu{Plain: true}
	case SiLU:
		return &op.Activation{F: op.ActSwish, A: 1}
	case HardSwish:
		return &op.HardSwish{}
	case Sigmoid:
		return &op.Logistic{Plain: true}
	case Tanh:
		return &op.Tanh{Plain: true}
	case Softmax:
		return &op.Softmax{Beta: 1, Axis: -1, Plain: true, To: op.To{DType: tensor.F32}}
	case Softplus:
		return &op.Activation{F: op.ActSoftplus, A: 1, B: 1, Plain: true}
	}
	return nil
}
