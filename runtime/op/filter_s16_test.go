package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

type caseS16 struct {
	o  op.Operator
	in []tensor.View
}

// TestFilterS16 holds filters of int16 by int8 against their definition, on every
// tier, and on high and low bytes where a tier has a product of int16.
func TestFilterS16(t *testing.T) {
	sets := host.Sets()
	for _, s := range host.Sets() {
		s.Name += ", bytes"
		s.GemmS16 = kernels.GemmS16{}
		sets = append(sets, s)
	}
	r := rand.New(rand.NewPCG(16, 8))
	for i := range 600 {
		set := &sets[i%len(sets)]
		c := randomS16(r)
		checkS16(t, set, c, 1+i%3)
	}
	for i := range sets { // sums past 32 bits, and almost
		for _, k := range []int{255, 256, 257, 512, 1030, 70001} {
			c := denseS16(r, 5, k, 18)
			for j := range c.in[0].I16() {
				c.in[0].I16()[j] = math.MinInt16
			}
			for j := range c.in[1].I8() {
				c.in[1].I8()[j] = math.MinInt8
			}
			checkS16(t, &sets[i], c, 1)
		}
	}
}

// TestFilterS16Scales takes multipliers so large that no kernel has them, and none.
func TestFilterS16Scales(t *testing.T) {
	r := rand.New(rand.NewPCG(16, 9))
	for _, scale := range []float32{1e-8, 1e-6, 1e-5, 3e-5, 1e3, 1e12} {
		for _, set := range host.Sets() {
			c := denseS16(r, 3, 20, 17)
			c.o.(*op.FullyConnected).Quant = quant.PerTensor(scale, 0)
			checkS16(t, &set, c, 1)
		}
	}
}

func checkS16(t *testing.T, set *kernels.Set, c caseS16, threads int) {
	t.Helper()
	where := fmt.Sprintf("%s %+v on %v", set.Name, c.o, c.in[0].Type)
	types, err := c.o.Infer(c.in)
	require.NoError(t, err, where)
	want := tensor.View{Type: types[0], Data: tensor.Bytes(make([]uint64, types[0].Bytes()/8+1))[:types[0].Bytes()]}
	require.NoError(t, c.o.(op.Referenced).Ref(c.in, []tensor.View{want}))
	b := graph.NewBuilder("")
	args := []graph.Value{b.Input("x", c.in[0].Type)}
	for i, v := range c.in[1:] {
		args = append(args, b.Const(fmt.Sprint("c", i), v.Type, v.Data))
	}
	g, err := b.Graph(b.Add("y", c.o, args...))
	require.NoError(t, err, where)
	p, err := runtime.NewPlan(g, set, runtime.Options{})
	require.NoError(t, err, where)
	s, err := p.NewSession(threads)
	require.NoError(t, err, where)
	defer s.Close()
	copy(s.In(0).Data, c.in[0].Data)
	require.NoError(t, s.Run(), where)
	require.Equal(t, want.I16(), s.Out(0).I16(), where)
}

// epilogueS16 returns what follows n outputs' sums of k products, and their bias.
func epilogueS16(r *rand.Rand, k, n int, depthwise bool) (e op.Epilogue, bias []tensor.Type) {
	e.To = op.To{DType: tensor.I16, Quant: quant.PerTensor(float32(math.Sqrt(float64(k)))*0.0004, 0)}
	e.Bounds = op.Activated([]quant.Activation{quant.None, quant.ReLU}[r.IntN(2)])
	switch b := tensor.Of(tensor.I64, n); r.IntN(3) {
	case 0:
		bias = []tensor.Type{b}
	case 1:
		if b.DType = tensor.I32; !depthwise { // which takes none
			bias = []tensor.Type{b}
		}
	default:
		e.Sum32 = r.IntN(2) == 0
	}
	return e, bias
}

func denseS16(r *rand.Rand, m, k, n int) caseS16 {
	x, w := tensor.Of(tensor.I16, m, k), tensor.Of(tensor.I8, n, k)
	e, bias := epilogueS16(r, k, n, false)
	return filledS16(r, &op.FullyConnected{Epilogue: e}, append([]tensor.Type{x, w}, bias...))
}

func randomS16(r *rand.Rand) caseS16 {
	if r.IntN(4) == 0 {
		return denseS16(r, 1+r.IntN(20), 1+r.IntN(300), 1+r.IntN(70))
	}
	pad := op.Padding{Mode: []op.PadMode{op.PadValid, op.PadSameUpper}[r.IntN(2)]}
	stride, kh, kw := [2]int{1 + r.IntN(2), 1 + r.IntN(2)}, 1+r.IntN(4), 1+r.IntN(4)
	dilation := [2]int{1 + r.IntN(2), 1}
	h, w, n := kh*2+r.IntN(6), kw+r.IntN(9), 1+r.IntN(2)
	if r.IntN(2) == 0 {
		c, times := 1+r.IntN(40), 1
		if r.IntN(3) == 0 {
			times = 2
		}
		e, bias := epilogueS16(r, kh*kw, c*times, true)
		o := &op.DepthwiseConv2D{Stride: stride, Dilation: dilation, Padding: pad, Epilogue: e}
		return filledS16(r, o, append([]tensor.Type{tensor.Of(tensor.I16, n, h, w, c), tensor.Of(tensor.I8, 1, kh, kw, c*times)}, bias...))
	}
	groups, kc, og := 1+r.IntN(2), 1+r.IntN(40), 1+r.IntN(40)
	e, bias := epilogueS16(r, kh*kw*kc, groups*og, false)
	o := &op.Conv2D{Stride: stride, Dilation: dilation, Padding: pad, Epilogue: e}
	return filledS16(r, o, append([]tensor.Type{tensor.Of(tensor.I16, n, h, w, groups*kc), tensor.Of(tensor.I8, groups*og, kh, kw, kc)}, bias...))
}

func filledS16(r *rand.Rand, o op.Operator, types []tensor.Type) (c caseS16) {
	types[0].Quant, types[1].Quant = quant.PerTensor(0.001, 0), quant.PerTensor(0.004, 0)
	c.o = o
	for _, t := range types {
		c.in = append(c.in, random(r, t))
	}
	return c
}
