//go:build !purego

package amd64

// lookupSlicesVBMI is Lookup. The assembly masks what is past the last byte.
func lookupSlicesVBMI(y, x []byte, t *[256]byte) {
	need(len(x), len(y))
	for len(y) > 0 {
		n := min(len(y), 16*callUnary)
		lookupVBMI(&y[0], &x[0], n, t)
		y, x = y[n:], x[n:]
	}
}

//go:noescape
func lookupVBMI(y, x *byte, n int, t *[256]byte)
