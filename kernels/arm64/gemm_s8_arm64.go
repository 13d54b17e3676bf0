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
	return kernels.GemmS8{MR: t.mr, NR: t.nr, KR: t.kr, Acc: t.acc, Mul: t.mul, Lines: t.lines}
}

// depth is a row's values of k: those of each line, the lines, and what lies between
// the end of one and the next.
type depth struct{ k, lines, skip int }

// whole is how many values that are.
func (d depth) whole() int { return d.k * d.lines }

func (t tileS8) mul(y []int8, ldy int, a []int8, lda int, b []int8, m, n, k int, q *kernels.Requant) {
	if m == 0 || n == 0 {
		return
	}
	k, lda = t.round(k, lda)
	t.store(y, ldy, first(a, (m-1)*lda+k), lda, b, m, n, depth{k, 1, 0}, q)
}

func (t tileS8) lines(y []int8, ldy int, a []int8, lda, run, line int, b []int8, m, n, k int, q *kernels.Requant) {
	if m == 0 || n == 0 || k == 0 {
		t.mul(y, ldy, nil, 0, b, m, n, k, q)
		return
	}
	if run <= 0 || run%t.kr != 0 || k%run != 0 || line < 0 {
		panic("BUG: kernels/arm64: lines aren't whole groups of values")
	}
	d := depth{run, k / run, line - run}
	t.store(y, ldy, first(a, (m-1)*lda+(d.lines-1)*line+run), lda, b, m, n, d, q)
}

// store is what mul and lines have in common.
func (t tileS8) store(y []int8, ldy int, pa *int8, lda int, b []int8, m, n int, k depth, q *kernels.Requant) {
	full, cols := n/t.nr*t.nr, kernels.RoundUp(n, t.nr)
	py, pb := first(y, (m-1)*ldy+n), first(b, cols*k.whole())
	needColumns(q, cols)
	right := m >= 8 && onlyRight(q, n)
	t.panels(py, nil, ldy, pa, lda, pb, m, full/t.nr, k, q, right)
	if full == n {
		return
	}
	var tile [maxTile]int8
	last := q.From(full)
	for i := 0; i < m; i += t.mr {
		rows := min(t.mr, m-i)
		t.panels(&tile[0], nil, t.nr, at(pa, i*lda), lda, at(pb, full*k.whole()), rows, 1, k, &last, right)
		for r := range rows {
			copy(y[(i+r)*ldy+full:(i+r)*ldy+n], tile[r*t.nr:])
		}
	}
}

func (t tileS8) acc(c []int32, a []int8, lda int, b []int8, bias []int32, m, n, k int) {
	if m == 0 || n == 0 {
		return
	}
	k, lda = t.round(k, lda)
	full, cols, d := n/t.nr*t.nr, kernels.RoundUp(n, t.nr), depth{k, 1, 0}
	pc, pa, pb := first(c, m*n), first(a, (m-1)*lda+k), first(b, cols*k)
	first(bias, n)
	t.panels(nil, pc, 4*n, pa, lda, pb, m, full/t.nr, d, biasOnly(bias), false)
	if full == n {
		return
	}
	var tile [maxTile]int32
	var lastBias [8]int32
	copy(lastBias[:], bias[full:n])
	last := biasOnly(lastBias[:])
	for i := 0; i < m; i += t.mr {
		rows := min(t.mr, m-i)
		t.panels(nil, &tile[0], 4*t.nr, at(pa, i*lda), lda, at(pb, full*k), rows, 1, d, last, false)
		for r := range rows {
			copy(c[(i+r)*n+full:(i+r)*n+n], tile[r*t.nr:])
		}
	}
}

