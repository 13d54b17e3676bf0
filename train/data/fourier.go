package data

import (
	"math"
	"math/bits"

	"github.com/edgeinfer/edgeinfer/quant"
)

// fourier is a discrete Fourier transform of n = 2^k complex numbers, by radix-2
// steps in place (Cooley and Tukey 1965). Each product is rounded on its own.
type fourier struct {
	n        int
	cos, sin []float64 // of −2πi/n, for i < n/2
}

func newFourier(n int) *fourier {
	f := &fourier{n, make([]float64, n/2), make([]float64, n/2)}
	for i := range f.cos {
		a := -2 * math.Pi * float64(i) / float64(n)
		f.cos[i], f.sin[i] = quant.Cos64(a), quant.Sin64(a)
	}
	return f
}

func (f *fourier) transform(re, im []float64) {
	shift := bits.UintSize - bits.Len(uint(f.n-1))
	for i := range f.n {
		if j := int(bits.Reverse(uint(i)) >> shift); j > i {
			re[i], re[j] = re[j], re[i]
			im[i], im[j] = im[j], im[i]
		}
	}
	for half := 1; half < f.n; half *= 2 {
		step := f.n / (2 * half)
		for start := 0; start < f.n; start += 2 * half {
			for k := range half {
				c, s := f.cos[k*step], f.sin[k*step]
				a, b := start+k, start+k+half
				tr := float64(re[b]*c) - float64(im[b]*s)
				ti := float64(re[b]*s) + float64(im[b]*c)
				re[a], re[b] = re[a]+tr, re[a]-tr
				im[a], im[b] = im[a]+ti, im[a]-ti
			}
		}
	}
}
