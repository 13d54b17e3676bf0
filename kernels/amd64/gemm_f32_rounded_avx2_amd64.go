//go:build !purego

package amd64

import (
	"math"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// gemmF32RoundedAVX2 is GemmF32.Rounded.
func gemmF32RoundedAVX2(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
	if m <= 0 || n <= 0 {
		return
	}
	padded := kernels.RoundUp(n, columns)
	need(len(y), (m-1)*ldy+n)
	need(len(a), (m-1)*lda+k)
	need(len(b), padded*k)
	need(len(bias), padded)
	for i := 0; i < m; i += rowsF32 {
		rows := min(rowsF32, m-i)
		if rows == 1 || k > depthF32 {
			for r := i; r < i+rows; r++ {
				rowF32Rounded(y[r*ldy:r*ldy+n], a[r*lda:r*lda+k], b, bias, lo, hi)
			}
			continue
		}
		for j := 0; j < n; j += columns {
			tileF32Rounded(y[i*ldy+j:], ldy, a[i*lda:], lda, b[j*k:], bias[j:], rows, min(columns, n-j), k, lo, hi)
		}
	}
}

// tileF32Rounded computes up to 6 rows of up to 16 columns.
func tileF32Rounded(y []float32, ldy int, a []float32, lda int, b, bias []float32, rows, cols, k int, lo, hi float32) {
	pa, pb := unsafe.SliceData(a), unsafe.SliceData(b)
	if rows == rowsF32 && cols == columns {
		gemmF32Roundedx6AVX2(&y[0], ldy, pa, lda, rows, pb, &bias[0], k, lo, hi)
		return
	}
	var t [rowsF32][columns]float32
	gemmF32Roundedx6AVX2(&t[0][0], columns, pa, lda, rows, pb, &bias[0], k, lo, hi)
	for i := range rows {
		copy(y[i*ldy:i*ldy+cols], t[i][:])
	}
}

var zeroF32 [columns]float32

// minusZeroF32 is what can be added without any change.
var minusZeroF32 = func() (z [columns]float32) {
	for i := range z {
		z[i] = float32(math.Copysign(0, -1))
	}
	return z
}()

// rowF32Rounded computes one row. In the place of panels past the last, the
// last is computed again. A long row is summed in parts, which go on where
// they stopped: a bias of -0 and infinite bounds change nothing.
func rowF32Rounded(y, a, b, bias []float32, lo, hi float32) {
	inf := float32(math.Inf(1))
	var t [panelsF32][columns]float32
	var panels, init, add [panelsF32]*float32
	last := (len(y) - 1) / columns
	for p := 0; p <= last; p += panelsF32 {
		for i := range panelsF32 {
			j := min(p+i, last) * columns
			panels[i], init[i], add[i] = unsafe.SliceData(b[j*len(a):]), &zeroF32[0], &minusZeroF32[0]
		}
		rest := a
		for len(rest) > depthF32 {
			gemmF32Roundedx1AVX2(&t, &rest[0], &panels, &init, &add, depthF32, -inf, inf)
			rest = rest[depthF32:]
			for i := range panelsF32 {
				init[i] = &t[i][0]
				panels[i] = (*float32)(unsafe.Add(unsafe.Pointer(panels[i]), depthF32*columns*4))
			}
		}
		for i := range panelsF32 {
			add[i] = &bias[min(p+i, last)*columns]
		}
		gemmF32Roundedx1AVX2(&t, unsafe.SliceData(rest), &panels, &init, &add, len(rest), lo, hi)
		for i := range t {
			if j := (p + i) * columns; j < len(y) {
				copy(y[j:], t[i][:])
			}
		}
	}
}

//go:noescape
func gemmF32Roundedx6AVX2(y *float32, ldy int, a *float32, lda, rows int, b, bias *float32, k int, lo, hi float32)

//go:noescape
func gemmF32Roundedx1AVX2(y *[panelsF32][columns]float32, a *float32, b, init, bias *[panelsF32]*float32, k int, lo, hi float32)
