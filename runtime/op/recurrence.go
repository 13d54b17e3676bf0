package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// RecurrenceCell is what a Recurrence does in a step. With a = x·kernel + b and
// s = h·recurrent, whose columns are gates of u elements each:
//
//   - SimpleRNNCell, one gate: h' = tanh(a + s), or max(a + s, 0) if Relu.
//   - GRUCell, gates z r h: z, r = σ(a + s), g = tanh(a_h + r·s_h), h' = z·h +
//     (1 − z)·g, where s has a bias of its own: Keras' reset_after, PyTorch's form,
//     ONNX's linear_before_reset.
//   - LSTMCell, gates i f c o: i, f, o = σ(a + s), c' = f·c + i·tanh(a_c + s_c),
//     h' = o·tanh(c').
type RecurrenceCell uint8

// The cells.
const (
	SimpleRNNCell RecurrenceCell = iota
	GRUCell
	LSTMCell
)

// gates is the number of gates of u columns each in the weights.
func (c RecurrenceCell) gates() int { return [...]int{1, 3, 4}[c] }

// Recurrence is a recurrent layer, batch first, as Keras has it. Its inputs are
//
//	x [n t in]    kernel [in g·u]    recurrent [u g·u]    bias [g·u], of a GRU [2 g·u]
//	h [n u]       c [n u], of an LSTM: the initial states
//
// bias and states may be left out: they are 0. g is 1, 3 or 4; the order of gates
// is the cell's. A GRU's bias has the row of x·kernel, then that of h·recurrent.
// The outputs are
//
//	y [n t u], h after each step    h [n u], the last    c [n u], of an LSTM
//
// and if Keep what the gradient needs: of a GRU and an LSTM the gates after
// their functions [n t 4·u] (z r g q, q being h·recurrent + b of the third; i f
// c o), of an LSTM then c after each step [n t u].
//
// If Reverse, steps go from t − 1 to 0; y at an index is still the state after
// reading x there, as in ONNX and PyTorch (Keras' go_backwards turns y around).
// The last states are those of the last step done, index 0.
//
// All sequences have t steps: padding is not told apart. Put it where the state
// is not read: at the end of y, or before the beginning.
//
// Sums: x·kernel is one chain that begins with the bias, h·recurrent one that
// begins with 0 or a GRU's second bias; then they are added. See kernels.Cells.
//
// To ONNX: X is x with n and t exchanged (or layout 1), W and R the transposes of
// kernel and recurrent with gates reordered, LSTM from i f c o to i o f c; a GRU
// keeps z r h and has linear_before_reset 1; B is the bias of W, then that of R,
// which is 0 for all but the GRU. To TFLite: UNIDIRECTIONAL_SEQUENCE_LSTM and
// _RNN (not time-major) take a matrix per gate, [u in] and [u u]; a GRU is
// unrolled.
//
// A stateful layer keeps h and c in variables: they are inputs, and
// AssignVariable of the outputs 1 and 2 follows.
type Recurrence struct {
	Cell    RecurrenceCell
	Reverse bool
	Relu    bool // of a SimpleRNNCell
	Keep    bool
}

// recurrenceSize holds the dimensions; those that are not known are Dynamic.
type recurrenceSize struct {
	Recurrence
	n, t, in, u int
	cols        int // of kernel: all gates
	kept        int // elements of a step's gates
}

// size reads the shapes of x and recurrent.
func (o *Recurrence) size(x, recurrent []int) recurrenceSize {
	s := recurrenceSize{Recurrence: *o, n: x[0], t: x[1], in: x[2], u: recurrent[0]}
	s.cols = timesDim(o.Cell.gates(), s.u)
	if s.kept = s.u; o.Cell != SimpleRNNCell {
		s.kept = timesDim(4, s.u)
	}
	return s
}

// biasShape is the shape of input 3.
func (s *recurrenceSize) biasShape() []int {
	if s.Cell == GRUCell {
		return []int{2, s.cols}
	}
	return []int{s.cols}
}

