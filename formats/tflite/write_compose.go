package tflite

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/lower"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// composing replaces operators that TensorFlow Lite lacks.
type composing struct {
	unroll bool // recurrent layers
}

// reluOp is RELU.
func reluOp() *op.Clamp { return &op.Clamp{Hi: float32(math.Inf(1))} }

// toF32 is the output's type of operators on floats.
var toF32 = op.To{DType: tensor.F32}

// compose returns what computes o's output, nil if files can say it.
func (k *composing) compose(c *lower.Composer, o graph.Op, in []graph.Value) ([]graph.Value, error) {
	var y graph.Value
	var err error
	none := graph.Value(-2) // not composed
	switch o := o.(type) {
	case *op.Conv2D:
		y, err = composeConv(c, *o, in, none)
	case *op.DepthwiseConv2D:
		y, err = composeDepthwise(c, *o, in, none)
	case *op.TransposeConv:
		y, err = composeSpread(c, *o, in, none)
	case *op.FullyConnected:
		y = composeDense(c, *o, in, none)
	case *op.MaxPool2D:
		y, err = composeMaxPool(c, *o, in, none)
	case *op.AveragePool2D:
		y, err = composeAveragePool(c, *o, in, none)
	case *op.Clamp:
		y = composeClamp(c, *o, in[0], none)
	case *op.Activation:
		y, err = composeActivation(c, *o, in[0])
	case *op.Softmax:
		y = composeSoftmax(c, *o, o.Axis, in[0], none)
	case *op.LogSoftmax:
		y = composeLogSoftmax(c, *o, in[0], none)
	case *op.LayerNormalization:
		y, err = composeLayerNorm(c, *o, in)
	case *op.Add:
		y = composePair(c, o.Clamp, none, func() graph.Value { return c.Add(&op.Add{To: o.To}, in...) })
	case *op.Sub:
		y = composePair(c, o.Clamp, none, func() graph.Value { return c.Add(&op.Sub{To: o.To}, in...) })
	case *op.Mul:
		y = composePair(c, o.Clamp, none, func() graph.Value { return c.Add(&op.Mul{To: o.To}, in...) })
	case *op.Div:
		y = composePair(c, o.Clamp, none, func() graph.Value { return c.Add(&op.Div{To: o.To}, in...) })
	case *op.Recurrence:
		return k.composeRecurrence(c, *o, in)
	case *op.Elementary:
		if o.F != op.FnReciprocal {
			return nil, nil
		}
		y = c.Add(&op.Div{To: toF32}, c.Number(1), in[0])
	case *op.Unary:
		if y = none; o.F == op.UnaryRelu && c.Type(in[0]).DType == tensor.F32 {
			y = c.Add(reluOp(), in[0])
		}
	default:
		return nil, nil
	}
	if err != nil || y == none {
		return nil, err
	}
	return []graph.Value{y}, nil
}

// composePair clamps a result if no activation does.
func composePair(c *lower.Composer, b op.Bounds, none graph.Value, plain func() graph.Value) graph.Value {
	if _, ok := fusedActivation(b); ok {
		return none
	}
	return c.Add(&op.Clamp{Lo: b.Lo, Hi: b.Hi}, plain())
}

// composeClamp makes MAXIMUM and MINIMUM of bounds that no activation has, and a
// half of it RELU where that is one.
func composeClamp(c *lower.Composer, o op.Clamp, x, none graph.Value) graph.Value {
	a, ok := fusedActivation(op.Bounds{Lo: o.Lo, Hi: o.Hi})
	switch {
	case ok && a == ActivationNone:
		return c.Add(&op.Copy{}, x)
	case ok || c.Type(x).DType != tensor.F32:
		return none
	}
	if o.Lo == 0 {
		x = c.Add(reluOp(), x)
	} else if o.Lo > -math.MaxFloat32 {
		x = c.Add(&op.Maximum{}, x, c.Number(o.Lo))
	}
	if o.Hi < math.MaxFloat32 {
		x = c.Add(&op.Minimum{}, x, c.Number(o.Hi))
	}
	return x
}

