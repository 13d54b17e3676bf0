package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// tileS8 is a way to compute GemmS8: the tile, and by which instruction.
type tileS8 struct {
	mr, nr, kr int
	by         instruction
}

// instruction multiplies int8.
type instruction int

const (
	smull instruction = iota // products
	sdot                     // sums of four products
	smmla                    // two rows by two columns, sums of eight products
)

// maxTile is the largest tile's outputs.
const maxTile = 8 * 8

func gemmS8(t tileS8) kernels.GemmS8 {
	return kernels.GemmS8{MR: t.mr, NR: t.nr, KR: t.kr, Acc: t.acc, Mul: t.mul}
}

func (t tileS8) mul(y []int8, ldy int, a []int8, lda int, b []int8, m, n, k int, q *kernels.Requant) {
	if m == 0 || n == 0 {
		return
	}
	k, lda = t.depth(k, lda)
	full, cols := n/t.nr*t.nr, kernels.RoundUp(n, t.nr)
	py, pa, pb := first(y, (m-1)*ldy+n), first(a, (m-1)*lda+k), first(b, cols*k)
	needColumns(q, cols)
	right := m >= 32 && onlyRight(q, n)
	t.panels(py, nil, ldy, pa, lda, pb, m, full/t.nr, k, q, right)
	if full == n {
		return
	}
	var tile [maxTile]int8
	last := q.From(full)
	for i := 0; i < m; i += t.mr {
		rows := min(t.mr, m-i)
		t.panels(&tile[0], nil, t.nr, at(pa, i*lda), lda, at(pb, full*k), rows, 1, k, &last, right)
		for r := range rows {
			copy(y[(i+r)*ldy+full:(i+r)*ldy+n], tile[r*t.nr:])
		}
	}
}

func (t tileS8) acc(c []int32, a []int8, lda int, b []int8, bias []int32, m, n, k int) {
	if m == 0 || n == 0 {
		return
	}
	k, lda = t.depth(k, lda)
	full, cols := n/t.nr*t.nr, kernels.RoundUp(n, t.nr)
	pc, pa, pb := first(c, m*n), first(a, (m-1)*lda+k), first(b, cols*k)
	first(bias, n)
	t.panels(nil, pc, 4*n, pa, lda, pb, m, full/t.nr, k, biasOnly(bias), false)
	if full == n {
		return
	}
	var tile [maxTile]int32
	var lastBias [8]int32
	copy(lastBias[:], bias[full:n])
	last := biasOnly(lastBias[:])
	for i := 0; i < m; i += t.mr {
		rows := min(t.mr, m-i)
		t.panels(nil, &tile[0], 4*t.nr, at(pa, i*lda), lda, at(pb, full*k), rows, 1, k, last, false)
		for r := range rows {
			copy(c[(i+r)*n+full:(i+r)*n+n], tile[r*t.nr:])
		}
	}
}

// depth returns k as it is packed, and lda: 0 if nothing is read, so that no
// pointer is ever past the end of a, where the collector must not find one.
func (t tileS8) depth(k, lda int) (int, int) {
	if k == 0 {
		return 0, 0
	}
	return kernels.RoundUp(k, t.kr), lda
}

// biasOnly returns what kernels that store sums are given as Requant. They read
// nothing but the bias; the other slices are only there to be cut by From.
func biasOnly(bias []int32) *kernels.Requant {
	return &kernels.Requant{Bias: bias, Mult: bias, Left: bias, Right: bias}
}

// panels computes m rows by whole panels, into y or c, of which one is nil. ld
// counts bytes. right says that q shifts only right.
func (t tileS8) panels(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels, k int, q *kernels.Requant, right bool) {
	step := max(1, residentBytes/max(1, t.nr*k))
	for p := 0; p < panels; p += step {
		j, width := p*t.nr, min(step, panels-p)
		part := columnsFrom(q, j, right)
		if t.by == smull {
			rowsNEON(at(y, j), at(c, j), ld, a, lda, at(b, j*k), m, width, k, &part)
			continue
		}
		for i := 0; i < m; {
			rows := t.rows(m - i)
			// ld is bytes: a row of c begins ld/4 elements after the one before.
			t.block(rows, at(y, i*ld+j), at(c, i*(ld/4)+j), ld, at(a, i*lda), lda, at(b, j*k), m-i, width, k, &part)
			i += rows
		}
	}
}

