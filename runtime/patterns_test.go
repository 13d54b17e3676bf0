package runtime

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// patternGraph writes functions out as exporters do.
type patternGraph struct {
	*graph.Builder
	x graph.Value
}

func (b patternGraph) number(x float32, shape ...int) graph.Value {
	return b.Const("c", tensor.Of(tensor.F32, shape...), tensor.Bytes([]float32{x}))
}

func (b patternGraph) row(name string, n int) graph.Value {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i%5)/4 - 0.5
	}
	return b.Const(name, tensor.Of(tensor.F32, n), tensor.Bytes(x))
}

func (b patternGraph) mul(u, v graph.Value) graph.Value { return b.Add("", &op.Mul{}, u, v) }
func (b patternGraph) div(u, v graph.Value) graph.Value { return b.Add("", &op.Div{}, u, v) }
func (b patternGraph) add(u, v graph.Value) graph.Value { return b.Add("", &op.Add{}, u, v) }
func (b patternGraph) sub(u, v graph.Value) graph.Value { return b.Add("", &op.Sub{}, u, v) }
func (b patternGraph) fn(f op.Function, v graph.Value) graph.Value {
	return b.Add("", &op.Elementary{F: f}, v)
}

func (b patternGraph) along(kind op.Reduction, v graph.Value) graph.Value {
	return b.Add("", &op.Aggregate{Kind: kind, Axes: []int{-1}, KeepDims: true}, v)
}

// deviation is √(mean of d² + ε), squared by a power if power is true.
func (b patternGraph) deviation(d graph.Value, power bool) graph.Value {
	square := b.mul
	if power {
		square = func(u, _ graph.Value) graph.Value { return b.Add("", &op.Power{}, u, b.number(2)) }
	}
	return b.fn(op.FnSqrt, b.add(b.along(op.ReduceMean, square(d, d)), b.number(1e-5)))
}

func (b patternGraph) centred() graph.Value { return b.sub(b.x, b.along(op.ReduceMean, b.x)) }

