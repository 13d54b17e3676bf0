package runtime

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/ref"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func plan(t *testing.T, g *graph.Graph, o Options) *Plan {
	t.Helper()
	set := ref.Set()
	set.Name = "test"
	p, err := NewPlan(g, &set, o)
	require.NoError(t, err)
	return p
}

func session(t *testing.T, p *Plan) *Session {
	t.Helper()
	s, err := p.NewSession(1)
	require.NoError(t, err)
	return s
}

func built(t *testing.T, b *graph.Builder, out ...graph.Value) *graph.Graph {
	t.Helper()
	g, err := b.Graph(out...)
	require.NoError(t, err)
	return g
}

func TestPlanAsText(t *testing.T) {
	b := graph.NewBuilder("g")
	x := b.Input("x", i32(4))
	c := b.Const("c", i32(4), tensor.Bytes([]int32{1, 2, 3, 4}))
	folded := b.Add("folded", add{10}, c)
	y := b.Add("y", add{0}, x, folded)
	z := b.Add("z", add{5}, y)
	w := b.Add("w", add{0}, z, x)
	var text strings.Builder
	require.NoError(t, plan(t, built(t, b, w), Options{}).Fprint(&text))
	require.Equal(t, `arena 128 bytes (at least 32 alive at once), scratch 64 + 128 per thread, packed weights 0, variables 0, 8 MACs
   input         0+16   "x" int32[4]
0  add     test  64+16  "z" int32[4]
1  add     test  64+16  "w" int32[4]
   output        64+16  "w" int32[4]
`, text.String(), "the constant is folded, y and z are fused, w takes z's place")
}

func TestRun(t *testing.T) {
	b := graph.NewBuilder("g")
	x := b.Input("x", i32(2))
	y := b.Add("y", add{3}, x)
	p := plan(t, built(t, b, y, x), Options{})
	s := session(t, p)
	copy(s.In(0).I32(), []int32{1, 2})
	require.NoError(t, s.Run())
	require.Equal(t, []int32{4, 5}, s.Out(0).I32())
	require.Equal(t, []int32{1, 2}, s.Out(1).I32(), "an input that is an output too survives")
	require.Zero(t, testing.AllocsPerRun(10, func() { _ = s.Run() }))
}

func TestOtherShapes(t *testing.T) {
	b := graph.NewBuilder("g")
	x := b.Input("x", i32(2))
	g := built(t, b, b.Add("y", add{3}, x))
	require.Equal(t, []int{7}, session(t, plan(t, g, Options{Shapes: [][]int{{7}}})).Out(0).Shape)
	require.Equal(t, []int{2}, g.Values[x].Type.Shape, "the graph stays as it was")
}

func TestSizesThatDependOnData(t *testing.T) {
	b := graph.NewBuilder("g")
	x, n := b.Input("x", i32(4)), b.Input("n", i32(1))
	y := b.Add("y", add{1}, b.Add("p", prefix{}, x, n))
	s := session(t, plan(t, built(t, b, y), Options{Limits: op.Limits{MaxMemory: 1 << 16}}))
	for _, k := range []int32{2, 4, 0, 1, 3, 3} {
		copy(s.In(0).I32(), []int32{10, 20, 30, 40})
		s.In(1).I32()[0] = k
		require.NoError(t, s.Run())
		require.Equal(t, []int{int(k)}, s.Out(0).Shape)
		require.Equal(t, []int32{11, 21, 31, 41}[:k:k], append([]int32{}, s.Out(0).I32()...))
	}
	s.In(1).I32()[0] = -1
	require.ErrorIs(t, s.Run(), op.ErrData)
	s.In(1).I32()[0] = 1 << 20
	var limit *op.LimitError
	require.ErrorAs(t, s.Run(), &limit)
}

func TestWorkOfSizesThatDependOnData(t *testing.T) {
	b := graph.NewBuilder("g")
	x, n := b.Input("x", i32(400)), b.Input("n", i32(1))
	y := b.Add("y", add{1}, b.Add("p", prefix{}, x, n))
	s := session(t, plan(t, built(t, b, y), Options{Limits: op.Limits{MaxMACs: 900}}))
	s.In(1).I32()[0] = 400
	require.NoError(t, s.Run())
	s.In(1).I32()[0] = 600 // prefix pads with zeros
	require.ErrorContains(t, s.Run(), "over the limit of 900 (so far, in loops and on sizes that depend on data)")
}

func TestConstantsMakeSizesStatic(t *testing.T) {
	b := graph.NewBuilder("g")
	x := b.Input("x", i32(4))
	n := b.Add("n", add{1}, b.Const("c", i32(1), tensor.Bytes([]int32{1})))
	p := plan(t, built(t, b, b.Add("p", prefix{}, x, n)), Options{})
	require.Equal(t, []int{2}, p.Graph().View(p.Graph().Out[0]).Shape)
	require.Equal(t, "test", p.Kernel(0))
}

