package ref

// peakDepth is how deep the products are that stand in for a peak: Go code has
// no multiply-adds but those of its loops.
const peakDepth = 64

// ones are numbers on which no path is slow.
func ones() (a, panel [4 * peakDepth]float32) {
	for i := range a {
		a[i], panel[i] = 1, 1
	}
	return a, panel
}

func peakF32(n int) int {
	a, panel := ones()
	for range n {
		panel[0] = chain4(a[:peakDepth], panel[:], [4]float32{})[0]
	}
	return n * 4 * peakDepth
}

func peakUnfused(n int) int {
	a, panel := ones()
	for range n {
		s, _ := chain2x4(a[:peakDepth], a[:peakDepth], panel[:], [4]float32{})
		panel[0] = s[0]
	}
	return n * 8 * peakDepth
}

func peakS8(n int) int {
	var a, panel [4 * peakDepth]int8
	for range n {
		s, _ := dot2x4(a[:peakDepth], a[:peakDepth], panel[:])
		panel[0] = int8(s[0])
	}
	return n * 8 * peakDepth
}
