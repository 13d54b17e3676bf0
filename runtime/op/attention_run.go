package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// attention is an Attention at work. Places of tensors are those of heads:
// element (batch, head, position).
type attention[T wideFloat] struct {
	*Attention
	attentionShape
	math                                        *attentionMath[T]
	queries, keys, values, pastKeys, pastValues []T
	mask                                        []T    // added, or nil
	visible                                     []byte // a mask of bools, or nil
	maskShape                                   [4]int // 1 where it broadcasts
	lens                                        []int64
	query, scores, bias                         []T // of one query

	y, presentKeys, presentValues, kept []T // outputs
}

// runAttention computes one query after the other, plainly.
func runAttention[T wideFloat](o *Attention, in, out []tensor.View, scratch []T) error {
	s, err := o.shape(in)
	if err != nil {
		return err
	}
	a := attention[T]{Attention: o, attentionShape: s, math: plainAttention[T]()}
	a.read(in, out)
	a.present()
	a.query, scratch = scratch[:s.d], scratch[s.d:]
	a.scores, a.bias = scratch[:s.total], scratch[s.total:2*s.total]
	for b := range s.batch {
		for h := range s.heads {
			for i := range s.q {
				a.one(b, h, i)
			}
		}
	}
	return nil
}

// read takes the inputs and outputs.
func (a *attention[T]) read(in, out []tensor.View) {
	a.queries, a.keys, a.values = floatsOf[T](in, 0), floatsOf[T](in, 1), floatsOf[T](in, 2)
	a.pastKeys, a.pastValues = floatsOf[T](in, 4), floatsOf[T](in, 5)
	a.y, a.presentKeys, a.presentValues, a.kept = floatsOf[T](out, 0), floatsOf[T](out, 1), floatsOf[T](out, 2), floatsOf[T](out, 3)
	a.readMask(in)
}

// present writes outputs 1 and 2, if they are asked for.
func (a *attention[T]) present() {
	if a.Outputs > 1 {
		join(a, a.presentKeys, a.pastKeys, a.keys, a.d)
	}
	if a.Outputs > 2 {
		join(a, a.presentValues, a.pastValues, a.values, a.dv)
	}
}

// place is where a query's row of y begins.
func (a *attention[T]) place(b, h, i int) int { return a.at(b, h, i, a.heads, a.q) * a.dv }

// at is the place of a row of a tensor with that many heads and positions.
func (a *attention[T]) at(b, h, i, heads, n int) int {
	if a.split {
		return (b*n+i)*heads + h
	}
	return (b*heads+h)*n + i
}

