//go:build !purego

package amd64

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// tilesF32 is what the routines for AVX-512 read: tiles of rows, one below the
// other, of one to three panels. Distances are in bytes.
type tilesF32 struct {
	y           *float32
	ldy         int
	a           *float32
	lda         int
	b           *float32
	panel       int // from one panel to the next
	bias        *float32
	run, runs   int // a row's values: so many runs of so many
	skip        int // from the end of a run to the next
	rows, tiles int // each tile has so many rows
	mask        int // of the last panel's columns
	lo, hi      float32
}

// rowsAVX512 divides into tiles of 8 rows and of 12.
const rowsAVX512 = 24

const (
	depthTilesF32 = 1 << 13   // k beyond which rows are left to AVX2, which stops on the way
	callF32       = 1 << 20   // multiply-adds of one call of assembly: some ten microseconds
	blockF32      = 24 << 10  // bytes of rows that stay in the first cache,
	blockWideF32  = 192 << 10 // or in half of the second, where the panels don't fit it
	blockRowsF32  = 48
	depthWideF32  = 1 << 10 // k beyond which three panels take too much of the second cache
)

// tileRows is how many rows of so many panels have their sums in registers.
var tileRows = [...]int{1: 16, 2: 12, 3: 8}

func gemmF32MulAVX512(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
	if k <= 0 || k > depthTilesF32 {
		gemmF32MulAVX2(y, ldy, a, lda, b, bias, m, n, k, lo, hi)
		return
	}
	linesF32(y, ldy, a, lda, k, 0, b, bias, m, n, k, lo, hi, false)
}

func gemmF32RoundedAVX512(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32) {
	if k <= 0 || k > depthTilesF32 {
		gemmF32RoundedAVX2(y, ldy, a, lda, b, bias, m, n, k, lo, hi)
		return
	}
	linesF32(y, ldy, a, lda, k, 0, b, bias, m, n, k, lo, hi, true)
}

func gemmF32LinesAVX512(y []float32, ldy int, a []float32, lda, run, line int, b, bias []float32, m, n, k int, lo, hi float32) {
	linesF32(y, ldy, a, lda, run, line, b, bias, m, n, k, lo, hi, false)
}

func gemmF32RoundedLinesAVX512(y []float32, ldy int, a []float32, lda, run, line int, b, bias []float32, m, n, k int, lo, hi float32) {
	linesF32(y, ldy, a, lda, run, line, b, bias, m, n, k, lo, hi, true)
}

func linesF32(y []float32, ldy int, a []float32, lda, run, line int, b, bias []float32, m, n, k int, lo, hi float32, rounded bool) {
	if m <= 0 || n <= 0 {
		return
	}
	if run <= 0 || k < run || k%run != 0 || line < 0 {
		panic("BUG: kernels: rows of no whole lines")
	}
	needF32(y, ldy, a, lda, k/run*line-line+run, b, bias, m, n, k)
	p := productF32{m: m, n: n, k: k, t: tilesF32{
		y: &y[0], ldy: ldy * 4, a: &a[0], lda: lda * 4, b: &b[0], panel: k * columns * 4, bias: &bias[0],
		run: run, runs: k / run, skip: (line - run) * 4, lo: lo, hi: hi,
	}}
	p.multiply(rounded)
}

// needF32 checks operands; a row reaches over so many values.
func needF32(y []float32, ldy int, a []float32, lda, reach int, b, bias []float32, m, n, k int) {
	padded := kernels.RoundUp(n, columns)
	need(len(y), (m-1)*ldy+n)
	need(len(a), (m-1)*lda+reach)
	need(len(b), padded*k)
	need(len(bias), padded)
}

// productF32 is one product; t is where its rows and columns begin.
type productF32 struct {
	m, n, k int
	t       tilesF32
}

