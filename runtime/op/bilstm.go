package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// BidirectionalSequenceLSTM runs one LSTM along a sequence of float32 and
// another back from its end; weights may be int8. Outputs: the sequences of both, or with Merge one with
// the forward hidden state and then the backward one in each row.
//
// Inputs: x, those of forward and backward, and at 39 the backward LSTM's own
// sequence if it doesn't read x.
type BidirectionalSequenceLSTM struct {
	TimeMajor          bool
	Activation         quant.Activation
	CellClip, ProjClip float32
	Asymmetric         bool
	Merge              bool
	To                 To
}

var forwardLSTM = lstmInputs{
	weights: [4]int{1, 2, 3, 4}, recurrent: [4]int{5, 6, 7, 8}, peephole: [4]int{9, 10, -1, 11}, bias: [4]int{12, 13, 14, 15},
	proj: 16, projBias: 17, hidden: 35, cell: 36, norm: [4]int{-1, -1, -1, -1},
}

var backwardLSTM = lstmInputs{
	weights: [4]int{18, 19, 20, 21}, recurrent: [4]int{22, 23, 24, 25}, peephole: [4]int{26, 27, -1, 28}, bias: [4]int{29, 30, 31, 32},
	proj: 33, projBias: 34, hidden: 37, cell: 38, norm: [4]int{-1, -1, -1, -1},
}

// auxiliary is the input of the backward LSTM, if not x; weights for it mean
// that both directions read it beside x.
const auxiliary, auxiliaryWeights = 39, 40

// Writes lists the states.
func (*BidirectionalSequenceLSTM) Writes() []int { return []int{35, 36, 37, 38} }

func (o *BidirectionalSequenceLSTM) lstm() lstm {
	return lstm{TimeMajor: o.TimeMajor, Activation: o.Activation, CellClip: o.CellClip, ProjClip: o.ProjClip, Asymmetric: o.Asymmetric, To: o.To}
}

// MACs counts the products with matrices.
func (o *BidirectionalSequenceLSTM) MACs(in, out []tensor.Type) int64 {
	f, b := o.both(viewsOf(in))
	return f.macs() + b.macs()
}

// backwardX is the input that the backward LSTM reads.
func backwardX(in []tensor.View) int {
	if input(in, auxiliary).DType != tensor.None {
		return auxiliary
	}
	return 0
}

// Infer checks the shapes.
func (o *BidirectionalSequenceLSTM) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 48); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32); err != nil {
		return nil, err
	}
	for i := auxiliaryWeights; i < len(in); i++ {
		if !in[i].Absent() {
			return nil, Unsupported("a sequence beside the main one (input %d)", i)
		}
	}
	x := backwardX(in)
	f, err := o.lstm().check(&forwardLSTM, in, 0)
	if err != nil {
		return nil, err
	}
	b, err := o.lstm().check(&backwardLSTM, in, x)
	if err != nil {
		return nil, err
	}
	s, t := in[0].Shape, in[x].Shape
	if !slices.EqualFunc(s[:2], t[:2], func(a, b int) bool { return !differ(a, b) }) {
		return nil, Unsupported("sequences of shapes %v and %v", s, t)
	}
	if o.Merge {
		return []tensor.Type{o.To.Type(s[0], s[1], f+b)}, nil
	}
	return []tensor.Type{o.To.Type(s[0], s[1], f), o.To.Type(t[0], t[1], b)}, nil
}

// both returns the dimensions of the two.
func (o *BidirectionalSequenceLSTM) both(in []tensor.View) (f, b *lstmDims) {
	f = o.lstm().dims(&forwardLSTM, in, 0)
	b = o.lstm().dims(&backwardLSTM, in, backwardX(in))
	b.reverse = true
	if o.Merge {
		f.stride, b.stride, b.first = f.o+b.o, f.o+b.o, f.o
	}
	return f, b
}

// Ref runs both sequences and leaves their ends in the states.
func (o *BidirectionalSequenceLSTM) Ref(in, out []tensor.View) error {
	f, b := o.both(in)
	f.refF32(in, &in[0], out[0].F32())
	b.refF32(in, &in[backwardX(in)], out[len(out)-1].F32())
	return nil
}

// Prepare packs the weights.
func (o *BidirectionalSequenceLSTM) Prepare(p *Prep) (Prepared, error) {
	x := backwardX(viewsOf(p.In))
	df, db := o.both(viewsOf(p.In))
	f, err := newLSTMF32(p, df)
	if err != nil {
		return Prepared{}, err
	}
	b, err := newLSTMF32(p, db)
	if err != nil {
		return Prepared{}, err
	}
	return Prepared{Kernel: p.Kernels.Name, Scratch: max(f.scratch, b.scratch), Bind: func(m *Mem) (Step, error) {
		return func() error {
			f.run(m.In, &m.In[0], m.Out[0].F32(), m.Scratch)
			b.run(m.In, &m.In[x], m.Out[len(m.Out)-1].F32(), m.Scratch)
			return nil
		}, nil
	}}, nil
}
