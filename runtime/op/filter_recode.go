package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// maxSum16 bounds the products in a sum of int16 whose high or low bytes are
// summed in 32 bits.
const maxSum16 = 1 << 16

// recoder turns activations into int8, for matrix products, so that sums of
// all types come from one kernel:
//
//	uint8    x - 128
//	int16    two planes: the high byte, and the low one less 128
//	float32  quantised, each image by itself
type recoder struct {
	scheme
	planes     int
	images     int // that are quantised by themselves
	size       int // elements of the input
	asymmetric bool
}

func (f *filter) newRecoder(s scheme, e *Epilogue, p *Prep) recoder {
	r := recoder{scheme: s, planes: 1, images: f.n, size: p.In[0].Len()}
	if s == schemeS16 || s == schemeS16Sum32 {
		r.planes = 2
	}
	if s == schemeHybrid {
		r.asymmetric = f.asymmetric(e, p.In[1].Quant)
	}
	return r
}

// scratch is the bytes of all planes.
func (r *recoder) scratch() int { return r.planes * r.size }

// recode recodes elements [from, to), or images where that is the unit.
func (r *recoder) recode(dst []int8, in *tensor.View, hs []hybrid, from, to int) {
	switch r.scheme {
	case schemeU8:
		for i, x := range in.Data[from:to] {
			dst[from+i] = int8(x ^ 0x80)
		}
	case schemeHybrid:
		n := r.size / r.images
		x := in.F32()
		for image := from; image < to; image++ {
			part := x[image*n : (image+1)*n]
			hs[image] = newHybrid(part, r.asymmetric)
			hs[image].all(dst[image*n:(image+1)*n], part)
		}
	default:
		low := dst[r.size:]
		for i, x := range in.I16()[from:to] {
			dst[from+i], low[from+i] = int8(x>>8), int8(byte(x)^0x80)
		}
	}
}

// units is the number of things that recode can be given a part of.
func (r *recoder) units() int {
	if r.scheme == schemeHybrid {
		return r.images
	}
	return r.size
}
