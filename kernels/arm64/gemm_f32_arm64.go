package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// nrF32 is the columns of a panel, quad those that one row needs at once.
const (
	nrF32 = 8
	quad  = 4 * nrF32
)

func gemmF32(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
	if m == 0 || n == 0 {
		return
	}
	if k == 0 {
		lda = 0 // as tileS8.depth
	}
	full, cols := n/nrF32*nrF32, kernels.RoundUp(n, nrF32)
	py, pa := first(y, (m-1)*ldy+n), first(a, (m-1)*lda+k)
	pb, pbias := first(b, cols*k), first(bias, cols)
	panelsF32(py, ldy, pa, lda, pb, pbias, m, full, k, lo, hi)
	if full == n {
		return
	}
	var tile [maxTile]float32
	for i := 0; i < m; i += 8 {
		rows := min(8, m-i)
		panelsF32(&tile[0], nrF32, at(pa, i*lda), lda, at(pb, full*k), at(pbias, full), rows, nrF32, k, lo, hi)
		for r := range rows {
			copy(y[(i+r)*ldy+full:(i+r)*ldy+n], tile[r*nrF32:])
		}
	}
}

// panelsF32 computes m rows by n columns, whole panels. Strides count elements.
func panelsF32(y *float32, ldy int, a *float32, lda int, b, bias *float32, m, n, k int, lo, hi float32) {
	unit := nrF32
	if m == 1 {
		unit = quad
	}
	step := max(1, residentBytes/max(1, 4*unit*k)) * unit
	for j := 0; j < n; j += step {
		width := min(step, n-j)
		for i := 0; i < m; {
			py, pa, pb, pbias := at(y, i*ldy+j), at(a, i*lda), at(b, j*k), at(bias, j)
			switch left := m - i; {
			case left == 1:
				rowF32(py, pa, pb, pbias, width, k, lo, hi)
				i++
			case left <= 4:
				gemmF32NEON4(py, 4*ldy, pa, 4*lda, pb, pbias, left, width/nrF32, k, lo, hi)
				i += 4
			default:
				gemmF32NEON8(py, 4*ldy, pa, 4*lda, pb, pbias, left, width/nrF32, k, lo, hi)
				i += 8
			}
		}
	}
}

// rowF32 computes one row by n columns, whole panels.
func rowF32(y, a, b, bias *float32, n, k int, lo, hi float32) {
	quads := n / quad
	if quads > 0 {
		gemmF32NEONRow(y, a, b, bias, quads, k, lo, hi)
	}
	if done := quads * quad; done < n {
		gemmF32NEON1(at(y, done), 0, a, 0, at(b, done*k), at(bias, done), 1, (n-done)/nrF32, k, lo, hi)
	}
}