// rows returns the kernel, by its rows, for what begins with left rows. Two
// rows alone are no faster than four of which two are dropped.
func (t tileS8) rows(left int) int {
	switch {
	case left == 1:
		return 1
	case left <= 4:
		return 4
	}
	return t.mr
}

// block calls one kernel, directly, so that no argument escapes.
func (t tileS8) block(rows int, y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels, k int, q *kernels.Requant) {
	switch t.by {
	case smmla:
		switch rows {
		case 8:
			gemmS8I8MM8(y, c, ld, a, lda, b, m, panels, k, q)
		case 4:
			gemmS8I8MM4(y, c, ld, a, lda, b, m, panels, k, q)
		default:
			gemmS8I8MM1(y, c, ld, a, lda, b, m, panels, k, q)
		}
	default:
		switch rows {
		case 8:
			gemmS8NEONDot8(y, c, ld, a, lda, b, m, panels, k, q)
		case 4:
			gemmS8NEONDot4(y, c, ld, a, lda, b, m, panels, k, q)
		default:
			gemmS8NEONDot1(y, c, ld, a, lda, b, m, panels, k, q)
		}
	}
}

// rowsNEON computes m rows by whole panels by SMULL. Its kernels for four rows
// take as many as a call may last.
func rowsNEON(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels, k int, q *kernels.Requant) {
	fast := 0
	if m >= leastRows {
		fast = fastDepth(b, panels, k)
	}
	call := max(4, callProducts/max(1, panels*nrS8*k)&^3)
	for i := 0; i < m; {
		yi, ci, ai := at(y, i*ld), at(c, i*(ld/4)), at(a, i*lda) // ld is bytes
		n := min(call, m-i)
		switch {
		case n == 1:
			rowNEON(yi, ci, ai, b, panels, k, fast, q)
		case n%4 == 1: // one left over is faster alone
			n--
			fallthrough
		default:
			fourNEON(yi, ci, ld, ai, lda, b, n, panels, k, fast, q)
		}
		i += n
	}
}

// fourNEON computes rows by fours, two panels at a time and then the odd one.
func fourNEON(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels, k, fast int, q *kernels.Requant) {
	if panels > 1 {
		gemmS8NEON42(y, c, ld, a, lda, b, m, panels/2, k, fast, q)
	}
	if panels%2 == 1 {
		j := (panels - 1) * nrS8
		rest := columnsFrom(q, j, q.Left == nil)
		gemmS8NEON41(at(y, j), at(c, j), ld, a, lda, at(b, j*k), m, 1, k, fast, &rest)
	}
}

// rowNEON computes one row, four panels at a time and then the rest.
func rowNEON(y *int8, c *int32, a, b *int8, panels, k, fast int, q *kernels.Requant) {
	if panels >= 4 {
		gemmS8NEON14(y, c, 0, a, 0, b, 1, panels/4, k, fast, q)
	}
	if left := panels % 4; left > 0 {
		j := (panels - left) * nrS8
		rest := columnsFrom(q, j, q.Left == nil)
		gemmS8NEON11(at(y, j), at(c, j), 0, a, 0, at(b, j*k), 1, left, k, fast, &rest)
	}
}

// nrS8 is the columns of a panel in every tier; leastRows are those for which
// it pays to look whether B has a -128.
const nrS8, leastRows = 8, 4

// fastDepth returns how many values of k may be added two by two in int16: none
// if one of B's panels is -128.
func fastDepth(b *int8, panels, k int) int {
	least := int8(0)
	leastS8NEON(&least, b, panels*k*nrS8/16)
	if least == -128 {
		return 0
	}
	return k &^ 7
}
