package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// DynamicQuantizeLSTM is ONNX Runtime's: an LSTM whose weights are bytes and
// whose input and state are made bytes while it runs, each by its own range: the
// input's all at once, the state's of all sequences at each step. Its inputs are
// those of LSTM, and each for W and R a scale and a zero point, but
//
//	W [dirs input 4·hidden]   R [dirs hidden 4·hidden]   int8 or uint8
//	scales, zero points [dirs] or [dirs 4·hidden]
type DynamicQuantizeLSTM struct{ LSTM }

// The inputs that LSTM has not.
const (
	dynWScale = iota + 8
	dynWZero
	dynRScale
	dynRZero
	dynInputs
)

// Infer checks the shapes against each other.
func (o *DynamicQuantizeLSTM) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, dynInputs); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32); err != nil {
		return nil, err
	}
	for i := 1; i <= 2; i++ {
		if err := wantType(in, i, tensor.I8, tensor.U8); err != nil {
			return nil, err
		}
		if err := wantRank(in, i, 3); err != nil {
			return nil, err
		}
	}
	wide := make([]tensor.View, min(len(in), dynWScale))
	copy(wide, in)
	for i := 1; i <= 2; i++ {
		s := in[i].Shape
		wide[i] = tensor.View{Type: tensor.Of(tensor.F32, s[0], s[2], s[1])}
	}
	out, err := o.LSTM.Infer(wide)
	if err != nil {
		return nil, err
	}
	for i := dynWScale; i < dynInputs; i += 2 {
		if err := dynParameters(in, i, in[1+(i-dynWScale)/2].Type); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// dynParameters checks the scale, input i, and the zero point of weights.
func dynParameters(in []tensor.View, i int, w tensor.Type) error {
	scale, zero := input(in, i), input(in, i+1)
	if scale.Absent() {
		return errorf("input %d, a scale, is left out, and must be there", i)
	}
	if err := wantType(in, i, tensor.F32); err != nil {
		return err
	}
	if !zero.Absent() {
		if err := wantType(in, i+1, w.DType); err != nil {
			return err
		}
	}
	for k, v := range []tensor.View{scale, zero} {
		if !v.Absent() && !fitsShape(v.Shape, []int{w.Shape[0]}) && !fitsShape(v.Shape, []int{w.Shape[0], w.Shape[2]}) {
			return errorf("input %d has shape %v, want [%d] or [%d %d]", i+k, v.Shape, w.Shape[0], w.Shape[0], w.Shape[2])
		}
	}
	return nil
}

// Ref runs the cell over all sequences, with nothing packed.
func (o *DynamicQuantizeLSTM) Ref(in, out []tensor.View) error {
	l, err := newDynamicLSTM(o, viewTypes(in), nil)
	if err != nil || l.size.hidden == 0 {
		return err
	}
	b := l.bind(tensor.Bytes(make([]uint64, l.scratch/8+1)), nil, 1)
	return b.run(in, out)
}

// Prepare packs constant weights.
func (o *DynamicQuantizeLSTM) Prepare(p *Prep) (Prepared, error) {
	l, err := newDynamicLSTM(o, p.In, p.Kernels)
	if err != nil {
		return Prepared{}, err
	}
	if l.size.hidden == 0 {
		return nothing()
	}
	if err := l.packConstants(p); err != nil {
		return Prepared{}, err
	}
	return Prepared{Kernel: p.Kernels.Name, Scratch: l.scratch, Bind: func(m *Mem) (Step, error) {
		threads := min(m.Env.Workers.Len(), l.size.dirs)
		b := l.bind(m.Scratch, m.Env.Workers, threads)
		return func() error { return b.run(m.In, m.Out) }, nil
	}}, nil
}

// MACs counts the products with weights.
func (o *DynamicQuantizeLSTM) MACs(in, _ []tensor.Type) int64 {
	x, r := in[0].Shape, in[2].Shape
	return int64(x[0]) * int64(x[1]) * int64(r[0]) * int64(r[2]) * (int64(x[2]) + int64(r[1]))
}
