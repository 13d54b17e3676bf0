package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// floats says that the kernel can store the outputs itself: they are float32,
// and rows need no correction.
func (r *integerRun) floats() bool {
	e := &r.epilogue
	if r.Float == nil || e.form != integerFloat || e.byRow || r.byRow || r.asymmetric {
		return false
	}
	_, ok := e.biasOf(0, r.output, r.oc)
	return ok
}

// partF32 is part if floats. No sums are kept, so that rows that lie in the matrix
// are given to the kernel all at once, which reads the weights once then.
func (r *integerRun) partF32(w int) {
	p, s, n := &r.padded, r.parts[w], r.oc/r.groups
	gathered := tensor.Cast[int8](r.per[w][:kernels.RoundUp(p.tile*p.kp, 64)])
	for pixel := s.from; pixel < s.to && s.cols > 0; {
		var rows int
		for group := range r.groups {
			var a []int8
			var lda int
			if p.whole() {
				a, lda, rows = r.matrix[pixel*p.c+group*p.kc:], p.c, s.to-pixel
			} else {
				a, lda, rows = p.rows(r.matrix, gathered, pixel, s.to, group)
			}
			r.store(a, lda, pixel, rows, group*n+s.col, s, group)
		}
		pixel += rows
	}
}

// store computes a part's outputs from o on of rows from pixel on.
func (r *integerRun) store(a []int8, lda, pixel, rows, o int, s part, group int) {
	k, size := r.k(), r.PackedS8Len(r.oc/r.groups, r.k())
	y := tensor.Cast[float32](r.out.Data)[r.at+pixel*r.oc+o:]
	add, _ := r.epilogue.biasOf(o, r.output, s.cols)
	r.Float(y, r.oc, a, lda, r.packed[group*size+r.PackedS8Len(s.col, k):], r.start[o:], r.epilogue.mult[o:], add, rows, s.cols, k)
}

// whole says that each output pixel's row is the input pixel, with nothing after
// it that kernels read.
func (p *patches[T]) whole() bool {
	f := &p.filter
	return p.direct && p.kp == p.kc && f.kh == 1 && f.kw == 1 && f.sh == 1 && f.sw == 1 && f.top == 0 && f.left == 0 && f.oh == f.h && f.ow == f.w
}