// round returns k as it is packed, and lda: 0 if nothing is read, so that no
// pointer is ever past the end of a, where the collector must not find one.
func (t tileS8) round(k, lda int) (int, int) {
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
func (t tileS8) panels(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels int, k depth, q *kernels.Requant, right bool) {
	whole := k.whole()
	step := max(1, residentBytes/max(1, t.nr*whole))
	for p := 0; p < panels; p += step {
		j, width := p*t.nr, min(step, panels-p)
		part := columnsFrom(q, j, right)
		if t.by == smull {
			rowsNEON(at(y, j), at(c, j), ld, a, lda, at(b, j*whole), m, width, k, &part)
		} else {
			t.rows(at(y, j), at(c, j), ld, a, lda, at(b, j*whole), m, width, k, &part)
		}
	}
}

// rowsPerCall is a multiple of a kernel's rows of some panels.
func rowsPerCall(rows, panels int, k depth) int {
	return max(rows, callProducts/max(1, panels*nrS8*k.whole())/rows*rows)
}

// rows computes m rows by whole panels, eight at a time. Of more than eight rows,
// up to three are computed twice at the end. Two rows alone are no faster than
// four of which two are dropped.
func (t tileS8) rows(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels int, k depth, q *kernels.Requant) {
	call := rowsPerCall(8, panels, k)
	for i := 0; i < m; {
		n := min(call, (m-i)&^7)
		if left := m - i; n == 0 {
			switch {
			case left > 4 && i > 0:
				i, n = m-8, 8
			case left == 1:
				n = 1
			default:
				n = min(left, 4)
			}
		}
		// ld is bytes: a row of c begins ld/4 elements after the one before.
		t.block(at(y, i*ld), at(c, i*(ld/4)), ld, at(a, i*lda), lda, b, n, panels, k, q)
		i += n
	}
}

// block calls one kernel, directly, so that no argument escapes. m is 1, up to 4,
// or a multiple of 8.
func (t tileS8) block(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels int, k depth, q *kernels.Requant) {
	switch {
	case t.by == smmla && m >= 8:
		gemmS8I8MM8(y, c, ld, a, lda, b, m, panels, k.k, k.lines, k.skip, q)
	case t.by == smmla && m > 1:
		gemmS8I8MM4(y, c, ld, a, lda, b, m, panels, k.k, k.lines, k.skip, q)
	case t.by == smmla:
		gemmS8I8MM1(y, c, ld, a, lda, b, m, panels, k.k, k.lines, k.skip, q)
	case m >= 8:
		gemmS8NEONDot8(y, c, ld, a, lda, b, m, panels, k.k, k.lines, k.skip, q)
	case m > 1:
		gemmS8NEONDot4(y, c, ld, a, lda, b, m, panels, k.k, k.lines, k.skip, q)
	default:
		gemmS8NEONDot1(y, c, ld, a, lda, b, m, panels, k.k, k.lines, k.skip, q)
	}
}

// rowsNEON computes m rows by whole panels by SMULL, four at a time. Of more than
// four rows, one or two are computed twice at the end.
func rowsNEON(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels int, k depth, q *kernels.Requant) {
	fast := 0
	if m >= leastRows {
		fast = fastDepth(b, panels, k)
	}
	call := rowsPerCall(4, panels, k)
	for i := 0; i < m; {
		n := min(call, (m-i)&^3)
		if n == 0 && m-i > 1 && m >= 4 {
			i, n = m-4, 4
		}
		yi, ci, ai := at(y, i*ld), at(c, i*(ld/4)), at(a, i*lda) // ld is bytes
		if n == 0 {
			n = 1
			rowNEON(yi, ci, ai, b, panels, k, fast, q)
		} else {
			fourNEON(yi, ci, ld, ai, lda, b, n, panels, k, fast, q)
		}
		i += n
	}
}

// fourNEON computes rows by fours, two panels at a time and then the odd one.
func fourNEON(y *int8, c *int32, ld int, a *int8, lda int, b *int8, m, panels int, k depth, fast int, q *kernels.Requant) {
	if panels > 1 {
		gemmS8NEON42(y, c, ld, a, lda, b, m, panels/2, k.k, fast, k.lines, k.skip, q)
	}
	if panels%2 == 1 {
		j := (panels - 1) * nrS8
		rest := columnsFrom(q, j, q.Left == nil)
		gemmS8NEON41(at(y, j), at(c, j), ld, a, lda, at(b, j*k.whole()), m, 1, k.k, fast, k.lines, k.skip, &rest)
	}
}

// rowNEON computes one row, four panels at a time and then the rest.
func rowNEON(y *int8, c *int32, a, b *int8, panels int, k depth, fast int, q *kernels.Requant) {
	if panels >= 4 {
		gemmS8NEON14(y, c, 0, a, 0, b, 1, panels/4, k.k, fast, k.lines, k.skip, q)
	}
	if left := panels % 4; left > 0 {
		j := (panels - left) * nrS8
		rest := columnsFrom(q, j, q.Left == nil)
		gemmS8NEON11(at(y, j), at(c, j), 0, a, 0, at(b, j*k.whole()), 1, left, k.k, fast, k.lines, k.skip, &rest)
	}
}

// nrS8 is the columns of a panel in every tier; leastRows are those for which
// it pays to look whether B has a -128.
const nrS8, leastRows = 8, 4

// fastDepth returns how many eights of each line's values may be added two by two
// in int16: none if one of B's panels is -128.
func fastDepth(b *int8, panels int, k depth) int {
	least := int8(0)
	leastS8NEON(&least, b, panels*k.whole()*nrS8/16)
	if least == -128 {
		return 0
	}
	return k.k / 8
}
