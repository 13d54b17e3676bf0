package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// trainedRef is an attention computed one query after the other.
type trainedRef struct {
	trainedShape
	q, k, v []float32
	mask    tensor.View
}

func (o *TrainedAttention) ref(in []tensor.View) (r trainedRef, err error) {
	r.q, r.k, r.v, r.mask = in[0].F32(), in[1].F32(), in[2].F32(), input(in, 3)
	r.trainedShape, err = o.shape(in[0].Shape, in[1].Shape, in[2].Shape)
	return r, err
}

// visible reports whether query i sees key j.
func (r *trainedRef) visible(n, i, j int) bool {
	switch at := n*r.s + j; {
	case j >= r.sees(i):
		return false
	case r.mask.Absent():
		return true
	case r.mask.DType == tensor.Bool:
		return r.mask.Data[at] != 0
	default:
		return r.mask.F32()[at] != 0
	}
}

// exponentials computes those of query i's scores, the greatest score and the sum.
func (r *trainedRef) exponentials(n, head, i int) (e []float32, top, sum float32) {
	e = make([]float32, r.s)
	top = float32(math.Inf(-1))
	for j := range e {
		e[j] = float32(math.Inf(-1))
		if r.visible(n, i, j) {
			e[j] = refChain(r.q[r.query(n, i, head, r.d):][:r.d], r.k[r.key(n, j, head, r.d):])
		}
		top = kernels.BinaryMax.Of(e[j], top)
	}
	if math.IsInf(float64(top), -1) {
		clear(e)
		return e, top, 0
	}
	for j := range e {
		if e[j] = kernels.Exp(float32((e[j] - top) * r.scale)); j >= r.sees(i) {
			e[j] = 0
		}
	}
	return e, top, laneSum(e)
}

// Ref computes one query after the other.
func (o *TrainedAttention) Ref(in, out []tensor.View) error {
	r, err := o.ref(in)
	if err != nil {
		return err
	}
	for row := range r.n * r.heads * r.t {
		n, head, i := row/(r.heads*r.t), row/r.t%r.heads, row%r.t
		e, top, sum := r.exponentials(n, head, i)
		copy(out[1].F32()[row*2:], []float32{top, sum})
		y := out[0].F32()[r.query(n, i, head, r.e):][:r.e]
		clear(y)
		for j, p := range e {
			addFused(y, p, r.v[r.key(n, j, head, r.e):])
		}
		for f := range y {
			if sum != 0 {
				y[f] /= sum
			}
		}
	}
	return nil
}

// Ref computes one query after the other.
func (o *TrainedAttentionGrad) Ref(in, out []tensor.View) error {
	r, err := o.Layer.ref(in)
	if err != nil {
		return err
	}
	for _, v := range out {
		clear(v.F32())
	}
	for row := range r.n * r.heads * r.t {
		r.back(row/(r.heads*r.t), row/r.t%r.heads, row%r.t, in[4].F32(), in[6].F32(), out)
	}
	return nil
}

// back adds what query i contributes to the gradients.
func (r *trainedRef) back(n, head, i int, y, dy []float32, out []tensor.View) {
	p, _, sum := r.exponentials(n, head, i)
	at := r.query(n, i, head, r.e)
	y, dy = y[at:][:r.e], dy[at:][:r.e]
	products := make([]float32, r.e)
	for f := range products {
		products[f] = float32(dy[f] * y[f])
	}
	c := laneSum(products)
	q := r.query(n, i, head, r.d)
	for j := range p {
		k, v := r.key(n, j, head, r.d), r.key(n, j, head, r.e)
		if sum != 0 {
			p[j] /= sum
		}
		ds := float32(float32((refChain(dy, r.v[v:])-c)*p[j]) * r.scale)
		addFused(out[2].F32()[v:][:r.e], p[j], dy)
		addFused(out[0].F32()[q:][:r.d], ds, r.k[k:])
		addFused(out[1].F32()[k:][:r.d], ds, r.q[q:])
	}
}
