package op_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

var heads = []int{0, 2, 1, 3}

// TestPermutedMatMul has heads of attention and others, with the transposes that
// the plan is to leave to the product; those of the last case move rows apart.
func TestPermutedMatMul(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for name, c := range map[string]struct {
		adjX, adjY       bool
		x, y             []int
		permX, permY, pz []int
		left             string
	}{
		"scores":           {x: []int{2, 17, 3, 8}, y: []int{2, 19, 3, 8}, permX: heads, permY: []int{0, 2, 3, 1}, left: "PermutedMatMul"},
		"scores, adj":      {x: []int{1, 70, 12, 32}, y: []int{1, 70, 12, 32}, permX: heads, permY: heads, adjY: true, left: "PermutedMatMul"},
		"context":          {x: []int{2, 3, 17, 19}, y: []int{2, 19, 3, 8}, permY: heads, pz: heads, left: "PermutedMatMul"},
		"context, long":    {x: []int{1, 12, 70, 70}, y: []int{1, 70, 12, 32}, permY: heads, pz: heads, left: "PermutedMatMul"},
		"left on its side": {x: []int{3, 8, 40}, y: []int{3, 8, 50}, permX: []int{0, 2, 1}, left: "PermutedMatMul"},
		"all, adj":         {adjX: true, adjY: true, x: []int{5, 33, 9}, y: []int{41, 5, 33}, permX: []int{0, 1, 2}, permY: []int{1, 0, 2}, pz: []int{1, 0, 2}, left: "PermutedMatMul"},
		"broadcast":        {x: []int{20, 4, 16}, y: []int{1, 16, 30}, permX: []int{1, 0, 2}, permY: []int{0, 1, 2}, left: "PermutedMatMul"},
		"nothing to sum":   {x: []int{2, 4, 3, 0}, y: []int{2, 0, 3, 5}, permX: heads, permY: heads, left: "PermutedMatMul"},
		"few":              {x: []int{3, 2, 5}, y: []int{7, 2, 5}, permX: []int{1, 0, 2}, permY: []int{1, 2, 0}, pz: []int{1, 0, 2}, left: "PermutedMatMul"},
		"rows apart":       {x: []int{4, 5, 6}, y: []int{6, 4, 7}, permX: []int{2, 1, 0}, permY: []int{0, 1, 2}, pz: []int{0, 2, 1}, left: "Transpose BatchMatMul Transpose"},
	} {
		t.Run(name, func(t *testing.T) {
			b := graph.NewBuilder("")
			x, y := b.Input("x", tensor.Of(tensor.F32, c.x...)), b.Input("y", tensor.Of(tensor.F32, c.y...))
			turned := func(v graph.Value, perm []int) graph.Value {
				if perm == nil || op.Identity(perm) {
					return v
				}
				return b.Add("turn", &op.Transpose{Perm: perm}, v)
			}
			z := b.Add("z", &op.BatchMatMul{AdjX: c.adjX, AdjY: c.adjY, Fused: true, To: op.To{DType: tensor.F32}}, turned(x, c.permX), turned(y, c.permY))
			g, err := b.Graph(turned(z, c.pz))
			require.NoError(t, err)

			in := map[graph.Value]tensor.View{x: randomF32(r, c.x...), y: randomF32(r, c.y...)}
			var want tensor.View
			for _, n := range g.Nodes { // by the definitions of the unfused operators
				views := make([]tensor.View, len(n.In))
				for i, v := range n.In {
					views[i] = in[v]
				}
				types, err := n.Op.Infer(views)
				require.NoError(t, err)
				want = tensor.View{Type: types[0], Data: tensor.Bytes(make([]float32, types[0].Len()))}
				require.NoError(t, n.Op.(op.Referenced).Ref(views, []tensor.View{want}))
				in[n.Out[0]] = want
			}
			for _, set := range host.Sets() {
				if !set.Fused {
					continue // it has bits of its own
				}
				for threads := 1; threads <= 3; threads++ {
					p, err := runtime.NewPlan(g, &set, runtime.Options{})
					require.NoError(t, err)
					names := ""
					for _, n := range p.Graph().Nodes {
						names += " " + graph.Name(n.Op)
					}
					require.Equal(t, " "+c.left, names)
					if o, ok := p.Graph().Nodes[0].Op.(*op.PermutedMatMul); ok {
						ref := []tensor.View{{Type: want.Type, Data: make([]byte, want.Bytes())}}
						require.NoError(t, o.Ref([]tensor.View{in[x], in[y]}, ref))
						require.Equal(t, want.Data, ref[0].Data)
					}
					s, err := p.NewSession(threads)
					require.NoError(t, err)
					copy(s.In(0).Data, in[x].Data)
					copy(s.In(1).Data, in[y].Data)
					require.NoError(t, s.Run())
					require.Equal(t, want.Shape, s.Out(0).Shape)
					require.True(t, string(want.Data) == string(s.Out(0).Data), "%s, %d threads", set.Name, threads)
					s.Close()
				}
			}
		})
	}
}

// TestPermutedMatMulLate has a side whose size is known only in the run, when its
// contents are as well, and constants, which are packed and not read where they lie.
func TestPermutedMatMulLate(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	b := graph.NewBuilder("")
	x, y := b.Input("x", tensor.Of(tensor.F32, 2, 5, 3, 4)), b.Input("y", tensor.Of(tensor.F32, 2*3*4*6))
	shape := b.Input("shape", tensor.Of(tensor.I64, 4))
	w := randomF32(r, 6, 7)
	product := &op.BatchMatMul{Fused: true, To: op.To{DType: tensor.F32}}
	z := b.Add("z", product, b.Add("", &op.Transpose{Perm: heads}, x), b.Add("", &op.Reshape{}, y, shape))
	g, err := b.Graph(b.Add("", &op.Transpose{Perm: heads}, b.Add("", product, b.Add("", &op.Reshape{Shape: []int{2, 3, 5, 6}}, z), b.Const("w", w.Type, w.Data))))
	require.NoError(t, err)

	in := []tensor.View{randomF32(r, 2, 5, 3, 4), randomF32(r, 2*3*4*6), {Type: tensor.Of(tensor.I64, 4), Data: tensor.Bytes([]int64{2, 3, 4, 6})}}
	turned := refAll(t, &op.Transpose{Perm: heads}, in[0])[0]
	want := refAll(t, product, turned, tensor.View{Type: tensor.Of(tensor.F32, 2, 3, 4, 6), Data: in[1].Data})[0]
	want = refAll(t, &op.Transpose{Perm: heads}, refAll(t, product, want, w)[0])[0]
	for _, set := range host.Sets() {
		if !set.Fused {
			continue // it has bits of its own
		}
		p, err := runtime.NewPlan(g, &set, runtime.Options{})
		require.NoError(t, err)
		names := []string{}
		for _, n := range p.Graph().Nodes {
			names = append(names, graph.Name(n.Op))
		}
		require.Equal(t, []string{"Reshape", "PermutedMatMul", "Reshape", "BatchMatMul", "Transpose"}, names)
		s, err := p.NewSession(2)
		require.NoError(t, err)
		for i := range in {
			copy(s.In(i).Data, in[i].Data)
		}
		require.NoError(t, s.Run())
		require.True(t, string(want.Data) == string(s.Out(0).Data), set.Name)
		s.Close()
	}
}
