package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// AttentionMask makes the mask of ONNX Runtime's attention one that is added to
// scores: Filter for keys that are masked, 0 for others. Inputs: the mask,
// int32, in one of the forms
//
//	[batch]            how many keys count
//	[2·batch]          where they end, then where they begin
//	[3·batch+2]        how many count, then places that only packed tensors need
//	[batch total]      1 for keys that count; [batch 1] or [1 1]: all do
//	[batch q total]    the same for each query
//	[batch 1 max max]  the same, of longer sequences
//
// then Q and K, as Attention has them, and past_key or nothing. The output is
// [batch 1 1 total], or [batch 1 q total] if queries differ.
type AttentionMask struct {
	Filter float32
	Heads  int // of Q and K of rank 3
}

// shape reads the shapes of Q, K and past_key, whose ranks are right.
func (o *AttentionMask) shape(in []tensor.View) (attentionShape, error) {
	s := attentionShape{}
	batch, _, q, _, err := attentionHeads(in[1].Shape, o.Heads)
	if err != nil {
		return s, err
	}
	_, _, kv, _, err := attentionHeads(in[2].Shape, o.Heads)
	if err != nil {
		return s, err
	}
	s.batch, s.q, s.total = batch, q, kv
	if past := input(in, 3); !past.Absent() {
		s.past = past.Shape[2]
		if s.total += s.past; kv == tensor.Dynamic || s.past == tensor.Dynamic {
			s.total = tensor.Dynamic
		}
	}
	return s, nil
}

// Infer checks the mask's form.
func (o *AttentionMask) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 4); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.I32); err != nil {
		return nil, err
	}
	for i := 1; i <= 2; i++ {
		if err := wantRank(in, i, 3, 4); err != nil {
			return nil, err
		}
	}
	if past := input(in, 3); !past.Absent() {
		if err := wantRank(in, 3, 4); err != nil {
			return nil, err
		}
	}
	s, err := o.shape(in)
	if err != nil {
		return nil, err
	}
	m, ok, q := in[0].Shape, false, 1
	switch len(m) {
	case 1:
		ok = !differ(m[0], s.batch) || !differ(m[0], timesDim(2, s.batch)) || s.batch != tensor.Dynamic && !differ(int64Dim(m[0]-2), timesDim(3, s.batch))
	case 2:
		ok = !differ(m[0], s.batch) && !differ(m[1], s.total) || m[1] == 1 && (m[0] == 1 || !differ(m[0], s.batch))
	case 3:
		ok, q = fitsShape(m, []int{s.batch, s.q, s.total}), s.q
	case 4:
		ok = fitsShape(m, []int{s.batch, 1, m[3], m[2]}) && !(m[3] != tensor.Dynamic && s.total != tensor.Dynamic && m[3] < s.total)
		if q = s.q; ok && q != tensor.Dynamic && s.past != tensor.Dynamic && m[2] != tensor.Dynamic {
			ok = m[2]-s.past >= q
		}
	}
	if !ok {
		return nil, errorf("the mask has shape %v, which fits none of [%d], [2·%d], [%d %d], [%d %d %d] and [%d 1 max max]", m, s.batch, s.batch, s.batch, s.total, s.batch, s.q, s.total, s.batch)
	}
	return []tensor.Type{tensor.Of(tensor.F32, s.batch, 1, q, s.total)}, nil
}

// int64Dim returns d, or a dimension that fits nothing if it is negative.
func int64Dim(d int) int {
	if d < 0 {
		return 0
	}
	return d
}

// Ref fills a row for each query.
func (o *AttentionMask) Ref(in, out []tensor.View) error {
	s, err := o.shape(in)
	if err != nil {
		return err
	}
	m, y, q := in[0].I32(), out[0].F32(), out[0].Shape[2]
	for b := range s.batch {
		for i := range q {
			o.row(y[(b*q+i)*s.total:][:s.total], m, in[0].Shape, &s, b, i)
		}
	}
	return nil
}

// row computes the mask of query i of a batch.
func (o *AttentionMask) row(y []float32, m []int32, shape []int, s *attentionShape, b, i int) {
	switch {
	case len(shape) == 1:
		lo, hi := int64(0), int64(m[b])
		if shape[0] == 2*s.batch {
			lo = int64(m[s.batch+b])
		}
		for j := range y {
			y[j] = o.unless(int64(j) >= lo && int64(j) < hi)
		}
		return
	case len(shape) == 2 && (shape[0] != s.batch || shape[1] != s.total):
		clear(y)
		return
	case len(shape) == 2:
		m = m[b*s.total:]
	case len(shape) == 3:
		m = m[(b*s.q+i)*s.total:]
	default:
		m = m[(b*shape[2]+s.past+i)*shape[3]:]
	}
	for j := range y {
		y[j] = o.unless(m[j] > 0)
	}
}

func (o *AttentionMask) unless(counts bool) float32 {
	if counts {
		return 0
	}
	return o.Filter
}
