package tflite_test

import (
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// dense adds y = a·x + b on float32[1 n].
func dense(s *modeltest.Subgraph, x, n int, a, b float32) int {
	w := make([]float32, n*n)
	bias := make([]float32, n)
	for i := range n {
		w[i*n+i], bias[i] = a, b
	}
	y := s.Tensor("y", tflite.Float32, []int{1, n})
	s.Op("FULLY_CONNECTED", 1, modeltest.Options{Type: tflite.FullyConnectedOptions}, []int{
		x, s.Const("w", tflite.Float32, []int{n, n}, w), s.Const("b", tflite.Float32, []int{n}, bias),
	}, []int{y})
	return y
}

// branch adds a sub-graph of y = a·x + b.
func branch(m *modeltest.Model, name string, n int, a, b float32) *modeltest.Subgraph {
	s := m.NewSubgraph(name)
	s.Outputs(dense(s, s.Input("x", tflite.Float32, []int{1, n}), n, a, b))
	return s
}

func ifOp(m *modeltest.Model, s *modeltest.Subgraph, then, other *modeltest.Subgraph, in, out []int) {
	s.Op("IF", 1, modeltest.Options{Type: tflite.IfOptions, Fields: modeltest.Table{0: int32(then.Index), 1: int32(other.Index)}}, in, out)
}

func whileOp(s *modeltest.Subgraph, cond, body *modeltest.Subgraph, in, out []int) {
	s.Op("WHILE", 1, modeltest.Options{Type: tflite.WhileOptions, Fields: modeltest.Table{0: int32(cond.Index), 1: int32(body.Index)}}, in, out)
}

// condition fills input 0, a bool, with what is asked for at each step, and
// float32 inputs with ones.
func condition(steps ...byte) func(step, i int, t tensor.Type) []byte {
	return func(step, i int, t tensor.Type) []byte {
		if i == 0 {
			return []byte{steps[step%len(steps)]}
		}
		return ones(step, i, t)
	}
}

func ifModel(m *modeltest.Model) {
	c, x := m.Input("c", tflite.Bool, []int{1}), m.Input("x", tflite.Float32, []int{1, 3})
	y := m.Tensor("y", tflite.Float32, []int{1, 3})
	ifOp(m, m.Subgraph, branch(m, "then", 3, 2, 1), branch(m, "else", 3, -1, 0.5), []int{c, x}, []int{y})
	m.Outputs(y)
}

// ifConstants has branches without operators: one gives its inputs exchanged,
// the other constants.
func ifConstants(m *modeltest.Model) {
	c, x, z := m.Input("c", tflite.Bool, []int{1}), m.Input("x", tflite.Int32, []int{2}), m.Input("z", tflite.Int32, []int{2})
	a, b := m.Tensor("a", tflite.Int32, []int{2}), m.Tensor("b", tflite.Int32, []int{2})
	then, other := m.NewSubgraph("then"), m.NewSubgraph("else")
	p, q := then.Input("p", tflite.Int32, []int{2}), then.Input("q", tflite.Int32, []int{2})
	then.Outputs(q, p)
	other.Input("p", tflite.Int32, []int{2})
	other.Input("q", tflite.Int32, []int{2})
	other.Outputs(other.Const("k", tflite.Int32, []int{2}, []int32{5, 6}), other.Const("l", tflite.Int32, []int{2}, []int32{7, 8}))
	ifOp(m, m.Subgraph, then, other, []int{c, x, z}, []int{a, b})
	m.Outputs(a, b)
}

// ifShapes has branches whose outputs differ in shape.
func ifShapes(m *modeltest.Model) {
	c, x := m.Input("c", tflite.Bool, []int{1}), m.Input("x", tflite.Int32, []int{2, 3})
	y := m.Tensor("y", tflite.Int32, []int{2, 3})
	then, other := m.NewSubgraph("then"), m.NewSubgraph("else")
	then.Outputs(then.Input("p", tflite.Int32, []int{2, 3}))
	p, q := other.Input("p", tflite.Int32, []int{2, 3}), other.Tensor("q", tflite.Int32, []int{6, 1})
	other.Op("RESHAPE", 1, modeltest.Options{}, []int{p, other.Const("s", tflite.Int32, []int{2}, []int32{6, 1})}, []int{q})
	other.Outputs(q)
	ifOp(m, m.Subgraph, then, other, []int{c, x}, []int{y})
	z := m.Tensor("z", tflite.Int32, []int{6})
	m.Op("RESHAPE", 1, modeltest.Options{}, []int{y, m.Const("t", tflite.Int32, []int{1}, []int32{-1})}, []int{z})
	m.Outputs(y, z)
}

// countdown is a loop that runs as long as the first of its bools is true; each
// turn drops one. The state x becomes 2·x + 1.
func countdown(m *modeltest.Model, cond, body *modeltest.Subgraph) (in, out []int) {
	for range 4 {
		in = append(in, m.Input("c", tflite.Bool, []int{1}))
	}
	in = append(in, m.Input("x", tflite.Float32, []int{1, 2}))
	var ins [5]int
	for i := range 4 {
		out = append(out, m.Tensor("o", tflite.Bool, []int{1}))
		ins[i] = body.Input("c", tflite.Bool, []int{1})
		c := cond.Input("c", tflite.Bool, []int{1})
		if i == 0 {
			cond.Outputs(c)
		}
	}
	out = append(out, m.Tensor("y", tflite.Float32, []int{1, 2}))
	cond.Input("x", tflite.Float32, []int{1, 2})
	x := body.Input("x", tflite.Float32, []int{1, 2})
	body.Outputs(ins[1], ins[2], ins[3], body.Const("no", tflite.Bool, []int{1}, []bool{false}), dense(body, x, 2, 2, 1))
	return in, out
}

func whileModel(m *modeltest.Model) {
	cond, body := m.NewSubgraph("cond"), m.NewSubgraph("body")
	in, out := countdown(m, cond, body)
	whileOp(m.Subgraph, cond, body, in, out)
	m.Outputs(out...)
}

// forever is a loop whose condition is its input.
func forever(m *modeltest.Model) {
	cond, body := m.NewSubgraph("cond"), m.NewSubgraph("body")
	x, y := m.Input("x", tflite.Bool, []int{1}), m.Tensor("y", tflite.Bool, []int{1})
	cond.Outputs(cond.Input("x", tflite.Bool, []int{1}))
	body.Outputs(body.Input("x", tflite.Bool, []int{1}))
	whileOp(m.Subgraph, cond, body, []int{x}, []int{y})
	m.Outputs(y)
}

// bools fills inputs that are bools with the given values, others with ones.
func boolBytes(values ...byte) func(step, i int, t tensor.Type) []byte {
	return func(step, i int, t tensor.Type) []byte {
		if t.DType == tensor.Bool {
			return []byte{values[i]}
		}
		return ones(step, i, t)
	}
}

// growingLoop doubles nothing but a shape: [1 n] becomes [n 1], and the other
// way round on the next turn.
func growingLoop(m *modeltest.Model) {
	cond, body := m.NewSubgraph("cond"), m.NewSubgraph("body")
	c0, c1, x := m.Input("c", tflite.Bool, []int{1}), m.Input("d", tflite.Bool, []int{1}), m.Input("x", tflite.Float32, []int{1, 3})
	o0, o1, y := m.Tensor("o", tflite.Bool, []int{1}), m.Tensor("p", tflite.Bool, []int{1}), m.Tensor("y", tflite.Float32, []int{1, 3})
	cond.Outputs(cond.Input("c", tflite.Bool, []int{1}))
	cond.Input("d", tflite.Bool, []int{1})
	cond.Input("x", tflite.Float32, []int{1, 3})
	body.Input("c", tflite.Bool, []int{1})
	b1, bx, by := body.Input("d", tflite.Bool, []int{1}), body.Input("x", tflite.Float32, []int{1, 3}), body.Tensor("y", tflite.Float32, []int{3, 1})
	body.Op("RESHAPE", 1, modeltest.Options{}, []int{bx, body.Const("s", tflite.Int32, []int{2}, []int32{3, 1})}, []int{by})
	body.Outputs(b1, body.Const("no", tflite.Bool, []int{1}, []bool{false}), by)
	whileOp(m.Subgraph, cond, body, []int{c0, c1, x}, []int{o0, o1, y})
	m.Outputs(y)
}

// circle is a sub-graph that calls itself.
func circle(m *modeltest.Model) {
	s := m.NewSubgraph("s")
	for _, g := range []*modeltest.Subgraph{m.Subgraph, s} {
		c, x, y := g.Input("c", tflite.Bool, []int{1}), g.Input("x", tflite.Bool, []int{1}), g.Tensor("y", tflite.Bool, []int{1})
		ifOp(m, g, s, s, []int{c, c, x}, []int{y})
		g.Outputs(y)
	}
}

// bomb is a chain of sub-graphs that each call the next eight times.
func bomb(m *modeltest.Model) {
	subs := []*modeltest.Subgraph{m.Subgraph}
	for range 10 {
		subs = append(subs, m.NewSubgraph("s"))
	}
	for i, s := range subs {
		x := s.Input("x", tflite.Bool, []int{1})
		for range 8 {
			if i == len(subs)-1 {
				break
			}
			y := s.Tensor("y", tflite.Bool, []int{1})
			ifOp(m, s, subs[i+1], subs[i+1], []int{x, x}, []int{y})
			x = y
		}
		s.Outputs(x)
	}
}

// counting adds step to x as long as i < n, the usual loop.
func counting(m *modeltest.Model) {
	cond, body := m.NewSubgraph("cond"), m.NewSubgraph("body")
	add := func(s *modeltest.Subgraph, typ tflite.TensorType, n, a, b int) int {
		y := s.Tensor("sum", typ, []int{n})
		s.Op("ADD", 1, modeltest.Options{Type: tflite.AddOptions}, []int{a, b}, []int{y})
		return y
	}
	in := func(s *modeltest.Subgraph) []int {
		return []int{s.Input("i", tflite.Int32, []int{1}), s.Input("n", tflite.Int32, []int{1}), s.Input("x", tflite.Float32, []int{3}), s.Input("d", tflite.Float32, []int{3})}
	}
	c, b, args := in(cond), in(body), in(m.Subgraph)
	less := cond.Tensor("less", tflite.Bool, []int{1})
	cond.Op("LESS", 1, modeltest.Options{}, []int{c[0], c[1]}, []int{less})
	cond.Outputs(less)
	body.Outputs(add(body, tflite.Int32, 1, b[0], body.Const("one", tflite.Int32, []int{1}, []int32{1})), b[1], add(body, tflite.Float32, 3, b[2], b[3]), b[3])
	out := []int{m.Tensor("i", tflite.Int32, []int{1}), m.Tensor("n", tflite.Int32, []int{1}), m.Tensor("x", tflite.Float32, []int{3}), m.Tensor("d", tflite.Float32, []int{3})}
	whileOp(m.Subgraph, cond, body, args, out)
	m.Outputs(out...)
}

// doubling is a loop whose value is twice as long after each turn.
func doubling(m *modeltest.Model) {
	cond, body := m.NewSubgraph("cond"), m.NewSubgraph("body")
	c, d, x := m.Input("c", tflite.Bool, []int{1}), m.Input("d", tflite.Bool, []int{1}), m.Input("x", tflite.Float32, []int{1})
	oc, od, y := m.Tensor("oc", tflite.Bool, []int{1}), m.Tensor("od", tflite.Bool, []int{1}), m.Tensor("y", tflite.Float32, []int{1})
	cond.Outputs(cond.Input("c", tflite.Bool, []int{1}))
	cond.Input("d", tflite.Bool, []int{1})
	cond.Input("x", tflite.Float32, []int{1})
	body.Input("c", tflite.Bool, []int{1})
	bd, bx, by := body.Input("d", tflite.Bool, []int{1}), body.Input("x", tflite.Float32, []int{1}), body.Tensor("y", tflite.Float32, []int{2})
	body.Op("CONCATENATION", 1, modeltest.Options{Type: tflite.ConcatenationOptions}, []int{bx, bx}, []int{by})
	body.Outputs(bd, body.Const("no", tflite.Bool, []int{1}, []bool{false}), by)
	whileOp(m.Subgraph, cond, body, []int{c, d, x}, []int{oc, od, y})
	z := m.Tensor("z", tflite.Float32, []int{1})
	m.Op("ADD", 1, modeltest.Options{Type: tflite.AddOptions}, []int{y, y}, []int{z})
	m.Outputs(z)
}

// doublingForever is doubling without end.
func doublingForever(m *modeltest.Model) {
	cond, body := m.NewSubgraph("cond"), m.NewSubgraph("body")
	c, x := m.Input("c", tflite.Bool, []int{1}), m.Input("x", tflite.Float32, []int{1})
	oc, y := m.Tensor("oc", tflite.Bool, []int{1}), m.Tensor("y", tflite.Float32, []int{1})
	cond.Outputs(cond.Input("c", tflite.Bool, []int{1}))
	cond.Input("x", tflite.Float32, []int{1})
	bc, bx, by := body.Input("c", tflite.Bool, []int{1}), body.Input("x", tflite.Float32, []int{1}), body.Tensor("y", tflite.Float32, []int{2})
	body.Op("CONCATENATION", 1, modeltest.Options{Type: tflite.ConcatenationOptions}, []int{bx, bx}, []int{by})
	body.Outputs(bc, by)
	whileOp(m.Subgraph, cond, body, []int{c, x}, []int{oc, y})
	m.Outputs(y)
}

var controlCases = []opCase{
	{op: "WHILE", name: "counting", steps: 2, fill: func(step, i int, t tensor.Type) []byte {
		return [][]byte{tensor.Bytes([]int32{-2}), tensor.Bytes([]int32{int32(3 + step)}), nil, nil}[i]
	}, model: counting},
	{op: "WHILE", name: "twice as long each turn", steps: 2, fill: boolBytes(1, 1), want: "float32[4] [2 2 2 2]", model: doubling},
	{op: "IF", name: "true", fill: condition(1), model: ifModel},
	{op: "IF", name: "false", fill: condition(0), model: ifModel},
	{op: "IF", name: "both in turn", steps: 3, fill: condition(1, 0, 1), model: ifModel},
	{op: "IF", name: "inputs exchanged", fill: func(_, i int, _ tensor.Type) []byte {
		return [][]byte{{1}, nil, nil}[i]
	}, model: ifConstants},
	{op: "IF", name: "constants", fill: func(_, i int, _ tensor.Type) []byte {
		return [][]byte{{0}, nil, nil}[i]
	}, model: ifConstants},
	{op: "IF", name: "shapes differ, then", steps: 4, fill: shapesFill(0, 1), want: "int32[2 3] [1 2 3 4 5 6] | int32[6] [1 2 3 4 5 6]", model: ifShapes},
	{op: "IF", name: "shapes differ, else", steps: 3, fill: shapesFill(0, 1), want: "int32[6 1] [1 2 3 4 5 6] | int32[6] [1 2 3 4 5 6]", model: ifShapes},
	{op: "IF", name: "a circle", err: "sub-graphs call each other more than 16 deep", model: circle},
	{op: "IF", name: "sub-graphs without end", err: "sub-graphs of more than 1048576 operators", model: bomb},
	{op: "IF", name: "no such sub-graph", err: "there is no sub-graph 7", model: func(m *modeltest.Model) {
		c, y := m.Input("c", tflite.Bool, []int{1}), m.Tensor("y", tflite.Bool, []int{1})
		ifOp(m, m.Subgraph, &modeltest.Subgraph{Index: 7}, m.Subgraph, []int{c}, []int{y})
		m.Outputs(y)
	}},
	{op: "IF", name: "inputs of another type", err: `input 0 of sub-graph "then" is float32[1 3]`, model: func(m *modeltest.Model) {
		c, x := m.Input("c", tflite.Bool, []int{1}), m.Input("x", tflite.Int32, []int{1, 3})
		y := m.Tensor("y", tflite.Float32, []int{1, 3})
		b := branch(m, "then", 3, 2, 1)
		ifOp(m, m.Subgraph, b, b, []int{c, x}, []int{y})
		m.Outputs(y)
	}},
	{op: "WHILE", name: "no turn", fill: boolBytes(0, 1, 1, 1), model: whileModel},
	{op: "WHILE", name: "two turns", fill: boolBytes(1, 1, 0, 1), model: whileModel},
	{op: "WHILE", name: "four turns", steps: 2, fill: boolBytes(1, 1, 1, 1), model: whileModel},
	{op: "WHILE", name: "without end", err: "over the limit of 1000000", fill: boolBytes(1), model: forever},
	{op: "WHILE", name: "a shape that changes", steps: 2, fill: boolBytes(1, 1), want: "float32[3 1] [1 1 1]", model: growingLoop},
	{op: "WHILE", name: "a shape that may change but does not", steps: 2, fill: boolBytes(0, 1), want: "float32[1 3] [1 1 1]", model: growingLoop},
}

// shapesFill makes the condition alternate and the other input count up.
func shapesFill(values ...byte) func(step, i int, t tensor.Type) []byte {
	return func(step, i int, t tensor.Type) []byte {
		if i == 0 {
			return []byte{values[step%len(values)]}
		}
		return tensor.Bytes([]int32{1, 2, 3, 4, 5, 6})
	}
}
