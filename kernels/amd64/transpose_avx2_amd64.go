//go:build !purego

package amd64

// block is the edge of the squares that the assembly transposes.
const block = 8

// callBlocks bounds the squares of one call of assembly, as callTaps does.
const callBlocks = 1 << 9

// transposeX4Slices is TransposeX4: in squares, and element by element at the
// edges.
func transposeX4Slices(y, x []int32, rows, cols, ldy, ldx int) {
	transposeBlocks(y, x, rows, cols, ldy, ldx, func(y, x *int32, blocks, ldy, ldx int) {
		transposeX4AVX2(y, x, blocks, 4*ldy, 4*ldx)
	})
}

// transposeX1Slices is TransposeX1, likewise.
func transposeX1Slices(y, x []int8, rows, cols, ldy, ldx int) {
	transposeBlocks(y, x, rows, cols, ldy, ldx, func(y, x *int8, blocks, ldy, ldx int) {
		transposeX1AVX2(y, x, blocks, ldy, ldx)
	})
}

// transposeBlocks calls squares with each run of squares side by side in eight
// rows of x.
func transposeBlocks[T int8 | int32](y, x []T, rows, cols, ldy, ldx int, squares func(y, x *T, blocks, ldy, ldx int)) {
	if rows <= 0 || cols <= 0 {
		return
	}
	need(len(y), (cols-1)*ldy+rows)
	need(len(x), (rows-1)*ldx+cols)
	whole := cols &^ (block - 1)
	i := 0
	for ; i+block <= rows; i += block {
		for j := 0; j < whole; {
			n := min(whole-j, callBlocks*block)
			squares(&y[j*ldy+i], &x[i*ldx+j], n/block, ldy, ldx)
			j += n
		}
	}
	transposeEdge(y, x, 0, i, whole, cols, ldy, ldx)
	switch rows - i {
	case 0:
	case 3:
		transposeThree(y[i:], x[i*ldx:], cols, ldy, ldx)
	default:
		transposeEdge(y, x, i, rows, 0, cols, ldy, ldx)
	}
}

// transposeEdge moves rows i0 to i1, columns j0 to j1.
func transposeEdge[T int8 | int32](y, x []T, i0, i1, j0, j1, ldy, ldx int) {
	if i0 == i1 {
		return
	}
	for j := j0; j < j1; j++ {
		to, from := y[j*ldy+i0:j*ldy+i1], x[i0*ldx+j:]
		for i := range to {
			to[i] = from[i*ldx]
		}
	}
}

// transposeThree moves three rows: the colours of an image.
func transposeThree[T int8 | int32](y, x []T, cols, ldy, ldx int) {
	a, b, c := x[:cols], x[ldx:][:cols], x[2*ldx:][:cols]
	for j, v := range a {
		to := y[j*ldy:][:3]
		to[0], to[1], to[2] = v, b[j], c[j]
	}
}

//go:noescape
func transposeX4AVX2(y, x *int32, blocks, ldy, ldx int)

//go:noescape
func transposeX1AVX2(y, x *int8, blocks, ldy, ldx int)
