package ref

import "github.com/edgeinfer/edgeinfer/kernels"

// gemmF32 is GemmF32.Mul, a row by four columns at a time: an emulated
// multiply-add leaves no registers for more.
func gemmF32(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
	for j := 0; j < n; j += 4 {
		panel := b[j*k : (j+4)*k]
		init := [4]float32(bias[j:])
		for i := range m {
			s := chain4(a[i*lda:i*lda+k], panel, init)
			clampRow(y[i*ldy+j:i*ldy+min(j+4, n)], s[:], lo, hi)
		}
	}
}

// chain4 runs four chains of fused multiply-adds along a row.
func chain4(a, panel []float32, s [4]float32) [4]float32 {
	s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
	for _, x := range a {
		if len(panel) < 4 {
			break // never: tells the compiler the bounds
		}
		b0, b1, b2, b3 := panel[0], panel[1], panel[2], panel[3]
		panel = panel[4:]
		d0 := float64(x)*float64(b0) + float64(s0) // FMA32, as long as no sum is midway
		d1 := float64(x)*float64(b1) + float64(s1)
		d2 := float64(x)*float64(b2) + float64(s2)
		d3 := float64(x)*float64(b3) + float64(s3)
		if kernels.Midway(d0) || kernels.Midway(d1) || kernels.Midway(d2) || kernels.Midway(d3) {
			s0 = kernels.FMA32(x, b0, s0)
			s1 = kernels.FMA32(x, b1, s1)
			s2 = kernels.FMA32(x, b2, s2)
			s3 = kernels.FMA32(x, b3, s3)
			continue
		}
		s0, s1, s2, s3 = float32(d0), float32(d1), float32(d2), float32(d3)
	}
	return [4]float32{s0, s1, s2, s3}
}

// gemmF32Unfused is gemmF32 with products rounded, in tiles of 2 by 4.
func gemmF32Unfused(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
	for j := 0; j < n; j += 4 {
		panel := b[j*k : (j+4)*k]
		init := [4]float32(bias[j:])
		for i := 0; i < m; i += 2 {
			r := min(i+1, m-1) // a last odd row is computed twice
			s0, s1 := chain2x4(a[i*lda:i*lda+k], a[r*lda:r*lda+k], panel, init)
			clampRow(y[i*ldy+j:i*ldy+min(j+4, n)], s0[:], lo, hi)
			clampRow(y[r*ldy+j:r*ldy+min(j+4, n)], s1[:], lo, hi)
		}
	}
}

// chain2x4 runs four chains along each of two rows.
func chain2x4(a0, a1, panel []float32, s [4]float32) (_, _ [4]float32) {
	c00, c01, c02, c03 := s[0], s[1], s[2], s[3]
	c10, c11, c12, c13 := s[0], s[1], s[2], s[3]
	a1 = a1[:len(a0)]
	for l, x0 := range a0 {
		if len(panel) < 4 {
			break // never: tells the compiler the bounds
		}
		x1, b0, b1, b2, b3 := a1[l], panel[0], panel[1], panel[2], panel[3]
		panel = panel[4:]
		c00 += float32(x0 * b0)
		c01 += float32(x0 * b1)
		c02 += float32(x0 * b2)
		c03 += float32(x0 * b3)
		c10 += float32(x1 * b0)
		c11 += float32(x1 * b1)
		c12 += float32(x1 * b2)
		c13 += float32(x1 * b3)
	}
	return [4]float32{c00, c01, c02, c03}, [4]float32{c10, c11, c12, c13}
}

// clampRow stores the sums s as y.
func clampRow(y, s []float32, lo, hi float32) {
	for i := range y {
		y[i] = kernels.Clamp(s[i], lo, hi)
	}
}
