package train

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// float is the type that layers compute with.
var float = op.To{DType: tensor.F32}

// fused is what follows the sums of a product: nothing, in the arithmetic that
// is the same everywhere.
var fused = op.Epilogue{To: float, Fused: true}

// layer is what every layer has. An error in its options shows when it is built.
type layer struct {
	*config
	kind string
	err  error
}

// Kind returns Keras' name.
func (l *layer) Kind() string { return l.kind }

// newLayer reads a layer's options; see configure.
func newLayer(kind string, opts []Option, defaults config, allowed ...string) layer {
	c, err := configure(opts, defaults, allowed...)
	return layer{c, kind, err}
}

// ready reports whether the layer can be built on inputs of one of the given
// ranks, the batch counted; no ranks mean any.
func (l *layer) ready(s *Scope, in []graph.Value, inputs int, ranks ...int) bool {
	switch {
	case s.Err() != nil:
		return false
	case l.err != nil:
		s.Fail("%w", l.err)
		return false
	case len(in) != inputs && inputs > 0 || len(in) == 0:
		s.Fail("%d inputs, want %d", len(in), max(inputs, 1))
		return false
	}
	for _, r := range ranks {
		if len(s.Shape(in[0])) == r {
			return true
		}
	}
	if len(ranks) > 0 {
		s.Fail("input of shape %v, want %s", s.Shape(in[0])[1:], ranksText(ranks))
		return false
	}
	return true
}

// ranksText says what samples look like.
func ranksText(ranks []int) string {
	text := map[int]string{2: "[features]", 3: "[steps features]", 4: "[height width channels]"}
	s := ""
	for i, r := range ranks {
		if i > 0 {
			s += " or "
		}
		s += text[r]
	}
	return s
}

// positive checks sizes.
func (l *layer) positive(what string, ns ...int) {
	for _, n := range ns {
		if n < 1 && l.err == nil {
			l.err = fmt.Errorf("%s %d, want at least 1", what, n)
		}
	}
}

// dense is a Dense layer.
type dense struct {
	layer
	units int
}

// Dense multiplies the last dimension by a matrix: weighted inputs, plus a bias,
// through an activation. Weights begin as GlorotUniform, biases as zeros.
func Dense(units int, opts ...Option) Layer {
	l := &dense{newLayer("dense", opts, config{kernelInit: GlorotUniform}, "an activation", "NoBias", "KernelInitializer", "L1", "L2"), units}
	l.positive("units", units)
	return l
}

// Build adds FullyConnected and the activation.
func (l *dense) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 1) {
		return 0
	}
	return s.activate(s.dense(in[0], l.units, l.config), l.activation)
}

// dense multiplies x by a weight "kernel" and adds a "bias".
func (s *Scope) dense(x graph.Value, units int, c *config) graph.Value {
	shape := s.Shape(x)
	if len(shape) < 2 {
		return s.Fail("input of shape %v, want features", shape)
	}
	w := s.Weight("kernel", c.kernelInit, c, shape[len(shape)-1], units)
	bias := graph.None
	if !c.noBias {
		bias = s.Weight("bias", Zeros, c, units)
	}
	return s.Add(&op.FullyConnected{Turned: true, KeepDims: true, Epilogue: fused}, x, w, bias)
}

// activationLayer applies an activation.
type activationLayer struct {
	layer
}

// Activate is a layer that applies an activation.
func Activate(a Activation, opts ...Option) Layer {
	l := &activationLayer{newLayer(a.String(), opts, config{})}
	l.activation = a
	return l
}

// Build adds the activation.
func (l *activationLayer) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 1) {
		return 0
	}
	return s.activate(in[0], l.activation)
}

// embedding is an Embedding layer.
type embedding struct {
	layer
	rows, width int
}

// Embedding looks whole numbers below rows up in a table of vectors. The table
// begins uniform in ±0.05.
func Embedding(rows, width int, opts ...Option) Layer {
	l := &embedding{newLayer("embedding", opts, config{kernelInit: RandomUniform}, "KernelInitializer", "L1", "L2"), rows, width}
	l.positive("size", rows, width)
	return l
}

// Build adds a Gather.
func (l *embedding) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 1) {
		return 0
	}
	table := s.Weight("embeddings", l.kernelInit, l.config, l.rows, l.width)
	x := in[0]
	if s.b.Type(x).DType != tensor.I32 {
		x = s.Add(&op.Cast{DType: tensor.I32}, x)
	}
	return s.Add(&op.Gather{}, table, x)
}
