package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// sequence returns a tensor of random float32.
func sequence(r *rand.Rand, shape ...int) tensor.View {
	t := tensor.Of(tensor.F32, shape...)
	x := make([]float32, t.Len())
	for i := range x {
		x[i] = float32(r.NormFloat64() * 0.7)
	}
	return tensor.View{Type: t, Data: tensor.Bytes(x)}
}

// unwritten returns the outputs of an operator, filled with NaN.
func unwritten(t testing.TB, o graph.Op, in []tensor.View) []tensor.View {
	types, err := o.Infer(in)
	require.NoError(t, err)
	out := make([]tensor.View, len(types))
	for i, ty := range types {
		x := make([]float32, ty.Len())
		for j := range x {
			x[j] = float32(math.NaN())
		}
		out[i] = tensor.View{Type: ty, Data: tensor.Bytes(x)}
	}
	return out
}

// planned returns a session of an operator on inputs; those listed are constants.
func planned(t testing.TB, o graph.Op, in []tensor.View, set *kernels.Set, threads int, constant ...int) *runtime.Session {
	b := graph.NewBuilder("")
	vs := make([]graph.Value, len(in))
	for i, v := range in {
		switch vs[i] = graph.None; {
		case v.Absent():
		case len(constant) > 0 && i >= constant[0] && i < 4:
			vs[i] = b.Const(fmt.Sprint(i), v.Type, v.Data)
		default:
			vs[i] = b.Input(fmt.Sprint(i), v.Type)
		}
	}
	out, err := b.Node(graph.Node{Op: o, In: vs})
	require.NoError(t, err)
	g, err := b.Graph(out...)
	require.NoError(t, err)
	p, err := runtime.NewPlan(g, set, runtime.Options{KeepInputs: true})
	require.NoError(t, err)
	s, err := p.NewSession(threads)
	require.NoError(t, err)
	at := 0
	for i, v := range in {
		if !v.Absent() && !(len(constant) > 0 && i >= constant[0] && i < 4) {
			copy(s.In(at).F32(), v.F32())
			at++
		}
	}
	return s
}

// requireRefBits checks that each set of kernels that fuses gives Ref's bits.
func requireRefBits(t *testing.T, o op.Referenced, in []tensor.View, constant ...int) {
	want := unwritten(t, o, in)
	require.NoError(t, o.Ref(in, want))
	for _, set := range host.Sets() {
		if !set.Fused {
			continue
		}
		s := planned(t, o, in, &set, 2, constant...)
		defer s.Close()
		require.NoError(t, s.Run())
		for i := range want {
			require.Equal(t, want[i].F32(), s.Out(i).F32(), "%s: output %d", set.Name, i)
		}
	}
}

// recurrenceCase is a layer on random inputs, and what its gradient reads.
func recurrenceCase(t testing.TB, o op.Recurrence, n, steps, in, u int) (inputs, grad []tensor.View) {
	r := rand.New(rand.NewPCG(5, uint64(o.Cell)))
	g := []int{1, 3, 4}[o.Cell] * u
	bias := sequence(r, g)
	if o.Cell == op.GRUCell {
		bias = sequence(r, 2, g)
	}
	inputs = []tensor.View{sequence(r, n, steps, in), sequence(r, in, g), sequence(r, u, g), bias, sequence(r, n, u)}
	if o.Cell == op.LSTMCell {
		inputs = append(inputs, sequence(r, n, u))
	}
	o.Keep = true
	out := unwritten(t, new(o), inputs)
	require.NoError(t, o.Ref(inputs, out))
	grad = []tensor.View{inputs[0], inputs[1], inputs[2], inputs[4], {}, out[0], {}, {}, sequence(r, n, steps, u), sequence(r, n, u), {}}
	switch o.Cell {
	case op.GRUCell:
		grad[6] = out[2]
	case op.LSTMCell:
		grad[4], grad[6], grad[7], grad[10] = inputs[5], out[3], out[4], sequence(r, n, u)
	}
	return inputs, grad
}

