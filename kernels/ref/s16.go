package ref

import "github.com/edgeinfer/edgeinfer/kernels"

// gemmS16Acc is GemmS16.Acc, in parts of so many values of k as an int32 can sum,
// and tiles of 2 rows by 4 columns.
func gemmS16Acc(c []int64, a []int16, lda int, b []int8, m, n, k int) {
	clear(c[:m*n])
	for from := 0; from < k; from += kernels.Products16 {
		d := min(kernels.Products16, k-from)
		for j := 0; j < n; j += 4 {
			panel := b[j*k+4*from:][:4*d]
			w := min(4, n-j)
			for i := 0; i < m; i += 2 {
				r := min(i+1, m-1) // a last odd row is computed twice, but added once
				s0, s1 := wide2x4(a[i*lda+from:][:d], a[r*lda+from:][:d], panel)
				for jj := range w {
					c[i*n+j+jj] += int64(s0[jj])
					if r > i {
						c[r*n+j+jj] += int64(s1[jj])
					}
				}
			}
		}
	}
}

// wide2x4 is dot2x4 for rows of int16, up to kernels.Products16 long.
func wide2x4(a0, a1 []int16, panel []int8) (s0, s1 [4]int32) {
	var c00, c01, c02, c03, c10, c11, c12, c13 int32
	a1 = a1[:len(a0)]
	for l, x := range a0 {
		if len(panel) < 4 {
			break // never: tells the compiler the bounds
		}
		x0, x1 := int32(x), int32(a1[l])
		b0, b1, b2, b3 := int32(panel[0]), int32(panel[1]), int32(panel[2]), int32(panel[3])
		panel = panel[4:]
		c00 += x0 * b0
		c01 += x0 * b1
		c02 += x0 * b2
		c03 += x0 * b3
		c10 += x1 * b0
		c11 += x1 * b1
		c12 += x1 * b2
		c13 += x1 * b3
	}
	return [4]int32{c00, c01, c02, c03}, [4]int32{c10, c11, c12, c13}
}

// depthwiseS16 is DepthwiseS16, a tap at a time.
func depthwiseS16(y []int64, x []int16, w []int8, taps []kernels.Tap, n, step, c int) {
	clear(y[:n*c])
	for i := range n {
		sums := y[i*c : (i+1)*c]
		for _, t := range taps {
			pixel, weights := x[i*step+int(t.X):][:len(sums)], w[t.W:][:len(sums)]
			for ch := range sums {
				sums[ch] += int64(int32(pixel[ch]) * int32(weights[ch]))
			}
		}
	}
}

// requantS64 is RequantS64.
func requantS64(y []int16, ldy int, c []int64, m, n int, q *kernels.RequantS16, j int) {
	for i := range m {
		if q.Left == nil {
			requantRowS64(y[i*ldy:][:n], c[i*n:], q, j)
		} else {
			requantRowSingle(y[i*ldy:][:n], c[i*n:], q, j)
		}
	}
}

func requantRowS64(y []int16, c []int64, q *kernels.RequantS16, j int) {
	c, bias, mult, right := c[:len(y)], q.Bias[j:][:len(y)], q.Mult[j:][:len(y)], q.Right[j:][:len(y)]
	for i, s := range c {
		shift := uint(right[i]) & 63
		r := int32(((s+bias[i])*int64(mult[i]) + 1<<(shift-1)) >> shift)
		y[i] = int16(min(max(r, q.Lo), q.Hi))
	}
}

func requantRowSingle(y []int16, c []int64, q *kernels.RequantS16, j int) {
	c, bias, mult := c[:len(y)], q.Bias[j:][:len(y)], q.Mult[j:][:len(y)]
	left, right := q.Left[j:][:len(y)], q.Right[j:][:len(y)]
	for i, s := range c {
		y[i] = int16(min(max(scale(int32(s+bias[i]), mult[i], left[i], right[i]), q.Lo), q.Hi))
	}
}
