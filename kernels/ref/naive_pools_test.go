package ref_test

import "github.com/edgeinfer/edgeinfer/kernels"

// naivePools are the formulas of kernels.Pools, one output at a time.
func naivePools() kernels.Pools {
	return kernels.Pools{
		MaxF32: func(y, x []float32, taps []int32, n, step, c int) {
			for i := range n * c {
				y[i] = kernels.LeastF32
				for _, t := range taps {
					y[i] = kernels.BinaryMax.Of(x[i/c*step+int(t)+i%c], y[i])
				}
			}
		},
		MaxGradF32: func(dx, x, y, dy []float32, taps []int32, n, step, c int) {
			for i := range n * c {
				left := dy[i]
				for _, t := range taps {
					at := i/c*step + int(t) + i%c
					if take := x[at] == y[i] || x[at] != x[at] && y[i] != y[i]; take {
						dx[at] += left
						left = 0
					} else {
						dx[at] += 0
					}
				}
			}
		},
	}
}