// stride is how far apart, in rows, the positions of a head lie.
func (a *attention[T]) stride(heads int) int {
	if a.split {
		return heads
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

// join writes what was there and then what is new.
func join[T wideFloat](a *attention[T], to, past, new []T, d int) {
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

// one computes the row of one query, and its scores if they are kept.
func (a *attention[T]) one(b, h, i int) {
	kv := h / (a.heads / a.kvHeads)
	a.products(b, kv, a.queries[a.at(b, h, i, a.heads, a.q)*a.d:])
	a.probabilities(b, h, i)
	y := a.y[a.place(b, h, i):][:a.dv]
	clear(y)
	past := (b*a.kvHeads + kv) * a.past
	for j, p := range a.scores[:a.past] {
		addFused(y, p, a.pastValues[(past+j)*a.dv:])
	}
	for j, p := range a.scores[a.past:] {
		addFused(y, p, a.values[a.at(b, kv, j, a.kvHeads, a.kv)*a.dv:])
	}
}

// probabilities makes them of a query's products with keys, of which only those
// that span allows are looked at unless all scores are kept.
func (a *attention[T]) probabilities(b, h, i int) {
	var kept []T
	if a.Outputs > 3 {
		kept = nth(a.kept, (b*a.heads+h)*a.q+i, a.batch*a.heads*a.q)
	}
	lo, hi := a.span(b, i)
	seen := a.scores[lo:hi]
	a.keep(0, kept)
	if a.Softcap > 0 && kept != nil {
		a.math.cap(a.scores, T(a.Softcap))
	} else if a.Softcap > 0 {
		a.math.cap(seen, T(a.Softcap))
	}
	a.keep(1, kept)
	if a.mask != nil || a.visible != nil {
		a.copyMask(b, h, i, lo, hi)
		a.math.add(seen, a.bias[lo:hi])
	}
	if kept != nil {
		attentionFill(a.scores[:lo], T(math.Inf(-1)))
		attentionFill(a.scores[hi:], T(math.Inf(-1)))
	}
	a.keep(2, kept)
	a.softmax(seen)
	clear(a.scores[:lo])
	clear(a.scores[hi:])
	a.keep(3, kept)
}

func attentionFill[T any](xs []T, v T) {
	for i := range xs {
		xs[i] = v
	}
}

// addFused adds p·x to y, rounded once. Keys that are not seen may hold anything.
func addFused[T wideFloat](y []T, p T, x []T) {
	if p == 0 {
		return
	}
	for k := range y {
		y[k] = fused(p, x[k], y[k])
	}
}

// fused returns x·y + z rounded once.
func fused[T wideFloat](x, y, z T) T {
	if _, ok := any(z).(float32); ok {
		return T(kernels.FMA32(float32(x), float32(y), float32(z)))
	}
	return T(math.FMA(float64(x), float64(y), float64(z)))
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

// products fills scores with scale·Q·Kᵀ: chains of fused products.
func (a *attention[T]) products(b, kv int, q []T) {
	a.scaleQuery(a.query, q)
	past := (b*a.kvHeads + kv) * a.past * a.d
	for j := range a.scores {
		k := a.pastKeys
		if j < a.past {
			k = k[past+j*a.d:]
		} else {
			k = a.keys[a.at(b, kv, j-a.past, a.kvHeads, a.kv)*a.d:]
		}
		sum := T(0)
		for l, v := range a.query {
			sum = fused(v, k[l], sum)
		}
		a.scores[j] = sum
	}
}

// scaleQuery multiplies a query by the scale.
func (a *attention[T]) scaleQuery(to, q []T) {
	scale := T(a.Scale)
	if scale == 0 {
		scale = T(attentionScale(0, a.d))
	}
	a.math.scale(to, q[:len(to)], scale)
}

// span returns the range of keys that query i may see by its place, and that the
// mask has a word on.
func (a *attention[T]) span(b, i int) (lo, hi int) {
	from, to := a.visibleKeys(b, i)
	if a.mask != nil || a.visible != nil {
		to = min(to, int64(a.maskShape[3]))
	}
	hi = int(max(0, min(to, int64(a.total))))
	return int(max(0, min(from, int64(hi)))), hi
}

// copyMask copies keys lo to hi-1 of a query's mask to bias.
func (a *attention[T]) copyMask(b, h, i, lo, hi int) {
	if lo >= hi {
		return
	}
	m, at := a.maskShape, 0
	for k, x := range [3]int{b, h, i} {
		if m[k] == 1 {
			x = 0
		}
		at = at*m[k] + x
	}
	at *= m[3]
	if a.mask != nil {
		copy(a.bias[lo:hi], a.mask[at+lo:])
		return
	}
	for j := lo; j < hi; j++ {
		a.bias[j] = 0
		if a.visible[at+j] == 0 {
			a.bias[j] = T(math.Inf(-1))
		}
	}
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

// softmax replaces the scores by probabilities, 0 if no key is seen.
func (a *attention[T]) softmax(s []T) {
	if len(s) == 0 {
		return
	}
	a.round(s)
	top := a.math.top(s)
	if math.IsInf(float64(top), -1) {
		clear(s)
		return
	}
	a.math.over(s, a.math.exps(s, top))
	a.round(s)
}

// round rounds the scores to float16, if the softmax is of these.
func (a *attention[T]) round(s []T) {
	if !a.Half {
		return
	}
	for j, v := range s {
		s[j] = T(quant.Float16(quant.Float16Bits(float32(v))))
	}
}
