package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// dynRows is rows of float32 made int8 by the range of all of them, as
// DynamicQuantizeLinear does it, less 128.
type dynRows struct {
	q     []int8
	k     int // values of a row
	lda   int // distance of rows
	scale float32
	zero  int32
}

// fill quantises rows of k values that lie side by side.
func (r *dynRows) fill(x []float32) {
	lo, hi := float32(0), float32(0)
	for _, v := range x {
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	r.scale = (hi - lo) / 255
	if hi == lo {
		r.scale = 1
	}
	plain := newHalfEven(tensor.U8, 0)
	r.zero = plain.of(-lo/r.scale) - 128
	h := newHalfEven(tensor.I8, r.zero)
	if r.k == 0 {
		return
	}
	for i := range len(x) / r.k {
		to := r.q[i*r.lda:][:r.k]
		for j, v := range x[i*r.k:][:r.k] {
			to[j] = int8(h.of(v / r.scale))
		}
	}
}

// dynWeights is weights [k,n] of bytes, made int8, and their parameters.
type dynWeights struct {
	n, k        int
	gemm        *kernels.GemmS8 // nil: w is read, and not packed
	w           []byte
	flip        byte      // 0x80: w is uint8
	packed      []int8    // as gemm wants it
	zero, terms []int32   // zero points, and Σw − k·zero, of each column
	scale       []float32 // of each column
	asymmetric  bool      // some zero isn't 0
}

// columns is n as kernels need it.
func (w *dynWeights) columns() int {
	if w.gemm == nil {
		return w.n
	}
	return kernels.RoundUp(w.n, w.gemm.NR)
}

// stride is the distance of rows that are multiplied with w.
func (w *dynWeights) stride() int {
	if w.gemm == nil {
		return w.k
	}
	return kernels.RoundUp(w.k, w.gemm.KR)
}

func (w *dynWeights) packedLen() int {
	if w.gemm == nil {
		return 0
	}
	return w.gemm.PackedS8Len(w.n, w.k)
}

// read takes direction d of weights, scale and zero point from the inputs.
func (w *dynWeights) read(weights, scale, zero *tensor.View, d, dirs int) {
	w.w, w.flip, w.asymmetric = nth(weights.Data, d, dirs), 0, false
	if weights.DType == tensor.U8 {
		w.flip = 0x80
	}
	clear(w.terms)
	for j := range w.n {
		w.scale[j] = scale.F32()[dynAt(scale, d, j, dirs)]
		w.zero[j] = recodedZero(zero, weights.DType, dynAt(zero, d, j, dirs))
		w.asymmetric = w.asymmetric || w.zero[j] != 0
		w.terms[j] = -int32(w.k) * w.zero[j]
	}
	for l := range w.k {
		for j, b := range w.w[l*w.n : (l+1)*w.n] {
			w.terms[j] += int32(int8(b ^ w.flip))
		}
	}
}

// dynAt is where the parameter of column j of direction d is found.
func dynAt(v *tensor.View, d, j, dirs int) int {
	if v.Absent() {
		return 0
	}
	each := v.Len() / dirs
	return d*each + j%max(each, 1)
}

// pack lays w out as gemm wants it.
func (w *dynWeights) pack(dst []int8) {
	clear(dst)
	nr, kr := w.gemm.NR, w.gemm.KR
	kp := w.stride()
	for l := range w.k {
		for j, b := range w.w[l*w.n : (l+1)*w.n] {
			dst[j/nr*nr*kp+(l/kr*nr+j%nr)*kr+l%kr] = int8(b ^ w.flip)
		}
	}
}

// dynProduct is weights at work: cellInput and cellState.
type dynProduct struct {
	*dynWeights
	rows  *dynRows
	start []int32   // what sums begin with
	mult  []float32 // of each column
	acc   []int32
}

// begin prepares the numbers that depend on the rows' range.
func (p *dynProduct) begin() {
	scale, zero := p.rows.scale, p.rows.zero
	mult, start := p.mult[:p.n], p.start[:p.n]
	scales, terms := p.scale[:p.n], p.terms[:p.n]
	for j := range mult {
		mult[j] = scale * scales[j]
		start[j] = -zero * terms[j]
	}
}

// project computes some of the rows' products; begin has been called.
func (p *dynProduct) project(y []float32, ldy, row, step, rows int, bias []float32) {
	p.multiply(y, ldy, row, step, rows, bias, 0)
}

// add makes the states bytes first.
func (p *dynProduct) add(y []float32, ldy int, h []float32, rows int, from []float32, ldfrom int) {
	p.rows.fill(h[:rows*p.k])
	p.begin()
	p.multiply(y, ldy, 0, 1, rows, from, ldfrom)
}

// multiply computes y = from + scaled products of rows row, row+step ….
func (p *dynProduct) multiply(y []float32, ldy, row, step, rows int, from []float32, ldfrom int) {
	a, lda := p.rows.q[row*p.rows.lda:], step*p.rows.lda
	p.sums(p.acc, a, lda, rows)
	for i := range rows {
		sums := p.acc[i*p.n : (i+1)*p.n]
		if p.asymmetric {
			s := sumLine(int32(0), a[i*lda:][:p.k])
			for j, z := range p.zero[:p.n] {
				sums[j] -= z * s
			}
		}
		to, add, mult := y[i*ldy:][:p.n], from[i*ldfrom:][:p.n], p.mult[:p.n]
		for j, s := range sums {
			to[j] = add[j] + float32(float32(s)*mult[j])
		}
	}
}

// sums computes c[i·n+j] = start[j] + Σ a[i·lda+l]·w[l,j].
func (p *dynProduct) sums(c []int32, a []int8, lda, rows int) {
	if p.gemm != nil && p.k > 0 && p.n > 0 {
		p.gemm.Acc(c, a, lda, p.packed, p.start, rows, p.n, p.k)
		return
	}
	for i := range rows {
		row := c[i*p.n : (i+1)*p.n]
		copy(row, p.start)
		for l := range p.k {
			for j, b := range p.w[l*p.n : (l+1)*p.n] {
				row[j] += int32(a[i*lda+l]) * int32(int8(b^p.flip))
			}
		}
	}
}
