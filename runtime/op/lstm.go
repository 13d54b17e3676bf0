package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// The gates of an LSTM, in the order in which TFLite lists their weights.
const (
	gateIn = iota
	gateForget
	gateCell
	gateOut
)

// lstmInputs says which inputs of a node are which, for one direction; -1 is
// none. c is the number of cells, o the size of the output, which differs from
// c only if there is a projection.
type lstmInputs struct {
	weights   [4]int // [c,i] of each gate; without the input gate, it is 1 − the forget gate
	recurrent [4]int // [c,o]
	peephole  [4]int // [c]; none for the cell gate
	bias      [4]int // [c]
	proj      int    // [o,c]
	projBias  int    // [o]
	hidden    int    // variable [n,o]
	cell      int    // variable [n,c]
	norm      [4]int // [c], coefficients of layer normalisation
}

// lstm holds the attributes that both operators have.
type lstm struct {
	TimeMajor          bool // input is [t,n,i], else [n,t,i]
	Activation         quant.Activation
	CellClip, ProjClip float32 // 0 for none
	Asymmetric         bool    // float32 rows that meet int8 weights get a zero point
	To                 To
}

// UnidirectionalSequenceLSTM runs an LSTM along a sequence (Hochreiter and
// Schmidhuber 1997, with the peepholes, projection, coupled gates and layer
// normalisation of Sak et al. 2014 and Ba et al. 2016):
//
//	g    = σ or act(W_g·x + R_g·h + b_g)  for the gates i, f, c, o
//	cell = clip(f⊙cell + i⊙c);  h = o⊙tanh(cell), projected if there is a projection
//
// Inputs: x, then those of uniLSTM; hidden state and cell state are variables.
// Types: all float32, or with int8 weights (hybrid); or int8 or int16 x with
// int8 weights, int16 cells and none of the extras, as TensorFlow Lite Micro
// computes it.
type UnidirectionalSequenceLSTM struct {
	TimeMajor          bool
	Activation         quant.Activation
	CellClip, ProjClip float32
	Asymmetric         bool
	To                 To
}

var uniLSTM = lstmInputs{
	weights: [4]int{1, 2, 3, 4}, recurrent: [4]int{5, 6, 7, 8}, peephole: [4]int{9, 10, -1, 11}, bias: [4]int{12, 13, 14, 15},
	proj: 16, projBias: 17, hidden: 18, cell: 19, norm: [4]int{20, 21, 22, 23},
}

// Writes lists both states.
func (*UnidirectionalSequenceLSTM) Writes() []int { return []int{uniLSTM.hidden, uniLSTM.cell} }

// MACs counts the products with matrices.
func (o *UnidirectionalSequenceLSTM) MACs(in, out []tensor.Type) int64 {
	return lstm(*o).dims(&uniLSTM, viewsOf(in), 0).macs()
}

// Infer checks the shapes and returns the sequence of hidden states.
func (o *UnidirectionalSequenceLSTM) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 24); err != nil {
		return nil, err
	}
	size, err := lstm(*o).check(&uniLSTM, in, 0)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{o.To.Type(in[0].Shape[0], in[0].Shape[1], size)}, nil
}

// Ref runs the sequence and leaves its end in the states.
func (o *UnidirectionalSequenceLSTM) Ref(in, out []tensor.View) error {
	d := lstm(*o).dims(&uniLSTM, in, 0)
	if in[0].DType == tensor.F32 {
		d.refF32(in, &in[0], out[0].F32())
		return nil
	}
	l, err := newLSTMInt(&Prep{In: viewTypes(in), Const: make([][]byte, len(in))}, d)
	if err != nil {
		return err
	}
	l.run(in, out, make([]byte, l.scratch))
	return nil
}

// Prepare packs the weights.
func (o *UnidirectionalSequenceLSTM) Prepare(p *Prep) (Prepared, error) {
	d := lstm(*o).dims(&uniLSTM, viewsOf(p.In), 0)
	if p.In[0].DType == tensor.F32 {
		l, err := newLSTMF32(p, d)
		if err != nil {
			return Prepared{}, err
		}
		return Prepared{Kernel: p.Kernels.Name, Scratch: l.scratch, Bind: func(m *Mem) (Step, error) {
			x, y := &m.In[0], m.Out[0].F32()
			return func() error { l.run(m.In, x, y, m.Scratch); return nil }, nil
		}}, nil
	}
	l, err := newLSTMInt(p, d)
	if err != nil {
		return Prepared{}, err
	}
	return Prepared{Kernel: p.Kernels.Name, Scratch: l.scratch, Bind: func(m *Mem) (Step, error) {
		return func() error { l.run(m.In, m.Out, m.Scratch); return nil }, nil
	}}, nil
}

