package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// attention is an Attention at work. Places of tensors are those of heads:
// element (batch, head, position).
type attention[T wideFloat] struct {
	*Attention
	attentionShape
	queries, keys, values, pastKeys, pastValues []T
	mask                                        []T    // added, or nil
	visible                                     []byte // a mask of bools, or nil
	maskShape                                   [4]int // 1 where it broadcasts
	lens                                        []int64
	query, scores, bias                         []T // of one query
}

func runAttention[T wideFloat](o *Attention, in, out []tensor.View, scratch []T) error {
	s, err := o.shape(in)
	if err != nil {
		return err
	}
	a := attention[T]{Attention: o, attentionShape: s, queries: floatsOf[T](in, 0), keys: floatsOf[T](in, 1), values: floatsOf[T](in, 2)}
	a.pastKeys, a.pastValues = floatsOf[T](in, 4), floatsOf[T](in, 5)
	a.query, scratch = scratch[:s.d], scratch[s.d:]
	a.scores, a.bias = scratch[:s.total], scratch[s.total:2*s.total]
	a.readMask(in)
	if o.Outputs > 1 {
		present(&a, floatsOf[T](out, 1), a.pastKeys, a.keys, a.d)
	}
	if o.Outputs > 2 {
		present(&a, floatsOf[T](out, 2), a.pastValues, a.values, a.dv)
	}
	y, scores := floatsOf[T](out, 0), floatsOf[T](out, 3)
	for b := range s.batch {
		for h := range s.heads {
			for i := range s.q {
				var kept []T
				if o.Outputs > 3 {
					at := ((b*s.heads+h)*s.q + i) * s.total
					kept = scores[at : at+s.total]
				}
				at := a.at(b, h, i, s.heads, s.q) * s.dv
				a.one(b, h, i, y[at:at+s.dv], kept)
			}
		}
	}
	return nil
}

// at is the place of a row of a tensor with that many heads and positions.
func (a *attention[T]) at(b, h, i, heads, n int) int {
	if a.split {
		return (b*n+i)*heads + h
	}
	return (b*heads+h)*n + i
}

// stride is how far apart, in rows, the positions of a head lie.
func (a *attention[T]) stride() int {
	if a.split {
		return a.kvHeads
	}
	return 1
}

func (a *attention[T]) readMask(in []tensor.View) {
	if n := input(in, 6); !n.Absent() {
		a.lens = n.I64()
	}
	m := input(in, 3)
	switch m.DType {
	case tensor.None:
		return
	case tensor.Bool:
		a.visible = m.U8()
	default:
		a.mask = floatsOf[T](in, 3)
	}
	a.maskShape = [4]int{1, 1, 1, 1}
	copy(a.maskShape[4-m.Rank():], m.Shape)
}

// present joins what was there with what is new.
func present[T wideFloat](a *attention[T], to, past, new []T, d int) {
	for b := range a.batch {
		for h := range a.kvHeads {
			n := (b*a.kvHeads + h) * a.past * d
			to = to[copy(to, past[n:n+a.past*d]):]
			for i := range a.kv {
				at := a.at(b, h, i, a.kvHeads, a.kv) * d
				to = to[copy(to, new[at:at+d]):]
			}
		}
	}
}

// one computes the row y of one query, and its scores if they are kept.
func (a *attention[T]) one(b, h, i int, y, kept []T) {
	seen := a.fillBias(b, h, i)
	kv := h / (a.heads / a.kvHeads)
	a.products(b, kv, a.queries[a.at(b, h, i, a.heads, a.q)*a.d:])
	a.keep(0, kept)
	if c := a.Softcap; c > 0 {
		for j, v := range a.scores {
			a.scores[j] = T(c) * T(quant.Tanh64(float64(v/T(c))))
		}
	}
	a.keep(1, kept)
	for j, v := range a.bias {
		if math.IsInf(float64(v), -1) {
			a.scores[j] = v // whatever the score is
		} else {
			a.scores[j] += v
		}
	}
	a.keep(2, kept)
	if seen {
		a.softmax()
	} else {
		clear(a.scores)
	}
	a.keep(3, kept)
	clear(y)
	past := (b*a.kvHeads + kv) * a.past
	for j, p := range a.scores[:a.past] {
		addScaled(y, p, a.pastValues[(past+j)*a.dv:])
	}
	for j, p := range a.scores[a.past:] {
		addScaled(y, p, a.values[a.at(b, kv, j, a.kvHeads, a.kv)*a.dv:])
	}
}