// composeActivation writes functions in terms of others. ELU of numbers up to 0
// gives eˣ − 1 without loss, so that CELU, SELU and ELU of any alpha are made of it.
func composeActivation(c *lower.Composer, o op.Activation, x graph.Value) (graph.Value, error) {
	if c.Type(x).DType != tensor.F32 {
		return 0, op.Unsupported("%s of %s", o.Name(), c.Type(x).DType)
	}
	add := func(a, b graph.Value) graph.Value { return c.Add(&op.Add{To: toF32}, a, b) }
	mul := func(a, b graph.Value) graph.Value { return c.Add(&op.Mul{To: toF32}, a, b) }
	times := func(a graph.Value, f float32) graph.Value {
		if f == 1 {
			return a
		}
		return mul(a, c.Number(f))
	}
	relu := func(a graph.Value) graph.Value { return c.Add(reluOp(), a) }
	sigmoid := func(a graph.Value) graph.Value { return c.Add(&op.Logistic{To: toF32}, a) }
	tanh := func(a graph.Value) graph.Value { return c.Add(&op.Tanh{To: toF32}, a) }
	below := func(scale, inner float32) graph.Value { // scale·(e^(inner·min(x, 0)) − 1)
		return times(c.Add(&op.Elu{To: toF32}, times(c.Add(&op.Minimum{}, x, c.Number(0)), inner)), scale)
	}
	// log(1 + eᵃ) without a large eᵃ
	softplus := func(a graph.Value) graph.Value {
		e := c.Add(&op.Exp{To: toF32}, c.Add(&op.Neg{}, c.Add(&op.Abs{To: toF32}, a)))
		return add(relu(a), c.Add(&op.Elementary{F: op.FnLog}, add(e, c.Number(1))))
	}
	switch o.F {
	case op.ActAffine:
		return add(times(x, o.A), c.Number(o.B)), nil
	case op.ActCelu:
		return add(relu(x), below(o.A, 1/o.A)), nil
	case op.ActElu:
		if o.A == 1 {
			return c.Add(&op.Elu{To: toF32}, x), nil
		}
		return add(relu(x), below(o.A, 1)), nil
	case op.ActSelu:
		return times(add(relu(x), below(o.A, 1)), o.B), nil
	case op.ActGelu, op.ActGeluTanh:
		return c.Add(&op.Gelu{Tanh: o.F == op.ActGeluTanh, To: toF32}, x), nil
	case op.ActHardSigmoid:
		return c.Add(&op.Clamp{Hi: 1}, add(times(x, o.A), c.Number(o.B))), nil
	case op.ActHardSwish:
		return c.Add(&op.HardSwish{To: toF32}, x), nil
	case op.ActLeakyRelu:
		return c.Add(&op.LeakyRelu{Alpha: o.A, To: toF32}, x), nil
	case op.ActMish:
		return mul(x, tanh(softplus(x))), nil
	case op.ActScaledTanh:
		return times(tanh(times(x, o.B)), o.A), nil
	case op.ActSigmoid:
		return sigmoid(x), nil
	case op.ActShrink: // shifted towards 0 beyond ±a
		zero := c.Number(0)
		low := c.Add(&op.Select{}, c.Add(&op.Compare{Is: op.Less}, x, c.Number(-o.A)), add(x, c.Number(o.B)), zero)
		return c.Add(&op.Select{}, c.Add(&op.Compare{Is: op.Greater}, x, c.Number(o.A)), add(x, c.Number(-o.B)), low), nil
	case op.ActSoftplus:
		return times(softplus(times(x, o.B)), o.A), nil
	case op.ActSoftsign:
		return c.Add(&op.Div{To: toF32}, x, add(c.Add(&op.Abs{To: toF32}, x), c.Number(1))), nil
	case op.ActSwish:
		return mul(x, sigmoid(times(x, o.A))), nil
	case op.ActThresholdedRelu:
		return c.Add(&op.Select{}, c.Add(&op.Compare{Is: op.Greater}, x, c.Number(o.A)), x, c.Number(0)), nil
	}
	return 0, op.Unsupported("the function %s", o.Name())
}

