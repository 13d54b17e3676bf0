//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// updatesAVX512 are the slots of optimisers. The assembly masks what is past the
// last element.
var updatesAVX512 = kernels.Updates{SGDF32: sgdF32Slices512, AdamF32: adamF32Slices512, RMSpropF32: rmspropF32Slices512}

func sgdF32Slices512(w, m, g []float32, p *kernels.SGDF32) {
	needUpdate(w, m, g, g)
	for len(w) > 0 {
		n := min(len(w), callUnary)
		sgdF32AVX512(&w[0], first(m), &g[0], n, p)
		w, m, g = w[n:], after(m, n), g[n:]
	}
}

func adamF32Slices512(w, m, v, g []float32, p *kernels.AdamF32) {
	needUpdate(w, m, v, g)
	need(len(m), len(w))
	for len(w) > 0 {
		n := min(len(w), callUnary)
		adamF32AVX512(&w[0], &m[0], &v[0], &g[0], n, p)
		w, m, v, g = w[n:], m[n:], v[n:], g[n:]
	}
}

func rmspropF32Slices512(w, m, v, g []float32, p *kernels.RMSpropF32) {
	needUpdate(w, m, v, g)
	for len(w) > 0 {
		n := min(len(w), callUnary)
		rmspropF32AVX512(&w[0], first(m), &v[0], &g[0], n, p)
		w, m, v, g = w[n:], after(m, n), v[n:], g[n:]
	}
}

// needUpdate checks operands, of which m may be left out.
func needUpdate(w, m, v, g []float32) {
	if m != nil {
		need(len(m), len(w))
	}
	need(min(len(v), len(g)), len(w))
}

//go:noescape
func sgdF32AVX512(w, m, grad *float32, n int, p *kernels.SGDF32)

//go:noescape
func adamF32AVX512(w, m, v, grad *float32, n int, p *kernels.AdamF32)

//go:noescape
func rmspropF32AVX512(w, m, v, grad *float32, n int, p *kernels.RMSpropF32)