// addScaled adds p·x to y. Keys that are not seen may hold anything.
func addScaled[T wideFloat](y []T, p T, x []T) {
	if p == 0 {
		return
	}
	for k := range y {
		y[k] += T(p * x[k])
	}
}

func (a *attention[T]) keep(mode int, kept []T) {
	if mode == a.Scores {
		copy(kept, a.scores)
	}
}

// products fills scores with scale·Q·Kᵀ.
func (a *attention[T]) products(b, kv int, q []T) {
	scale := T(a.Scale)
	if scale == 0 {
		scale = T(attentionScale(0, a.d))
	}
	for k := range a.query {
		a.query[k] = q[k] * scale
	}
	past := (b*a.kvHeads + kv) * a.past * a.d
	if a.past > 0 {
		rowsDot(a.scores[:a.past], a.query, a.pastKeys[past:], a.d)
	}
	if a.kv > 0 {
		rowsDot(a.scores[a.past:], a.query, a.keys[a.at(b, kv, 0, a.kvHeads, a.kv)*a.d:], a.stride()*a.d)
	}
}

// fillBias fills bias with the mask of a query: −∞ for keys that it must not
// see. It reports whether there are others.
func (a *attention[T]) fillBias(b, h, i int) (seen bool) {
	never := T(math.Inf(-1))
	m, mask := a.maskShape, 0
	for k, x := range [3]int{b, h, i} {
		if m[k] == 1 {
			x = 0
		}
		mask = mask*m[k] + x
	}
	mask *= m[3]
	lo, hi := a.visibleKeys(b, i)
	for j := range a.bias {
		v := T(0)
		switch {
		case int64(j) < lo || int64(j) >= hi:
			v = never
		case a.mask == nil && a.visible == nil:
		case j >= m[3]:
			v = never
		case a.mask != nil:
			v = a.mask[mask+j]
		case a.visible[mask+j] == 0:
			v = never
		}
		a.bias[j] = v
		seen = seen || v != never
	}
	return seen
}

// visibleKeys returns the range of keys that query i may see by its place.
func (a *attention[T]) visibleKeys(b, i int) (lo, hi int64) {
	hi = int64(a.total)
	place := int64(a.past + i)
	if a.lens != nil {
		n := max(0, min(a.lens[b], hi))
		hi = n
		if a.pastKeys == nil {
			place = n - int64(a.q) + int64(i)
		}
	}
	if a.Causal {
		hi = min(hi, place+1)
	}
	if a.Left >= 0 {
		lo = place - int64(a.Left)
	}
	if a.Right >= 0 {
		hi = min(hi, place+int64(a.Right)+1)
	}
	return lo, hi
}

// softmax replaces the scores by probabilities.
func (a *attention[T]) softmax() {
	s := a.scores
	a.round()
	most := s[0]
	for _, v := range s {
		most = max(most, v)
	}
	if math.IsInf(float64(most), -1) {
		clear(s)
		return
	}
	for j, v := range s {
		s[j] = T(quant.Exp64(float64(v - most)))
	}
	sum := laneSum(s)
	for j := range s {
		s[j] /= sum
	}
	a.round()
}

// round rounds the scores to float16, if the softmax is of these.
func (a *attention[T]) round() {
	if !a.Half {
		return
	}
	for j, v := range a.scores {
		a.scores[j] = T(quant.Float16(quant.Float16Bits(float32(v))))
	}
}