// multiply cuts the rows into blocks that stay in a cache while the panels, two
// or three at a time, pass over them.
func (p *productF32) multiply(rounded bool) {
	if p.m == 1 && p.t.runs == 1 {
		p.row(rounded)
		return
	}
	size := blockF32
	if p.n*p.k*4 > blockWideF32 {
		size = blockWideF32
	}
	blocks := ceil(p.m, max(blockRowsF32, size/(4*p.k)))
	for i := range blocks {
		lo, hi := p.m*i/blocks, p.m*(i+1)/blocks
		p.block(lo, hi-lo, rounded)
	}
}

// block multiplies m rows from row i on by all panels.
func (p *productF32) block(i, m int, rounded bool) {
	panels := ceil(p.n, columns)
	for j := 0; j < panels; {
		width := min(3, panels-j)
		if left := panels - j; left == 4 || left == 2 || p.k > depthWideF32 && left > 1 {
			width = 2
		}
		t := p.at(i, j, width)
		tiles := ceil(m, tileRows[width])
		rows, more := m/tiles, m%tiles // more tiles have a row more
		atOnce := max(1, callF32/((rows+1)*width*columns*p.k))
		for tiles > 0 {
			t.rows, t.tiles = rows, min(tiles, atOnce)
			if more > 0 {
				t.rows, t.tiles = rows+1, min(more, atOnce)
				more -= t.tiles
			}
			tiles -= t.tiles
			callTiles(width, rounded, &t)
		}
		j += width
	}
}

// at returns the tiles from row i and panel j on, as many panels wide.
func (p *productF32) at(i, j, width int) tilesF32 {
	t := p.t
	t.y = move(t.y, i*t.ldy+j*columns*4)
	t.a = move(t.a, i*t.lda)
	t.b = move(t.b, j*t.panel)
	t.bias = move(t.bias, j*columns*4)
	t.mask = 1<<min(columns, p.n-(j+width-1)*columns) - 1
	return t
}

// row multiplies one row, by eight panels at a time, or four.
func (p *productF32) row(rounded bool) {
	panels := ceil(p.n, columns)
	for j := 0; j < panels; {
		left := panels - j
		width := min(3, left)
		if left >= 8 {
			width = 8
		} else if left >= 4 {
			width = 4
		}
		t := p.at(0, j, width)
		if t.rows, t.tiles = 1, 1; width > 3 {
			callRow(width, rounded, &t)
		} else {
			callTiles(width, rounded, &t)
		}
		j += width
	}
}

func ceil(n, m int) int { return (n + m - 1) / m }

// move returns the address n bytes on.
func move(p *float32, n int) *float32 { return (*float32)(unsafe.Add(unsafe.Pointer(p), n)) }

func callTiles(panels int, rounded bool, t *tilesF32) {
	switch {
	case panels == 3 && rounded:
		gemmF32Roundedx3AVX512(t)
	case panels == 3:
		gemmF32x3AVX512(t)
	case panels == 2 && rounded:
		gemmF32Roundedx2AVX512(t)
	case panels == 2:
		gemmF32x2AVX512(t)
	case rounded:
		gemmF32Roundedx1AVX512(t)
	default:
		gemmF32x1AVX512(t)
	}
}

func callRow(panels int, rounded bool, t *tilesF32) {
	switch {
	case panels == 8 && rounded:
		gemmF32RoundedRow8AVX512(t)
	case panels == 8:
		gemmF32Row8AVX512(t)
	case rounded:
		gemmF32RoundedRow4AVX512(t)
	default:
		gemmF32Row4AVX512(t)
	}
}

//go:noescape
func gemmF32x1AVX512(t *tilesF32)

//go:noescape
func gemmF32x2AVX512(t *tilesF32)

//go:noescape
func gemmF32x3AVX512(t *tilesF32)

//go:noescape
func gemmF32Row4AVX512(t *tilesF32)

//go:noescape
func gemmF32Row8AVX512(t *tilesF32)

//go:noescape
func gemmF32Roundedx1AVX512(t *tilesF32)

//go:noescape
func gemmF32Roundedx2AVX512(t *tilesF32)

//go:noescape
func gemmF32Roundedx3AVX512(t *tilesF32)

//go:noescape
func gemmF32RoundedRow4AVX512(t *tilesF32)

//go:noescape
func gemmF32RoundedRow8AVX512(t *tilesF32)
