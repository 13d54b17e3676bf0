package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// AttentionScores is the first half of an Attention without a mask, for
// graphs that change the scores: of Q [batch heads q d] and K
// [batch kvheads kv d] it makes scale·Q·Kᵀ [batch heads q kv]. DType is their
// type: that of the inputs, or float32 of float16.
type AttentionScores struct {
	Scale float32 // 0: 1/√d
	DType tensor.DType
}

// whole is the Attention that the scores are part of.
func (o *AttentionScores) whole() Attention {
	return Attention{Scale: o.Scale, Left: -1, Right: -1, Outputs: 1}
}

// Infer checks the inputs against each other.
func (o *AttentionScores) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return nil, err
	}
	whole := o.whole()
	in = []tensor.View{in[0], in[1], in[1]}
	if err := whole.check(in); err != nil {
		return nil, err
	}
	if o.DType != in[0].DType && !(o.DType == tensor.F32 && in[0].DType == tensor.F16) {
		return nil, Unsupported("scores of type %s of inputs of type %s", o.DType, in[0].DType)
	}
	s, err := whole.shape(in)
	return []tensor.Type{tensor.Of(o.DType, s.batch, s.heads, s.q, s.kv)}, err
}

// Ref computes one query after the other.
func (o *AttentionScores) Ref(in, out []tensor.View) error { return refFloat(o, in, out) }

// Prepare reserves memory for a query.
func (o *AttentionScores) Prepare(p *Prep) (Prepared, error) { return byFloat(o, p) }

// MACs counts the products.
func (*AttentionScores) MACs(in, out []tensor.Type) int64 {
	return int64(out[0].Len()) * int64(in[0].Shape[3])
}

func (*AttentionScores) floatScratch(in, _ []tensor.Type) int64 { return int64(in[0].Shape[3]) }

func (o *AttentionScores) runFloat32(in, out []tensor.View, scratch []float32) error {
	return runAttentionScores(o.whole(), in, out, scratch)
}

func (o *AttentionScores) runFloat64(in, out []tensor.View, scratch []float64) error {
	return runAttentionScores(o.whole(), in, out, scratch)
}

func runAttentionScores[T wideFloat](o Attention, in, out []tensor.View, scratch []T) error {
	q, k, y := floatsOf[T](in, 0), floatsOf[T](in, 1), floatsOf[T](out, 0)
	if len(y) == 0 {
		return nil
	}
	s := attentionShape{heads: in[0].Shape[1], kvHeads: in[1].Shape[1], q: in[0].Shape[2], kv: in[1].Shape[2], d: in[0].Shape[3]}
	a := attention[T]{Attention: &o, attentionShape: s, math: plainAttention[T]()}
	for row := range len(y) / s.kv {
		head := row / s.q
		a.scaleQuery(scratch[:s.d], q[row*s.d:])
		keys := head/s.heads*s.kvHeads + head%s.heads/(s.heads/s.kvHeads)
		rowsDot(y[row*s.kv:(row+1)*s.kv], scratch[:s.d], k[keys*s.kv*s.d:], s.d)
	}
	return nil
}

// AttentionValues is the second half: probabilities [batch heads q kv] times
// values [batch kvheads kv dv] make [batch heads q dv], of the values' type.
type AttentionValues struct{}

// Infer checks the inputs against each other.
func (*AttentionValues) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	for i := range 2 {
		if err := wantFloats(in, i); err != nil {
			return nil, err
		}
		if err := wantRank(in, i, 4); err != nil {
			return nil, err
		}
	}
	p, v := in[0].Shape, in[1].Shape
	if (in[0].DType == tensor.F64) != (in[1].DType == tensor.F64) {
		return nil, Unsupported("probabilities of type %s of values of type %s", in[0].DType, in[1].DType)
	}
	groups := v[1] == tensor.Dynamic || p[1] == tensor.Dynamic || v[1] > 0 && p[1]%v[1] == 0
	if differ(p[0], v[0]) || differ(p[3], v[2]) || !groups {
		return nil, errorf("probabilities and values have shapes %v and %v, which do not agree", p, v)
	}
	return []tensor.Type{tensor.Of(in[1].DType, p[0], p[1], p[2], v[3])}, nil
}

// Ref computes one query after the other.
func (o *AttentionValues) Ref(in, out []tensor.View) error { return refFloat(o, in, out) }

// Prepare needs nothing.
func (o *AttentionValues) Prepare(p *Prep) (Prepared, error) { return byFloat(o, p) }

// MACs counts the products.
func (*AttentionValues) MACs(in, out []tensor.Type) int64 {
	return int64(out[0].Len()) * int64(in[0].Shape[3])
}

func (*AttentionValues) floatScratch(_, _ []tensor.Type) int64 { return 0 }

func (*AttentionValues) runFloat32(in, out []tensor.View, _ []float32) error {
	runAttentionValues[float32](in, out)
	return nil
}

func (*AttentionValues) runFloat64(in, out []tensor.View, _ []float64) error {
	runAttentionValues[float64](in, out)
	return nil
}

func runAttentionValues[T wideFloat](in, out []tensor.View) {
	p, v, y := floatsOf[T](in, 0), floatsOf[T](in, 1), floatsOf[T](out, 0)
	clear(y)
	if len(y) == 0 {
		return
	}
	heads, kvHeads, q, kv, dv := in[0].Shape[1], in[1].Shape[1], in[0].Shape[2], in[0].Shape[3], in[1].Shape[3]
	for row := range len(y) / dv {
		head := row / q
		from := head/heads*kvHeads + head%heads/(heads/kvHeads)
		for j, x := range p[row*kv : (row+1)*kv] {
			addScaled(y[row*dv:(row+1)*dv], x, v[(from*kv+j)*dv:])
		}
	}
}
