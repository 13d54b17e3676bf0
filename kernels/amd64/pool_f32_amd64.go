//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// poolF32 is what the routines read: n outputs of c channels, count taps; step in
// bytes.
type poolF32 struct {
	y, x, dy, dx *float32
	taps         *int32
	count, c     int
	n, step      int
}

var (
	poolsAVX2 = kernels.Pools{
		MaxF32: func(y, x []float32, taps []int32, n, step, c int) {
			for at, some := 0, 0; at < n && c > 0; at += some {
				some = poolRun(n-at, taps, c)
				if p := maxPool(y, x, taps, at, some, step, c); p.count > 0 {
					maxPoolF32AVX2(&p)
				}
			}
		},
		MaxGradF32: func(dx, x, y, dy []float32, taps []int32, n, step, c int) {
			for at, some := 0, 0; at < n && c > 0 && len(taps) > 0; at += some {
				some = poolRun(n-at, taps, c)
				p := maxPoolGrad(dx, x, y, dy, taps, at, some, step, c)
				maxPoolGradF32AVX2(&p)
			}
		},
	}
	poolsAVX512 = kernels.Pools{
		MaxF32: func(y, x []float32, taps []int32, n, step, c int) {
			for at, some := 0, 0; at < n && c > 0; at += some {
				some = poolRun(n-at, taps, c)
				if p := maxPool(y, x, taps, at, some, step, c); p.count > 0 {
					maxPoolF32AVX512(&p)
				}
			}
		},
		MaxGradF32: func(dx, x, y, dy []float32, taps []int32, n, step, c int) {
			for at, some := 0, 0; at < n && c > 0 && len(taps) > 0; at += some {
				some = poolRun(n-at, taps, c)
				p := maxPoolGrad(dx, x, y, dy, taps, at, some, step, c)
				maxPoolGradF32AVX512(&p)
			}
		},
	}
)

// poolRun returns how many of n outputs a call of assembly takes.
func poolRun(n int, taps []int32, c int) int {
	return min(n, max(1, callTaps*8/(len(taps)+1)/kernels.RoundUp(c, 8)))
}

// maxPool returns the arguments of n outputs from output number at on. Without taps
// the outputs are there already.
func maxPool(y, x []float32, taps []int32, at, n, step, c int) poolF32 {
	need(len(y), (at+n)*c)
	if len(taps) == 0 {
		for i := range y[at*c : (at+n)*c] {
			y[at*c+i] = kernels.LeastF32
		}
		return poolF32{}
	}
	needPool(len(x), taps, at, n, step, c)
	return poolF32{y: &y[at*c], x: &x[at*step], taps: &taps[0], count: len(taps), c: c, n: n, step: 4 * step}
}

// maxPoolGrad is maxPool for the gradient.
func maxPoolGrad(dx, x, y, dy []float32, taps []int32, at, n, step, c int) poolF32 {
	need(min(len(y), len(dy)), (at+n)*c)
	needPool(min(len(x), len(dx)), taps, at, n, step, c)
	return poolF32{y: &y[at*c], x: &x[at*step], dy: &dy[at*c], dx: &dx[at*step], taps: &taps[0], count: len(taps), c: c, n: n, step: 4 * step}
}

// needPool panics if a tap reaches beyond the x elements that there are.
func needPool(x int, taps []int32, at, n, step, c int) {
	for _, t := range taps {
		if t < 0 || step < 0 {
			panic("BUG: kernels: a tap lies before the image")
		}
		need(x, int(t)+(at+n-1)*step+c)
	}
}

//go:noescape
func maxPoolF32AVX2(p *poolF32)

//go:noescape
func maxPoolGradF32AVX2(p *poolF32)

//go:noescape
func maxPoolF32AVX512(p *poolF32)

//go:noescape
func maxPoolGradF32AVX512(p *poolF32)
