package tasks

import "github.com/edgeinfer/edgeinfer/quant"

// Activation says what turns a model's outputs into scores of 0 to 1.
type Activation int

// The activations.
const (
	Auto    Activation = iota // look at the numbers whether they are scores already
	None                      // they are scores already
	Sigmoid                   // of each number
	Softmax                   // over classes
)

var activationNames = []string{"auto", "none", "sigmoid", "softmax"}

func (a Activation) String() string { return activationNames[a] }

func sigmoid(x float32) float32 { return quant.Sigmoid32(x) }

// logit is the number whose sigmoid is p, within 0 and 1: where a threshold of
// scores lies among what Sigmoid takes.
func logit(p float32) float32 { return float32(quant.Log64(float64(p)) - quant.Log64(1-float64(p))) }

// apply turns the scores of one box or picture into dst, which may be x.
func (a Activation) apply(dst, x []float32) {
	switch a {
	case Sigmoid:
		for i, v := range x {
			dst[i] = sigmoid(v)
		}
	case Softmax:
		softmax(dst, x)
	default:
		copy(dst, x)
	}
}

// softmax is e^(x-max)/Σ e^(x-max). A NaN makes all NaN.
func softmax(dst, x []float32) {
	if len(x) == 0 {
		return
	}
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	sum := 0.0
	e := make([]float64, len(x))
	for i, v := range x {
		e[i] = quant.Exp64(float64(v) - float64(top))
		sum += e[i]
	}
	for i := range e {
		dst[i] = float32(e[i] / sum)
	}
}

// within reports whether all numbers are from 0 to 1, with some tolerance for
// quantisation.
func within01(x []float32) bool {
	const slack = 1e-3
	for _, v := range x {
		if !(v >= -slack && v <= 1+slack) {
			return false
		}
	}
	return true
}
