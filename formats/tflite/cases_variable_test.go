package tflite_test

import (
	"bytes"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// handle adds a VAR_HANDLE. container may be nil: left out.
func handle(s *modeltest.Subgraph, container any, name string) int {
	fields := modeltest.Table{1: name}
	if container != nil {
		fields[0] = container
	}
	h := s.Tensor("handle "+name, tflite.Resource, []int{1})
	s.Op("VAR_HANDLE", 1, modeltest.Options{Type: tflite.VarHandleOptions, Fields: fields}, nil, []int{h})
	return h
}

func read(s *modeltest.Subgraph, h int, typ tflite.TensorType, shape []int, q ...modeltest.TensorOption) int {
	y := s.Tensor("read", typ, shape, q...)
	s.Op("READ_VARIABLE", 1, modeltest.Options{}, []int{h}, []int{y})
	return y
}

func assign(s *modeltest.Subgraph, h, x int) {
	s.Op("ASSIGN_VARIABLE", 1, modeltest.Options{}, []int{h, x}, nil)
}

func callOnce(m *modeltest.Model, init *modeltest.Subgraph) {
	m.Op("CALL_ONCE", 1, modeltest.Options{Type: tflite.CallOnceOptions, Fields: modeltest.Table{0: int32(init.Index)}}, nil, nil)
}

// delayed gives the input of the run before: what was read stays though the
// variable then changes.
func delayed(m *modeltest.Model) {
	x := m.Input("x", tflite.Int8, []int{1, 4}, scaled(0.5, -7))
	h := handle(m.Subgraph, "", "v")
	y := read(m.Subgraph, h, tflite.Int8, []int{1, 4}, scaled(0.5, -7))
	assign(m.Subgraph, h, x)
	m.Outputs(y)
}

// counter adds the input to a variable that an initialiser sets to 10, and
// gives its value before and after.
func counter(m *modeltest.Model) {
	init := m.NewSubgraph("init")
	assign(init, handle(init, "", "v"), init.Const("ten", tflite.Float32, []int{1, 2}, []float32{10, 10}))
	x := m.Input("x", tflite.Float32, []int{1, 2})
	callOnce(m, init)
	h := handle(m.Subgraph, "", "v")
	before := read(m.Subgraph, h, tflite.Float32, []int{1, 2})
	assign(m.Subgraph, h, dense(m.Subgraph, before, 2, 2, 1))
	after := read(m.Subgraph, h, tflite.Float32, []int{1, 2})
	m.Outputs(before, after, dense(m.Subgraph, x, 2, 1, 0))
}

// shared has two handles of one variable and one of another.
func shared(m *modeltest.Model) {
	x := m.Input("x", tflite.Int32, []int{2})
	a, b, c, d := handle(m.Subgraph, "", "v"), handle(m.Subgraph, "", "v"), handle(m.Subgraph, "c", "v"), handle(m.Subgraph, nil, "v")
	assign(m.Subgraph, a, x)
	assign(m.Subgraph, c, m.Const("k", tflite.Int32, []int{2}, []int32{3, 4}))
	m.Outputs(read(m.Subgraph, b, tflite.Int32, []int{2}), read(m.Subgraph, c, tflite.Int32, []int{2}), read(m.Subgraph, d, tflite.Int32, []int{2}))
}

// inBranch assigns in a branch of IF, by a handle made there.
func inBranch(m *modeltest.Model) {
	c, x := m.Input("c", tflite.Bool, []int{1}), m.Input("x", tflite.Float32, []int{1, 2})
	h := handle(m.Subgraph, "", "v")
	// The reference learns the variable's size from an assignment in the main sub-graph.
	assign(m.Subgraph, h, m.Const("zero", tflite.Float32, []int{1, 2}, []float32{0.25, 0.5}))
	then, other := m.NewSubgraph("then"), m.NewSubgraph("else")
	p := then.Input("p", tflite.Float32, []int{1, 2})
	assign(then, handle(then, "", "v"), dense(then, p, 2, 3, 1))
	then.Outputs(p)
	other.Outputs(other.Input("p", tflite.Float32, []int{1, 2}))
	y := m.Tensor("y", tflite.Float32, []int{1, 2})
	ifOp(m, m.Subgraph, then, other, []int{c, x}, []int{y})
	m.Outputs(y, read(m.Subgraph, h, tflite.Float32, []int{1, 2}))
}

// passedHandle gives a handle to a loop's sub-graphs and takes it back.
func passedHandle(m *modeltest.Model) {
	c, d := m.Input("c", tflite.Bool, []int{1}), m.Input("d", tflite.Bool, []int{1})
	h := handle(m.Subgraph, "", "v")
	assign(m.Subgraph, h, m.Const("one", tflite.Float32, []int{1, 1}, []float32{1}))
	cond, body := m.NewSubgraph("cond"), m.NewSubgraph("body")
	cond.Outputs(cond.Input("c", tflite.Bool, []int{1}))
	cond.Input("d", tflite.Bool, []int{1})
	cond.Input("h", tflite.Resource, []int{1})
	body.Input("c", tflite.Bool, []int{1})
	bd, bh := body.Input("d", tflite.Bool, []int{1}), body.Input("h", tflite.Resource, []int{1})
	assign(body, bh, dense(body, read(body, bh, tflite.Float32, []int{1, 1}), 1, 2, 1))
	body.Outputs(bd, body.Const("no", tflite.Bool, []int{1}, []bool{false}), bh)
	oc, od, oh := m.Tensor("c2", tflite.Bool, []int{1}), m.Tensor("d2", tflite.Bool, []int{1}), m.Tensor("h2", tflite.Resource, []int{1})
	whileOp(m.Subgraph, cond, body, []int{c, d, h}, []int{oc, od, oh})
	m.Outputs(read(m.Subgraph, oh, tflite.Float32, []int{1, 1}))
}

// swappedHandles is a loop whose body exchanges two variables.
func swappedHandles(m *modeltest.Model) {
	c := m.Input("c", tflite.Bool, []int{1})
	in := []int{c, handle(m.Subgraph, "", "v"), handle(m.Subgraph, "", "w")}
	cond, body := m.NewSubgraph("cond"), m.NewSubgraph("body")
	cond.Outputs(cond.Input("c", tflite.Bool, []int{1}))
	cond.Input("h", tflite.Resource, []int{1})
	cond.Input("i", tflite.Resource, []int{1})
	bc, bh, bi := body.Input("c", tflite.Bool, []int{1}), body.Input("h", tflite.Resource, []int{1}), body.Input("i", tflite.Resource, []int{1})
	body.Outputs(bc, bi, bh)
	out := []int{m.Tensor("o", tflite.Bool, []int{1}), m.Tensor("o", tflite.Resource, []int{1}), m.Tensor("o", tflite.Resource, []int{1})}
	whileOp(m.Subgraph, cond, body, in, out)
	m.Outputs(out[0])
}

// stateInLoop runs an SVDF, whose state is a variable tensor, in a loop's body.
func stateInLoop(m *modeltest.Model) {
	cond, body := m.NewSubgraph("cond"), m.NewSubgraph("body")
	in, out := countdown(m, cond, body)
	x := m.Tensor("z", tflite.Float32, []int{1, 1})
	whileOp(m.Subgraph, cond, body, in, out)
	m.Op("SVDF", 1, modeltest.Options{Type: tflite.SVDFOptions, Fields: modeltest.Table{0: int32(1)}}, []int{
		out[4], m.Const("f", tflite.Float32, []int{1, 2}, []float32{1, 2}), m.Const("t", tflite.Float32, []int{1, 2}, []float32{1, 1}),
		m.Const("b", tflite.Float32, []int{1}, []float32{0}), m.Variable("s", tflite.Float32, []int{1, 2}),
	}, []int{x})
	m.Outputs(x)
}

// circular is a CIRCULAR_BUFFER of so many slots; options may be nil.
func circular(slots, w, c int, options []byte) func(m *modeltest.Model) {
	return func(m *modeltest.Model) {
		q := scaled(0.5, 3)
		x := m.Input("x", tflite.Int8, []int{1, 1, w, c}, q)
		y := m.Variable("y", tflite.Int8, []int{1, slots, w, c}, q)
		m.Custom("CIRCULAR_BUFFER", options, []int{x}, []int{y})
		m.Outputs(y)
	}
}

// steps fills inputs with the number of the step.
func steps(step, _ int, t tensor.Type) []byte { return bytes.Repeat([]byte{byte(step)}, t.Len()) }

var variableCases = []opCase{
	{op: "CIRCULAR_BUFFER", name: "every run", steps: 3, model: circular(4, 2, 3, modeltest.Flex(map[string]any{"cycles_max": 1}))},
	{op: "CIRCULAR_BUFFER", name: "height 5 needs no option", steps: 7, fill: steps, model: circular(5, 1, 3, nil)},
	{op: "CIRCULAR_BUFFER", name: "one slot", steps: 2, model: circular(1, 1, 3, modeltest.Flex(map[string]any{"cycles_max": 1}))},
	{op: "CIRCULAR_BUFFER", name: "every third run, none complete", steps: 2, fill: steps, want: "int8[1 3 1 2] [0 0 0 0 0 0]", model: circular(3, 1, 2, modeltest.Flex(map[string]any{"cycles_max": 3}))},
	{op: "CIRCULAR_BUFFER", name: "every third run, one complete", steps: 3, fill: steps, want: "int8[1 3 1 2] [0 0 1 1 2 2]", model: circular(3, 1, 2, modeltest.Flex(map[string]any{"cycles_max": 3}))},
	{op: "CIRCULAR_BUFFER", name: "every second run by default, the output stays between", steps: 7, fill: steps, want: "int8[1 3 1 1] [3 4 5]", model: circular(3, 1, 1, nil)},
	{op: "CIRCULAR_BUFFER", name: "no slots", err: "0 slots and 2 cycles, want 1 or more", model: circular(0, 1, 1, nil)},
	{op: "CIRCULAR_BUFFER", name: "options that are no flexbuffer", err: "flexbuffer", model: circular(3, 1, 1, []byte{1, 2, 99})},
	{op: "VAR_HANDLE", name: "one variable by two handles, another in a container", model: shared},
	{op: "VAR_HANDLE", name: "variables exchanged by a loop", err: "a loop that changes which variable input 1 is is not supported", model: swappedHandles},
	{op: "VAR_HANDLE", name: "a handle as input of the model", err: "element type RESOURCE", model: func(m *modeltest.Model) {
		m.Outputs(read(m.Subgraph, m.Input("h", tflite.Resource, []int{1}), tflite.Float32, []int{1}))
	}},
	{op: "READ_VARIABLE", name: "before the first assignment it holds the zero point", model: delayed},
	{op: "READ_VARIABLE", name: "gives the value of its moment", steps: 3, model: delayed},
	{op: "READ_VARIABLE", name: "no handle", err: "input 0 is no handle of a variable", model: func(m *modeltest.Model) {
		m.Outputs(read(m.Subgraph, m.Input("h", tflite.Int32, []int{1}), tflite.Float32, []int{1}))
	}},
	{op: "READ_VARIABLE", name: "of two sizes", err: `variable "v" is float32[3] here, and float32[2] elsewhere`, model: func(m *modeltest.Model) {
		h := handle(m.Subgraph, "", "v")
		m.Outputs(read(m.Subgraph, h, tflite.Float32, []int{2}), read(m.Subgraph, h, tflite.Float32, []int{3}))
	}},
	{op: "READ_VARIABLE", name: "in another shape", want: "int32[2 1] [5 6]", model: func(m *modeltest.Model) {
		h := handle(m.Subgraph, "", "v")
		assign(m.Subgraph, h, m.Const("k", tflite.Int32, []int{2}, []int32{5, 6}))
		m.Outputs(read(m.Subgraph, h, tflite.Int32, []int{2, 1}))
	}},
	{op: "ASSIGN_VARIABLE", name: "in a branch that is taken", fill: condition(1), model: inBranch},
	{op: "ASSIGN_VARIABLE", name: "in a branch that is not", steps: 2, fill: condition(1, 0), model: inBranch},
	{op: "ASSIGN_VARIABLE", name: "in a loop that is given the handle", fill: boolBytes(1, 1), want: "float32[1 1] [7]", model: passedHandle},
	{op: "ASSIGN_VARIABLE", name: "of another type", err: `variable "v" is float32[2] here, and int32[2] elsewhere`, model: func(m *modeltest.Model) {
		h := handle(m.Subgraph, "", "v")
		assign(m.Subgraph, h, m.Input("k", tflite.Int32, []int{2}))
		assign(m.Subgraph, h, m.Input("l", tflite.Float32, []int{2}))
	}},
	{op: "ASSIGN_VARIABLE", name: "no value", err: "no value to assign: 1 inputs, want 2", model: func(m *modeltest.Model) {
		m.Op("ASSIGN_VARIABLE", 1, modeltest.Options{}, []int{handle(m.Subgraph, "", "v")}, nil)
	}},
	{op: "CALL_ONCE", name: "first run", fill: ones, model: counter},
	{op: "CALL_ONCE", name: "third run", steps: 3, fill: ones, model: counter},
	{op: "CALL_ONCE", name: "sub-graph with inputs", err: "has 1 inputs, and is called with 0", model: func(m *modeltest.Model) {
		callOnce(m, branch(m, "init", 2, 1, 1))
	}},
	{op: "WHILE", name: "before a layer with state", steps: 3, fill: func(step, i int, t tensor.Type) []byte {
		return boolBytes(1, byte(step)&1, 0, 0)(step, i, t)
	}, model: stateInLoop},
}
