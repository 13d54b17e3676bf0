package train

import (
	"fmt"
	"slices"
	"strings"
)

// Option sets something about a layer. An option that a layer has no use for is
// an error when the model is made.
type Option interface{ apply(c *config) }

// option is an Option with its name.
type option struct {
	name string
	set  func(c *config)
}

func (o option) apply(c *config) {
	c.given = append(c.given, o.name)
	o.set(c)
}

// apply makes an activation an option.
func (a Activation) apply(c *config) {
	option{"an activation", func(c *config) { c.activation = a }}.apply(c)
}

// config is what options say.
type config struct {
	given []string // names of options

	name                    string
	activation              Activation
	noBias                  bool
	kernelInit              Initializer
	stride, dilation        [2]int
	same                    bool
	groups, depthMultiplier int
	l1, l2                  float32
	returnSequences         bool
	stateful, backwards     bool
	momentum, epsilon       float64
	causal                  bool
	dropout                 float64
	bilinear                bool
}

// configure returns what the options of a layer of the given kind say. allowed
// names the options that it has.
func configure(opts []Option, defaults config, allowed ...string) (*config, error) {
	c := defaults
	if c.stride == [2]int{} {
		c.stride = [2]int{1, 1}
	}
	c.dilation, c.groups, c.depthMultiplier = [2]int{1, 1}, 1, 1
	for _, o := range opts {
		o.apply(&c)
	}
	allowed = append(allowed, "Name")
	for _, g := range c.given {
		if !slices.Contains(allowed, g) {
			return &c, fmt.Errorf("%s means nothing to it; it takes %s", g, strings.Join(allowed, ", "))
		}
	}
	return &c, nil
}

func (c *config) layerName() string { return c.name }

// Name gives a layer a name of its own.
func Name(name string) Option { return option{"Name", func(c *config) { c.name = name }} }

// NoBias leaves the bias out.
var NoBias Option = option{"NoBias", func(c *config) { c.noBias = true }}

// KernelInitializer says how the weights begin.
func KernelInitializer(i Initializer) Option {
	return option{"KernelInitializer", func(c *config) { c.kernelInit = i }}
}

// Strides says how far filters move: one number for both directions, or height
// and width.
func Strides(n ...int) Option {
	return option{"Strides", func(c *config) { c.stride = pairOf(n) }}
}

// DilationRate spreads filters: one number for both directions, or height and
// width.
func DilationRate(n ...int) Option {
	return option{"DilationRate", func(c *config) { c.dilation = pairOf(n) }}
}

func pairOf(n []int) [2]int {
	switch len(n) {
	case 1:
		return [2]int{n[0], n[0]}
	case 2:
		return [2]int{n[0], n[1]}
	}
	return [2]int{}
}

// Same pads an image so that filters with a stride of 1 keep its size.
var Same Option = option{"Same", func(c *config) { c.same = true }}

// Groups divides a convolution's channels into groups of their own.
func Groups(n int) Option { return option{"Groups", func(c *config) { c.groups = n }} }

// DepthMultiplier says how many filters each channel has.
func DepthMultiplier(n int) Option {
	return option{"DepthMultiplier", func(c *config) { c.depthMultiplier = n }}
}

// L1 adds λ·Σ|w| of the layer's weights, not its bias, to the loss.
func L1(lambda float64) Option { return option{"L1", func(c *config) { c.l1 = float32(lambda) }} }

// L2 adds λ·Σw² of the layer's weights, not its bias, to the loss.
func L2(lambda float64) Option { return option{"L2", func(c *config) { c.l2 = float32(lambda) }} }

// ReturnSequences makes a recurrent layer return what it gives after each step,
// not only after the last.
var ReturnSequences Option = option{"ReturnSequences", func(c *config) { c.returnSequences = true }}

// Stateful makes a recurrent layer go on where the last batch ended: sample i of
// a batch continues sample i of the one before. ResetStates begins anew.
var Stateful Option = option{"Stateful", func(c *config) { c.stateful = true }}

// GoBackwards makes a recurrent layer read its sequence from the end.
var GoBackwards Option = option{"GoBackwards", func(c *config) { c.backwards = true }}

// Momentum is how much of running means stays from batch to batch.
func Momentum(m float64) Option { return option{"Momentum", func(c *config) { c.momentum = m }} }

// Epsilon is added to variances.
func Epsilon(e float64) Option { return option{"Epsilon", func(c *config) { c.epsilon = e }} }

// Causal hides from each position what comes after it.
var Causal Option = option{"Causal", func(c *config) { c.causal = true }}

// DropoutRate is the rate of dropout within a block.
func DropoutRate(rate float64) Option {
	return option{"DropoutRate", func(c *config) { c.dropout = rate }}
}

// Bilinear makes UpSampling interpolate.
var Bilinear Option = option{"Bilinear", func(c *config) { c.bilinear = true }}
