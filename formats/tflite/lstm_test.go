package tflite_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// cell64 is an LSTM in float64, written down from the papers' formulas, with
// the weights that the model of an lstm has.
type cell64 struct {
	lstm
	seed  uint64
	h     []float64
	cells []float64
}

// weight returns element i of the weights made of seed.
func (l *cell64) weight(seed uint64, n, i int) float64 {
	if l.hybrid {
		return float64(l.scaleW) * float64(somewhat[int8](seed, n, -127, 127)[i])
	}
	return at(seed, n, 0.5, i)
}

// rounded returns x as an LSTM with int8 weights sees it: in 127 steps to the
// largest, or with a zero point in 255 from the least to the largest.
func (l *cell64) rounded(x []float64) []float64 {
	lo, hi := 0.0, 0.0
	for _, v := range x {
		lo, hi = min(lo, v), max(hi, v)
	}
	step, zero := max(-lo, hi)/127, 0.0
	if l.asymmetric {
		step = (hi - lo) / 255
		zero = math.Round(-128 - lo/step)
	}
	if !l.hybrid || step == 0 {
		return x
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = step * (min(max(math.Round(v/step+zero), -128), 127) - zero)
	}
	return y
}

func (l lstm) cell64(seed uint64) *cell64 {
	l = l.defaults()
	return &cell64{l, seed, make([]float64, l.out()), make([]float64, l.c)}
}

// out is the size of the hidden state.
func (l lstm) out() int {
	if l.proj > 0 {
		return l.proj
	}
	return l.c
}

// at returns element i of the constant that was made of seed.
func at(seed uint64, n int, scale float32, i int) float64 {
	return float64(somewhatF32(seed, n, scale)[i])
}

// linear returns W_g·x + R_g·h of gate g, plus bias and peephole.
func (l *cell64) linear(g int, x []float32) []float64 {
	y := make([]float64, l.c)
	wide := make([]float64, len(x))
	for i, v := range x {
		wide[i] = float64(v)
	}
	h := l.rounded(l.h)
	for j := range y {
		for i, v := range l.rounded(wide) {
			y[j] += l.weight(l.seed+uint64(g), l.c*l.i, j*l.i+i) * v
		}
		for i, v := range h {
			y[j] += l.weight(l.seed+10+uint64(g), l.c*len(h), j*len(h)+i) * v
		}
		if l.peephole && g != 2 {
			y[j] += l.weight(l.seed+30+uint64(g), l.c, j) * l.cells[j]
		}
	}
	if l.norm {
		mean, variance := 0.0, 0.0
		for _, v := range y {
			mean += v / float64(l.c)
		}
		for _, v := range y {
			variance += (v - mean) * (v - mean) / float64(l.c)
		}
		for j, v := range y {
			y[j] = (v - mean) / math.Sqrt(variance+1e-8) * at(60+uint64(g), l.c, 2, j)
		}
	}
	for j := range y {
		y[j] += at(l.seed+20+uint64(g), l.c, 0.5, j)
	}
	return y
}

