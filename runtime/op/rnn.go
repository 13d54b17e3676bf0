package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// UnidirectionalSequenceRNN runs h = act(W·x + R·h + b) along a sequence and
// gives each h. Inputs, float32 but for W and R that may be int8: x [n,t,i] or with TimeMajor [t,n,i], W
// [c,i], R [c,c], b [c], and the variable h [n,c].
type UnidirectionalSequenceRNN struct {
	TimeMajor  bool
	Activation quant.Activation
	Asymmetric bool // rows that meet int8 weights get a zero point
}

// Writes lists the state.
func (*UnidirectionalSequenceRNN) Writes() []int { return []int{4} }

// MACs counts both products.
func (*UnidirectionalSequenceRNN) MACs(in, out []tensor.Type) int64 {
	w := in[1].Shape
	return int64(out[0].Shape[0]) * int64(out[0].Shape[1]) * int64(w[0]) * (int64(w[0]) + int64(w[1]))
}

// Infer checks the shapes and returns that of the sequence of states.
func (o *UnidirectionalSequenceRNN) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 5, 5); err != nil {
		return nil, err
	}
	for i, rank := range []int{3, 2, 2, 1, 2} {
		types := []tensor.DType{tensor.F32}
		if i == 1 || i == 2 {
			types = append(types, tensor.I8)
		}
		if err := wantType(in, i, types...); err != nil {
			return nil, err
		}
		if err := wantRank(in, i, rank); err != nil {
			return nil, err
		}
		if i > 0 && !in[i].Static() {
			return nil, Unsupported("input %d of unknown shape %v", i, in[i].Shape)
		}
	}
	x, w, r, b, h := in[0].Shape, in[1].Shape, in[2].Shape, in[3].Shape, in[4].Shape
	n := x[0]
	if o.TimeMajor {
		n = x[1]
	}
	if differ(x[2], w[1]) || r[0] != w[0] || r[1] != w[0] || b[0] != w[0] || h[1] != w[0] || differ(n, h[0]) {
		return nil, errorf("shapes %v, %v, %v, %v, %v do not agree", x, w, r, b, h)
	}
	if o.Activation > quant.SignBit {
		return nil, Unsupported("activation %v", o.Activation)
	}
	if err := wantSame(in, 1, 2); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(tensor.F32, x[0], x[1], w[0])}, wantQuant(in[1].Type, in[2].Type)
}

// rnn is the layer made ready. Its dimensions are those of an LSTM without
// gates.
type rnn struct {
	*lstmDims
	input, hidden *matF32
	pad           int
	quantise      int // bytes for rows made int8
	scratch       int
}

func (o *UnidirectionalSequenceRNN) ready(p *Prep) (*rnn, error) {
	w := p.In[1].Shape
	d := &lstmDims{lstm: lstm{TimeMajor: o.TimeMajor, Activation: o.Activation}, n: p.In[0].Shape[0], t: p.In[0].Shape[1], i: w[1], c: w[0]}
	if o.TimeMajor {
		d.t, d.n = d.n, d.t
	}
	r := &rnn{lstmDims: d}
	var err error
	if r.input, err = newMatF32(p, 1, 3, d.c, d.i, o.Asymmetric); err != nil {
		return nil, err
	}
	if r.hidden, err = newMatF32(p, 2, -1, d.c, d.c, o.Asymmetric); err != nil {
		return nil, err
	}
	r.pad = max(r.input.pad(), r.hidden.pad())
	if r.quantise, err = sized((max(r.input.scratch(), r.hidden.scratch()) + 63) &^ 63); err != nil {
		return nil, err
	}
	r.scratch, err = sized(int64(r.quantise), 4*int64(d.chunk())*int64(d.n)*int64(r.pad), 4*int64(d.n)*int64(d.c))
	return r, err
}

func (r *rnn) run(in, out []tensor.View, scratch []byte) {
	tmp, f := scratch[:r.quantise], tensor.Cast[float32](scratch[r.quantise:r.scratch])
	next, pre := f[:r.n*r.c], f[r.n*r.c:]
	x, y, h := in[0].F32(), out[0].F32(), in[4].F32()
	for t0 := 0; t0 < r.t; t0 += r.chunk() {
		steps := min(r.chunk(), r.t-t0)
		for b := range r.n {
			for k := range steps {
				r.input.rows(pre[r.preRow(k, steps, b)*r.pad:], r.pad, x[r.row(t0+k, b)*r.i:], r.i, 1, &in[1], &in[3], tmp)
			}
		}
		for k := range steps {
			for b := range r.n {
				r.hidden.add(next[b*r.c:], pre[r.preRow(k, steps, b)*r.pad:], h[b*r.c:(b+1)*r.c], &in[2], tmp)
			}
			for j, v := range next {
				h[j] = activateF32(r.Activation, v)
			}
			for b := range r.n {
				copy(y[r.row(t0+k, b)*r.c:], h[b*r.c:(b+1)*r.c])
			}
		}
	}
}

// Ref runs the sequence and leaves its end in the state.
func (o *UnidirectionalSequenceRNN) Ref(in, out []tensor.View) error {
	r, err := o.ready(&Prep{In: viewTypes(in), Const: make([][]byte, len(in))})
	if err != nil {
		return err
	}
	r.run(in, out, tensor.Bytes(make([]float32, r.scratch/4)))
	return nil
}

// Prepare packs the weights.
func (o *UnidirectionalSequenceRNN) Prepare(p *Prep) (Prepared, error) {
	r, err := o.ready(p)
	if err != nil {
		return Prepared{}, err
	}
	return Prepared{Kernel: p.Kernels.Name, Scratch: r.scratch, Bind: func(m *Mem) (Step, error) {
		return func() error { r.run(m.In, m.Out, m.Scratch); return nil }, nil
	}}, nil
}
