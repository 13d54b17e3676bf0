package ref

import "github.com/edgeinfer/edgeinfer/kernels"

// gemmS8Acc is GemmS8.Acc in tiles of 2 rows by 4 columns.
func gemmS8Acc(c []int32, a []int8, lda int, b []int8, bias []int32, m, n, k int) {
	for j := 0; j < n; j += 4 {
		panel := b[j*k : (j+4)*k]
		w := min(4, n-j)
		for i := 0; i < m; i += 2 {
			r := min(i+1, m-1) // a last odd row is computed twice
			s0, s1 := dot2x4(a[i*lda:i*lda+k], a[r*lda:r*lda+k], panel)
			for jj := range w {
				c[i*n+j+jj] = s0[jj] + bias[j+jj]
				c[r*n+j+jj] = s1[jj] + bias[j+jj]
			}
		}
	}
}

// gemmS8Mul is GemmS8.Mul in tiles of 2 rows by 4 columns.
func gemmS8Mul(y []int8, ldy int, a []int8, lda int, b []int8, m, n, k int, q *kernels.Requant) {
	for j := 0; j < n; j += 4 {
		panel := b[j*k : (j+4)*k]
		w := min(4, n-j)
		for i := 0; i < m; i += 2 {
			r := min(i+1, m-1)
			s0, s1 := dot2x4(a[i*lda:i*lda+k], a[r*lda:r*lda+k], panel)
			requantRow(y[i*ldy+j:i*ldy+j+w], s0[:], q, j)
			requantRow(y[r*ldy+j:r*ldy+j+w], s1[:], q, j)
		}
	}
}

// dot2x4 multiplies two rows by a panel of four columns.
func dot2x4(a0, a1, panel []int8) (s0, s1 [4]int32) {
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

// requantRow stores the sums s as y, the columns from j on.
func requantRow(y []int8, s []int32, q *kernels.Requant, j int) {
	if q.Scale != nil {
		for i, b := range q.Bias[j:][:len(y)] {
			y[i] = q.Scaled(s[i]+b, j+i)
		}
		return
	}
	bias, mult, left, right := q.Bias[j:], q.Mult[j:], q.Left[j:], q.Right[j:]
	for i := range y {
		y[i] = clampS8(scale(s[i]+bias[i], mult[i], left[i], right[i])+q.Zero, q.Lo, q.Hi)
	}
}