func (l *cell64) activation(x float64) float64 {
	switch l.act {
	case int8(tflite.ActivationTanh):
		return math.Tanh(x)
	case int8(tflite.ActivationRelu):
		return max(x, 0)
	}
	return min(max(x, 0), 6)
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// step moves the state on.
func (l *cell64) step(x []float32) []float64 {
	forget, value := l.linear(1, x), l.linear(2, x)
	write := make([]float64, l.c)
	if !l.coupled {
		write = l.linear(0, x)
	}
	for j := range l.cells {
		f := sigmoid(forget[j])
		w := 1 - f
		if !l.coupled {
			w = sigmoid(write[j])
		}
		l.cells[j] = f*l.cells[j] + w*l.activation(value[j])
		if clip := float64(l.clip); clip > 0 {
			l.cells[j] = min(max(l.cells[j], -clip), clip)
		}
	}
	output := l.linear(3, x)
	z := make([]float64, l.c)
	for j := range z {
		z[j] = sigmoid(output[j]) * l.activation(l.cells[j])
	}
	l.h = z
	if l.proj > 0 {
		l.h = make([]float64, l.proj)
		for k := range l.h {
			l.h[k] = at(l.seed+41, l.proj, 0.5, k)
			for j, v := range l.rounded(z) {
				l.h[k] += l.weight(l.seed+40, l.proj*l.c, k*l.c+j) * v
			}
			if clip := float64(l.projClip); clip > 0 {
				l.h[k] = min(max(l.h[k], -clip), clip)
			}
		}
	}
	return l.h
}

// The variants that the reference lacks, against the formulas.
func TestLSTMVariants(t *testing.T) {
	for name, c := range map[string]lstm{
		"plain":                {},
		"coupled gates":        {coupled: true},
		"peepholes":            {peephole: true},
		"projection":           {proj: 3},
		"clipped projection":   {proj: 3, projClip: 0.2},
		"wider projection":     {proj: 9},
		"layer normalisation":  {norm: true},
		"relu":                 {act: int8(tflite.ActivationRelu)},
		"relu6, clip":          {act: int8(tflite.ActivationRelu6), clip: 0.75},
		"all":                  {peephole: true, proj: 4, norm: true, clip: 0.5},
		"all, coupled":         {coupled: true, peephole: true, proj: 4, norm: true},
		"all, time major":      {peephole: true, proj: 4, norm: true, timeMajor: true},
		"coupled, many steps":  {coupled: true, peephole: true, t: 70},
		"projection, computed": {proj: 3, open: true},
		"hybrid":               {hybrid: true},
		"hybrid, all":          {hybrid: true, peephole: true, proj: 4, norm: true, clip: 0.5},
		"hybrid, asymmetric":   {hybrid: true, asymmetric: true, coupled: true, proj: 3},
	} {
		c.typ, c.n, c.i, c.c = tflite.Float32, 2, 3, 5
		if c.t == 0 {
			c.t = 4
		}
		t.Run(name, func(t *testing.T) {
			p := planned(t, c.model, op.Limits{})
			s := session(t, p)
			x := somewhatF32(99, c.n*c.t*c.i, 1.5)
			copy(s.In(0).F32(), x)
			if c.open {
				copy(s.In(1).F32(), somewhatF32(2, c.c*c.i, 0.5))
			}
			assert.NoError(t, s.Run())
			for b := range c.n {
				c.sequence(t, c.cell64(1), x, b, s.Out(0).F32(), c.out(), 0, false)
			}
		})
	}
}

// sequence compares the outputs of one image of a batch.
func (c lstm) sequence(t *testing.T, cell *cell64, x []float32, b int, got []float32, stride, first int, reverse bool) {
	for k := range c.t {
		if reverse {
			k = c.t - 1 - k
		}
		row := b*c.t + k
		if c.timeMajor {
			row = k*c.n + b
		}
		for j, want := range cell.step(x[row*c.i : (row+1)*c.i]) {
			assert.InDelta(t, want, got[row*stride+first+j], 1e-6*max(1, math.Abs(want)), "image %d step %d output %d", b, k, j)
		}
	}
}

// bidirectional is a model of two LSTMs of c; merged into one output or not.
func (c lstm) bidirectional(merge, aux, auxWeights bool) func(m *modeltest.Model) {
	c = c.defaults()
	return func(m *modeltest.Model) {
		in := []int{m.Input("x", c.typ, c.shape(c.i))}
		in = append(in, c.inputs(m, 1)...)
		in = append(in, c.inputs(m, 101)...)
		for range 2 {
			hidden, cell := c.states(m)
			in = append(in, hidden, cell)
		}
		for range 9 {
			in = append(in, -1)
		}
		if aux {
			in[39] = m.Input("aux", c.typ, c.shape(c.i))
		}
		if auxWeights {
			in[41] = c.weights(m, "aux", 200, 1, c.c, c.i)
		}
		out := []int{m.Tensor("y", c.typ, c.shape(c.out())), m.Tensor("z", c.typ, c.shape(c.out()))}
		if merge {
			out = []int{m.Tensor("y", c.typ, c.shape(2*c.out()))}
		}
		fields := modeltest.Table{0: c.act, 1: c.clip, 2: c.projClip, 3: merge, 4: c.timeMajor, 5: c.asymmetric}
		m.Op("BIDIRECTIONAL_SEQUENCE_LSTM", 2, modeltest.Options{Type: tflite.BidirectionalSequenceLSTMOptions, Fields: fields}, in, out)
		m.Outputs(out...)
	}
}

func TestBidirectionalLSTM(t *testing.T) {
	for name, c := range map[string]lstm{
		"plain":      {t: 4},
		"time major": {t: 4, timeMajor: true},
		"many steps": {t: 70, coupled: true},
		"extras":     {t: 3, peephole: true, proj: 3, clip: 0.5},
		"hybrid":     {t: 3, hybrid: true, asymmetric: true},
	} {
		c.typ, c.n, c.i, c.c = tflite.Float32, 2, 3, 5
		for _, merge := range []bool{false, true} {
			for _, aux := range []bool{false, true} {
				t.Run(name, func(t *testing.T) {
					s := session(t, planned(t, c.bidirectional(merge, aux, false), op.Limits{}))
					x := somewhatF32(99, c.n*c.t*c.i, 1.5)
					back := x
					copy(s.In(0).F32(), x)
					if aux {
						back = somewhatF32(98, c.n*c.t*c.i, 1.5)
						copy(s.In(1).F32(), back)
					}
					assert.NoError(t, s.Run())
					y, z, stride, first := s.Out(0).F32(), []float32(nil), c.out(), 0
					if merge {
						z, stride, first = y, 2*c.out(), c.out()
					} else {
						z = s.Out(1).F32()
					}
					for b := range c.n {
						c.sequence(t, c.cell64(1), x, b, y, stride, 0, false)
						c.sequence(t, c.cell64(101), back, b, z, stride, first, true)
					}
				})
			}
		}
	}
}

// rnn is a model of UNIDIRECTIONAL_SEQUENCE_RNN with two states.
func rnn(timeMajor bool, act int8, open bool) func(m *modeltest.Model) {
	return func(m *modeltest.Model) {
		x := m.Input("x", tflite.Float32, []int{2, 3, 1})
		n := 2
		if timeMajor {
			n = 3
		}
		w := m.Const("w", tflite.Float32, []int{2, 1}, []float32{0.5, -0.5})
		if open {
			w = m.Input("w", tflite.Float32, []int{2, 1})
		}
		r := m.Const("r", tflite.Float32, []int{2, 2}, []float32{0.5, 0, 1, -0.5})
		b := m.Const("b", tflite.Float32, []int{2}, []float32{1, 0.25})
		h := m.Variable("h", tflite.Float32, []int{n, 2})
		y := m.Tensor("y", tflite.Float32, []int{2, 3, 2})
		m.Op("UNIDIRECTIONAL_SEQUENCE_RNN", 1, modeltest.Options{Type: tflite.SequenceRNNOptions, Fields: modeltest.Table{0: timeMajor, 1: act}}, []int{x, w, r, b, h}, []int{y})
		m.Outputs(y)
	}
}

// hybridRNN has one state, with int8 weights of 1/2 and the bias 1.
func hybridRNN(m *modeltest.Model) {
	x := m.Input("x", tflite.Float32, []int{1, 2, 1})
	w := m.Const("w", tflite.Int8, []int{1, 1}, []int8{64}, scaled(1.0/128, 0))
	r := m.Const("r", tflite.Int8, []int{1, 1}, []int8{32}, scaled(1.0/64, 0))
	b, h, y := m.Const("b", tflite.Float32, []int{1}, []float32{1}), m.Variable("h", tflite.Float32, []int{1, 1}), m.Tensor("y", tflite.Float32, []int{1, 2, 1})
	m.Op("UNIDIRECTIONAL_SEQUENCE_RNN", 1, modeltest.Options{Type: tflite.SequenceRNNOptions}, []int{x, w, r, b, h}, []int{y})
	m.Outputs(y)
}

const (
	bidirectional = "BIDIRECTIONAL_SEQUENCE_LSTM"
	sequenceRNN   = "UNIDIRECTIONAL_SEQUENCE_RNN"
)

// countUp fills float32 inputs with 1, 2, 3, …
func countUp(_, _ int, t tensor.Type) []byte {
	x := make([]float32, t.Len())
	for i := range x {
		x[i] = float32(i + 1)
	}
	return tensor.Bytes(x)
}

var sequenceCases = []opCase{
	{op: bidirectional, name: "no steps", want: "float32[1 0 4] []", model: lstm{typ: tflite.Float32, n: 1, i: 3, c: 2}.bidirectional(true, false, false)},
	{op: bidirectional, name: "weights beside", err: "a sequence beside the main one (input 41) is not supported", model: lstm{typ: tflite.Float32, t: 1, n: 1, i: 3, c: 2}.bidirectional(true, true, true)},
	{op: bidirectional, name: "int8", err: "int8 as type of input 0 ", model: lstm{typ: tflite.Int8, t: 1, n: 1, i: 3, c: 2}.bidirectional(false, false, false)},
	{op: sequenceRNN, name: "hybrid", fill: ones, want: "float32[1 2 1] [1.5 2.25]", model: hybridRNN},
	// h = (1 + x/2 + h0/2, 1/4 − x/2 + h0 − h1/2) for x = 1, 2, 3; then 4, 5, 6.
	{op: sequenceRNN, name: "linear", fill: countUp, want: "float32[2 3 2] [1.5 -0.25 2.75 0.875 3.875 1.0625 3 -1.75 5 1.625 6.5 1.4375]", model: rnn(false, 0, false)},
	{op: sequenceRNN, name: "relu", fill: countUp, want: "float32[2 3 2] [1.5 0 2.75 0.75 3.875 1.125 3 0 5 0.75 6.5 1.875]", model: rnn(false, 1, false)},
	{op: sequenceRNN, name: "time major", fill: countUp, want: "float32[2 3 2] [1.5 -0.25 2 -0.75 2.5 -1.25 3.75 -0.125 4.5 0.125 5.25 0.375]", model: rnn(true, 0, false)},
	{op: sequenceRNN, name: "weights computed", fill: func(s, i int, t tensor.Type) []byte {
		if i == 1 {
			return tensor.Bytes([]float32{0.5, -0.5})
		}
		return countUp(s, i, t)
	}, want: "float32[2 3 2] [1.5 -0.25 2.75 0.875 3.875 1.0625 3 -1.75 5 1.625 6.5 1.4375]", model: rnn(false, 0, true)},
}
