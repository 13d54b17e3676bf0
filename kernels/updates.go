package kernels

import "math"

// Updates are the slots of optimisers: each changes weights and what is kept
// beside them, element by element. Every operation is rounded by itself, square
// roots and quotients are exact ones, and the Next of each parameter type is the
// definition. Operands are as long as w at least, and share no memory.
type Updates struct {
	// SGDF32 computes w[i], m[i] = p.Next(w[i], m[i], g[i]). m may be nil: there
	// is no momentum then, and w[i] is p.Plain(w[i], g[i]).
	SGDF32 func(w, m, g []float32, p *SGDF32)
	// AdamF32 computes w[i], m[i], v[i] = p.Next(w[i], m[i], v[i], g[i]).
	AdamF32 func(w, m, v, g []float32, p *AdamF32)
	// RMSpropF32 computes w[i], m[i], v[i] = p.Next(w[i], m[i], v[i], g[i]). m
	// may be nil: there is no momentum then, as if each m[i] were +0 before.
	RMSpropF32 func(w, m, v, g []float32, p *RMSpropF32)
}

// SGDF32 are the parameters of a step of gradient descent. The assembly knows
// the fields by their place, as those of the types below.
type SGDF32 struct {
	Scale    float32 // of the gradient
	L2       float32 // what the weight adds to the gradient
	Keep     float32 // what is left of the weight: 1 − rate·decay
	Rate     float32
	Momentum float32
	Nesterov bool
}

// gradient returns (g·Scale) + (L2·w).
func gradient(w, g, scale, l2 float32) float32 { return float32(g*scale) + float32(l2*w) }

// Plain returns w·Keep − Rate·gradient.
func (p *SGDF32) Plain(w, g float32) float32 {
	g = gradient(w, g, p.Scale, p.L2)
	return float32(w*p.Keep) - float32(p.Rate*g)
}

// Next returns the weight and its velocity, m: with d = Rate·gradient, m becomes
// Momentum·m − d, and w·Keep + m the weight or, if Nesterov is true, w·Keep +
// (Momentum·m − d).
func (p *SGDF32) Next(w, m, g float32) (float32, float32) {
	d := float32(p.Rate * gradient(w, g, p.Scale, p.L2))
	w, m = float32(w*p.Keep), float32(p.Momentum*m)-d
	if p.Nesterov {
		return w + (float32(p.Momentum*m) - d), m
	}
	return w + m, m
}

// AdamF32 are the parameters of a step of Adam.
type AdamF32 struct {
	Scale, L2, Keep float32 // as in SGDF32
	Rate            float32 // divided by what corrects the mean's bias
	Mean, Square    float32 // what of the new counts: 1 − β₁, 1 − β₂
	Root            float32 // corrects the bias of the square root
	Epsilon         float32
}

// Next returns the weight and the running means of gradients, m, and of their
// squares, v: m + Mean·(g − m), v + Square·(g·g − v), and
// w·Keep − (Rate·m)/(√v·Root + Epsilon).
func (p *AdamF32) Next(w, m, v, g float32) (float32, float32, float32) {
	g = gradient(w, g, p.Scale, p.L2)
	m += float32(p.Mean * (g - m))
	v += float32(p.Square * (float32(g*g) - v))
	d := float32(p.Rate*m) / (float32(sqrt(v)*p.Root) + p.Epsilon)
	return float32(w*p.Keep) - d, m, v
}

// RMSpropF32 are the parameters of a step of RMSprop.
type RMSpropF32 struct {
	Scale, L2, Keep float32 // as in SGDF32
	Rate, Square    float32 // as in AdamF32
	Momentum        float32
	Epsilon         float32
}

// Next returns the weight, its velocity, m, and the running mean of squares of
// gradients, v: v + Square·(g·g − v), Momentum·m + (Rate·g)/√(v + Epsilon), and
// w·Keep − m.
func (p *RMSpropF32) Next(w, m, v, g float32) (float32, float32, float32) {
	g = gradient(w, g, p.Scale, p.L2)
	v += float32(p.Square * (float32(g*g) - v))
	m = float32(p.Momentum*m) + float32(p.Rate*g)/sqrt(v+p.Epsilon)
	return float32(w*p.Keep) - m, m, v
}

// sqrt returns the square root, rounded once: the root of a float32 in float64
// is never midway between two float32.
func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