// TestWeightsOfTwoShapes has a constant that is weights as it is, and in another
// shape: two of its packed copies are as long, and differ.
func TestWeightsOfTwoShapes(t *testing.T) {
	dense := &op.FullyConnected{Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}, Fused: true}}
	weights, x := make([]float32, 16*32), make([]float32, 32)
	for i := range weights {
		weights[i] = float32(i)
	}
	x[1] = 1
	b := graph.NewBuilder("")
	w := b.Const("w", tensor.Of(tensor.F32, 32, 16), tensor.Bytes(weights))
	wide := b.Add("wide", &op.Reshape{Shape: []int{16, 32}}, w)
	y := b.Add("y", dense, b.Input("16", tensor.Of(tensor.F32, 1, 16)), w)
	z := b.Add("z", dense, b.Input("32", tensor.Of(tensor.F32, 1, 32)), wide)
	s := session(t, plan(t, built(t, b, y, z), Options{KeepInputs: true}))
	copy(s.In(0).F32(), x)
	copy(s.In(1).F32(), x)
	require.NoError(t, s.Run())
	for i, v := range s.Out(0).F32() {
		require.Equal(t, weights[i*16+1], v)
	}
	for i, v := range s.Out(1).F32() {
		require.Equal(t, weights[i*32+1], v)
	}
}

// TestUnreadNodes has a node that nobody reads, with more to write than all others:
// it goes with the patterns that are looked for.
func TestUnreadNodes(t *testing.T) {
	b := graph.NewBuilder("")
	x := b.Input("x", tensor.Of(tensor.F32, 2))
	b.Add("unread", &op.Tile{}, x, b.Const("times", tensor.Of(tensor.I64, 1), tensor.Bytes([]int64{1000})))
	g := built(t, b, b.Add("twice", &op.Add{To: op.To{DType: tensor.F32}}, x, x))
	p := plan(t, g, Options{})
	require.Equal(t, "Add twice", nodes(p.Graph()))
	s := session(t, p)
	copy(s.In(0).F32(), []float32{1, 2})
	require.NoError(t, s.Run())
	require.Equal(t, []float32{2, 4}, s.Out(0).F32())
}

func TestState(t *testing.T) {
	b := graph.NewBuilder("g")
	v := &graph.Var{Name: "v", Type: i32(1), Init: tensor.Bytes([]int32{40})}
	s := session(t, plan(t, built(t, b, b.Add("c", count{}, b.Var(v))), Options{}))
	run := func() int32 { require.NoError(t, s.Run()); return s.Out(0).I32()[0] }
	require.Equal(t, int32(41), run())
	saved := s.Save()
	require.Equal(t, int32(42), run())
	other := session(t, s.Plan())
	other.Restore(saved)
	require.NoError(t, other.Run())
	require.Equal(t, int32(42), other.Out(0).I32()[0])
	s.Restore(saved)
	require.Equal(t, int32(42), run())
	s.Reset()
	require.Equal(t, int32(41), run())
}

func TestLimits(t *testing.T) {
	b := graph.NewBuilder("g")
	g := built(t, b, b.Add("y", add{3}, b.Input("x", i32(1000))))
	for _, c := range []struct {
		limits op.Limits
		want   string
	}{
		{op.Limits{MaxMemory: 4000}, "needs 4032 bytes of memory, over the limit of 4000 (arena 4032, scratch 0, packed weights 0, variables 0): raise --max-memory"},
		{op.Limits{MaxMACs: 999}, "needs 1000 MACs, over the limit of 999"},
	} {
		_, err := NewPlan(g, &kernels.Set{}, Options{Limits: c.limits})
		var limit *op.LimitError
		require.ErrorAs(t, err, &limit)
		require.ErrorContains(t, err, c.want)
	}
	p := plan(t, g, Options{Limits: op.Limits{MaxMemory: 5000}})
	_, err := p.NewSession(100)
	require.ErrorContains(t, err, "use fewer threads")
}

func TestCancel(t *testing.T) {
	b := graph.NewBuilder("g")
	s := session(t, plan(t, built(t, b, b.Add("y", add{3}, b.Input("x", i32(1)))), Options{}))
	ctx, cancel := context.WithCancel(context.Background())
	require.NoError(t, s.RunContext(ctx))
	cancel()
	require.ErrorIs(t, s.RunContext(ctx), context.Canceled)
	require.NoError(t, s.Run(), "the session can be used again")
}

func TestSessionsAtOnce(t *testing.T) {
	b := graph.NewBuilder("g")
	p := plan(t, built(t, b, b.Add("y", add{3}, b.Input("x", i32(100)))), Options{})
	done := make(chan int32)
	for k := range 4 {
		s := session(t, p)
		go func() {
			for range 100 {
				s.In(0).I32()[7] = int32(k)
				_ = s.Run()
			}
			done <- s.Out(0).I32()[7] - int32(k)
		}()
	}
	for range 4 {
		require.Equal(t, int32(3), <-done)
	}
}