func viewsOf(types []tensor.Type) []tensor.View {
	out := make([]tensor.View, len(types))
	for i := range types {
		out[i].Type = types[i]
	}
	return out
}

// lstmDims are the sizes of an LSTM and where its tensors are.
type lstmDims struct {
	lstm
	at            *lstmInputs
	t, n, i, c, o int
	coupled       bool // no input gate
	norm, proj    bool
	reverse       bool // runs from the end
	stride, first int  // of a row of the output, and where in it the hidden state goes
}

// dims returns the sizes of inputs that check has passed.
func (l lstm) dims(at *lstmInputs, in []tensor.View, x int) *lstmDims {
	d := &lstmDims{lstm: l, at: at, n: in[x].Shape[0], t: in[x].Shape[1], i: in[x].Shape[2]}
	if l.TimeMajor {
		d.t, d.n = d.n, d.t
	}
	r := in[at.recurrent[gateForget]]
	d.c, d.o = r.Shape[0], r.Shape[1]
	d.coupled = in[at.weights[gateIn]].Absent()
	has := func(i int) bool { return i >= 0 && i < len(in) && !in[i].Absent() }
	d.proj, d.norm, d.stride = has(at.proj), has(at.norm[gateForget]), d.o
	return d
}

func (d *lstmDims) macs() int64 {
	per := int64(d.c) * int64(d.i+d.o) * 4
	if d.coupled {
		per = per / 4 * 3
	}
	if d.proj {
		per += int64(d.c) * int64(d.o)
	}
	return per * int64(d.t) * int64(d.n)
}

// gates are those that are computed.
func (d *lstmDims) gates() []int {
	if d.coupled {
		return []int{gateForget, gateCell, gateOut}
	}
	return []int{gateIn, gateForget, gateCell, gateOut}
}

// row is the place of step t of image b among the input's and output's rows.
func (d *lstmDims) row(t, b int) int {
	if d.TimeMajor {
		return t*d.n + b
	}
	return b*d.t + t
}

// chunk is how many steps the products with the input are computed for at
// once: enough for matrix kernels to pay, few enough to stay small.
func (d *lstmDims) chunk() int {
	const rows = 64
	return max(1, min(d.t, rows/max(d.n, 1)))
}

// check validates one direction's inputs, x being that of its sequence, and
// returns the size of the hidden state.
func (l lstm) check(at *lstmInputs, in []tensor.View, x int) (size int, err error) {
	if err := wantRank(in, x, 3); err != nil {
		return 0, err
	}
	r := input(in, at.recurrent[gateForget])
	if r.Rank() != 2 || !r.Static() {
		return 0, errorf("recurrent weights (input %d) have shape %v, want [cells, outputs]", at.recurrent[gateForget], r.Shape)
	}
	c, o, n := r.Shape[0], r.Shape[1], in[x].Shape[0]
	if l.TimeMajor {
		n = in[x].Shape[1]
	}
	hidden := input(in, at.hidden)
	if n == tensor.Dynamic && o > 0 && hidden.Static() && !hidden.Absent() {
		n = hidden.Len() / o
	}
	s := &lstmChecker{in: in, types: lstmTypes[in[x].DType]}
	if s.types == nil {
		return 0, wantType(in, x, tensor.F32, tensor.I8, tensor.I16)
	}
	if in[x].DType == tensor.F32 && r.DType == tensor.I8 {
		s.types = &lstmHybrid
	}
	for g := range 4 {
		optional := g == gateIn && input(in, at.weights[gateIn]).DType == tensor.None
		s.want(at.weights[g], s.types.weight, optional, c, in[x].Shape[2])
		s.want(at.recurrent[g], s.types.weight, optional, c, o)
		s.want(at.bias[g], s.types.bias, optional, c)
		s.want(at.peephole[g], s.types.weight, true, c)
		s.want(at.norm[g], s.types.norm, true, c)
	}
	s.want(at.proj, s.types.weight, true, o, c)
	s.want(at.projBias, s.types.bias, true, o)
	s.state(at.hidden, in[x].DType, n, o)
	s.state(at.cell, s.types.cell, n, c)
	if s.err == nil {
		s.err = l.variant(at, in, x)
	}
	return o, s.err
}

// lstmTypes are the element types that go with each type of the input.
var lstmTypes = map[tensor.DType]*lstmDTypes{
	tensor.F32: {tensor.F32, tensor.F32, tensor.F32, tensor.F32},
	tensor.I8:  {tensor.I8, tensor.I32, tensor.I16, tensor.I16},
	tensor.I16: {tensor.I8, tensor.I64, tensor.I16, tensor.I16},
}

// lstmHybrid are those of a float32 input and int8 weights.
var lstmHybrid = lstmDTypes{tensor.I8, tensor.F32, tensor.F32, tensor.F32}

