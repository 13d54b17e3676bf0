package op_test

import (
	"fmt"
	"testing"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// TestBatchMatMulGrad has every way to store the sides, for one matrix, several,
// and sides that are broadcast.
func TestBatchMatMulGrad(t *testing.T) {
	const m, n, k = 5, 18, 7
	for adj := range 4 {
		adjX, adjY := adj&1 != 0, adj&2 != 0
		x, y := []int{m, k}, []int{k, n}
		if adjX {
			x = []int{k, m}
		}
		if adjY {
			y = []int{n, k}
		}
		for _, batch := range [][2][]int{{{}, {}}, {{3}, {3}}, {{2, 3}, {2, 3}}, {{2, 3}, {}}, {{}, {3}}, {{2, 1}, {1, 3}}, {{2, 2}, {1, 1}}, {{1, 2}, {3, 1, 2}}} {
			bx, by := batch[0], batch[1]
			xs, ys := append(append([]int{}, bx...), x...), append(append([]int{}, by...), y...)
			gradtest.Run(t, []gradtest.Case{{
				Name: fmt.Sprint(xs, ys, adjX, adjY),
				Op:   &op.BatchMatMul{AdjX: adjX, AdjY: adjY, Fused: true, To: op.To{DType: tensor.F32}},
				In:   []gradtest.Input{gradtest.Of(xs...), gradtest.Of(ys...)},
				F: func(in [][]float64) [][]float64 {
					return [][]float64{matmul64(in[0], in[1], bx, by, m, n, k, adjX, adjY)}
				},
			}})
		}
	}
}

// matmul64 multiplies broadcast matrices.
func matmul64(x, y []float64, bx, by []int, m, n, k int, adjX, adjY bool) (z []float64) {
	batch := make([]int, max(len(bx), len(by)))
	size := func(b []int, i int) int { // of dimension i of the product in b
		if i -= len(batch) - len(b); i >= 0 {
			return b[i]
		}
		return 1
	}
	total := 1
	for i := range batch {
		batch[i] = max(size(bx, i), size(by, i))
		total *= batch[i]
	}
	for b := range total {
		atX, atY, stepX, stepY := 0, 0, 1, 1
		for i, rest := len(batch)-1, b; i >= 0; i-- {
			p := rest % batch[i]
			rest /= batch[i]
			atX, atY = atX+p%size(bx, i)*stepX, atY+p%size(by, i)*stepY
			stepX, stepY = stepX*size(bx, i), stepY*size(by, i)
		}
		left, right := x[atX*m*k:], y[atY*k*n:]
		for e := range m * n {
			i, j, sum := e/n, e%n, 0.0
			for l := range k {
				u, v := left[(i*k+l)%(m*k)], right[l*n+j]
				if adjX {
					u = left[l*m+i]
				}
				if adjY {
					v = right[j*k+l]
				}
				sum += float64(u * v)
			}
			z = append(z, sum)
		}
	}
	return z
}
