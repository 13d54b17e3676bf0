//go:build arm.7

package arm

import "github.com/edgeinfer/edgeinfer/kernels"

func gemmS8Mul(y []int8, ldy int, a []int8, lda int, b []int8, m, n, k int, q *kernels.Requant) {
	if m == 0 || n == 0 {
		return
	}
	full, cols := n/panel*panel, kernels.RoundUp(n, panel)
	k, lda = depth(k, lda)
	g := gemm{a: from(a, 0, (m-1)*lda+k), lda: lda, m: m, k: k, y: from(y, 0, (m-1)*ldy+n), ld: ldy}
	pb := from(b, 0, cols*k)
	g.columns(q, 0, cols)
	g.run(pb, full/panel)
	if full == n {
		return
	}
	var tile [rows * panel]int8
	last := gemm{lda: lda, k: k, y: &tile[0], ld: panel}
	last.columns(q, full, panel)
	for i := 0; i < m; i += rows {
		last.a, last.m = at(g.a, i*lda), min(rows, m-i)
		last.run(at(pb, full*k), 1)
		for r := range last.m {
			copy(y[(i+r)*ldy+full:(i+r)*ldy+n], tile[r*panel:])
		}
	}
}

func gemmS8Acc(c []int32, a []int8, lda int, b []int8, bias []int32, m, n, k int) {
	if m == 0 || n == 0 {
		return
	}
	full, cols := n/panel*panel, kernels.RoundUp(n, panel)
	k, lda = depth(k, lda)
	g := gemm{a: from(a, 0, (m-1)*lda+k), lda: lda, m: m, k: k, c: from(c, 0, m*n), ld: n}
	pb := from(b, 0, cols*k)
	g.bias = from(bias, 0, n)
	g.run(pb, full/panel)
	if full == n {
		return
	}
	var tile [rows * panel]int32
	var lastBias [panel]int32
	copy(lastBias[:], bias[full:n])
	last := gemm{lda: lda, k: k, c: &tile[0], ld: panel}
	last.bias = &lastBias[0]
	for i := 0; i < m; i += rows {
		last.a, last.m = at(g.a, i*lda), min(rows, m-i)
		last.run(at(pb, full*k), 1)
		for r := range last.m {
			copy(c[(i+r)*n+full:(i+r)*n+n], tile[r*panel:])
		}
	}
}

// depth returns k as it is packed, and lda: 0 if nothing is read, so that no
// pointer is ever past the end of a, where the collector must not find one.
func depth(k, lda int) (int, int) {
	if k == 0 {
		return 0, 0
	}
	return kernels.RoundUp(k, 2), lda
}

// gemm is a product, m rows by whole panels, into y or c, of which one is nil.
// Strides count elements. The call has the columns.
type gemm struct {
	call
	a       *int8
	y       *int8
	c       *int32
	lda, ld int
	m, k    int
}

// leastRows are those for which it pays to look whether B has a -128.
const leastRows = 8

// run computes the product, by parts of B that a call takes.
func (g *gemm) run(b *int8, panels int) {
	step := max(1, callProducts/max(1, rows*panel*g.k))
	for from := 0; from < panels; from += step {
		j, p := from*panel, g.call
		p.b, p.panels, p.k = at(b, j*g.k), min(step, panels-from), g.k
		p.bias, p.mult, p.left, p.right = at(p.bias, j), at(p.mult, j), at(p.left, j), at(p.right, j)
		p.scale = at(p.scale, j)
		if g.m >= leastRows && g.k > 0 {
			p.fast = fastDepth(p.b, p.panels, g.k)
		}
		for i := 0; i < g.m; i += rows {
			for r := range rows {
				row := min(i+r, g.m-1)
				p.a[r] = at(g.a, row*g.lda)
				p.y[r], p.c[r] = at(g.y, row*g.ld+j), at(g.c, row*g.ld+j)
			}
			gemmS8NEON32(&p)
		}
	}
}

// fastDepth returns how many values of k may be added two by two in int16: none
// if one of B's panels is -128.
func fastDepth(b *int8, panels, k int) int {
	least := int8(0)
	leastS8NEON32(&least, b, panels*panel*k/16)
	if least == -128 {
		return 0
	}
	return k &^ 7
}
