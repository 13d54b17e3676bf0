package op

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// waves makes tensors of float32 whose elements are sin(1), sin(1.7) ….
type waves struct{ next int }

func (w *waves) tensor(shape ...int) tensor.View {
	v := newFloats(shape...)
	for i := range v.F32() {
		v.F32()[i] = float32(math.Sin(1 + 0.7*float64(w.next)))
		w.next++
	}
	return v
}

func newFloats(shape ...int) tensor.View {
	t := tensor.Of(tensor.F32, shape...)
	return tensor.View{Type: t, Data: tensor.Bytes(make([]float32, t.Len()))}
}

// runOp infers the outputs and runs Ref.
func runOp(o Referenced, in ...tensor.View) ([]tensor.View, error) {
	types, err := o.Infer(in)
	if err != nil {
		return nil, err
	}
	out := make([]tensor.View, len(types))
	for i, t := range types {
		if err := t.Check(); err != nil {
			return nil, err
		}
		out[i] = tensor.View{Type: t, Data: tensor.Bytes(make([]uint64, t.Bytes()/8+1))[:t.Bytes()]}
	}
	return out, o.Ref(in, out)
}

func cellsOf(t *testing.T, names []string, alphas, betas []float32) []CellFunction {
	f, err := CellFunctions(names, alphas, betas)
	require.NoError(t, err)
	return f
}

// What is expected was recorded from ONNX Runtime: sequences of 3 and 2
// elements (or 3 and 3) of 2 numbers, and 2 hidden ones. The inputs that a case
// has are waves in their order.
func TestONNXRecurrent(t *testing.T) {
	both := []bool{false, true}
	for _, c := range []struct {
		name      string
		op        func(Recurrent) Referenced
		gates     int
		reverse   []bool
		functions []CellFunction
		clip      float32
		inputs    string // of "b", "l", "h", "c", "p": bias, lengths, states, peepholes
		want      [][]float32
	}{
		{"reverse, with lengths, alpha and beta", func(r Recurrent) Referenced { return &RNN{r} }, 1, []bool{true}, cellsOf(t, []string{"ScaledTanh"}, []float32{0.5}, []float32{1.5}), 0, "bl", [][]float32{
			{-0.411295, -0.49956, -0.00256196, -0.484338, 0.343173, -0.203838, 0.161946, 0.157791, -0.322744, -0.497714, 0, 0},
			{-0.411295, -0.49956, -0.00256196, -0.484338}}},
		{"linear before reset, both ways", func(r Recurrent) Referenced { return &GRU{r, true} }, 3, both, cellsOf(t, []string{"Sigmoid", "Tanh", "Sigmoid", "Tanh"}, nil, nil), 0, "blh", [][]float32{
			{0.683435, -0.775735, 0.37968, -0.668751, -0.704175, -0.168895, 0.290375, -0.641824, 0.431794, -0.280692, 0.125737, -0.0563044, -0.180203, -0.131934, 0.884354, -0.634751, 0.705978, -0.0189768, 0, 0, -0.603692, 0.253897, 0, 0},
			{0.705978, -0.0189768, 0.125737, -0.0563044, -0.704175, -0.168895, 0.290375, -0.641824}}},
		{"clip", func(r Recurrent) Referenced { return &GRU{r, false} }, 3, []bool{false}, cellsOf(t, []string{"HardSigmoid", "Softsign"}, []float32{0.3}, []float32{0.4}), 0.25, "b", [][]float32{
			{0.135, -0.135, 0.119001, -0.121735, 0.00889441, 0.040875, -0.0555357, 0.0471757, 0.137891, -0.121716, 0.116951, -0.119668},
			{0.137891, -0.121716, 0.116951, -0.119668}}},
		{"peepholes, both ways", func(r Recurrent) Referenced { return &LSTM{r, false} }, 4, both, cellsOf(t, []string{"Sigmoid", "Tanh", "Tanh", "Sigmoid", "Tanh", "Tanh"}, nil, nil), 0, "blhcp", [][]float32{
			{0.0911107, 0.32058, 0.184928, 0.196765, -0.038632, 0.0690901, -0.000262455, 0.05992, 0.156371, 0.0819544, 0.193972, 0.0854175, 0.295893, 0.0728644, 0.071481, 0.0988174, 0.188515, 0.344099, 0, 0, -0.063993, 0.019856, 0, 0},
			{0.188515, 0.344099, 0.193972, 0.0854175, -0.038632, 0.0690901, -0.000262455, 0.05992},
			{0.812023, 0.642935, 0.857003, 0.731944, -0.330823, 0.542247, -0.00138439, 0.630952}}},
		{"input forget", func(r Recurrent) Referenced { return &LSTM{r, true} }, 4, []bool{true}, cellsOf(t, []string{"Sigmoid", "Tanh", "Tanh"}, nil, nil), 0.4, "h", [][]float32{
			{-0.0358137, 0.0239744, -0.0633604, -0.0281312, 0.065541, -0.0744788, 0.0531004, -0.0961858, -0.0897443, 0.0590431, -0.0897443, -0.0252893},
			{-0.0358137, 0.0239744, -0.0633604, -0.0281312},
			{-0.0709466, 0.0400663, -0.141545, -0.0470228}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var w waves
			d := len(c.reverse)
			in := []tensor.View{w.tensor(3, 2, 2), w.tensor(d, 2*c.gates, 2), w.tensor(d, 2*c.gates, 2), {}, {}, {}, {}, {}}
			for _, k := range c.inputs {
				switch k {
				case 'b':
					in[3] = w.tensor(d, 4*c.gates)
				case 'l':
					in[4] = tensor.View{Type: tensor.Of(tensor.I32, 2), Data: tensor.Bytes([]int32{3, 2})}
				case 'h':
					in[5] = w.tensor(d, 2, 2)
				case 'c':
					in[6] = w.tensor(d, 2, 2)
				case 'p':
					in[7] = w.tensor(d, 6)
				}
			}
			if c.gates != 4 {
				in = in[:6]
			}
			r := Recurrent{Hidden: 2, Reverse: c.reverse, Functions: c.functions, Clip: c.clip}
			out, err := runOp(c.op(r), in...)
			require.NoError(t, err)
			require.Len(t, out, len(c.want))
			for i := range out {
				assert.InDeltaSlice(t, c.want[i], out[i].F32(), 2e-6, "output %d", i)
			}
			halves, err := runOp(c.op(r), asHalves(in)...)
			require.NoError(t, err)
			for i, v := range halves[0].F16() {
				assert.InDelta(t, c.want[0][i], floatAt(&halves[0], i), 4e-3, v)
			}
			swapped := r
			swapped.Batchwise = true
			for _, i := range []int{0, 5, 6} {
				if i < len(in) && !in[i].Absent() {
					in[i] = swapped01(in[i])
				}
			}
			again, err := runOp(c.op(swapped), in...)
			require.NoError(t, err)
			assert.Equal(t, out[1].F32(), swapped01View(again[1]).F32(), "layout 1")
		})
	}
}

