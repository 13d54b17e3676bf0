//go:build !purego

package amd64

// stridedF32 is what the routines for AVX-512 read: tiles of rows, one below the
// other, of one to three vectors of columns. Distances are in bytes.
type stridedF32 struct {
	y           *float32
	ldy         int
	a           *float32
	ra, ca      int
	b           *float32
	rb          int
	k           int
	rows, tiles int // each tile has so many rows
	mask        int // of the last vector's columns
	add         int // 1 if sums go on from y
}

// gemmF32StridedAVX512 is GemmF32.Strided.
func gemmF32StridedAVX512(y []float32, ldy int, a []float32, ra, ca int, b []float32, rb int, m, n, k int, add bool) {
	if m <= 0 || n <= 0 {
		return
	}
	needStrided(y, ldy, a, ra, ca, b, rb, m, n, k)
	if k <= 0 {
		startF32(y, ldy, m, n, add)
		return
	}
	t := stridedF32{y: &y[0], ldy: ldy * 4, a: &a[0], ra: ra * 4, ca: ca * 4, b: &b[0], rb: rb * 4}
	if add {
		t.add = 1
	}
	for parts := ceil(k, depthStridedF32); parts > 0; parts-- {
		if t.k > 0 {
			t.a, t.b, t.add = move(t.a, t.k*t.ca), move(t.b, t.k*t.rb), 1
		}
		t.k = k / parts
		k -= t.k
		rows := rowsStridedF32(t.k)
		for i := 0; i < m; i += rows {
			block := t
			block.y, block.a = move(t.y, i*t.ldy), move(t.a, i*t.ra)
			block.columns(min(rows, m-i), n)
		}
	}
}

// columns multiplies m rows by n columns, two or three vectors of them at a time.
func (t stridedF32) columns(m, n int) {
	vectors := ceil(n, columns)
	for j := 0; j < vectors; {
		width := min(3, vectors-j)
		if left := vectors - j; left == 4 || left == 2 {
			width = 2
		}
		now := t
		now.y, now.b = move(t.y, j*columns*4), move(t.b, j*columns*4)
		j += width
		now.mask = 1<<min(columns, n-(j-1)*columns) - 1
		now.multiply(width, m)
	}
}

// multiply divides m rows into tiles of about the same size.
func (t *stridedF32) multiply(width, m int) {
	tiles := ceil(m, tileRows[width])
	rows, more := m/tiles, m%tiles // more tiles have a row more
	atOnce := max(1, callF32/((rows+1)*width*columns*t.k))
	for tiles > 0 {
		t.rows, t.tiles = rows, min(tiles, atOnce)
		if more > 0 {
			t.rows, t.tiles = rows+1, min(more, atOnce)
			more -= t.tiles
		}
		tiles -= t.tiles
		switch width {
		case 3:
			gemmF32Stridedx3AVX512(t)
		case 2:
			gemmF32Stridedx2AVX512(t)
		default:
			gemmF32Stridedx1AVX512(t)
		}
	}
}

//go:noescape
func gemmF32Stridedx1AVX512(t *stridedF32)

//go:noescape
func gemmF32Stridedx2AVX512(t *stridedF32)

//go:noescape
func gemmF32Stridedx3AVX512(t *stridedF32)
