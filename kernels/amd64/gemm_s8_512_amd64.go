//go:build !purego

package amd64

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// dot says how kernels make products of groups of four int8.
type dot int

const (
	dotVNNI    dot = iota // 512 bits, VPDPBUSD
	dotAVX512             // 512 bits, VPMADDWD
	dotAVXVNNI            // 256 bits, VPDPBUSD
)

// slot returns GemmS8.
func (d dot) slot() kernels.GemmS8 {
	return kernels.GemmS8{MR: 12, NR: columns, KR: 4, Excess: 128, Acc: d.acc, Mul: d.mul, Float: d.float, Lines: d.mulLines}
}

// gemmS8Call is what a kernel is called with, and its memory.
type gemmS8Call struct {
	// int8 if there are multipliers or scales, but float32 if size is 4; int32 if
	// there are none
	y     unsafe.Pointer
	a, b  *int8
	bias  *int32
	scale *float32
	add   *float32 // what float32 begin with, or nil
	mult  *int32
	left  *int32
	right *int32

	ldy, lda, ldb int     // bytes from a row to the next, or a panel
	size          int     // bytes of y's elements
	m, n          int     // rows and columns left
	groups, lines int     // fours of k in each line, and lines
	gap           int     // bytes from a line's end to the next
	high          float32 // hi - zero
	zero, lo, hi  int32

	column int // the parameters' first

	// The kernel's own: where the block of columns is and its rows that are left,
	// their number, and the block's registers.
	//lint:ignore U1000 assembly uses them
	blockB, blockY, rowA, rowY uintptr
	//lint:ignore U1000 assembly uses them
	rows, width int
}

const (
	callRowsS8  = 12        // rows of the highest tile
	callWorkS8  = 4 << 20   // products of a call: some 50 µs at most
	callBytesS8 = 128 << 10 // of A's rows, which each block of columns reads again
)

// mul is GemmS8.Mul.
func (d dot) mul(y []int8, ldy int, a []int8, lda int, b []int8, m, n, k int, q *kernels.Requant) {
	if m <= 0 || n <= 0 {
		return
	}
	need(len(y), (m-1)*ldy+n)
	needRequant(q, n)
	p := newCallS8(y, ldy, q)
	d.multiply(&p, a, lda, 1, kernels.RoundUp(k, 4), 0, b, m, n)
}

// mulLines is GemmS8.Lines.
func (d dot) mulLines(y []int8, ldy int, a []int8, lda, run, line int, b []int8, m, n, k int, q *kernels.Requant) {
	if m <= 0 || n <= 0 {
		return
	}
	if run <= 0 || run%4 != 0 || k <= 0 || k%run != 0 || line < 0 {
		panic("BUG: kernels: lines aren't whole groups of values")
	}
	need(len(y), (m-1)*ldy+n)
	needRequant(q, n)
	p := newCallS8(y, ldy, q)
	d.multiply(&p, a, lda, k/run, run, line, b, m, n)
}

// newCallS8 returns a call that stores requantised sums.
func newCallS8(y []int8, ldy int, q *kernels.Requant) gemmS8Call {
	p := gemmS8Call{
		y: unsafe.Pointer(&y[0]), bias: &q.Bias[0], ldy: ldy, size: 1,
		high: float32(q.Hi - q.Zero), zero: q.Zero, lo: q.Lo, hi: q.Hi,
	}
	if q.Scale != nil {
		p.scale = &q.Scale[0]
	} else {
		p.mult, p.left, p.right = &q.Mult[0], &q.Left[0], &q.Right[0]
	}
	return p
}

// acc is GemmS8.Acc.
func (d dot) acc(c []int32, a []int8, lda int, b []int8, bias []int32, m, n, k int) {
	if m <= 0 || n <= 0 {
		return
	}
	need(len(c), m*n)
	need(len(bias), n)
	p := gemmS8Call{y: unsafe.Pointer(&c[0]), bias: &bias[0], ldy: 4 * n, size: 4}
	d.multiply(&p, a, lda, 1, kernels.RoundUp(k, 4), 0, b, m, n)
}

// float is GemmS8.Float.
func (d dot) float(y []float32, ldy int, a []int8, lda int, b []int8, bias []int32, scale, add []float32, m, n, k int) {
	if m <= 0 || n <= 0 {
		return
	}
	need(len(y), (m-1)*ldy+n)
	need(min(len(bias), len(scale)), n)
	p := gemmS8Call{y: unsafe.Pointer(&y[0]), bias: &bias[0], scale: &scale[0], ldy: 4 * ldy, size: 4}
	if add != nil {
		need(len(add), n)
		p.add = &add[0]
	}
	d.multiply(&p, a, lda, 1, kernels.RoundUp(k, 4), 0, b, m, n)
}

// multiply calls the kernel for all rows and columns. Rows of a lie in lines.
func (d dot) multiply(p *gemmS8Call, a []int8, lda, lines, run, line int, b []int8, m, n int) {
	depth := lines * run
	need(len(a), (m-1)*lda+(lines-1)*line+run)
	need(len(b), kernels.RoundUp(n, columns)*(depth+4))
	p.ldb = columns * (depth + 4)
	p.lda, p.a, p.b = lda, unsafe.SliceData(a), &b[0]
	p.groups, p.lines, p.gap = run/4, lines, line-run
	if m == 1 && lines == 1 && d == dotVNNI && n*depth <= callWorkS8 && (p.scale == nil || p.size == 1) {
		p.n = n
		gemvS8VNNI(p)
		return
	}
	if m*n*depth <= callWorkS8 && m*depth <= callBytesS8 {
		p.m, p.n = m, n
		d.call(p)
		return
	}
	all := *p
	cols := min(n, max(64, callWorkS8/callRowsS8/max(depth, 1)&^63))
	rows := min(callWorkS8/max(cols*depth, 1), callBytesS8/max(depth, 1))
	if rows > callRowsS8 {
		rows -= rows % callRowsS8
	}
	rows = max(rows, 1)
	for j := 0; j < n; j += cols {
		for i := 0; i < m; i += rows {
			*p = all
			p.m, p.n, p.column = min(rows, m-i), min(cols, n-j), j
			p.y = unsafe.Add(all.y, i*all.ldy+j*all.size)
			p.a = &a[i*lda]
			p.b = &b[j/columns*p.ldb]
			d.call(p)
		}
	}
}

func (d dot) call(p *gemmS8Call) {
	switch d {
	case dotVNNI:
		gemmS8VNNI(p)
	case dotAVX512:
		gemmS8AVX512(p)
	}
}

//go:noescape
func gemvS8VNNI(p *gemmS8Call)

//go:noescape
func gemmS8VNNI(p *gemmS8Call)

//go:noescape
func gemmS8AVX512(p *gemmS8Call)
