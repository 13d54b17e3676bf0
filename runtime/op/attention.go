package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Attention is ONNX's: Y = softmax(scale·Q·Kᵀ + mask)·V for each head. The
// inputs are
//
//	Q [batch heads q d]   K [batch kvheads kv d]   V [batch kvheads kv dv]
//	mask, which broadcasts to [batch heads q total]: bool (false: look away) or added
//	past_key [batch kvheads past d]   past_value [batch kvheads past dv]
//	nonpad_kv_seqlen [batch] int64: keys from there on are padding
//
// those from the mask on optional. Q, K and V may instead have rank 3, heads
// being parts of the last dimension: [batch q heads·d]; Y then has it too.
// total is past + kv. A mask whose rows are shorter looks away from the rest.
// A query that sees no key yields 0.
//
// The outputs are Y, present_key and present_value (past and new in one) and
// the scores [batch heads q total].
type Attention struct {
	Causal          bool    // a query sees no key after it
	QHeads, KVHeads int     // of inputs of rank 3
	Scale           float32 // 0: 1/√d
	Softcap         float32 // c·tanh(scores/c) before the mask; 0: none
	// Scores says what output 3 is: 0 scale·Q·Kᵀ, 1 that with the softcap,
	// 2 with the mask, 3 after softmax.
	Scores int
	// Left and Right bound how many keys before and after it a query sees;
	// -1: any.
	Left, Right int
	Half        bool // softmax is of numbers rounded to float16
	Outputs     int  // 1 to 4
}

// attentionShape is what the inputs' shapes say. Sizes may be Dynamic.
type attentionShape struct {
	batch, heads, kvHeads, q, kv, past, total, d, dv int
	split                                            bool // inputs of rank 3
}

// attentionHeads is a tensor [batch heads n d], or [batch n heads·d] if it is split.
func attentionHeads(shape []int, heads int) (batch, h, n, d int, err error) {
	if len(shape) == 4 {
		return shape[0], shape[1], shape[2], shape[3], nil
	}
	if heads <= 0 {
		return 0, 0, 0, 0, errorf("%d heads for an input of rank 3: q_num_heads and kv_num_heads must be positive", heads)
	}
	if d = shape[2]; d != tensor.Dynamic {
		if d%heads != 0 {
			return 0, 0, 0, 0, errorf("shape %v does not divide into %d heads", shape, heads)
		}
		d /= heads
	}
	return shape[0], heads, shape[1], d, nil
}

// shape reads the shapes of Q, K, V and past_key.
func (o *Attention) shape(in []tensor.View) (s attentionShape, err error) {
	for i := range 3 {
		if err := wantRank(in, i, 3, 4); err != nil {
			return s, err
		}
		if in[i].Rank() != in[0].Rank() {
			return s, errorf("input Q, K and V have shapes %v, %v and %v, want the same rank", in[0].Shape, in[1].Shape, in[2].Shape)
		}
	}
	s.split = in[0].Rank() == 3
	if s.batch, s.heads, s.q, s.d, err = attentionHeads(in[0].Shape, o.QHeads); err != nil {
		return s, err
	}
	kb, kh, kn, kd, err := attentionHeads(in[1].Shape, o.KVHeads)
	if err != nil {
		return s, err
	}
	vb, vh, vn, vd, err := attentionHeads(in[2].Shape, o.KVHeads)
	if err != nil {
		return s, err
	}
	s.kvHeads, s.kv, s.dv = kh, kn, vd
	if differ(kb, s.batch) || differ(vb, s.batch) || differ(kh, vh) || differ(kn, vn) || differ(kd, s.d) {
		return s, errorf("input Q, K and V have shapes %v, %v and %v, which do not agree", in[0].Shape, in[1].Shape, in[2].Shape)
	}
	if s.heads != tensor.Dynamic && s.kvHeads != tensor.Dynamic && (s.kvHeads == 0 && s.heads != 0 || s.kvHeads > 0 && s.heads%s.kvHeads != 0) {
		return s, errorf("%d heads of Q for %d of K and V, want a multiple", s.heads, s.kvHeads)
	}
	s.total = s.kv
	return s, o.shapePast(in, &s)
}

// shapePast reads the shapes of past_key and past_value.
func (o *Attention) shapePast(in []tensor.View, s *attentionShape) error {
	k, v := input(in, 4), input(in, 5)
	if k.Absent() != v.Absent() {
		return errorf("one of past_key and past_value is left out: want both or neither")
	}
	if k.Absent() {
		return nil
	}
	if !fitsShape(k.Shape, []int{s.batch, s.kvHeads, tensor.Dynamic, s.d}) {
		return errorf("past_key has shape %v, want [%d %d past %d]", k.Shape, s.batch, s.kvHeads, s.d)
	}
	s.past = k.Shape[2]
	if !fitsShape(v.Shape, []int{s.batch, s.kvHeads, s.past, s.dv}) {
		return errorf("past_value has shape %v, want [%d %d %d %d]", v.Shape, s.batch, s.kvHeads, s.past, s.dv)
	}
	if s.total = s.kv + s.past; s.kv == tensor.Dynamic || s.past == tensor.Dynamic {
		s.total = tensor.Dynamic
	}
	return nil
}

