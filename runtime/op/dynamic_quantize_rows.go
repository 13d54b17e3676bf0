package op

import (
	"math"

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
	how   kernels.QuantF32
	set   *kernels.Set // nil for plain Go
}

// fill quantises rows of k values that lie side by side.
func (r *dynRows) fill(x []float32) {
	var lo, hi float32
	if r.set != nil {
		lo, hi = kernelRange(r.set, x)
	} else {
		lo, hi = plainRange(x)
	}
	r.scale, r.zero = rangeScale(lo, hi)
	r.zero -= 128
	r.how = kernels.QuantF32{Scale: r.scale, Zero: r.zero, Lo: -128, Hi: 127}
	q := &r.how
	if r.k == 0 {
		return
	}
	for i := range len(x) / r.k {
		to, from := r.q[i*r.lda:][:r.k], x[i*r.k:][:r.k]
		if r.set != nil {
			r.set.QuantF32(tensor.Bytes(to), from, q)
			continue
		}
		for j, v := range from {
			to[j] = int8(q.Zero + kernels.RoundEven(v/q.Scale, q.Lo-q.Zero, q.Hi-q.Zero))
		}
	}
}

// dynWeights is weights [k,n] of bytes, made int8, and their parameters.
type dynWeights struct {
	n, k        int
	set         *kernels.Set // nil: w is read, and not packed
	w           []byte
	flip        byte      // 0x80: w is uint8
	packed      []int8    // for the kernels
	zero, terms []int32   // zero points, and Σw − k·zero, of each column
	scale       []float32 // of each column
	asymmetric  bool      // some zero isn't 0
}

// columns is n as kernels need it.
func (w *dynWeights) columns() int {
	if w.set == nil {
		return w.n
	}
	return kernels.RoundUp(w.n, w.set.GemmS8.NR)
}

// stride is the distance of rows that are multiplied with w.
func (w *dynWeights) stride() int {
	if w.set == nil {
		return w.k
	}
	return kernels.RoundUp(w.k, w.set.GemmS8.KR)
}

// packedBytes is the size of packed.
func (w *dynWeights) packedBytes() int64 {
	if w.set == nil {
		return 0
	}
	return int64(w.columns()) * int64(w.set.GemmS8.ColumnS8Len(w.k))
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

// pack packs w for the kernels, by way of rows of k values.
func (w *dynWeights) pack(dst, rows []int8) {
	for l := range w.k {
		for j, b := range w.w[l*w.n : (l+1)*w.n] {
			rows[j*w.k+l] = int8(b ^ w.flip)
		}
	}
	w.set.GemmS8.PackS8(dst, rows, w.n, w.k)
}

// dynProduct is weights at work: cellInput and cellState.
type dynProduct struct {
	*dynWeights
	rows  *dynRows
	start []int32   // what sums begin with
	mult  []float32 // of each column
	acc   []int32
	zero0 int32      // the zero point that start is of
	one   [1]float32 // the rows' scale

	turned []int8 // room to pack weights that are not constant
}

// begin prepares the numbers that depend on the rows' range. Those that depend
// on the zero point are kept where it is the same again.
func (p *dynProduct) begin(first bool) {
	if p.rowwise() {
		if first {
			clear(p.start)
		}
		return
	}
	mult, start, terms := p.mult[:p.n], p.start[:p.n], p.terms[:p.n]
	if zero := p.rows.zero; first || zero != p.zero0 {
		p.zero0 = zero
		start = start[:len(terms)] // tells the compiler the bounds
		for j, v := range terms {
			start[j] = -zero * v
		}
	}
	if p.set != nil {
		all := float32(math.Inf(1))
		p.one[0] = p.rows.scale
		p.set.BinaryF32(kernels.BinaryMul, mult, p.scale[:p.n], p.one[:], -all, all)
		return
	}
	for j, v := range p.scale[:p.n] {
		mult[j] = p.rows.scale * v
	}
}

// rowwise says that sums begin with 0 and meet the rows' scale and zero point as
// they become float32.
func (p *dynProduct) rowwise() bool { return p.set != nil && p.set.DequantRowS32 != nil }

// project computes some of the rows' products; begin has been called.
func (p *dynProduct) project(y []float32, ldy, row, step, rows int, bias []float32) {
	p.multiply(y, ldy, row, step, rows, bias, 0)
}

// add makes the states bytes first.
func (p *dynProduct) add(y []float32, ldy int, h []float32, rows int, from []float32, ldfrom int) {
	p.rows.fill(h[:rows*p.k])
	p.begin(false)
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
		if p.rowwise() {
			p.set.DequantRowS32(to, sums, p.terms[:p.n], p.rows.zero, p.scale[:p.n], p.rows.scale, add)
			continue
		}
		if p.set != nil {
			p.set.DequantS32(to, sums, mult, add)
			continue
		}
		for j, s := range sums {
			to[j] = add[j] + float32(float32(s)*mult[j])
		}
	}
}

// sums computes c[i·n+j] = start[j] + Σ a[i·lda+l]·w[l,j].
func (p *dynProduct) sums(c []int32, a []int8, lda, rows int) {
	if p.set != nil && p.k > 0 && p.n > 0 {
		p.set.GemmS8.Acc(c, a, lda, p.packed, p.start, rows, p.n, p.k)
		return
	}
	for i := range rows { // with nothing packed, or nothing to multiply
		row := c[i*p.n : (i+1)*p.n]
		copy(row, p.start)
		for l := range p.k {
			for j, b := range p.w[l*p.n : (l+1)*p.n] {
				row[j] += int32(a[i*lda+l]) * int32(int8(b^p.flip))
			}
		}
	}
}
