//go:build !purego

package amd64

import (
	"math"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// rowsF32 rows of two registers, their factors and a broadcast fill 15 of 16.
const rowsF32 = 6

// depthF32 bounds k for one call of assembly, which cannot be preempted and
// must be over in some ten microseconds.
const depthF32 = 1 << 14

// panelsF32 is how many panels one row is multiplied by at a time.
const panelsF32 = 4

// gemmF32MulAVX2 is GemmF32.Mul.
func gemmF32MulAVX2(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
	gemmF32AVX2(false, y, ldy, a, lda, b, bias, m, n, k, lo, hi)
}

// gemmF32RoundedAVX2 is GemmF32.Rounded.
func gemmF32RoundedAVX2(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
	gemmF32AVX2(true, y, ldy, a, lda, b, bias, m, n, k, lo, hi)
}

func gemmF32AVX2(rounded bool, y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
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
				if y, a := y[r*ldy:r*ldy+n], a[r*lda:r*lda+k]; rounded {
					rowF32Rounded(y, a, b, bias, lo, hi)
				} else {
					rowF32(y, a, b, bias, lo, hi)
				}
			}
			continue
		}
		for j := 0; j < n; j += columns {
			tileF32(rounded, y[i*ldy+j:], ldy, a[i*lda:], lda, b[j*k:], bias[j:], rows, min(columns, n-j), k, lo, hi)
		}
	}
}

// tileF32 computes up to 6 rows of up to 16 columns, straight into y if that
// is what there is.
func tileF32(rounded bool, y []float32, ldy int, a []float32, lda int, b, bias []float32, rows, cols, k int, lo, hi float32) {
	pa, pb := unsafe.SliceData(a), unsafe.SliceData(b)
	if rows == rowsF32 && cols == columns {
		multiplyF32(rounded, &y[0], ldy, pa, lda, rows, pb, &bias[0], k, lo, hi)
		return
	}
	var t [rowsF32][columns]float32
	multiplyF32(rounded, &t[0][0], columns, pa, lda, rows, pb, &bias[0], k, lo, hi)
	for i := range rows {
		copy(y[i*ldy:i*ldy+cols], t[i][:])
	}
}

// multiplyF32 calls both by their names, so that no operand escapes.
func multiplyF32(rounded bool, y *float32, ldy int, a *float32, lda, rows int, b, bias *float32, k int, lo, hi float32) {
	if rounded {
		gemmF32Roundedx6AVX2(y, ldy, a, lda, rows, b, bias, k, lo, hi)
	} else {
		gemmF32x6AVX2(y, ldy, a, lda, rows, b, bias, k, lo, hi)
	}
}

// rowF32 computes one row. In the place of panels past the last, the last is
// computed again.
func rowF32(y, a, b, bias []float32, lo, hi float32) {
	var t [panelsF32][columns]float32
	var panels, init [panelsF32]*float32
	last := (len(y) - 1) / columns
	for p := 0; p <= last; p += panelsF32 {
		for i := range panelsF32 {
			j := min(p+i, last) * columns
			panels[i], init[i] = unsafe.SliceData(b[j*len(a):]), &bias[j]
		}
		rest := a
		for len(rest) > depthF32 { // chains go on where they stopped, unclamped
			gemmF32x1AVX2(&t, &rest[0], &panels, &init, depthF32, float32(math.Inf(-1)), float32(math.Inf(1)))
			rest = rest[depthF32:]
			for i := range panelsF32 {
				init[i] = &t[i][0]
				panels[i] = (*float32)(unsafe.Add(unsafe.Pointer(panels[i]), depthF32*columns*4))
			}
		}
		gemmF32x1AVX2(&t, unsafe.SliceData(rest), &panels, &init, len(rest), lo, hi)
		for i := range t {
			if j := (p + i) * columns; j < len(y) {
				copy(y[j:], t[i][:])
			}
		}
	}
}

//go:noescape
func gemmF32x6AVX2(y *float32, ldy int, a *float32, lda, rows int, b, bias *float32, k int, lo, hi float32)

//go:noescape
func gemmF32x1AVX2(y *[panelsF32][columns]float32, a *float32, b, bias *[panelsF32]*float32, k int, lo, hi float32)
