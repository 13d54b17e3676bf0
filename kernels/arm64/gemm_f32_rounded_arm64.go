package arm64

import "github.com/edgeinfer/edgeinfer/kernels"

// gemmF32Rounded is GemmF32.Rounded.
func gemmF32Rounded(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
	if m == 0 || n == 0 {
		return
	}
	full, cols := n/nrF32*nrF32, kernels.RoundUp(n, nrF32)
	py, pa := first(y, (m-1)*ldy+n), first(a, (m-1)*lda+k)
	pb, pbias := first(b, cols*k), first(bias, cols)
	panelsF32Rounded(py, ldy, pa, lda, pb, pbias, m, full, k, lo, hi)
	if full == n {
		return
	}
	var tile [4 * nrF32]float32
	for i := 0; i < m; i += 4 {
		rows := min(4, m-i)
		panelsF32Rounded(&tile[0], nrF32, at(pa, i*lda), lda, at(pb, full*k), at(pbias, full), rows, nrF32, k, lo, hi)
		for r := range rows {
			copy(y[(i+r)*ldy+full:(i+r)*ldy+n], tile[r*nrF32:])
		}
	}
}

// panelsF32Rounded computes m rows by n columns, whole panels, a part of B that
// stays in the cache at a time. Strides count elements.
func panelsF32Rounded(y *float32, ldy int, a *float32, lda int, b, bias *float32, m, n, k int, lo, hi float32) {
	step := max(1, residentBytes/max(1, 4*quad*k)) * quad
	for j := 0; j < n; j += step {
		width := min(step, n-j)
		for i := 0; i < m; i += 4 {
			py, pa, pb, pbias := at(y, i*ldy+j), at(a, i*lda), at(b, j*k), at(bias, j)
			if left := m - i; left > 1 {
				gemmF32RoundedNEON4(py, 4*ldy, pa, 4*lda, pb, pbias, left, width/nrF32, k, lo, hi)
			} else {
				rowF32Rounded(py, pa, pb, pbias, width, k, lo, hi)
			}
		}
	}
}

// rowF32Rounded computes one row by n columns, whole panels: four panels at a
// time, the rest singly.
func rowF32Rounded(y, a, b, bias *float32, n, k int, lo, hi float32) {
	done := n / quad * quad
	if done > 0 {
		gemmF32RoundedRowNEON4(y, a, b, bias, done/quad, k, lo, hi)
	}
	if done < n {
		gemmF32RoundedRowNEON1(at(y, done), a, at(b, done*k), at(bias, done), (n-done)/nrF32, k, lo, hi)
	}
}
