package ref

import "github.com/edgeinfer/edgeinfer/kernels"

// gemmF32Strided is GemmF32.Strided, a row by four columns at a time.
func gemmF32Strided(y []float32, ldy int, a []float32, ra, ca int, b []float32, rb, m, n, k int, add bool) {
	strided(y, ldy, a, ra, ca, b, rb, m, n, k, add, stridedChain4, kernels.FMA32)
}

// gemmF32StridedUnfused is gemmF32Strided with products rounded.
func gemmF32StridedUnfused(y []float32, ldy int, a []float32, ra, ca int, b []float32, rb, m, n, k int, add bool) {
	strided(y, ldy, a, ra, ca, b, rb, m, n, k, add, stridedChain4Unfused, func(x, y, s float32) float32 { return s + float32(x*y) })
}

// strided runs four chains at a time by chain4, and those left by step.
func strided(
	y []float32, ldy int, a []float32, ra, ca int, b []float32, rb, m, n, k int, add bool,
	chain4 func(a []float32, ca int, b []float32, rb, k int, s [4]float32) [4]float32, step func(x, y, s float32) float32,
) {
	if min(ldy, ra, ca, rb) < 0 {
		panic("BUG: kernels: a negative stride")
	}
	if n == 0 {
		return
	}
	for i := range m {
		row := y[i*ldy : i*ldy+n]
		if !add {
			clear(row)
		}
		if k == 0 {
			continue
		}
		j := 0
		for ; j+4 <= n; j += 4 {
			s := chain4(a[i*ra:], ca, b[j:], rb, k, [4]float32(row[j:]))
			copy(row[j:], s[:])
		}
		for ; j < n; j++ {
			for l := range k {
				row[j] = step(a[i*ra+l*ca], b[l*rb+j], row[j])
			}
		}
	}
}

// stridedChain4 runs four chains of fused multiply-adds.
func stridedChain4(a []float32, ca int, b []float32, rb, k int, s [4]float32) [4]float32 {
	s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
	for l := range k {
		x, v := a[l*ca], b[l*rb:][:4:4]
		d0 := float64(x)*float64(v[0]) + float64(s0) // FMA32, as long as no sum is midway
		d1 := float64(x)*float64(v[1]) + float64(s1)
		d2 := float64(x)*float64(v[2]) + float64(s2)
		d3 := float64(x)*float64(v[3]) + float64(s3)
		if kernels.Midway(d0) || kernels.Midway(d1) || kernels.Midway(d2) || kernels.Midway(d3) {
			s0 = kernels.FMA32(x, v[0], s0)
			s1 = kernels.FMA32(x, v[1], s1)
			s2 = kernels.FMA32(x, v[2], s2)
			s3 = kernels.FMA32(x, v[3], s3)
			continue
		}
		s0, s1, s2, s3 = float32(d0), float32(d1), float32(d2), float32(d3)
	}
	return [4]float32{s0, s1, s2, s3}
}

// stridedChain4Unfused is stridedChain4 with products rounded.
func stridedChain4Unfused(a []float32, ca int, b []float32, rb, k int, s [4]float32) [4]float32 {
	s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
	for l := range k {
		x, v := a[l*ca], b[l*rb:][:4:4]
		s0 += float32(x * v[0])
		s1 += float32(x * v[1])
		s2 += float32(x * v[2])
		s3 += float32(x * v[3])
	}
	return [4]float32{s0, s1, s2, s3}
}