// Infer checks the inputs against each other.
func (o *Attention) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 7); err != nil {
		return nil, err
	}
	if err := o.check(in); err != nil {
		return nil, err
	}
	s, err := o.shape(in)
	if err != nil {
		return nil, err
	}
	if err := o.checkMask(in, &s); err != nil {
		return nil, err
	}
	y := []int{s.batch, s.heads, s.q, s.dv}
	if s.split {
		y = []int{s.batch, s.q, timesDim(s.heads, s.dv)}
	}
	t, tv := in[0].DType, in[2].DType
	return []tensor.Type{
		tensor.Of(t, y...), tensor.Of(t, s.batch, s.kvHeads, s.total, s.d),
		tensor.Of(tv, s.batch, s.kvHeads, s.total, s.dv), tensor.Of(t, s.batch, s.heads, s.q, s.total),
	}[:o.Outputs], nil
}

// check looks at types and attributes.
func (o *Attention) check(in []tensor.View) error {
	if err := wantFloats(in, 0, 1, 4); err != nil {
		return err
	}
	if err := wantFloats(in, 2, 5); err != nil {
		return err
	}
	if (in[0].DType == tensor.F64) != (in[2].DType == tensor.F64) {
		return Unsupported("a V of type %s with a Q of type %s", in[2].DType, in[0].DType)
	}
	if o.Outputs < 1 || o.Outputs > 4 || o.Scores < 0 || o.Scores > 3 {
		return errorf("%d outputs, qk_matmul_output_mode %d: want 1 to 4 and 0 to 3", o.Outputs, o.Scores)
	}
	if o.Left < -1 || o.Right < -1 {
		return errorf("a window of %d and %d: want -1 or more", o.Left, o.Right)
	}
	if !(o.Scale >= 0) || !(o.Softcap >= 0) {
		return errorf("scale %v and softcap %v, want positive numbers", o.Scale, o.Softcap)
	}
	return nil
}

// checkMask looks at mask and nonpad_kv_seqlen.
func (o *Attention) checkMask(in []tensor.View, s *attentionShape) error {
	if n := input(in, 6); !n.Absent() {
		if n.DType != tensor.I64 {
			return Unsupported("%s as type of input 6, nonpad_kv_seqlen (supported: int64)", n.DType)
		}
		if !fitsShape(n.Shape, []int{s.batch}) {
			return errorf("nonpad_kv_seqlen has shape %v, want [%d]", n.Shape, s.batch)
		}
	}
	m := input(in, 3)
	if m.Absent() {
		return nil
	}
	if m.DType != tensor.Bool && (!m.DType.Float() || (m.DType == tensor.F64) != (in[0].DType == tensor.F64)) {
		return Unsupported("a mask of type %s for inputs of type %s", m.DType, in[0].DType)
	}
	want := []int{s.batch, s.heads, s.q, s.total}
	if m.Rank() < 1 || m.Rank() > 4 {
		return errorf("the mask has shape %v, want rank 1 to 4", m.Shape)
	}
	for i := range m.Rank() {
		have, full := m.Shape[m.Rank()-1-i], want[3-i]
		short := i == 0 && have < full
		if differ(have, full) && have != 1 && !short {
			return errorf("the mask has shape %v, which does not fit %v", m.Shape, want)
		}
	}
	return nil
}

// Ref computes one query after the other.
func (o *Attention) Ref(in, out []tensor.View) error { return refFloat(o, in, out) }

// Prepare multiplies by the kernels.
func (o *Attention) Prepare(p *Prep) (Prepared, error) { return prepareAttention(*o, p) }

// MACs counts the products with keys and values.
func (o *Attention) MACs(in, _ []tensor.Type) int64 {
	s, err := o.shape(attentionViews(in))
	if err != nil {
		return 0
	}
	return int64(s.batch) * int64(s.heads) * int64(s.q) * int64(s.total) * (int64(s.d) + int64(s.dv) + 1)
}

// floatScratch is a query, its scores and its mask.
func (o *Attention) floatScratch(in, _ []tensor.Type) int64 {
	s, err := o.shape(attentionViews(in))
	if err != nil {
		return -1
	}
	return int64(s.d) + 2*int64(s.total)
}

func attentionViews(ts []tensor.Type) []tensor.View {
	vs := make([]tensor.View, len(ts))
	for i, t := range ts {
		vs[i].Type = t
	}
	return vs
}

func (o *Attention) runFloat32(in, out []tensor.View, scratch []float32) error {
	return runAttention(o, in, out, scratch)
}

func (o *Attention) runFloat64(in, out []tensor.View, scratch []float64) error {
	return runAttention(o, in, out, scratch)
}