func TestRecurrenceRef(t *testing.T) {
	for _, o := range []op.Recurrence{
		{}, {Reverse: true, Relu: true}, {Cell: op.GRUCell}, {Cell: op.GRUCell, Reverse: true},
		{Cell: op.LSTMCell}, {Cell: op.LSTMCell, Reverse: true},
	} {
		o.Keep = true
		in, grad := recurrenceCase(t, o, 5, 37, 6, 19)
		requireRefBits(t, new(o), in)
		requireRefBits(t, &op.RecurrenceGrad{Layer: o, Want: [6]bool{true, true, true, true, true, o.Cell == op.LSTMCell}}, grad)
		requireRefBits(t, &op.RecurrenceGrad{Layer: o, Want: [6]bool{2: true}}, grad)
		o.Keep = false
		requireRefBits(t, new(o), in)
		requireRefBits(t, new(o), in, 1) // constant weights
	}
}

// gates reorders the columns of a matrix, or of rows of biases, by gates, and
// transposes it to [1 g·u k].
func onnxWeights(w tensor.View, gates int, order []int) tensor.View {
	k := w.Shape[0]
	u := w.Shape[1] / gates
	out := make([]float32, k*gates*u)
	for to, from := range order {
		for j := range u {
			for l := range k {
				out[(to*u+j)*k+l] = w.F32()[l*gates*u+from*u+j]
			}
		}
	}
	return tensor.View{Type: tensor.Of(tensor.F32, 1, gates*u, k), Data: tensor.Bytes(out)}
}

// A Recurrence is ONNX's operator on weights written as its docstring says.
func TestRecurrenceONNX(t *testing.T) {
	for _, o := range []op.Recurrence{{}, {Relu: true}, {Cell: op.GRUCell}, {Cell: op.LSTMCell}, {Reverse: true}, {Cell: op.GRUCell, Reverse: true}, {Cell: op.LSTMCell, Reverse: true}} {
		t.Run(fmt.Sprintf("%+v", new(o)), func(t *testing.T) {
			const n, steps, width, u = 3, 7, 5, 6
			in, _ := recurrenceCase(t, o, n, steps, width, u)
			out := unwritten(t, new(o), in)
			require.NoError(t, o.Ref(in, out))
			names, order := []string{"Tanh"}, []int{0}
			switch {
			case o.Relu:
				names = []string{"Relu"}
			case o.Cell == op.GRUCell:
				names, order = []string{"Sigmoid", "Tanh"}, []int{0, 1, 2}
			case o.Cell == op.LSTMCell:
				names, order = []string{"Sigmoid", "Tanh", "Tanh"}, []int{0, 3, 1, 2}
			}
			functions, err := op.CellFunctions(names, nil, nil)
			require.NoError(t, err)
			layer := op.Recurrent{Hidden: u, Reverse: []bool{o.Reverse}, Functions: functions, Batchwise: true}
			bias := onnxBias(in[3], len(order), u, order)
			state := func(i int) tensor.View { return tensor.View{Type: tensor.Of(tensor.F32, n, 1, u), Data: in[i].Data} }
			args := []tensor.View{in[0], onnxWeights(in[1], len(order), order), onnxWeights(in[2], len(order), order), bias, {}, state(4)}
			var same op.Referenced = &op.RNN{Recurrent: layer}
			switch o.Cell {
			case op.GRUCell:
				same = &op.GRU{Recurrent: layer, LinearBeforeReset: true}
			case op.LSTMCell:
				same, args = &op.LSTM{Recurrent: layer}, append(args, state(5))
			}
			want := unwritten(t, same, args)
			require.NoError(t, same.Ref(args, want))
			for i := range want {
				require.InDeltaSlice(t, want[i].F32(), out[i].F32(), 2e-6, "output %d", i)
			}
		})
	}
}

// onnxBias returns biases of W, then of R.
func onnxBias(b tensor.View, gates, u int, order []int) tensor.View {
	out := make([]float32, 2*gates*u)
	for row := range b.Len() / (gates * u) {
		for to, from := range order {
			copy(out[(row*gates+to)*u:], b.F32()[(row*gates+from)*u:][:u])
		}
	}
	return tensor.View{Type: tensor.Of(tensor.F32, 1, 2*gates*u), Data: tensor.Bytes(out)}
}

