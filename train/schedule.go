package train

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
)

// Schedule returns what the learning rate is multiplied by after so many epochs,
// which a step makes a fraction of: 1.5 is halfway through the second.
type Schedule func(epochs float64) float64

// StepDecay multiplies the rate by factor each time that so many epochs have
// passed.
func StepDecay(epochs, factor float64) Schedule {
	return func(e float64) float64 { return quant.Pow64(factor, math.Floor(e/epochs)) }
}

// ExponentialDecay multiplies the rate by factor over so many epochs, little by
// little.
func ExponentialDecay(epochs, factor float64) Schedule {
	return func(e float64) float64 { return quant.Pow64(factor, e/epochs) }
}

// CosineDecay brings the rate down to the share alpha within so many epochs, along
// half a cosine (Loshchilov and Hutter, SGDR, 2017).
func CosineDecay(epochs, alpha float64) Schedule {
	return func(e float64) float64 {
		c := .5 * (1 + quant.Cos64(math.Pi*min(e/epochs, 1)))
		return float64((1-alpha)*c) + alpha
	}
}

// WarmUp lets the rate rise from 0 within so many epochs, and then follows next,
// which may be nil.
func WarmUp(epochs float64, next Schedule) Schedule {
	return func(e float64) float64 {
		switch {
		case e < epochs:
			return e / epochs
		case next == nil:
			return 1
		}
		return next(e - epochs)
	}
}
