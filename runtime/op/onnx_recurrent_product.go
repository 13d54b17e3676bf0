package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// cellInput multiplies rows of a recurrent operator's X by the weights W of one
// direction.
type cellInput[T wideFloat] interface {
	// project computes y[i·ldy+j] = bias[j] + Σ X[row+i·step]·W[j] for so many rows.
	project(y []T, ldy, row, step, rows int, bias []T)
}

// cellState multiplies states by weights R, of some gates of one direction.
type cellState[T wideFloat] interface {
	// add computes y[i·ldy+j] = Σ h[i·k+l]·R[j,l] + from[i·ldfrom+j] for so many
	// rows of k values, the products summed from 0 on, or where ldfrom is 0 from
	// what all rows add.
	add(y []T, ldy int, h []T, rows int, from []T, ldfrom int)
}

// cellGemm is weights packed for the kernels, [n,k], and the rows that project
// reads.
type cellGemm struct {
	set    *kernels.Set
	packed []float32
	x      []float32
	zero   []float32 // a bias of nothing
	n, k   int

	shared Step // now, its columns shared by workers; nil if they are few
	now    cellProduct
}

// cellProduct is the operands of one product.
type cellProduct struct {
	y, x, bias     []float32
	ldy, ldx, rows int
}

// cellShared is how many weights are worth a worker's turn at each step.
const cellShared = 1 << 15

// share has up to so many workers share the columns of each product.
func (g *cellGemm) share(workers Workers, threads int) {
	threads = min(threads, g.n*g.k/cellShared)
	if threads < 2 {
		return
	}
	g.shared = onWorkers(workers, threads, func(w int) {
		if lo, hi := Share(g.n, w, threads, lcm(colGrain, g.set.GemmF32.NR)); lo < hi {
			g.columns(&g.now, lo, hi)
		}
	})
}

// columns computes columns lo to hi of p.
func (g *cellGemm) columns(p *cellProduct, lo, hi int) {
	all := float32(math.Inf(1))
	g.set.GemmF32.Mul(p.y[lo:], p.ldy, p.x, p.ldx, g.packed[lo*g.k:], p.bias[lo:], p.rows, hi-lo, g.k, -all, all)
}

func (g *cellGemm) mul(y []float32, ldy int, x []float32, ldx, rows int, bias []float32) {
	p := cellProduct{y: y, x: x, bias: bias, ldy: ldy, ldx: ldx, rows: rows}
	if g.shared == nil {
		g.columns(&p, 0, g.n)
		return
	}
	g.now = p
	_ = g.shared() // of work that does not fail
}

func (g *cellGemm) project(y []float32, ldy, row, step, rows int, bias []float32) {
	g.mul(y, ldy, g.x[row*g.k:], step*g.k, rows, bias)
}

func (g *cellGemm) add(y []float32, ldy int, h []float32, rows int, from []float32, ldfrom int) {
	if ldfrom == 0 {
		g.mul(y, ldy, h, g.k, rows, from)
		return
	}
	g.mul(y, ldy, h, g.k, rows, g.zero)
	all := float32(math.Inf(1))
	for i := range rows {
		to := y[i*ldy:][:g.n]
		g.set.BinaryF32(kernels.BinaryAdd, to, to, from[i*ldfrom:][:g.n], -all, all)
	}
}

// cellPlain is weights as they are, a row of k values for each of n outputs:
// what cellGemm computes, and the same in float64.
type cellPlain[T wideFloat] struct {
	w, x []T
	n, k int
	fma  func(x, y, z T) T
}

func newCellPlain32(w, x []float32, n, k int) *cellPlain[float32] {
	return &cellPlain[float32]{w, x, n, k, kernels.FMA32}
}

func newCellPlain64(w, x []float64, n, k int) *cellPlain[float64] {
	return &cellPlain[float64]{w, x, n, k, math.FMA}
}

// row computes one chain for each output, from what bias has on, or 0.
func (p *cellPlain[T]) row(y, x, bias []T) {
	for j := range y {
		sum := T(0)
		if bias != nil {
			sum = bias[j]
		}
		for l, w := range p.w[j*p.k : (j+1)*p.k] {
			sum = p.fma(x[l], w, sum)
		}
		y[j] = sum
	}
}

func (p *cellPlain[T]) project(y []T, ldy, row, step, rows int, bias []T) {
	for i := range rows {
		p.row(y[i*ldy:][:p.n], p.x[(row+i*step)*p.k:], bias)
	}
}

func (p *cellPlain[T]) add(y []T, ldy int, h []T, rows int, from []T, ldfrom int) {
	for i := range rows {
		to := y[i*ldy:][:p.n]
		if ldfrom == 0 {
			p.row(to, h[i*p.k:], from)
			continue
		}
		p.row(to, h[i*p.k:], nil)
		for j, v := range from[i*ldfrom:][:p.n] {
			to[j] += v
		}
	}
}