func asHalves(in []tensor.View) []tensor.View {
	out := make([]tensor.View, len(in))
	for i, v := range in {
		if v.DType == tensor.F32 {
			h := make([]uint16, v.Len())
			narrowHalf(h, v.F32())
			v = tensor.View{Type: tensor.Of(tensor.F16, v.Shape...), Data: tensor.Bytes(h)}
		}
		out[i] = v
	}
	return out
}

// swapped01 exchanges the first two of three dimensions.
func swapped01(v tensor.View) tensor.View {
	a, b, c := v.Shape[0], v.Shape[1], v.Shape[2]
	to := newFloats(b, a, c)
	for i := range a {
		for j := range b {
			copy(to.F32()[(j*a+i)*c:], v.F32()[(i*b+j)*c:(i*b+j+1)*c])
		}
	}
	return to
}

func swapped01View(v tensor.View) *tensor.View { s := swapped01(v); return &s }

func TestONNXRecurrentErrors(t *testing.T) {
	var w waves
	r := Recurrent{Hidden: 2, Reverse: []bool{false}, Functions: cellsOf(t, []string{"Tanh"}, nil, nil)}
	x, wx, rx := w.tensor(3, 2, 2), w.tensor(1, 2, 2), w.tensor(1, 2, 2)
	long := tensor.View{Type: tensor.Of(tensor.I32, 2), Data: tensor.Bytes([]int32{3, 4})}
	for _, c := range []struct {
		want string
		o    func(Recurrent) Referenced
		in   []tensor.View
	}{
		{"input 1 has shape", func(r Recurrent) Referenced { return &RNN{r} }, []tensor.View{x, w.tensor(1, 3, 2), rx}},
		{"hidden_size is 5", func(r Recurrent) Referenced { r.Hidden = 5; return &RNN{r} }, []tensor.View{x, wx, rx}},
		{"1 activations, want 2", func(r Recurrent) Referenced { return &GRU{r, false} }, []tensor.View{x, wx, rx}},
		{"clip is -1", func(r Recurrent) Referenced { r.Clip = -1; return &RNN{r} }, []tensor.View{x, wx, rx}},
		{"sequence_lens[1] is 4, want 0 to 3", func(r Recurrent) Referenced { return &RNN{r} }, []tensor.View{x, wx, rx, {}, long}},
		{"2 inputs, want 3 to 6", func(r Recurrent) Referenced { return &RNN{r} }, []tensor.View{x, wx}},
	} {
		_, err := runOp(c.o(r), c.in...)
		assert.ErrorContains(t, err, c.want)
	}
	_, err := CellFunctions([]string{"Swish"}, nil, nil)
	assert.ErrorContains(t, err, `activation "Swish" is not supported`)
}

