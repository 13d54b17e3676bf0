package op_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestTransposeConv holds the convolutions that a transposed one is taken
// apart into against its definition, for attributes that no .tflite file has
// as well: groups, dilation, explicit padding.
func TestTransposeConv(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sets := host.Sets()
	for i := range 400 {
		c := randomTransposeConv(r)
		set := sets[i%len(sets)]
		if c.in[0].DType == tensor.F32 && !set.Fused {
			continue
		}
		where := fmt.Sprintf("%s %+v on %v", set.Name, new(c.o), c.in)
		types, err := c.o.Infer(c.in)
		require.NoError(t, err, where)
		want := []tensor.View{{Type: types[0], Data: tensor.Bytes(make([]uint64, types[0].Bytes()/8+1))[:types[0].Bytes()]}}
		require.NoError(t, c.o.Ref(c.in, want))

		b := graph.NewBuilder("")
		x := b.Input("x", c.in[0].Type)
		y := b.Add("y", new(c.o), x, b.Const("w", c.in[1].Type, c.in[1].Data), b.Const("b", c.in[2].Type, c.in[2].Data))
		g, err := b.Graph(y)
		require.NoError(t, err, where)
		p, err := runtime.NewPlan(g, &set, runtime.Options{})
		require.NoError(t, err, where)
		s, err := p.NewSession(1 + i%3)
		require.NoError(t, err, where)
		copy(s.In(0).Data, c.in[0].Data)
		require.NoError(t, s.Run(), where)
		require.Equal(t, want[0].Data, s.Out(0).Data, where)
		s.Close()
	}
}

type transposeConvCase struct {
	o  op.TransposeConv
	in []tensor.View
}

func randomTransposeConv(r *rand.Rand) (c transposeConvCase) {
	dtype := []tensor.DType{tensor.F32, tensor.I8, tensor.I16, tensor.U8, tensor.F16}[r.IntN(5)]
	hybrid := dtype == tensor.F16
	if hybrid {
		dtype = tensor.F32
	}
	groups := 1 + r.IntN(3)
	kc, og := 1+r.IntN(4), 1+r.IntN(4)
	kh, kw := 1+r.IntN(4), 1+r.IntN(4)
	o := op.TransposeConv{Stride: [2]int{1 + r.IntN(4), 1 + r.IntN(4)}, Dilation: [2]int{1 + r.IntN(3), 1 + r.IntN(3)}, Extra: [2]int{r.IntN(3), r.IntN(3)}}
	o.Padding.Mode = op.PadMode(r.IntN(4))
	reachH, reachW := (kh-1)*o.Dilation[0]+1, (kw-1)*o.Dilation[1]+1
	o.Padding.Top, o.Padding.Left = r.IntN(reachH+1)/2, r.IntN(reachW+1)/2
	o.Padding.Bottom, o.Padding.Right = r.IntN(reachH+1)/2, r.IntN(reachW+1)/2
	o.DType = dtype
	x := tensor.Of(dtype, 1+r.IntN(2), 1+r.IntN(5), 1+r.IntN(5), groups*kc)
	w := tensor.Of(dtype, groups*og, kh, kw, kc)
	bias := tensor.Of(tensor.I32, groups*og)
	switch {
	case hybrid:
		w.DType, bias.DType = tensor.I8, tensor.F32
		w.Quant = quant.PerTensor(0.02, 0)
	case dtype == tensor.F32:
		bias.DType = tensor.F32
	default:
		x.Quant, w.Quant, o.Quant = quant.PerTensor(0.05, 7), quant.PerTensor(0.02, 0), quant.PerTensor(0.3, 9)
		if dtype == tensor.U8 {
			w.Quant = quant.PerTensor(0.02, 120)
		} else {
			w.DType = tensor.I8
		}
		if dtype == tensor.I16 {
			x.Quant, o.Quant, bias.DType = quant.PerTensor(0.001, 0), quant.PerTensor(0.002, 0), tensor.I64
		}
	}
	c.o = o
	for _, t := range []tensor.Type{x, w, bias} {
		c.in = append(c.in, random(r, t))
	}
	return c
}

// random returns a tensor of random contents, of small numbers where bits
// would make large ones.
func random(r *rand.Rand, t tensor.Type) tensor.View {
	v := tensor.View{Type: t, Data: tensor.Bytes(make([]uint64, t.Bytes()/8+1))[:t.Bytes()]}
	for i := range t.Len() {
		switch t.DType {
		case tensor.F32:
			v.F32()[i] = float32(r.IntN(2001)-1000) / 512
		case tensor.I32:
			v.I32()[i] = int32(r.IntN(2001) - 1000)
		case tensor.I64:
			v.I64()[i] = int64(r.IntN(2001) - 1000)
		case tensor.I16:
			v.I16()[i] = int16(r.Uint32())
		default:
			v.Data[i] = byte(r.Uint32())
		}
	}
	return v
}
