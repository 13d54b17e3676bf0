package op_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// layer64 is a recurrent layer in float64, from the formulas.
type layer64 struct {
	op.Recurrence
	n, t, in, u int
}

func sigmoid64(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// outputs computes y, h and c.
func (l layer64) outputs(in [][]float64) [][]float64 {
	y, h, c := make([]float64, l.n*l.t*l.u), make([]float64, l.n*l.u), make([]float64, l.n*l.u)
	if len(in) > 4 && in[4] != nil {
		copy(h, in[4])
	}
	if len(in) > 5 && in[5] != nil {
		copy(c, in[5])
	}
	for i := range l.n {
		for k := range l.t {
			p := k
			if l.Reverse {
				p = l.t - 1 - k
			}
			l.step(in, in[0][(i*l.t+p)*l.in:][:l.in], h[i*l.u:][:l.u], c[i*l.u:][:l.u])
			copy(y[(i*l.t+p)*l.u:], h[i*l.u:][:l.u])
		}
	}
	if l.Cell == op.LSTMCell {
		return [][]float64{y, h, c}
	}
	return [][]float64{y, h}
}

// sum is gate g's, unit j's, of a row times weights; bias is added.
func (l layer64) sum(x, w, bias []float64, j int) (s float64) {
	cols := len(w) / len(x)
	for i, v := range x {
		s += v * w[i*cols+j]
	}
	if bias != nil {
		s += bias[j]
	}
	return s
}

func (l layer64) step(in [][]float64, x, h, c []float64) {
	var bias, stateBias []float64
	if len(in) > 3 {
		bias = in[3]
	}
	if bias != nil && l.Cell == op.GRUCell {
		bias, stateBias = bias[:3*l.u], bias[3*l.u:]
	}
	was := append([]float64{}, h...)
	for j := range h {
		a := func(g int) float64 { return l.sum(x, in[1], bias, g*l.u+j) }
		s := func(g int) float64 { return l.sum(was, in[2], stateBias, g*l.u+j) }
		switch l.Cell {
		case op.LSTMCell:
			i, f, g, o := sigmoid64(a(0)+s(0)), sigmoid64(a(1)+s(1)), math.Tanh(a(2)+s(2)), sigmoid64(a(3)+s(3))
			c[j] = f*c[j] + i*g
			h[j] = o * math.Tanh(c[j])
		case op.GRUCell:
			z, r := sigmoid64(a(0)+s(0)), sigmoid64(a(1)+s(1))
			h[j] = z*was[j] + (1-z)*math.Tanh(a(2)+r*s(2))
		default:
			if h[j] = a(0) + s(0); l.Relu {
				h[j] = max(h[j], 0)
			} else {
				h[j] = math.Tanh(h[j])
			}
		}
	}
}

func recurrenceInputs(l layer64, bias, states bool) []gradtest.Input {
	g := []int{1, 3, 4}[l.Cell] * l.u
	b, s := gradtest.Input{Absent: true}, gradtest.Input{Absent: true}
	if bias {
		b = gradtest.Of(g)
		if l.Cell == op.GRUCell {
			b = gradtest.Of(2, g)
		}
	}
	if states {
		s = gradtest.Of(l.n, l.u)
	}
	w := func(k int) gradtest.Input { return gradtest.Input{Shape: []int{k, g}, Scale: 0.5} }
	in := []gradtest.Input{gradtest.Of(l.n, l.t, l.in), w(l.in), w(l.u), b, s}
	if l.Cell == op.LSTMCell {
		in = append(in, s)
	}
	return in
}

func TestRecurrenceGrad(t *testing.T) {
	var cases []gradtest.Case
	for _, c := range []struct {
		o            op.Recurrence
		n, t, in, u  int
		bias, states bool
	}{
		{op.Recurrence{Cell: op.LSTMCell, Keep: true}, 3, 5, 4, 7, true, true},
		{op.Recurrence{Cell: op.LSTMCell, Keep: true, Reverse: true}, 2, 19, 3, 5, true, true},
		{op.Recurrence{Cell: op.LSTMCell}, 1, 4, 1, 17, false, false},
		{op.Recurrence{Cell: op.LSTMCell, Keep: true}, 2, 1, 3, 3, true, false},
		{op.Recurrence{Cell: op.GRUCell, Keep: true}, 3, 5, 4, 7, true, true},
		{op.Recurrence{Cell: op.GRUCell, Keep: true, Reverse: true}, 2, 19, 3, 5, true, true},
		{op.Recurrence{Cell: op.GRUCell}, 2, 3, 1, 18, false, false},
		{op.Recurrence{Keep: true}, 3, 5, 4, 7, true, true},
		{op.Recurrence{Reverse: true}, 2, 19, 3, 5, false, true},
		{op.Recurrence{Relu: true}, 2, 4, 3, 5, true, false},
	} {
		l := layer64{c.o, c.n, c.t, c.in, c.u}
		blind := []int{2, 3}
		if c.o.Cell == op.LSTMCell {
			blind = []int{3, 4}
		}
		cases = append(cases, gradtest.Case{
			Name: fmt.Sprintf("%+v %d %d %d %d", new(c.o), c.n, c.t, c.in, c.u), Op: new(c.o),
			In: recurrenceInputs(l, c.bias, c.states), F: l.outputs, Blind: blind,
		})
	}
	// threads share only what is worth it
	large := layer64{op.Recurrence{Cell: op.LSTMCell, Keep: true}, 5, 20, 3, 21}
	cases = append(cases, gradtest.Case{Name: "last state alone", Op: new(large.Recurrence), In: recurrenceInputs(large, true, false), F: large.outputs, Blind: []int{0, 2, 3, 4}})
	gradtest.Run(t, cases)
}
