package kernels

// Cells are the slots of recurrent layers: what a step does to the row of one
// sequence, element by element, and the gradient of that. Every product and
// every sum is rounded by itself, as in [Rows]. n is len(h), or len(dh).
//
// Gates lie one after the other, n elements each: of an LSTM i, f, g, o; of a
// GRU z, r, g, and then q, which is what r multiplies. No slices overlap but
// those that may be the same.
type Cells struct {
	// LSTMF32 takes gates, 4n sums of what comes from the input, adds r, the 4n
	// that come from the state, and makes them what their functions say; was is
	// the last cell state, and c may be was. It is [LSTMStep] of each element.
	LSTMF32 func(h, c, gates, r, was []float32)
	// LSTMGradF32 computes the gradients with respect to the 4n sums, from dh and
	// dc, those with respect to h and c. dc becomes the one with respect to was.
	// It is [LSTMGradStep] of each element.
	LSTMGradF32 func(dgates, dc, dh, gates, c, was []float32)
	// GRUF32 takes gates, 3n sums of what comes from the input and room for q,
	// and r, 3n sums of what comes from the state; was is the last state, and h
	// may be was. r is room to work in, too. It is [GRUStep] of each element.
	GRUF32 func(h, gates, r, was []float32)
	// GRUGradF32 computes the gradients with respect to the sums: z and r, which
	// are the same for both, g's from the input, and q. dh becomes the part of
	// the gradient with respect to was that comes by no product. It is
	// [GRUGradStep] of each element.
	GRUGradF32 func(dgates, dh, gates, was []float32)
}

// LSTMStep returns the activations of the sums of an LSTM's gates, the cell
// state f·was + i·g and the output o·tanh(c).
func LSTMStep(i, f, g, o, was float32) (ai, af, ag, ao, c, h float32) {
	ai, af, ag, ao = Sigmoid(i), Sigmoid(f), Tanh(g), Sigmoid(o)
	c = float32(af*was) + float32(ai*ag)
	return ai, af, ag, ao, c, float32(ao * Tanh(c))
}

// LSTMGradStep returns the gradients with respect to an LSTM's sums and to was,
// from activations and those with respect to h and c:
//
//	dc' = dc + (1 − tanh²c)·o·dh     dwas = dc'·f
//	di = (1 − i)·i·g·dc'             df = (1 − f)·f·was·dc'
//	dg = (1 − g²)·i·dc'              do = (1 − o)·o·tanh c·dh
//
// products being taken from left to right.
func LSTMGradStep(i, f, g, o, c, was, dh, dc float32) (di, df, dg, do, dwas float32) {
	t := Tanh(c)
	dc += float32(float32((1-float32(t*t))*o) * dh)
	di = float32(float32(float32((1-i)*i)*g) * dc)
	df = float32(float32(float32((1-f)*f)*was) * dc)
	dg = float32(float32((1-float32(g*g))*i) * dc)
	do = float32(float32(float32((1-o)*o)*t) * dh)
	return di, df, dg, do, float32(dc * f)
}

// GRUStep returns the activations of the sums of a GRU's gates, of input and
// state, and the output: g is tanh(g + r·q), and h is z·was + (1 − z)·g.
func GRUStep(z, r, g, zs, rs, q, was float32) (az, ar, ag, h float32) {
	az, ar = Sigmoid(z+zs), Sigmoid(r+rs)
	ag = Tanh(g + float32(ar*q))
	return az, ar, ag, float32(az*was) + float32((1-az)*ag)
}

// GRUGradStep returns the gradients with respect to a GRU's sums, and dh·z:
//
//	dg = (1 − g²)·(1 − z)·dh         dr = (1 − r)·r·q·dg
//	dz = (1 − z)·z·(was − g)·dh      dq = dg·r
//
// products being taken from left to right.
func GRUGradStep(z, r, g, q, was, dh float32) (dz, dr, dg, dq, dwas float32) {
	dg = float32(float32((1-float32(g*g))*(1-z)) * dh)
	dz = float32(float32(float32((1-z)*z)*(was-g)) * dh)
	dr = float32(float32(float32((1-r)*r)*q) * dg)
	return dz, dr, dg, float32(dg * r), float32(dh * z)
}
