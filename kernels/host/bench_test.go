package host

import (
	"fmt"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// report adds the rate of a benchmark that does ops multiplications and
// additions (or, where there are none, outputs) per iteration.
func report(b *testing.B, ops int) {
	b.ReportMetric(float64(ops)*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gop/s")
}

func each(b *testing.B, name string, f func(b *testing.B, s kernels.Set)) {
	for _, s := range Sets() {
		b.Run(name+"/"+s.Name, func(b *testing.B) { f(b, s) })
	}
}

// requants returns plausible parameters: results spread over int8.
func requants(n int) *kernels.Requant {
	q := kernels.NewRequant(n)
	for j := range q.Mult {
		q.Mult[j], q.Right[j] = 1<<30+int32(j), 6
	}
	q.Lo, q.Hi = -128, 127
	return q
}

// scales is requants with scales.
func scales(n int) *kernels.Requant {
	q := kernels.NewScaled(n)
	for j := range q.Scale {
		q.Scale[j] = 1.0 / 128
	}
	q.Lo, q.Hi = -128, 127
	return q
}

func pattern(x []int8) []int8 {
	for i := range x {
		x[i] = int8(i*31 + i/7)
	}
	return x
}

func patternF32(x []float32) []float32 {
	for i := range x {
		x[i] = float32(i%17)*0.1 - 0.8
	}
	return x
}

// sizes are products of keyword spotting and CIFAR-10 networks, dense layers,
// the first and a late layer of a small MobileNet, and layers of a large one.
var sizes = [][3]int{
	{128, 64, 64}, {1024, 16, 144}, {125, 64, 64}, {1, 128, 784}, {1, 10, 64}, {64, 64, 576}, {2304, 8, 27}, {9, 256, 256},
	{3136, 32, 27}, {3136, 24, 144}, {784, 192, 32}, {196, 64, 384}, {196, 576, 96}, {49, 320, 960},
}

func BenchmarkGemmS8(b *testing.B) {
	for _, d := range sizes {
		m, n, k := d[0], d[1], d[2]
		each(b, fmt.Sprintf("%dx%dx%d", m, n, k), func(b *testing.B, s kernels.Set) {
			g := s.GemmS8
			depth := kernels.RoundUp(k, g.KR)
			a, y, q := pattern(make([]int8, m*depth)), make([]int8, m*n), requants(n)
			w := make([]int8, g.PackedS8Len(n, k))
			g.PackS8(w, pattern(make([]int8, n*k)), n, k)
			for b.Loop() {
				g.Mul(y, n, a, depth, w, m, n, k, q)
			}
			report(b, 2*m*n*k)
		})
		each(b, fmt.Sprintf("%dx%dx%dscaled", m, n, k), func(b *testing.B, s kernels.Set) {
			g := s.GemmS8
			depth := kernels.RoundUp(k, g.KR)
			a, y, q := pattern(make([]int8, m*depth)), make([]int8, m*n), scales(n)
			w := make([]int8, g.PackedS8Len(n, k))
			g.PackS8(w, pattern(make([]int8, n*k)), n, k)
			for b.Loop() {
				g.Mul(y, n, a, depth, w, m, n, k, q)
			}
			report(b, 2*m*n*k)
		})
	}
}

// sizesF32 are products of MobileNets and of a transformer.
var sizesF32 = [][3]int{{12544, 16, 32}, {3136, 24, 96}, {784, 256, 256}, {196, 512, 512}, {49, 1024, 1024}, {49, 320, 960}, {128, 384, 384}, {128, 1536, 384}, {128, 384, 1536}, {1, 1000, 1280}, {128, 128, 32}, {128, 32, 128}}

func BenchmarkGemmF32(b *testing.B) {
	for _, d := range append(sizesF32, sizes...) {
		m, n, k := d[0], d[1], d[2]
		each(b, fmt.Sprintf("%dx%dx%d", m, n, k), func(b *testing.B, s kernels.Set) {
			g := s.GemmF32
			a, y := patternF32(make([]float32, m*k)), make([]float32, m*n)
			w, bias := make([]float32, g.PackedF32Len(n, k)), make([]float32, kernels.RoundUp(n, g.NR))
			g.PackF32(w, patternF32(make([]float32, n*k)), n, k)
			for b.Loop() {
				g.Mul(y, n, a, k, w, bias, m, n, k, 0, 6)
			}
			report(b, 2*m*n*k)
		})
	}
}

// sizesTrained are products of a training step: forward, and the gradients of
// weights (k is the batch) and of inputs.
var sizesTrained = [][3]int{{32, 128, 784}, {784, 128, 32}, {32, 784, 128}, {32, 64, 128}, {128, 64, 32}, {32, 10, 64}, {64, 10, 32}, {128, 512, 512}, {64, 64, 32}, {64, 32, 64}, {1, 128, 784}}

// BenchmarkGemmF32Strided multiplies by rows of a, and by columns, where Mul has
// packed weights.
func BenchmarkGemmF32Strided(b *testing.B) {
	for _, d := range sizesTrained {
		m, n, k := d[0], d[1], d[2]
		name := fmt.Sprintf("%dx%dx%d", m, n, k)
		a, w := patternF32(make([]float32, m*k)), patternF32(make([]float32, n*k))
		y := make([]float32, m*n)
		each(b, name+"/mul", func(b *testing.B, s kernels.Set) {
			g := s.GemmF32
			packed, bias := make([]float32, g.PackedF32Len(n, k)), make([]float32, kernels.RoundUp(n, g.NR))
			g.PackF32(packed, w, n, k)
			for b.Loop() {
				g.Mul(y, n, a, k, packed, bias, m, n, k, 0, 6)
			}
			report(b, 2*m*n*k)
		})
		for _, v := range []struct {
			name   string
			ra, ca int
		}{{"rows", k, 1}, {"columns", 1, m}} {
			each(b, name+"/"+v.name, func(b *testing.B, s kernels.Set) {
				for b.Loop() {
					s.GemmF32.Strided(y, n, a, v.ra, v.ca, w, n, m, n, k, false)
				}
				report(b, 2*m*n*k)
			})
		}
	}
}

// taps3x3 are the taps of a 3×3 filter over an image of the given width.
func taps3x3(width, c int) []kernels.Tap {
	var taps []kernels.Tap
	for i := range 9 {
		taps = append(taps, kernels.Tap{X: int32((i/3*width + i%3) * c), W: int32(i * c)})
	}
	return taps
}

// BenchmarkDepthwise filters rows of an image of 26×26 pixels by 3×3.
func BenchmarkDepthwise(b *testing.B) {
	const width, n = 26, 24
	for _, c := range []int{8, 16, 24, 64, 144} {
		taps, size := taps3x3(width, c), width*width*c
		each(b, fmt.Sprintf("S8/%d", c), func(b *testing.B, s kernels.Set) {
			x, w, y, q := pattern(make([]int8, size)), pattern(make([]int8, 9*c)), make([]int8, n*c), requants(c)
			for b.Loop() {
				s.DepthwiseS8(y, x, w, taps, n, c, c, 3, q)
			}
			report(b, 2*9*n*c)
		})
		for step := 1; step <= 2; step++ {
			each(b, fmt.Sprintf("S8fixed/%d-%d", c, step), func(b *testing.B, s kernels.Set) {
				x, y := pattern(make([]int8, size)), make([]int8, n*c)
				run := s.FixDepthwiseS8(pattern(make([]int8, 9*c)), taps, step*c, c, 3, scales(c))
				for b.Loop() {
					run(y, x, n, 1, 0)
				}
				report(b, 2*9*n*c)
			})
		}
		each(b, fmt.Sprintf("F32/%d", c), func(b *testing.B, s kernels.Set) {
			x, w, y := patternF32(make([]float32, size)), patternF32(make([]float32, 9*c)), make([]float32, n*c)
			for b.Loop() {
				s.DepthwiseF32.Mul(y, x, w, w, taps, n, c, c, 0, 6)
			}
			report(b, 2*9*n*c)
		})
	}
}

func BenchmarkAddS8(b *testing.B) {
	each(b, "4096", func(b *testing.B, s kernels.Set) {
		x, y := pattern(make([]int8, 4096)), make([]int8, 4096)
		scale := kernels.Scale{Mult: 1 << 30, Right: 1}
		p := &kernels.AddS8{A: scale, B: scale, Out: kernels.Scale{Mult: 1 << 30, Right: 17}, Shift: 20, Lo: -128, Hi: 127}
		for b.Loop() {
			s.AddS8(y, x, x, p)
		}
		report(b, len(y))
	})
}
