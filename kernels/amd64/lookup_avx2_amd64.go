//go:build !purego

package amd64

// lookupSlices is Lookup. The last bytes, fewer than 64, are looked up one by
// one.
func lookupSlices(y, x []byte, t *[256]byte) {
	need(len(x), len(y))
	if n := len(y) &^ 63; n > 0 {
		var steps [16][32]byte
		lookupSteps(&steps, t)
		for n > 0 {
			part := min(n, 4*callUnary)
			lookupAVX2(&y[0], &x[0], part/64, &steps)
			y, x, n = y[part:], x[part:], n-part
		}
	}
	for i, b := range x[:len(y)] {
		y[i] = t[b]
	}
}

// lookupSteps cuts t in sixteen parts of sixteen bytes, each written twice, and
// takes each, but the first of either half, exclusive-or its predecessor: of
// the parts up to the one where an element lies, that one is left.
func lookupSteps(steps *[16][32]byte, t *[256]byte) {
	for i := range steps {
		for j := range 16 {
			v := t[16*i+j]
			if i%8 != 0 {
				v ^= t[16*i+j-16]
			}
			steps[i][j], steps[i][j+16] = v, v
		}
	}
}

//go:noescape
func lookupAVX2(y, x *byte, sixtyfours int, steps *[16][32]byte)