// Inputs of any type and shape are errors or run: nothing panics.
func TestSequenceOpsNeverPanic(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	tanh := CellFunction{Name: "tanh"}
	r := Recurrent{Reverse: []bool{false}, Functions: []CellFunction{tanh, tanh, tanh}}
	rnn := r
	rnn.Functions = rnn.Functions[:1]
	ops := []Referenced{
		&RNN{rnn}, &LSTM{r, true}, &Attention{Causal: true, QHeads: 2, KVHeads: 1, Left: 1, Right: -1, Outputs: 4}, &RotaryEmbedding{Heads: 2},
		&CausalConvWithState{Silu: true}, &LinearAttention{Heads: 2, KVHeads: 2}, &LinearAttention{Heads: 2, KVHeads: 1, Gated: true, Delta: true},
		&AttentionScores{DType: tensor.F32}, &AttentionValues{}, &DFT{Onesided: true, Axis: 1}, &DFT{Inverse: true, Onesided: true, Axis: 0},
		&AttentionMask{Filter: -1, Heads: 2}, &EmbeddingSum{}, &DynamicQuantizeLSTM{LSTM{r, false}},
		&STFT{Onesided: true}, &CosineWindow{DType: tensor.I8}, &MelWeightMatrix{DType: tensor.F16},
	}
	types := []tensor.DType{tensor.F32, tensor.F32, tensor.F32, tensor.F16, tensor.F64, tensor.I64, tensor.I64, tensor.I32, tensor.I32, tensor.I8, tensor.Bool, tensor.None}
	ran := map[string]int{}
	for range 20000 {
		o := ops[rng.IntN(len(ops))]
		in := make([]tensor.View, rng.IntN(13))
		float := types[rng.IntN(5)]
		rank := rng.IntN(5)
		for i := range in {
			d := types[rng.IntN(len(types))]
			if d.Float() {
				d = float
			}
			if rng.IntN(4) == 0 {
				rank = rng.IntN(5)
			}
			shape := make([]int, rank)
			for k := range shape {
				shape[k] = []int{0, 1, 1, 1, 2, 2, 2, 4}[rng.IntN(8)]
			}
			if d == tensor.None {
				continue
			}
			in[i] = tensor.View{Type: tensor.Of(d, shape...)}
			in[i].Data = tensor.Bytes(make([]uint64, in[i].Len()+1))[:in[i].Bytes()]
			for k := range in[i].Data {
				in[i].Data[k] = byte(rng.IntN(3)) * byte(rng.IntN(2))
			}
			switch d {
			case tensor.I64:
				for k := range in[i].I64() {
					in[i].I64()[k] = int64(rng.IntN(7) - 1)
				}
			case tensor.I32:
				for k := range in[i].I32() {
					in[i].I32()[k] = int32(rng.IntN(7) - 1)
				}
			}
		}
		if _, err := runOp(o, in...); err == nil {
			ran[graph.Name(o)]++
		}
	}
	assert.NotEmpty(t, ran, "some inputs must fit by chance")
}
