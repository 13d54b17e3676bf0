package runtime

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func TestScaleSums(t *testing.T) {
	f32 := op.To{DType: tensor.F32}
	sums := func(b *qdqGraph) (cast, scale graph.Value) {
		q, err := b.Node(graph.Node{Op: &op.DynamicQuantizeLinear{}, In: []graph.Value{b.Input("x", tensor.Of(tensor.F32, 2, 8))}}, "q", "qs", "qz")
		require.NoError(t, err)
		w := b.Const("w", tensor.Of(tensor.I8, 8, 4), make([]byte, 32))
		y := b.Add("", &op.IntegerMatMul{DType: tensor.I32}, q[0], w, q[2])
		return b.Add("", &op.Cast{DType: tensor.F32}, y), q[1]
	}
	floats := func(b *qdqGraph, name string, n int) graph.Value {
		return b.Const(name, tensor.Of(tensor.F32, n), tensor.Bytes(make([]float32, n)))
	}
	for _, c := range []struct {
		name  string
		build func(b *qdqGraph) graph.Value
		want  string
	}{
		{"scales of both sides, and a bias", func(b *qdqGraph) graph.Value {
			y, s := sums(b)
			y = b.Add("", &op.Mul{To: f32}, y, b.Add("", &op.Mul{To: f32}, s, floats(b, "ws", 4)))
			return b.Add("", &op.Add{To: f32}, floats(b, "bias", 4), y)
		}, `%0 = DynamicQuantizeLinear x -> uint8[2 8] -> float32[] -> uint8[]
%1 = IntegerMatMul %0 w %0 - %0 ws - - - bias -> float32[2 4]
`},
		{"one scale", func(b *qdqGraph) graph.Value {
			y, s := sums(b)
			return b.Add("", &op.Mul{To: f32}, s, y)
		}, `%0 = DynamicQuantizeLinear x -> uint8[2 8] -> float32[] -> uint8[]
%1 = IntegerMatMul %0 w %0 - %0 one -> float32[2 4]
`},
		{"a bias for each row stays", func(b *qdqGraph) graph.Value {
			y, s := sums(b)
			rows := b.Const("rows", tensor.Of(tensor.F32, 2, 1), tensor.Bytes(make([]float32, 2)))
			return b.Add("", &op.Add{To: f32}, b.Add("", &op.Mul{To: f32}, y, s), rows)
		}, `%0 = DynamicQuantizeLinear x -> uint8[2 8] -> float32[] -> uint8[]
%1 = IntegerMatMul %0 w %0 - %0 one -> float32[2 4]
%2 = Add %1 rows -> float32[2 4]
`},
		{"sums that are read twice stay", func(b *qdqGraph) graph.Value {
			y, s := sums(b)
			return b.Add("", &op.Add{To: f32}, b.Add("", &op.Mul{To: f32}, y, s), y)
		}, `%0 = DynamicQuantizeLinear x -> uint8[2 8] -> float32[] -> uint8[]
%1 = IntegerMatMul %0 w %0 -> int32[2 4]
%2 = Cast %1 -> float32[2 4]
%3 = Mul %2 %0 -> float32[2 4]
%4 = Add %3 %2 -> float32[2 4]
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newQDQGraph()
			g, err := scaleSums(built(t, b.Builder, c.build(b)))
			require.NoError(t, err)
			require.Equal(t, c.want, asText(g))
		})
	}
}
