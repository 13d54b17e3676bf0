//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// dot16 says how kernels make products of pairs of int16.
type dot16 int

const (
	dot16AVX2   dot16 = iota // 256 bits, VPMADDWD
	dot16AVX512              // 512 bits, VPMADDWD
	dot16VNNI                // 512 bits, VPDPWSSD
)

// heights are the rows of tiles, the highest first.
func (d dot16) heights() [3]int {
	if d == dot16AVX2 {
		return [3]int{6, 6, 1}
	}
	return [3]int{12, 4, 1}
}

// slots returns S16. base does what is narrower than a vector.
func (d dot16) slots(base kernels.S16) kernels.S16 {
	return kernels.S16{
		GemmS16:      kernels.GemmS16{MR: d.heights()[0], NR: columns, KR: 2, Acc: d.acc},
		DepthwiseS16: depthwiseS16(base.DepthwiseS16),
		RequantS64:   requantS64(base.RequantS64),
	}
}

// callPanels bounds the panels of a call: some 50 µs at most.
const callPanels = 64

// acc is GemmS16.Acc.
func (d dot16) acc(c []int64, a []int16, lda int, b []int8, m, n, k int) {
	if m <= 0 || n <= 0 {
		return
	}
	need(len(c), m*n)
	if k <= 0 {
		clear(c[:m*n])
		return
	}
	depth := kernels.RoundUp(k, 2)
	need(len(a), (m-1)*lda+depth)
	need(len(b), kernels.RoundUp(n, columns)*depth)
	full, heights := n&^(columns-1), d.heights()
	var last [12 * columns]int64
	for i := 0; i < m; {
		var rows int
		i, rows = tileS16(i, m, heights)
		for j := 0; j < full; j += callPanels * columns {
			d.tile(&c[i*n+j], n, a[i*lda:], lda, b[j*depth:], rows, min(callPanels, (full-j)/columns), depth)
		}
		if full < n {
			d.tile(&last[0], columns, a[i*lda:], lda, b[full*depth:], rows, 1, depth)
			for r := range rows {
				copy(c[(i+r)*n+full:(i+r+1)*n], last[r*columns:])
			}
		}
		i += rows
	}
}

// tileS16 returns where a tile of the rows from i on starts, and its height. Two
// rows and more that are left over are part of a tile that computes some again.
func tileS16(i, m int, heights [3]int) (from, rows int) {
	switch left, least := m-i, heights[1]; {
	case left >= heights[0]:
		return i, heights[0]
	case left >= least:
		return i, least
	case left > 1 && m >= least:
		return m - least, least
	}
	return i, 1
}

// tile sets a tile of c, in parts of so many values of k as an int32 can sum.
func (d dot16) tile(c *int64, ldc int, a []int16, lda int, b []int8, rows, panels, depth int) {
	for l, add := 0, int32(0); l < depth; l, add = l+kernels.Products16, -1 {
		pairs := min(kernels.Products16, depth-l) / 2
		pa, pb := &a[l], &b[l*columns]
		switch {
		case d == dot16VNNI:
			gemmS16VNNI(c, 8*ldc, pa, 2*lda, pb, columns*depth, pairs, panels, add, rows)
		case d == dot16AVX512:
			gemmS16AVX512(c, 8*ldc, pa, 2*lda, pb, columns*depth, pairs, panels, add, rows)
		case rows == 1:
			gemmS16x1AVX2(c, 8*ldc, pa, 2*lda, pb, columns*depth, pairs, panels, add)
		default:
			gemmS16x6AVX2(c, 8*ldc, pa, 2*lda, pb, columns*depth, pairs, panels, add)
		}
	}
}

// depthwiseS16 returns DepthwiseS16: channels by eights, the last ones again where
// they are no multiple.
func depthwiseS16(base kernels.DepthwiseS16) kernels.DepthwiseS16 {
	return func(y []int64, x []int16, w []int8, taps []kernels.Tap, n, step, c int) {
		if n <= 0 || c < 8 || len(taps) == 0 {
			base(y, x, w, taps, n, step, c)
			return
		}
		need(len(y), n*c)
		need(kernels.Products16, len(taps))
		needTaps(len(x), len(w), taps, n, step, c)
		for i := 0; i < n; i += callPixels {
			pixels := min(callPixels, n-i)
			for ch := 0; ch < c; ch += 8 {
				at := min(ch, c-8)
				depthwiseS16AVX2(&y[i*c+at], &x[i*step+at], &w[at], &taps[0], len(taps), pixels, 2*step, 8*c)
			}
		}
	}
}

// callPixels bounds the pixels of a call.
const callPixels = 256

// requantS64 returns RequantS64: columns by eights, the last ones again where they
// are no multiple.
func requantS64(base func(y []int16, ldy int, c []int64, m, n int, q *kernels.RequantS16, j int)) func(y []int16, ldy int, c []int64, m, n int, q *kernels.RequantS16, j int) {
	return func(y []int16, ldy int, c []int64, m, n int, q *kernels.RequantS16, j int) {
		if m <= 0 || n < 8 {
			base(y, ldy, c, m, n, q, j)
			return
		}
		need(len(y), (m-1)*ldy+n)
		need(len(c), m*n)
		need(min(len(q.Bias), len(q.Mult), len(q.Right)), j+n)
		if q.Left != nil {
			need(len(q.Left), j+n)
		}
		rows := max(1, callSums16/n)
		for i := 0; i < m; i += rows {
			requantColumns(y[i*ldy:], ldy, c[i*n:], n, min(rows, m-i), 0, n/8, q, j)
			if n%8 != 0 {
				requantColumns(y[i*ldy:], ldy, c[i*n:], n, min(rows, m-i), n-8, 1, q, j)
			}
		}
	}
}

// callSums16 bounds the sums of a call.
const callSums16 = 1 << 14

// requantColumns requantises 8·eights columns from l on.
func requantColumns(y []int16, ldy int, c []int64, n, rows, l, eights int, q *kernels.RequantS16, j int) {
	o := j + l
	if q.Left == nil {
		requantS64AVX2(&y[l], ldy, &c[l], n, rows, eights, &q.Bias[o], &q.Mult[o], &q.Right[o], q.Lo, q.Hi)
		return
	}
	requantSingleAVX2(&y[l], ldy, &c[l], n, rows, eights, &q.Bias[o], &q.Mult[o], &q.Left[o], &q.Right[o], q.Lo, q.Hi)
}

//go:noescape
func gemmS16x6AVX2(c *int64, ldc int, a *int16, lda int, b *int8, ldb, pairs, panels int, add int32)

//go:noescape
func gemmS16x1AVX2(c *int64, ldc int, a *int16, lda int, b *int8, ldb, pairs, panels int, add int32)

//go:noescape
func gemmS16AVX512(c *int64, ldc int, a *int16, lda int, b *int8, ldb, pairs, panels int, add int32, rows int)

//go:noescape
func gemmS16VNNI(c *int64, ldc int, a *int16, lda int, b *int8, ldb, pairs, panels int, add int32, rows int)

//go:noescape
func depthwiseS16AVX2(y *int64, x *int16, w *int8, taps *kernels.Tap, ntaps, n, step, c int)

//go:noescape
func requantS64AVX2(y *int16, ldy int, c *int64, ldc, rows, eights int, bias *int64, mult, right *int32, lo, hi int32)

//go:noescape
func requantSingleAVX2(y *int16, ldy int, c *int64, ldc, rows, eights int, bias *int64, mult, left, right *int32, lo, hi int32)
