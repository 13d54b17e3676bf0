package ref

// gemmF32Rounded is GemmF32.Rounded, in tiles of 2 by 4.
func gemmF32Rounded(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
	for j := 0; j < n; j += 4 {
		panel, add := b[j*k:(j+4)*k], [4]float32(bias[j:])
		for i := 0; i < m; i += 2 {
			r := min(i+1, m-1) // a last odd row is computed twice
			s0, s1 := chain2x4(a[i*lda:i*lda+k], a[r*lda:r*lda+k], panel, [4]float32{})
			for c := range add {
				s0[c] += add[c]
				s1[c] += add[c]
			}
			clampRow(y[i*ldy+j:i*ldy+min(j+4, n)], s0[:], lo, hi)
			clampRow(y[r*ldy+j:r*ldy+min(j+4, n)], s1[:], lo, hi)
		}
	}
}