var patternCases = []struct {
	name  string
	build func(b patternGraph) graph.Value
	want  string
}{
	{"GELU", func(b patternGraph) graph.Value {
		e := b.add(b.fn(op.FnErf, b.div(b.x, b.number(math.Sqrt2))), b.number(1))
		return b.mul(b.mul(b.x, e), b.number(0.5))
	}, "%0 = Gelu x -> float32[3 8]\n"},
	{"GELU, half first", func(b patternGraph) graph.Value {
		e := b.add(b.number(1), b.fn(op.FnErf, b.mul(b.number(0.70710678), b.x)))
		return b.mul(b.mul(b.number(0.5), b.x), e)
	}, "%0 = Gelu x -> float32[3 8]\n"},
	{"GELU by tanh", func(b patternGraph) graph.Value {
		cube := b.Add("", &op.Power{}, b.x, b.number(3))
		u := b.mul(b.add(b.x, b.mul(cube, b.number(0.044715))), b.number(0.7978845608))
		return b.mul(b.mul(b.number(0.5), b.x), b.add(b.fn(op.FnTanh, u), b.number(1)))
	}, "%0 = Gelu x -> float32[3 8]\n"},
	{"GELU by tanh, the cube a product", func(b patternGraph) graph.Value {
		cube := b.mul(b.mul(b.x, b.x), b.mul(b.x, b.number(0.044715)))
		return b.mul(b.mul(b.x, b.number(0.5)), b.add(b.fn(op.FnTanh, b.mul(b.add(cube, b.x), b.number(0.7978845608))), b.number(1)))
	}, "%0 = Gelu x -> float32[3 8]\n"},
	{"another factor", func(b patternGraph) graph.Value {
		e := b.add(b.fn(op.FnErf, b.div(b.x, b.number(1.5))), b.number(1))
		return b.mul(b.mul(b.x, e), b.number(0.5))
	}, `%0 = Div x c -> float32[3 8]
%1 = Erf %0 -> float32[3 8]
%2 = Add %1 c -> float32[3 8]
%3 = Mul x %2 -> float32[3 8]
%4 = Mul %3 c -> float32[3 8]
`},
	{"a constant that adds dimensions", func(b patternGraph) graph.Value {
		e := b.add(b.fn(op.FnErf, b.div(b.x, b.number(math.Sqrt2))), b.number(1))
		return b.mul(b.mul(b.x, e), b.number(0.5, 1, 1, 1))
	}, `%0 = Div x c -> float32[3 8]
%1 = Erf %0 -> float32[3 8]
%2 = Add %1 c -> float32[3 8]
%3 = Mul x %2 -> float32[3 8]
%4 = Mul %3 c -> float32[1 3 8]
`},
	{"SiLU", func(b patternGraph) graph.Value {
		return b.mul(b.x, b.Add("", &op.Logistic{Plain: true}, b.x))
	}, "%0 = Swish x -> float32[3 8]\n"},
	{"SiLU of a multiple", func(b patternGraph) graph.Value {
		return b.mul(b.Add("", &op.Logistic{Plain: true}, b.mul(b.x, b.number(1.702))), b.x)
	}, "%0 = Swish x -> float32[3 8]\n"},
	{"TensorFlow Lite's logistic stays", func(b patternGraph) graph.Value {
		return b.mul(b.x, b.Add("", &op.Logistic{}, b.x))
	}, "%0 = Logistic x -> float32[3 8]\n%1 = Mul x %0 -> float32[3 8]\n"},
	{"layer normalisation", func(b patternGraph) graph.Value {
		d := b.centred()
		return b.add(b.mul(b.div(d, b.deviation(d, true)), b.row("g", 8)), b.row("b", 8))
	}, "%0 = LayerNormalization x g b -> float32[3 8]\n"},
	{"layer normalisation, all twice, by a reciprocal", func(b patternGraph) graph.Value {
		return b.mul(b.row("g", 8), b.mul(b.centred(), b.fn(op.FnReciprocal, b.deviation(b.centred(), false))))
	}, "%0 = LayerNormalization x g -> float32[3 8]\n"},
	{"RMS normalisation", func(b patternGraph) graph.Value {
		return b.mul(b.mul(b.x, b.div(b.number(1), b.deviation(b.x, false))), b.row("g", 8))
	}, "%0 = RMSNormalization x g -> float32[3 8]\n"},
	{"softmax", func(b patternGraph) graph.Value {
		e := b.fn(op.FnExp, b.sub(b.x, b.along(op.ReduceMax, b.x)))
		return b.div(e, b.along(op.ReduceSum, e))
	}, "%0 = Softmax x -> float32[3 8]\n"},
	{"softmax of a multiple", func(b patternGraph) graph.Value {
		return b.Add("", &op.Softmax{Beta: 1, Axis: -1, Plain: true, To: op.To{DType: tensor.F32}}, b.div(b.x, b.number(5.65)))
	}, "%0 = Softmax x -> float32[3 8]\n"},
	{"bias of a dense layer", func(b patternGraph) graph.Value {
		w := b.Const("w", tensor.Of(tensor.F32, 2, 8), tensor.Bytes([]float32{1, 2, 3, 4, 5, 6, 7, 8, -1, 0, 1, 0, -1, 0, 1, 0}))
		y := b.Add("", &op.FullyConnected{KeepDims: true, Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}, Fused: true}}, b.x, w)
		return b.add(y, b.row("row", 2))
	}, "%0 = FullyConnected x w bias -> float32[3 2]\n"},
}

func TestPatterns(t *testing.T) {
	for _, c := range patternCases {
		t.Run(c.name, func(t *testing.T) {
			b := patternGraph{Builder: graph.NewBuilder("g")}
			b.x = b.Input("x", tensor.Of(tensor.F32, 3, 8))
			g := built(t, b.Builder, c.build(b))
			found, err := patterns(g)
			require.NoError(t, err)
			require.Equal(t, c.want, asText(found))
			x := make([]float32, 24)
			r := rand.New(rand.NewPCG(1, 1))
			for i := range x {
				x[i] = float32(r.NormFloat64())
			}
			want, got := plainly(t, g, x), plainly(t, found, x)
			for i := range want {
				require.InDelta(t, want[i], got[i], 1e-6*max(1, math.Abs(float64(want[i]))), "element %d", i)
			}
		})
	}
}

// plainly runs each operator's definition and returns the output.
func plainly(t *testing.T, g *graph.Graph, x []float32) []float32 {
	views := make([]tensor.View, len(g.Values))
	for i, v := range g.Values {
		views[i] = tensor.View{Type: v.Type, Data: v.Const}
	}
	views[g.In[0]].Data = tensor.Bytes(x)
	for _, n := range g.Nodes {
		var in, out []tensor.View
		for _, v := range n.In {
			in = append(in, views[v])
		}
		for _, v := range n.Out {
			views[v].Data = alloc(views[v].Bytes())
			out = append(out, views[v])
		}
		require.NoError(t, n.Op.(op.Referenced).Ref(in, out))
	}
	return views[g.Out[0]].F32()
}
