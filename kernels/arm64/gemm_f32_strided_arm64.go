package arm64

// depthStrided is how many products of a sum are added before the next columns
// have their turn: two panels of B then stay in half of the first cache.
const depthStrided = residentBytes / (4 * 2 * nrF32)

// stridedF32 is a product of GemmF32.Strided; strides count elements.
type stridedF32 struct {
	ldy, ra, ca, rb int
	k, add          int
}

// gemmF32Strided is GemmF32.Strided.
func gemmF32Strided(y []float32, ldy int, a []float32, ra, ca int, b []float32, rb, m, n, k int, add bool) {
	if m <= 0 || n <= 0 {
		return
	}
	if min(ldy, ra, ca, rb) < 0 {
		panic("BUG: kernels/arm64: a negative stride")
	}
	py := first(y, (m-1)*ldy+n)
	if k <= 0 {
		for i := 0; i < m && !add; i++ {
			clear(y[i*ldy : i*ldy+n])
		}
		return
	}
	pa, pb := first(a, (m-1)*ra+(k-1)*ca+1), first(b, (k-1)*rb+n)
	s := stridedF32{ldy: ldy, ra: ra, ca: ca, rb: rb}
	if add {
		s.add = 1
	}
	full := n / nrF32 * nrF32
	for l := 0; l < k; l += s.k {
		s.k = min(depthStrided, k-l)
		for j := 0; j < full; j += 2 * nrF32 {
			s.panels(at(py, j), at(pa, l*ca), at(pb, l*rb+j), m, min(2, (full-j)/nrF32))
		}
		if full < n {
			s.rest(y[full:], a[l*ca:], b[l*rb+full:], m, n-full)
		}
		s.add = 1
	}
}

// panels computes m rows by panels of eight columns.
func (s *stridedF32) panels(y, a, b *float32, m, panels int) {
	for i := 0; i < m; i += 8 {
		py, pa := at(y, i*s.ldy), at(a, i*s.ra)
		if rows := min(8, m-i); rows <= 4 {
			gemmF32StridedNEON4(py, 4*s.ldy, pa, 4*s.ra, 4*s.ca, b, 4*s.rb, rows, panels, s.k, s.add)
		} else {
			gemmF32StridedNEON8(py, 4*s.ldy, pa, 4*s.ra, 4*s.ca, b, 4*s.rb, rows, panels, s.k, s.add)
		}
	}
}

// rest computes m rows by fewer than eight columns, by way of copies.
func (s *stridedF32) rest(y, a, b []float32, m, n int) {
	var panel [depthStrided * nrF32]float32
	for l := range s.k {
		copy(panel[l*nrF32:], b[l*s.rb:l*s.rb+n])
	}
	var tile [maxTile]float32
	t := *s
	t.ldy, t.rb = nrF32, nrF32
	for i := 0; i < m; i += 8 {
		rows := min(8, m-i)
		for r := range rows {
			copy(tile[r*nrF32:], y[(i+r)*s.ldy:(i+r)*s.ldy+n])
		}
		t.panels(&tile[0], &a[i*s.ra], &panel[0], rows, 1)
		for r := range rows {
			copy(y[(i+r)*s.ldy:(i+r)*s.ldy+n], tile[r*nrF32:])
		}
	}
}
