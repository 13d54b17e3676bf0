package op

import (
	"slices"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// stridedMatmul multiplies matrices that the model computes, by
// GemmF32.Strided, as they lie. Only a right side that is stored transposed is
// turned, some columns at a time; or else the product is made transposed, of
// the left side turned, and turned then. Which takes less is known beforehand.
type stridedMatmul struct {
	matmul
	x, y, z places
	set     *kernels.Set
	flipped bool // the product is made transposed
	block   int  // columns of the right side that are turned at a time, where it is
	lo, hi  float32
	clamps  bool
}

// places says where matrices lie: how far each stored row is from the last, and
// each matrix along the leading dimensions of the output.
type places struct {
	row   int
	batch []int
}

const (
	turnedBytes = 128 << 10 // of a right side, turned: half of a second cache
	turnWork    = 32        // multiply-adds in the time that it takes to turn an element
	stridedRows = 8         // rows and columns by which workers share a product
	stridedCols = 16
	rowsBytes   = 128 << 10 // of the output, between a bias, the products and a clamp
)

// newStridedMatmul multiplies matrices without gaps.
func newStridedMatmul(m matmul, set *kernels.Set, bias bool, b Bounds) *stridedMatmul {
	x, y, z := places{row: m.k}, places{row: m.n}, places{m.n, batchStrides(append(slices.Clone(m.batch), 1, 1), len(m.batch)+2)}
	if m.adjX {
		x.row = m.m
	}
	if m.adjY {
		y.row = m.k
	}
	for i := range m.batch {
		x.batch, y.batch = append(x.batch, m.xs[i]*m.m*m.k), append(y.batch, m.ys[i]*m.k*m.n)
		z.batch[i] *= m.m * m.n
	}
	return newPlacedMatmul(m, x, y, z, set, bias, b)
}

func newPlacedMatmul(m matmul, x, y, z places, set *kernels.Set, bias bool, b Bounds) *stridedMatmul {
	s := &stridedMatmul{matmul: m, x: x, y: y, z: z, set: set}
	s.lo, s.hi = b.floats()
	s.clamps = s.lo != infs[0] || s.hi != infs[1]
	if !s.adjY {
		return s
	}
	turn, flip := int64(m.n)*int64(m.k), int64(m.m)*int64(m.n)
	if !m.adjX {
		flip += int64(m.m) * int64(m.k)
	}
	waste := int64(kernels.RoundUp(m.m, stridedCols)-m.m) * int64(m.n) * int64(m.k)
	s.flipped = !bias && flip*turnWork+waste < turn*turnWork
	wide := max(m.k, 1) // values of a column, or of one that is made flipped
	if s.flipped {
		wide = m.m
	}
	s.block = min(m.n, max(3*stridedCols, turnedBytes/4/wide/(3*stridedCols)*3*stridedCols))
	return s
}

// perWorker is the number of values that a worker needs room for.
func (s *stridedMatmul) perWorker() int {
	switch {
	case !s.adjY:
		return 0
	case !s.flipped:
		return s.block * s.k
	case s.adjX:
		return s.block * s.m
	}
	return s.block*s.m + s.m*s.k
}

// step returns a step that computes z = x·y, from bias on if there is one. Each
// worker takes matrices, or rows or columns of each.
func (s *stridedMatmul) step(mem *Mem, bias []float32) Step {
	x, y, z := mem.In[0].F32(), mem.In[1].F32(), mem.Out[0].F32()
	count := s.count()
	threads := int(min(int64(mem.Env.Workers.Len()), 1+int64(count)*int64(s.m)*int64(s.n)*int64(s.k)/threadWork))
	parts := 1
	if count%threads != 0 && count < 4*threads {
		parts = threads
	}
	return onWorkers(mem.Env.Workers, threads, func(w int) {
		scratch := tensor.Cast[float32](mem.worker(w))
		for cell, end := Share(count*parts, w, threads, 1); cell < end; cell++ {
			b := cell / parts
			one := matmulF32{y: z[s.place(s.z, b):], bias: bias, left: from(x, s.place(s.x, b)), right: from(y, s.place(s.y, b))}
			s.part(&one, cell%parts, parts, scratch)
		}
	})
}

// place is where the matrix begins that the output's matrix b is made of, or in.
func (s *stridedMatmul) place(p places, b int) (at int) {
	for i := len(s.batch) - 1; i >= 0; i-- {
		at += b % s.batch[i] * p.batch[i]
		b /= s.batch[i]
	}
	return at
}

// part computes part p of a product.
func (s *stridedMatmul) part(one *matmulF32, p, parts int, scratch []float32) {
	if !s.adjY && s.m >= s.n {
		if lo, hi := Share(s.m, p, parts, stridedRows); lo < hi {
			s.direct(one, one.right, s.y.row, lo, hi, 0, s.n)
		}
		return
	}
	lo, hi := Share(s.n, p, parts, stridedCols)
	switch {
	case lo >= hi:
	case !s.adjY:
		s.direct(one, from(one.right, lo), s.y.row, 0, s.m, lo, hi)
	case s.flipped:
		s.flip(one, lo, hi, scratch)
	default:
		for ; lo < hi; lo += s.block {
			to := min(lo+s.block, hi)
			turn(s.set, scratch, from(one.right, lo*s.y.row), to-lo, s.k, to-lo, s.y.row)
			s.direct(one, scratch, to-lo, 0, s.m, lo, to)
		}
	}
}

// direct computes rows i0 to i1 and columns j0 to j1, of which right has the
// first at its start, and rows of rb values.
func (s *stridedMatmul) direct(one *matmulF32, right []float32, rb, i0, i1, j0, j1 int) {
	ra, ca := s.x.row, 1
	if s.adjX {
		ra, ca = 1, s.x.row
	}
	block := i1 - i0
	if one.bias != nil || s.clamps {
		block = max(6*stridedRows, rowsBytes/4/(j1-j0))
	}
	for i := i0; i < i1; i += block {
		rows := min(block, i1-i)
		y := one.y[i*s.z.row+j0 : (i+rows-1)*s.z.row+j1]
		if one.bias != nil {
			s.start(y, one.bias[j0:j1], rows)
		}
		s.set.GemmF32.Strided(y, s.z.row, from(one.left, i*ra), ra, ca, right, rb, rows, j1-j0, s.k, one.bias != nil)
		if s.clamps {
			s.clamp(y, j1-j0)
		}
	}
}

// start sets rows of y to the bias, -0 to 0.
func (s *stridedMatmul) start(y, bias []float32, rows int) {
	s.set.BinaryF32(kernels.BinaryAdd, y[:len(bias)], bias, nothingF32[:], infs[0], infs[1])
	if len(bias) == s.z.row { // rows one after the other
		for done := len(bias); done < len(y); done *= 2 {
			copy(y[done:], y[:done])
		}
		return
	}
	for i := 1; i < rows; i++ {
		copy(y[i*s.z.row:], y[:len(bias)])
	}
}

// clamp bounds rows of so many columns.
func (s *stridedMatmul) clamp(y []float32, cols int) {
	if cols == s.z.row {
		cols = len(y)
	}
	for ; len(y) > 0; y = y[min(s.z.row, len(y)):] {
		row := y[:cols]
		s.set.BinaryF32(kernels.BinaryMul, row, row, oneF32[:], s.lo, s.hi)
		if cols == len(y) {
			return
		}
	}
}

// One and nothing, as operands of kernels that leave a value as it is.
var (
	oneF32     = [1]float32{1}
	nothingF32 [1]float32
)

// flip computes columns j0 to j1 as rows, of the left side turned.
func (s *stridedMatmul) flip(one *matmulF32, j0, j1 int, scratch []float32) {
	made, left, row := scratch[:s.block*s.m], one.left, s.x.row
	if !s.adjX {
		left, row = scratch[len(made):], s.m
		turn(s.set, left, one.left, s.m, s.k, s.m, s.x.row)
	}
	for ; j0 < j1; j0 += s.block {
		rows := min(s.block, j1-j0)
		s.set.GemmF32.Strided(made, s.m, from(one.right, j0*s.y.row), s.y.row, 1, left, row, rows, s.m, s.k, false)
		if s.clamps {
			y := made[:rows*s.m]
			s.set.BinaryF32(kernels.BinaryMul, y, y, oneF32[:], s.lo, s.hi)
		}
		turn(s.set, one.y[j0:], made, rows, s.m, s.z.row, s.m)
	}
}

// from is x[i:], or nothing where a matrix without elements ends before.
func from(x []float32, i int) []float32 { return x[min(i, len(x)):] }

// turn transposes rows by cols of x to y: TransposeX4 for float32.
func turn(set *kernels.Set, y, x []float32, rows, cols, ldy, ldx int) {
	if rows > 0 && cols > 0 {
		set.TransposeX4(words(y), words(x), rows, cols, ldy, ldx)
	}
}

// words returns the same memory as int32.
func words(x []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}
