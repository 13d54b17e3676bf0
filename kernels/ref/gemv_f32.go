package ref

// gemvF32 is GemmF32.Gemv. It is the same in every tier and on every CPU: its
// conversions keep Go from fusing.
func gemvF32(y, a, b, bias []float32, n, k int, lo, hi float32) {
	a = a[:k]
	for j := 0; j < n; j += 4 {
		s, panel := [4]float32{}, b[j*k:(j+4)*k]
		for _, x := range a {
			if len(panel) < 4 {
				break // never: tells the compiler the bounds
			}
			s[0] += float32(x * panel[0])
			s[1] += float32(x * panel[1])
			s[2] += float32(x * panel[2])
			s[3] += float32(x * panel[3])
			panel = panel[4:]
		}
		for i := range s {
			s[i] += bias[j+i]
		}
		clampRow(y[j:min(j+4, n)], s[:], lo, hi)
	}
}