// composeSoftmax moves the axis to the end, where SOFTMAX has it.
func composeSoftmax(c *lower.Composer, o op.Softmax, axis int, x, none graph.Value) graph.Value {
	perm, last := lastAxis(axis, c.Type(x).Rank())
	if last {
		return none
	}
	o.Axis = -1
	y := c.Add(new(o), c.Add(&op.Transpose{Perm: perm}, x))
	return c.Add(&op.Transpose{Perm: op.Inverse(perm)}, y)
}

func composeLogSoftmax(c *lower.Composer, o op.LogSoftmax, x, none graph.Value) graph.Value {
	perm, last := lastAxis(o.Axis, c.Type(x).Rank())
	if last {
		return none
	}
	o.Axis = -1
	y := c.Add(new(o), c.Add(&op.Transpose{Perm: perm}, x))
	return c.Add(&op.Transpose{Perm: op.Inverse(perm)}, y)
}

// lastAxis returns the permutation that swaps an axis with the last; true if it
// is the last.
func lastAxis(axis, rank int) (perm []int, last bool) {
	if axis < 0 {
		axis += rank
	}
	if axis == rank-1 {
		return nil, true
	}
	for i := range rank {
		perm = append(perm, i)
	}
	perm[axis], perm[rank-1] = rank-1, axis
	return perm, false
}

// composeLayerNorm computes (x − mean)·1/√(variance + ε)·scale + bias.
func composeLayerNorm(c *lower.Composer, o op.LayerNormalization, in []graph.Value) (graph.Value, error) {
	x, t := in[0], c.Type(in[0])
	if o.Outside || o.Stats != tensor.None || t.DType != tensor.F32 {
		return 0, op.Unsupported("a layer normalisation with statistics, epsilon outside of the root, or of %s", t.DType)
	}
	axis := o.Axis
	if axis < 0 {
		axis += t.Rank()
	}
	var axes []int
	for i := axis; i < t.Rank(); i++ {
		axes = append(axes, i)
	}
	mean := func(v graph.Value) graph.Value {
		return c.Add(&op.Reduce{Kind: op.ReduceMean, KeepDims: true, To: toF32}, v, c.Ints(axes...))
	}
	if !o.RMS {
		x = c.Add(&op.Sub{To: toF32}, x, mean(x))
	}
	variance := mean(c.Add(&op.Elementary{F: op.FnSquare}, x))
	y := c.Add(&op.Mul{To: toF32}, x, c.Add(&op.Rsqrt{To: toF32}, c.Add(&op.Add{To: toF32}, variance, c.Number(o.Epsilon))))
	if len(in) > 1 && in[1] != graph.None {
		y = c.Add(&op.Mul{To: toF32}, y, in[1])
	}
	if len(in) > 2 && in[2] != graph.None {
		y = c.Add(&op.Add{To: toF32}, y, in[2])
	}
	return y, nil
}

// composeDense turns weights to [n k].
func composeDense(c *lower.Composer, o op.FullyConnected, in []graph.Value, none graph.Value) graph.Value {
	if b := o.Bounds; !fuses(b) {
		o.Bounds = op.Bounds{}
		return c.Add(&op.Clamp{Lo: b.Lo, Hi: b.Hi}, c.Add(new(o), in...))
	}
	if !o.Turned {
		return none
	}
	o.Turned = false
	in = slices.Clone(in)
	in[1] = c.Add(&op.Transpose{Perm: []int{1, 0}}, in[1])
	return c.Add(new(o), in...)
}

// fuses reports whether an activation clamps to b.
func fuses(b op.Bounds) bool {
	_, ok := fusedActivation(b)
	return ok
}
