package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// IntegerMatMul is ONNX's MatMulInteger and QLinearMatMul, and the like of ONNX
// Runtime: it multiplies matrices of 8-bit integers, [… m k] by [… k n], whose
// leading dimensions broadcast. AdjY says that the right ones are stored
// transposed, [… n k]. Its inputs are those of isX and so on. DType is that of
// the output: int32 for plain sums. Scaled sums are multiplied by Alpha, unless
// that is 0.
type IntegerMatMul struct {
	AdjY  bool
	DType tensor.DType
	Alpha float32
	Saturation
}

// Infer checks shapes and parameters.
func (o *IntegerMatMul) Infer(in []tensor.View) ([]tensor.Type, error) {
	m, _, err := o.matrices(in)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(o.DType, append(slices.Clone(m.batch), m.m, m.n)...)}, nil
}

func (o *IntegerMatMul) matrices(in []tensor.View) (m matmul, form integerForm, err error) {
	if len(in) < 2 {
		return m, 0, errorf("%d inputs, want two matrices", len(in))
	}
	if err = o.Saturation.check(o.DType); err != nil {
		return m, 0, err
	}
	if m, err = (&BatchMatMul{AdjY: o.AdjY}).product(in[isX].Shape, in[isW].Shape); err != nil {
		return m, 0, err
	}
	summed := 2 // dimension of the right matrices, from the last
	if o.AdjY {
		summed = 1
	}
	form, err = integerOf(in, o.DType, [2]int{m.m, integerLines(in[isX].Shape, 1)}, [2]int{m.n, integerLines(in[isW].Shape, summed)})
	return m, form, err
}

// integerLines is the product of all dimensions but the one that is back from the
// last by so many; -1 if one isn't known.
func integerLines(shape []int, back int) int {
	n := 1
	for i, d := range shape {
		if d == tensor.Dynamic {
			return -1
		}
		if i != len(shape)-back {
			n *= d
		}
	}
	return n
}

// job sees the product as a convolution of one tap on a line of m pixels. If
// all left matrices share a right one, they are one matrix.
func (o *IntegerMatMul) job(in []tensor.View) (*integerJob, error) {
	m, form, err := o.matrices(in)
	if err != nil {
		return nil, err
	}
	j := &integerJob{form: form, alpha: o.Alpha, Saturation: o.Saturation, count: m.count(), pair: m.pair}
	rows := m.m
	if product(in[isW].Shape[:in[isW].Rank()-2]) == 1 {
		rows, j.count, j.pair = product(m.batch)*m.m, min(m.count(), 1), onlyMatrix
	}
	j.filter = filter{n: 1, h: 1, w: rows, c: m.k, oh: 1, ow: rows, oc: m.n, kh: 1, kw: 1, kc: m.k,
		sh: 1, sw: 1, dh: 1, dw: 1, groups: 1, wo: 1, wi: m.n}
	if o.AdjY {
		j.wo, j.wi = m.k, 1
	}
	return j, nil
}

// Ref multiplies.
func (o *IntegerMatMul) Ref(in, out []tensor.View) error {
	j, err := o.job(in)
	if err != nil {
		return err
	}
	j.ref(in, &out[0])
	return nil
}

// Prepare packs a constant right matrix.
func (o *IntegerMatMul) Prepare(p *Prep) (Prepared, error) {
	j, err := o.job(p.views())
	if err != nil {
		return Prepared{}, err
	}
	return j.prepare(p)
}

// MACs is the number of products.
func (o *IntegerMatMul) MACs(in, out []tensor.Type) int64 {
	return int64(out[0].Len()) * int64(in[isX].Shape[in[isX].Rank()-1])
}