// Infer checks the shapes against each other.
func (o *Recurrence) Infer(in []tensor.View) ([]tensor.Type, error) {
	most := 5
	if o.Cell == LSTMCell {
		most = 6
	}
	if o.Cell > LSTMCell {
		return nil, errorf("cell %d: want 0 to 2", o.Cell)
	}
	if err := wantInputs(in, 3, most); err != nil {
		return nil, err
	}
	for i := range in {
		if !in[i].Absent() {
			if err := wantType(in, i, tensor.F32); err != nil {
				return nil, err
			}
		}
	}
	for i, rank := range []int{3, 2, 2} {
		if err := wantRank(in, i, rank); err != nil {
			return nil, err
		}
	}
	s := o.size(in[0].Shape, in[2].Shape)
	if slices.Contains(in[0].Shape, 0) || s.u == 0 {
		return nil, errorf("x has shape %v, and there are %d units: want no 0", in[0].Shape, s.u)
	}
	state := []int{s.n, s.u}
	for i, want := range [][]int{nil, {s.in, s.cols}, {s.u, s.cols}, s.biasShape(), state, state} {
		if v := input(in, i); i > 0 && !v.Absent() && !fitsShape(v.Shape, want) {
			return nil, errorf("input %d has shape %v, want %v", i, v.Shape, want)
		}
	}
	return s.outputs(), nil
}

func (s *recurrenceSize) outputs() []tensor.Type {
	out := []tensor.Type{tensor.Of(tensor.F32, s.n, s.t, s.u), tensor.Of(tensor.F32, s.n, s.u)}
	if s.Cell == LSTMCell {
		out = append(out, tensor.Of(tensor.F32, s.n, s.u))
	}
	if s.Keep && s.Cell != SimpleRNNCell {
		out = append(out, tensor.Of(tensor.F32, s.n, s.t, s.kept))
	}
	if s.Keep && s.Cell == LSTMCell {
		out = append(out, tensor.Of(tensor.F32, s.n, s.t, s.u))
	}
	return out
}

// states is how many states there are.
func (o *Recurrence) states() int {
	if o.Cell == LSTMCell {
		return 2
	}
	return 1
}

// MACs counts the products with weights.
func (o *Recurrence) MACs(in, _ []tensor.Type) int64 {
	s := o.size(in[0].Shape, in[2].Shape)
	return s.macs()
}

func (s *recurrenceSize) macs() int64 {
	return int64(s.n) * int64(s.t) * int64(s.cols) * (int64(s.in) + int64(s.u))
}

// Grad adds a RecurrenceGrad and, if nothing was kept, a Recurrence that keeps.
func (o *Recurrence) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	first := 1 + o.states() // what is kept begins there
	for i := first; i < len(dy); i++ {
		if dy[i] != graph.None {
			return nil, Unsupported("a loss of output %d of a Recurrence, kept for its gradient,", i)
		}
	}
	out := n.Out
	if !o.Keep && o.Cell != SimpleRNNCell {
		keep := *o
		keep.Keep = true
		again, err := b.Node(graph.Node{Label: n.Label + "/keep", Op: new(keep), In: n.In})
		if err != nil {
			return nil, err
		}
		out = again
	}
	g := &RecurrenceGrad{Layer: *o}
	in := []graph.Value{n.In[0], n.In[1], n.In[2], graph.None, graph.None, out[0], graph.None, graph.None, graph.None, graph.None, graph.None}
	for i := range n.In {
		g.Want[i] = want[i]
		if i > 3 {
			in[i-1] = n.In[i]
		}
	}
	copy(in[6:8], out[min(first, len(out)):])
	copy(in[8:], dy[:first])
	ds, err := b.Node(graph.Node{Label: n.Label + "/grad", Op: g, In: in})
	if err != nil {
		return nil, err
	}
	dx := make([]graph.Value, len(n.In))
	for i := range dx {
		dx[i] = graph.None
		if g.Want[i] {
			dx[i], ds = ds[0], ds[1:]
		}
	}
	return dx, nil
}
