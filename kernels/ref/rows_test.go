package ref_test

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// naiveRows returns the formulas of kernels.Rows.
func naiveRows() kernels.Rows {
	return kernels.Rows{
		BinaryF32: naiveBinary,
		UnaryF32: func(f kernels.UnaryFn, y, x []float32, a float32) {
			for i := range y {
				y[i] = f.Of(x[i], a)
			}
		},
		ReduceF32: naiveReduce,
		ExpSumF32: func(y, x []float32, top, beta float32) float32 {
			for i := range y {
				d := float32(x[i] - top)
				y[i] = kernels.Exp(float32(d * beta))
			}
			return naiveReduce(kernels.ReduceSum, y, 0)
		},
		NormF32: func(y, x []float32, mean, factor float32, scale, bias []float32) {
			for i := range y {
				v := float32(float32(x[i]-mean) * factor)
				if scale != nil {
					v = float32(v * scale[i])
				}
				if bias != nil {
					v += bias[i]
				}
				y[i] = v
			}
		},
		UnaryGradF32: func(f kernels.UnaryGradFn, dx, v, dy []float32, a, b float32) {
			for i := range dx {
				dx[i] = f.Of(v[i], dy[i], a, b)
			}
		},
		ColumnsF32: func(f kernels.ColumnFn, y, x, d, c []float32, rows, ld int) {
			for j := range y {
				for i := range rows {
					v := x[i*ld+j]
					if f > kernels.ColumnSum {
						v -= c[j]
					}
					by := map[kernels.ColumnFn]float32{kernels.ColumnSum: 1, kernels.ColumnSquares: v}[f]
					if f == kernels.ColumnProducts {
						by = d[i*ld+j]
					}
					y[j] += float32(by * v)
				}
			}
		},
		DropF32: func(y, x []float32, block uint64, d *kernels.Drop) {
			for i := range y {
				b := block + uint64(i/4)
				v := x[i] * d.Scale
				if kernels.Philox4x32([4]uint32{uint32(b), uint32(b >> 32), d.Step, d.High}, d.Key)[i%4] < d.Least {
					v = 0
				}
				y[i] = v
			}
		},
		QuantF32: func(y []byte, x []float32, q *kernels.QuantF32) {
			for i := range y {
				v := float32(x[i]/q.Scale) + q.Shift
				r := math.RoundToEven(float64(v)) + float64(q.Zero)
				if v != v {
					r = float64(q.Lo)
				}
				y[i] = byte(int32(max(float64(q.Lo), min(float64(q.Hi), r))))
			}
		},
		DequantX8: func(y []float32, x []byte, signed bool, zero int32, scale float32) {
			for i := range y {
				v := int32(x[i])
				if signed && v > 127 {
					v -= 256
				}
				y[i] = float32(v-zero) * scale
			}
		},
		SubS8: func(y, a, b []int8, p *kernels.AddS8) {
			for i := range y {
				s := naiveScale((int32(a[i])-p.ZeroA)<<uint(p.Shift), p.A) - naiveScale((int32(b[i])-p.ZeroB)<<uint(p.Shift), p.B)
				y[i] = int8(max(p.Lo, min(p.Hi, naiveScale(s, p.Out)+p.Zero)))
			}
		},
		MulS8: func(y, a, b []int8, p *kernels.MulS8) {
			for i := range y {
				product := (int32(a[i]) - p.ZeroA) * (int32(b[i]) - p.ZeroB)
				y[i] = int8(max(p.Lo, min(p.Hi, naiveScale(product, p.Out)+p.Zero)))
			}
		},
		MaxS8: func(y, a, b []int8) {
			for i := range y {
				y[i] = max(a[i], b[i])
			}
		},
		SumS8: func(c []int32, x []int8) {
			for i := range x {
				c[i] += int32(x[i])
			}
		},
		TransposeX4: naiveTranspose[int32],
		TransposeX1: naiveTranspose[int8],
	}
}

func naiveBinary(f kernels.BinaryFn, y, a, b []float32, lo, hi float32) {
	of := []func(a, b float64) float64{ // sums, products and quotients of float32 rounded to float64 first are right
		func(a, b float64) float64 { return a + b },
		func(a, b float64) float64 { return a - b },
		func(a, b float64) float64 { return a * b },
		func(a, b float64) float64 { return a / b },
		func(a, b float64) float64 {
			if a > b || a != a {
				return a
			}
			return b
		},
		func(a, b float64) float64 {
			if a < b || a != a {
				return a
			}
			return b
		},
	}[f]
	result := make([]float32, len(y))
	for i := range y {
		result[i] = kernels.Clamp(float32(of(float64(a[i%len(a)]), float64(b[i%len(b)]))), lo, hi)
	}
	copy(y, result)
}

func naiveReduce(f kernels.ReduceFn, x []float32, c float32) float32 {
	first := [...]float32{0, 0, float32(math.Inf(-1)), float32(math.Inf(1))}[f]
	step := func(s, v float32) float32 {
		switch {
		case f == kernels.ReduceSum, f == kernels.ReduceSquares:
			return s + v
		case v != v, f == kernels.ReduceMax && v > s, f == kernels.ReduceMin && v < s:
			return v
		}
		return s
	}
	lanes := make([]float32, kernels.Lanes)
	for l := range lanes {
		lanes[l] = first
	}
	for i, v := range x {
		if f == kernels.ReduceSquares {
			d := float32(v - c)
			v = float32(d * d)
		}
		lanes[i%kernels.Lanes] = step(lanes[i%kernels.Lanes], v)
	}
	for n := len(lanes) / 2; n > 0; n /= 2 {
		for l := range n {
			lanes[l] = step(lanes[l], lanes[l+n])
		}
	}
	return lanes[0]
}

func naiveTranspose[T int8 | int32](y, x []T, rows, cols, ldy, ldx int) {
	for i := range rows {
		for j := range cols {
			y[j*ldy+i] = x[i*ldx+j]
		}
	}
	if rows > 0 && cols > 0 {
		_, _ = x[(rows-1)*ldx+cols-1], y[(cols-1)*ldy+rows-1]
	}
}
