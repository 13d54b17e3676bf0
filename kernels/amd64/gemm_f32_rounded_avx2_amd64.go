//go:build !purego

package amd64

import (
	"math"
	"unsafe"
)

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
