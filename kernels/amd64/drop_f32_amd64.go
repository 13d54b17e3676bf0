//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// dropF32Slices returns DropF32. The assembly makes so many elements at a time, of
// blocks whose lower halves don't overflow; rest the others.
func dropF32Slices(rest kernels.DropF32, many func(y, x *float32, n int, block uint64, d *kernels.Drop), unit int) kernels.DropF32 {
	return func(y, x []float32, block uint64, d *kernels.Drop) {
		need(len(x), len(y))
		for len(y) >= unit && block&0xffffffff <= 1<<32-callUnary {
			n := min(len(y), callUnary) / unit * unit
			many(&y[0], &x[0], n, block, d)
			y, x, block = y[n:], x[n:], block+uint64(n/4)
		}
		rest(y, x, block, d)
	}
}

//go:noescape
func dropF32AVX2(y, x *float32, n int, block uint64, d *kernels.Drop)

//go:noescape
func dropF32AVX512(y, x *float32, n int, block uint64, d *kernels.Drop)