func TestRecurrenceErrors(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	x, k, h := sequence(r, 2, 3, 4), sequence(r, 4, 20), sequence(r, 5, 20)
	for _, c := range []struct {
		want string
		o    op.Recurrence
		in   []tensor.View
	}{
		{"input 1 has shape [4 20], want [4 15]", op.Recurrence{Cell: op.GRUCell}, []tensor.View{x, k, h}},
		{"2 inputs, want 3 to 6", op.Recurrence{Cell: op.LSTMCell}, []tensor.View{x, k}},
		{"6 inputs, want 3 to 5", op.Recurrence{}, []tensor.View{x, k, h, {}, {}, {}}},
		{"input 3 has shape [19], want [20]", op.Recurrence{Cell: op.LSTMCell}, []tensor.View{x, k, h, sequence(r, 19)}},
		{"input 5 has shape [3 5], want [2 5]", op.Recurrence{Cell: op.LSTMCell}, []tensor.View{x, k, h, {}, {}, sequence(r, 3, 5)}},
		{"cell 3", op.Recurrence{Cell: 3}, []tensor.View{x, k, h}},
		{"want no 0", op.Recurrence{Cell: op.LSTMCell}, []tensor.View{sequence(r, 2, 0, 4), k, h}},
	} {
		_, err := c.o.Infer(c.in)
		require.ErrorContains(t, err, c.want)
	}
}

// A step of training is the sum of both.
func BenchmarkRecurrence(b *testing.B) {
	const n, steps, u = 32, 64, 128
	sets := host.Sets()
	set := &sets[len(sets)-1]
	for _, cell := range []op.RecurrenceCell{op.LSTMCell, op.GRUCell, op.SimpleRNNCell} {
		o := op.Recurrence{Cell: cell, Keep: true}
		in, grad := recurrenceCase(b, o, n, steps, u, u)
		back := op.RecurrenceGrad{Layer: o, Want: [6]bool{true, true, true, true}}
		for _, c := range []struct {
			name string
			o    graph.Op
			in   []tensor.View
			macs int
		}{{"forward", new(o), in, 1}, {"gradient", new(back), grad, 2}} {
			for _, threads := range []int{1, 2} {
				b.Run(fmt.Sprintf("%d/%s/%d", cell, c.name, threads), func(b *testing.B) {
					s := planned(b, c.o, c.in, set, threads)
					defer s.Close()
					macs := float64(c.macs) * n * steps * float64(in[1].Shape[1]) * 2 * u
					for b.Loop() {
						require.NoError(b, s.Run())
					}
					b.ReportMetric(2*macs*float64(b.N)/1e9/b.Elapsed().Seconds(), "GFLOP/s")
				})
			}
		}
	}
}

// A stateful layer's state is a variable, assigned after each run.
func TestRecurrenceStateful(t *testing.T) {
	const n, steps, width, u = 2, 4, 3, 5
	o := op.Recurrence{Cell: op.GRUCell}
	in, _ := recurrenceCase(t, o, n, steps, width, u)
	b := graph.NewBuilder("stateful")
	state := b.Var(&graph.Var{Name: "h", Type: in[4].Type})
	vs := []graph.Value{b.Input("x", in[0].Type), b.Const("k", in[1].Type, in[1].Data), b.Const("r", in[2].Type, in[2].Data), b.Const("b", in[3].Type, in[3].Data), state}
	out, err := b.Node(graph.Node{Op: new(o), In: vs})
	require.NoError(t, err)
	_, err = b.Node(graph.Node{Op: &op.AssignVariable{}, In: []graph.Value{state, out[1]}})
	require.NoError(t, err)
	g, err := b.Graph(out[0])
	require.NoError(t, err)
	set := host.Sets()[0]
	p, err := runtime.NewPlan(g, &set, runtime.Options{KeepInputs: true})
	require.NoError(t, err)
	s, err := p.NewSession(1)
	require.NoError(t, err)
	defer s.Close()
	copy(s.In(0).F32(), in[0].F32())
	in[4] = tensor.View{Type: in[4].Type, Data: tensor.Bytes(make([]float32, n*u))}
	for range 2 {
		require.NoError(t, s.Run())
		want := unwritten(t, new(o), in)
		require.NoError(t, o.Ref(in, want))
		require.Equal(t, want[0].F32(), s.Out(0).F32())
		copy(in[4].F32(), want[1].F32())
	}
}
