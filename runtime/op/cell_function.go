package op

import (
	"strings"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
)

// CellFunction is an activation function of ONNX's RNN, GRU and LSTM.
type CellFunction struct {
	Name        string // in lower case
	Alpha, Beta float32
}

// cellFunctions are the functions by name, with their defaults.
var cellFunctions = map[string]struct {
	alpha, beta       float32
	hasAlpha, hasBeta bool
	f                 func(x, alpha, beta float64) float64
}{
	"relu":            {f: func(x, _, _ float64) float64 { return positivePart(x) }},
	"tanh":            {f: func(x, _, _ float64) float64 { return quant.Tanh64(x) }},
	"sigmoid":         {f: func(x, _, _ float64) float64 { return quant.Sigmoid64(x) }},
	"softsign":        {f: func(x, _, _ float64) float64 { return x / (1 + max(x, -x)) }},
	"softplus":        {f: func(x, _, _ float64) float64 { return positivePart(x) + quant.Log64(1+quant.Exp64(-max(x, -x))) }},
	"affine":          {1, 0, true, true, func(x, a, b float64) float64 { return float64(a*x) + b }},
	"leakyrelu":       {0.01, 0, true, false, func(x, a, _ float64) float64 { return negativeOr(x, float64(a*x)) }},
	"thresholdedrelu": {1, 0, true, false, thresholdedRelu},
	"scaledtanh":      {1, 1, true, true, func(x, a, b float64) float64 { return a * quant.Tanh64(b*x) }},
	"hardsigmoid":     {0.2, 0.5, true, true, func(x, a, b float64) float64 { return max(0, min(1, float64(a*x)+b)) }},
	"elu":             {1, 0, true, false, func(x, a, _ float64) float64 { return negativeOr(x, a*quant.Expm164(x)) }},
}

func positivePart(x float64) float64 { return negativeOr(x, 0) }

// negativeOr returns y for negative x, and x otherwise.
func negativeOr(x, y float64) float64 {
	if x < 0 {
		return y
	}
	return x
}

func thresholdedRelu(x, alpha, _ float64) float64 {
	if x <= alpha {
		return 0
	}
	return x
}

// CellFunctions returns the functions of the given names. Those that have an
// alpha or a beta take the next of alphas and betas, as long as there are any.
func CellFunctions(names []string, alphas, betas []float32) ([]CellFunction, error) {
	fs := make([]CellFunction, len(names))
	for i, name := range names {
		f := CellFunction{Name: strings.ToLower(name)}
		k, ok := cellFunctions[f.Name]
		if !ok {
			return nil, Unsupported("activation %q", name)
		}
		f.Alpha, f.Beta = k.alpha, k.beta
		if k.hasAlpha && len(alphas) > 0 {
			f.Alpha, alphas = alphas[0], alphas[1:]
		}
		if k.hasBeta && len(betas) > 0 {
			f.Beta, betas = betas[0], betas[1:]
		}
		fs[i] = f
	}
	return fs, nil
}

// cellFunctions32 returns a direction's functions over slices. The first two
// clip to ±clip before, unless that is 0; the third is of cells. set is nil for
// plain Go. Functions that the kernels have not are computed in float64 and
// rounded once.
func cellFunctions32(fs []CellFunction, clip float32, set *kernels.Set) []func(xs []float32) {
	out := make([]func(xs []float32), len(fs))
	for i, f := range fs {
		out[i] = cellSlice32(f, set)
		if g := out[i]; clip > 0 && i < 2 {
			out[i] = func(xs []float32) {
				for i, x := range xs {
					xs[i] = max(-clip, min(clip, x))
				}
				g(xs)
			}
		}
	}
	return out
}

func cellSlice32(f CellFunction, set *kernels.Set) func(xs []float32) {
	switch f.Name {
	case "sigmoid":
		return cellKernel32(kernels.UnarySigmoid, set)
	case "tanh":
		return cellKernel32(kernels.UnaryTanh, set)
	}
	g, a, b := cellFunctions[f.Name].f, float64(f.Alpha), float64(f.Beta)
	return func(xs []float32) {
		for i, x := range xs {
			xs[i] = float32(g(float64(x), a, b))
		}
	}
}

// cellKernel32 is a function that the kernels have.
func cellKernel32(f kernels.UnaryFn, set *kernels.Set) func(xs []float32) {
	if set != nil {
		return func(xs []float32) { set.UnaryF32(f, xs, xs, 0) }
	}
	return func(xs []float32) {
		for i, x := range xs {
			xs[i] = f.Of(x, 0)
		}
	}
}

// cellFunctions64 is cellFunctions32 for float64.
func cellFunctions64(fs []CellFunction, clip float32) []func(xs []float64) {
	out := make([]func(xs []float64), len(fs))
	for i, f := range fs {
		g, a, b, bound := cellFunctions[f.Name].f, float64(f.Alpha), float64(f.Beta), float64(clip)
		clips := clip > 0 && i < 2
		out[i] = func(xs []float64) {
			for i, x := range xs {
				if clips {
					x = max(-bound, min(bound, x))
				}
				xs[i] = g(x, a, b)
			}
		}
	}
	return out
}