type lstmDTypes struct{ weight, bias, cell, norm tensor.DType }

// lstmChecker keeps the first error.
type lstmChecker struct {
	in    []tensor.View
	types *lstmDTypes
	err   error
}

func (s *lstmChecker) want(i int, d tensor.DType, optional bool, shape ...int) {
	if i < 0 || s.err != nil {
		return
	}
	v := input(s.in, i)
	switch {
	case v.Absent() && optional:
	case v.Absent():
		s.err = errorf("input %d is left out, and must be there", i)
	case v.DType != d:
		s.err = wantType(s.in, i, d)
	case !v.Static() || len(v.Shape) != len(shape) || !slices.EqualFunc(shape, v.Shape, func(a, b int) bool { return !differ(a, b) }):
		s.err = errorf("input %d has shape %v, want %v", i, v.Shape, shape)
	case d == tensor.I8:
		s.err = wantQuant(v.Type)
	}
}

func (s *lstmChecker) state(i int, d tensor.DType, n, size int) {
	v := input(s.in, i)
	switch {
	case s.err != nil:
	case v.Absent():
		s.err = errorf("no state: input %d must be a variable", i)
	case v.DType != d:
		s.err = wantType(s.in, i, d)
	case !v.Static() || int64(v.Len()) != int64(n)*int64(size):
		s.err = errorf("state (input %d) has shape %v, want [%d %d]", i, v.Shape, n, size)
	}
}

// variant checks which extras go together.
func (l lstm) variant(at *lstmInputs, in []tensor.View, x int) error {
	has := func(i int) bool { return i >= 0 && input(in, i).DType != tensor.None }
	r := input(in, at.recurrent[gateForget])
	coupled, norm, peephole := !has(at.weights[gateIn]), has(at.norm[gateForget]), has(at.peephole[gateForget])
	for g := range 4 {
		own := g != gateIn || !coupled
		switch {
		case at.norm[g] >= 0 && has(at.norm[g]) != (norm && own):
			return errorf("layer normalisation of some gates only (input %d)", at.norm[g])
		case at.peephole[g] >= 0 && has(at.peephole[g]) != (peephole && own):
			return errorf("peepholes of some gates only (input %d)", at.peephole[g])
		}
	}
	switch {
	case has(at.recurrent[gateIn]) == coupled:
		return errorf("input %d: the input gate has one kind of weights only", at.recurrent[gateIn])
	case !has(at.proj) && (r.Shape[0] != r.Shape[1] || has(at.projBias)):
		return errorf("recurrent weights of shape %v need a projection (input %d)", r.Shape, at.proj)
	case l.CellClip < 0 || l.ProjClip < 0 || l.CellClip != l.CellClip || l.ProjClip != l.ProjClip:
		return errorf("clips at %g and %g, want 0 or more", l.CellClip, l.ProjClip)
	case l.Activation > quant.Tanh:
		return Unsupported("activation %v", l.Activation)
	case l.To.DType != in[x].DType:
		return Unsupported("%s output of %s input", l.To.DType, in[x].DType)
	case in[x].DType == tensor.F32:
		return nil
	case coupled || norm || peephole || has(at.proj):
		return Unsupported("an LSTM on %s with coupled gates, peepholes, projection or layer normalisation", in[x].DType)
	case l.Activation != quant.Tanh:
		return Unsupported("activation %v on %s", l.Activation, in[x].DType)
	}
	return l.quantised(at, in, x)
}

// quantised checks scales and zero points.
func (l lstm) quantised(at *lstmInputs, in []tensor.View, x int) error {
	types := []tensor.Type{in[x].Type, in[at.hidden].Type, in[at.cell].Type, l.To.Type()}
	for g := range 4 {
		types = append(types, in[at.weights[g]].Type, in[at.recurrent[g]].Type)
	}
	if err := wantQuant(types...); err != nil {
		return err
	}
	for i, t := range types {
		if zero := t.Quant.Zero[0]; zero != 0 && (i >= 4 || t.DType == tensor.I16) {
			return errorf("%s%v has zero point %d, want 0", t.DType, t.Shape, zero)
		}
	}
	// Beyond these the arithmetic of tanh would overflow.
	if p, _ := quant.CheckedLog2(types[2].Quant.Scale[0]); p > 2 || p < -40 {
		return errorf("cell state has scale %g, want 2^-40 to 4", types[2].Quant.Scale[0])
	}
	return nil
}

// sized returns the sum of sizes if it is one that scratch may have.
func sized(sizes ...int64) (int, error) {
	sum := int64(0)
	for _, s := range sizes {
		if sum += s; s < 0 || s > math.MaxInt32/2 || sum > math.MaxInt32/2 {
			return 0, Unsupported("a layer that needs more than 1 GiB of scratch")
		}
	}
	return int(sum), nil
}
