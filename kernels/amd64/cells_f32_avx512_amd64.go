//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// cellF32 is what the routines read: count elements of vectors, whose gates lie
// step bytes apart. r is for the forward step, dgates, dh and dc for the gradient.
type cellF32 struct {
	gates, r, dgates *float32
	step             int
	h, c, was        *float32
	dh, dc           *float32
	count            int
	table            *elementaryTable
}

// cellsAVX512 returns Cells of rows, but for LSTMs.
func cellsAVX512(r kernels.Rows) kernels.Cells {
	c := kernels.CellsOf(r)
	c.LSTMF32, c.LSTMGradF32 = lstmF32Slices512, lstmGradF32Slices512
	return c
}

// lstmF32Slices512 is Cells.LSTMF32. The assembly masks what is past the last
// element.
func lstmF32Slices512(h, c, gates, r, was []float32) {
	n := len(h)
	need(min(len(gates), len(r)), 4*n)
	need(min(len(c), len(was)), n)
	for at := 0; at < n; at += callUnary {
		lstmF32AVX512(&cellF32{gates: &gates[at], r: &r[at], step: 4 * n, h: &h[at], c: &c[at], was: &was[at], count: min(n-at, callUnary), table: elementary})
	}
}

// lstmGradF32Slices512 is Cells.LSTMGradF32.
func lstmGradF32Slices512(dgates, dc, dh, gates, c, was []float32) {
	n := len(dh)
	need(min(len(gates), len(dgates)), 4*n)
	need(min(len(c), len(was), len(dc)), n)
	for at := 0; at < n; at += callUnary {
		lstmGradF32AVX512(&cellF32{gates: &gates[at], dgates: &dgates[at], step: 4 * n, c: &c[at], was: &was[at], dh: &dh[at], dc: &dc[at], count: min(n-at, callUnary), table: elementary})
	}
}

//go:noescape
func lstmF32AVX512(p *cellF32)

//go:noescape
func lstmGradF32AVX512(p *cellF32)
