package op_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// integerCase makes up inputs of a product or convolution of integers.
type integerCase struct{ *rand.Rand }

func (r integerCase) pick(n ...int) int { return n[r.IntN(len(n))] }

func (r integerCase) bytes(shape ...int) tensor.View {
	t := tensor.Of([]tensor.DType{tensor.I8, tensor.U8}[r.IntN(2)], shape...)
	v := tensor.View{Type: t, Data: make([]byte, t.Bytes())}
	for i := range v.Data {
		v.Data[i] = byte(r.Uint32())
	}
	return v
}

func (r integerCase) scales(n int) tensor.View {
	v := f32At([]int{n}, make([]float32, n)...)
	for i := range v.F32() {
		v.F32()[i] = float32(r.ExpFloat64()+0.01) / 16
	}
	return v
}

// zeros returns zero points like v's elements, or nothing.
func (r integerCase) zeros(v tensor.View, n int) tensor.View {
	if r.IntN(4) == 0 {
		return tensor.View{}
	}
	z := r.bytes(n)
	z.DType = v.DType
	return z
}

// inputs returns all inputs for an output of type d; rows and outputs may have
// parameters of their own.
func (r integerCase) inputs(d tensor.DType, x, w tensor.View, rows, outputs int) []tensor.View {
	perRow := func() int { return r.pick(1, 1, rows) }
	perOutput := func() int { return r.pick(1, outputs) }
	in := make([]tensor.View, 10)
	in[0], in[1], in[2], in[3] = x, w, r.zeros(x, perRow()), r.zeros(w, perOutput())
	if r.IntN(2) == 0 {
		in[8] = i32At([]int{outputs}, make([]int32, outputs)...)
		for i := range in[8].I32() {
			in[8].I32()[i] = int32(r.IntN(20000) - 10000)
		}
	}
	if d == tensor.I32 {
		return in
	}
	in[4], in[5] = r.scales(perRow()), r.scales(perOutput())
	if d == tensor.F32 {
		if r.IntN(2) == 0 {
			in[9] = r.scales(perOutput())
		}
		return in
	}
	in[6], in[7] = r.scales(perRow()), r.zeros(tensor.View{Type: tensor.Of(d)}, perRow())
	for i := range in[6].F32() {
		in[6].F32()[i] *= 64
	}
	return in
}

// runInteger compares a run with Ref.
func runInteger(t *testing.T, o op.Referenced, in []tensor.View, constant func(i int) bool) {
	types, err := o.Infer(in)
	require.NoError(t, err)
	want := blank(types)
	require.NoError(t, o.Ref(in, want))
	for _, set := range host.Sets() {
		b := graph.NewBuilder("")
		vs := make([]graph.Value, len(in))
		var fed []tensor.View
		for i, v := range in {
			switch {
			case v.Absent():
				vs[i] = graph.None
			case constant(i):
				vs[i] = b.Const("", v.Type, v.Data)
			default:
				vs[i] = b.Input("", v.Type)
				fed = append(fed, v)
			}
		}
		g, err := b.Graph(b.Add("", o, vs...))
		require.NoError(t, err)
		p, err := runtime.NewPlan(g, &set, runtime.Options{})
		require.NoError(t, err)
		s, err := p.NewSession(2)
		require.NoError(t, err)
		for range 2 {
			for i, v := range fed {
				copy(s.In(i).Data, v.Data)
			}
			require.NoError(t, s.Run())
			require.Equal(t, want[0].Data, s.Out(0).Data[:len(want[0].Data)], "%s: %+v", set.Name, o)
		}
		s.Close()
	}
}

var integerTypes = []tensor.DType{tensor.I32, tensor.F32, tensor.I8, tensor.U8}

// TestIntegerConv compares kernels with the plain definition.
func TestIntegerConv(t *testing.T) {
	r := integerCase{rand.New(rand.NewPCG(1, 2))}
	for n := range 120 {
		groups := r.pick(1, 1, 2, 5)
		kc, per := r.pick(1, 3, 8, 16), r.pick(1, 2, 7, 20)
		o := op.IntegerConv{DType: integerTypes[n%4], Stride: [2]int{r.pick(1, 2), r.pick(1, 2)}, Dilation: [2]int{r.pick(1, 2), r.pick(1, 1, 2)}}
		if o.Padding.Mode = op.PadMode(r.pick(0, 0, 1, 2, 3)); o.Padding.Mode == op.PadExplicit {
			o.Padding = op.Padding{Top: r.IntN(3), Left: r.IntN(3), Bottom: r.IntN(3), Right: r.IntN(3)}
		}
		x, w := r.bytes(r.pick(1, 2), r.pick(1, 5, 9), r.pick(5, 8), groups*kc), r.bytes(groups*per, r.pick(1, 3), r.pick(1, 2, 3), kc)
		in := r.inputs(o.DType, x, w, 1, groups*per)
		fixed := r.IntN(2) == 0
		t.Run(fmt.Sprint(n), func(t *testing.T) { runInteger(t, new(o), in, func(i int) bool { return i > 0 && fixed }) })
	}
}

// TestIntegerMatMul has also rows with parameters of their own, and batches.
func TestIntegerMatMul(t *testing.T) {
	r := integerCase{rand.New(rand.NewPCG(3, 4))}
	for n := range 120 {
		m, k, c := r.pick(1, 3, 17), r.pick(1, 5, 32, 70), r.pick(1, 2, 16, 33)
		o := op.IntegerMatMul{DType: integerTypes[n%4]}
		left, right := []int{m, k}, []int{k, c}
		switch r.IntN(4) {
		case 0:
			left = []int{2, 3, m, k}
		case 1:
			left, right = []int{2, 3, m, k}, []int{3, k, c}
		case 2:
			right = []int{2, k, c}
		}
		in := r.inputs(o.DType, r.bytes(left...), r.bytes(right...), m, c)
		fixed := r.IntN(2) == 0
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			runInteger(t, new(o), in, func(i int) bool { return i > 0 && fixed })
			turned := o
			turned.AdjY = true
			stored := slices.Clone(in)
			stored[1] = refOf(t, &op.Transpose{Perm: lastTwo(len(right))}, in[1])
			require.Equal(t, refOf(t, &o, in...), refOf(t, &turned, stored...))
			runInteger(t, &turned, stored, func(i int) bool { return i > 0 && fixed })
		})
	}
}

// lastTwo is the permutation that transposes matrices.
func lastTwo(rank int) []int { return [][]int{2: {1, 0}, 3: {0, 2, 1}}[rank] }
