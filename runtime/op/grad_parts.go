package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// noGrads returns a list of no gradients, one for each input of n.
func noGrads(n *graph.Node) []graph.Value {
	dx := make([]graph.Value, len(n.In))
	for i := range dx {
		dx[i] = graph.None
	}
	return dx
}

// oneGrad returns a list of gradients of which only input i has one: v.
func oneGrad(n *graph.Node, i int, v graph.Value) []graph.Value {
	dx := noGrads(n)
	dx[i] = v
	return dx
}

// gradLabel names what is added for the gradient of input i of n.
func gradLabel(n *graph.Node, i int) string { return n.Label + "/grad" + string(rune('0'+min(i, 9))) }

// floatConst adds a scalar.
func floatConst(b *graph.Builder, x float32) graph.Value {
	return b.Const("number", tensor.Of(tensor.F32), tensor.Bytes([]float32{x}))
}

// listConst adds a list of int32.
func listConst(b *graph.Builder, xs ...int) graph.Value {
	v := make([]int32, len(xs))
	for i, x := range xs {
		v[i] = int32(x)
	}
	return b.Const("list", tensor.Of(tensor.I32, len(v)), tensor.Bytes(v))
}

// summedTo adds the gradient of a tensor of the given shape from g, that of what
// it was broadcast to: g itself where nothing was.
func summedTo(b *graph.Builder, label string, g graph.Value, shape []int) graph.Value {
	from := b.Type(g).Shape
	if slices.Equal(from, shape) {
		return g
	}
	axes, before := []int{}, len(from)-len(shape)
	for i, d := range from {
		if i < before || d != 1 && shape[i-before] == 1 {
			axes = append(axes, i)
		}
	}
	if len(axes) > 0 {
		g = b.Add(label+"/sum", &Reduce{Kind: ReduceSum, Axes: axes}, g)
	}
	if slices.Equal(b.Type(g).Shape, shape) {
		return g
	}
	return b.Add(label+"/shape", &Reshape{Shape: shape}, g)
}

// negated adds −g.
func negated(b *graph.Builder, label string, g graph.Value) graph.Value {
	return b.Add(label+"/negative", &Mul{}, g, floatConst(b, -1))
}

// idle reports whether b lets all finite numbers pass.
func (b Bounds) idle() bool {
	lo, hi := b.floats()
	return lo <= -math.MaxFloat32 && hi >= math.MaxFloat32
}

// grad adds the gradient of what b clamps to n's output 0: dy strictly within.
func (b Bounds) grad(to *graph.Builder, n *graph.Node, dy graph.Value) graph.Value {
	if b.idle() {
		return dy
	}
	lo, hi := b.floats()
	return to.Add(n.Label+"/within", &ClampGrad{Lo: lo, Hi: hi}, n.Out[0], dy)
}
