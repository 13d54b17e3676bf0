package op_test

import (
	"math"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// spreadIndex returns the index in a tensor of shape that lies under element k
// of one of shape out.
func spreadIndex(shape, out []int, k int) int {
	at, stride := 0, 1
	for i := 1; i <= len(shape); i++ {
		d, n := shape[len(shape)-i], out[len(out)-i]
		at += k % n % d * stride
		stride *= d
		k /= n
	}
	return at
}

// pairCase is a case of a function of two operands that broadcast to out.
func pairCase(name string, o graph.Op, a, b, out []int, f func(a, b float64) float64) gradtest.Case {
	n := 1
	for _, d := range out {
		n *= d
	}
	return gradtest.Case{Name: name, Op: o, In: []gradtest.Input{gradtest.Of(a...), gradtest.Of(b...)}, F: func(in [][]float64) [][]float64 {
		y := make([]float64, n)
		for k := range y {
			y[k] = f(in[0][spreadIndex(a, out, k)], in[1][spreadIndex(b, out, k)])
		}
		return [][]float64{y}
	}}
}

func TestPairGrads(t *testing.T) {
	within := op.Bounds{Lo: -0.5, Hi: 1}
	clamped := func(f func(a, b float64) float64) func(a, b float64) float64 {
		return func(a, b float64) float64 { return max(-0.5, min(1, f(a, b))) }
	}
	functions := []struct {
		name        string
		o, bounded  graph.Op
		f           func(a, b float64) float64
		denominator bool
	}{
		{"add", &op.Add{}, &op.Add{Clamp: within}, func(a, b float64) float64 { return a + b }, false},
		{"sub", &op.Sub{}, &op.Sub{Clamp: within}, func(a, b float64) float64 { return a - b }, false},
		{"mul", &op.Mul{}, &op.Mul{Clamp: within}, func(a, b float64) float64 { return a * b }, false},
		{"div", &op.Div{}, &op.Div{Clamp: within}, func(a, b float64) float64 { return a / b }, true},
		{"maximum", &op.Maximum{}, nil, math.Max, false},
		{"minimum", &op.Minimum{}, nil, math.Min, false},
		{"squared difference", &op.SquaredDifference{}, nil, func(a, b float64) float64 { return (a - b) * (a - b) }, false},
		{"arithmetic add", &op.Arithmetic{F: op.ArithAdd}, nil, func(a, b float64) float64 { return a + b }, false},
		{"arithmetic sub", &op.Arithmetic{F: op.ArithSub}, nil, func(a, b float64) float64 { return a - b }, false},
		{"arithmetic mul", &op.Arithmetic{F: op.ArithMul}, nil, func(a, b float64) float64 { return a * b }, false},
		{"arithmetic div", &op.Arithmetic{F: op.ArithDiv}, nil, func(a, b float64) float64 { return a / b }, true},
		{"arithmetic max", &op.Arithmetic{F: op.ArithMax}, nil, math.Max, false},
		{"arithmetic min", &op.Arithmetic{F: op.ArithMin}, nil, math.Min, false},
	}
	shapes := []struct {
		name      string
		a, b, out []int
	}{
		{"", []int{3, 7}, []int{3, 7}, []int{3, 7}},
		{" row", []int{5, 17}, []int{17}, []int{5, 17}},
		{" column", []int{4, 1}, []int{4, 19}, []int{4, 19}},
		{" both", []int{2, 1, 5}, []int{3, 1}, []int{2, 3, 5}},
		{" scalar", []int{2, 6}, []int{}, []int{2, 6}},
		{" image", []int{2, 3, 2, 5}, []int{1, 1, 1, 5}, []int{2, 3, 2, 5}},
	}
	var cases []gradtest.Case
	for _, f := range functions {
		for _, s := range shapes {
			c := pairCase(f.name+s.name, f.o, s.a, s.b, s.out, f.f)
			if f.denominator {
				c.In[1].Scale, c.In[1].Shift = 0.2, 2
			}
			cases = append(cases, c)
			if f.bounded != nil {
				c.Name, c.Op = c.Name+" clamped", f.bounded
				c.F = pairCase("", nil, s.a, s.b, s.out, clamped(f.f)).F
				cases = append(cases, c)
			}
		}
	}
	gradtest.Run(t, cases)
}

func TestAddNGrad(t *testing.T) {
	gradtest.Run(t, []gradtest.Case{{Name: "three", Op: &op.AddN{}, In: []gradtest.Input{gradtest.Of(2, 9), gradtest.Of(2, 9), gradtest.Of(2, 9)}, F: func(in [][]float64) [][]float64 {
		y := make([]float64, 18)
		for _, x := range in {
			for i := range y {
				y[i] += x[i]
			}
		}
		return [][]float64{y}
	}}})
}
