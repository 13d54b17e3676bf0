//go:build !purego

package amd64

// depthStridedF32 is how many products of a sum are added before the next
// columns have their turn, so that the rows stay in a cache; it also bounds a
// call of assembly.
const depthStridedF32 = 512

// rowsStridedF32 is how many rows of k values stay in half of the second cache,
// while columns pass over them: a number that tiles of any size divide.
func rowsStridedF32(k int) int { return max(96, blockWideF32/(4*k)/48*48) }

// needStrided checks the operands of GemmF32.Strided.
func needStrided(y []float32, ldy int, a []float32, ra, ca int, b []float32, rb int, m, n, k int) {
	if min(ldy, ra, ca, rb) < 0 {
		panic("BUG: kernels: a negative stride")
	}
	need(len(y), (m-1)*ldy+n)
	if k > 0 {
		need(len(a), (m-1)*ra+(k-1)*ca+1)
		need(len(b), (k-1)*rb+n)
	}
}

// startF32 is what sums of no products are.
func startF32(y []float32, ldy int, m, n int, add bool) {
	for i := range m {
		if !add {
			clear(y[i*ldy : i*ldy+n])
		}
	}
}

// stridedAVX2 is one product of tiles; distances count elements.
type stridedAVX2 struct {
	ldy, ra, ca, rb int
	k               int
	add             bool
}

// gemmF32StridedAVX2 is GemmF32.Strided.
func gemmF32StridedAVX2(y []float32, ldy int, a []float32, ra, ca int, b []float32, rb int, m, n, k int, add bool) {
	if m <= 0 || n <= 0 {
		return
	}
	needStrided(y, ldy, a, ra, ca, b, rb, m, n, k)
	if k <= 0 {
		startF32(y, ldy, m, n, add)
		return
	}
	t := stridedAVX2{ldy: ldy, ra: ra, ca: ca, rb: rb, add: add}
	for parts := ceil(k, depthStridedF32); parts > 0; parts-- {
		t.k = k / parts
		k -= t.k
		rows := rowsStridedF32(t.k)
		for i := 0; i < m; i += rows {
			t.columns(y[i*ldy:], a[i*ra:], b, min(rows, m-i), n)
		}
		if t.add = true; parts > 1 {
			a, b = a[t.k*ca:], b[t.k*rb:]
		}
	}
}

// columns multiplies m rows by n columns.
func (t *stridedAVX2) columns(y, a, b []float32, m, n int) {
	for j := 0; j < n; j += columns {
		for i := 0; i < m; i += rowsF32 {
			t.tile(y[i*t.ldy+j:], a[i*t.ra:], b[j:], min(rowsF32, m-i), min(columns, n-j))
		}
	}
}

// tile multiplies up to 6 rows by up to 16 columns, straight into y if that is
// what there is.
func (t *stridedAVX2) tile(y, a, b []float32, rows, cols int) {
	if rows == rowsF32 && cols == columns {
		gemmF32Strided6x16AVX2(&y[0], t.ldy, &a[0], t.ra, t.ca, rows, &b[0], t.rb, t.k, t.add)
		return
	}
	var s [rowsF32][columns]float32
	if t.add {
		for i := range rows {
			copy(s[i][:cols], y[i*t.ldy:])
		}
	}
	if cols == columns {
		gemmF32Strided6x16AVX2(&s[0][0], columns, &a[0], t.ra, t.ca, rows, &b[0], t.rb, t.k, t.add)
	} else {
		gemmF32Strided6xnAVX2(&s[0][0], columns, &a[0], t.ra, t.ca, rows, &b[0], t.rb, t.k, t.add, &firstColumns[cols])
	}
	for i := range rows {
		copy(y[i*t.ldy:i*t.ldy+cols], s[i][:])
	}
}

// firstColumns are masks of so many columns.
var firstColumns = func() (m [columns][columns]int32) {
	for n := range m {
		for j := range n {
			m[n][j] = -1
		}
	}
	return m
}()

//go:noescape
func gemmF32Strided6x16AVX2(y *float32, ldy int, a *float32, ra, ca, rows int, b *float32, rb, k int, add bool)

//go:noescape
func gemmF32Strided6xnAVX2(y *float32, ldy int, a *float32, ra, ca, rows int, b *float32, rb, k int, add bool, mask *[columns]int32)
