//go:build !purego

package amd64

import (
	"math"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// noneF32 stands for sums and biases of zero.
var noneF32 [columns]float32

// gemvF32MulAVX2 is GemmF32.Gemv. In the place of panels past the last, the
// last is computed again. A long row is summed in parts, which go on where
// they stopped: adding a bias of -0 and clamping to infinities changes nothing.
func gemvF32MulAVX2(y, a, b, bias []float32, n, k int, lo, hi float32) {
	if n <= 0 {
		return
	}
	padded := kernels.RoundUp(n, columns)
	need(len(y), n)
	need(len(a), k)
	need(len(b), padded*k)
	need(len(bias), padded)
	var t [panelsF32][columns]float32
	var panels, init, add [panelsF32]*float32
	last := (n - 1) / columns
	for p := 0; p <= last; p += panelsF32 {
		for i := range panelsF32 {
			j := min(p+i, last) * columns
			panels[i], init[i], add[i] = unsafe.SliceData(b[j*k:]), &noneF32[0], &minusZeroF32[0]
		}
		rest := a[:k]
		for len(rest) > depthF32 {
			gemvF32AVX2(&t, &rest[0], &panels, &init, &add, depthF32, float32(math.Inf(-1)), float32(math.Inf(1)))
			rest = rest[depthF32:]
			for i := range panelsF32 {
				init[i] = &t[i][0]
				panels[i] = (*float32)(unsafe.Add(unsafe.Pointer(panels[i]), depthF32*columns*4))
			}
		}
		for i := range panelsF32 {
			add[i] = &bias[min(p+i, last)*columns]
		}
		gemvF32AVX2(&t, unsafe.SliceData(rest), &panels, &init, &add, len(rest), lo, hi)
		for i := range t {
			if j := (p + i) * columns; j < n {
				copy(y[j:n], t[i][:])
			}
		}
	}
}

// minusZeroF32 is what can be added without any change.
var minusZeroF32 = func() (z [columns]float32) {
	for i := range z {
		z[i] = float32(math.Copysign(0, -1))
	}
	return z
}()

//go:noescape
func gemvF32AVX2(y *[panelsF32][columns]float32, a *float32, b, init, bias *[panelsF32]*float32, k int, lo, hi float32)
