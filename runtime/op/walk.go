package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// walk is the way of a broadcasting operator through its operands: rows of
// the output, within which an operand either advances too or stands still,
// and loops around the rows. Dimensions that all operands treat alike are one.
type walk struct {
	row   int             // elements of a row
	still [3]bool         // the operand has one element for a whole row
	loops int             // around the rows
	count [maxRank]int    // iterations of each loop, innermost first
	step  [3][maxRank]int // elements by which each operand advances in each
}

// newWalk plans the way through at most three operands, whose shapes broadcast
// to out.
func newWalk(out []int, operands ...[]int) walk {
	var w walk
	w.row = 1
	var stride, size [3]int // of each operand in the row; its elements so far
	for j := range operands {
		size[j] = 1
	}
	for i := 1; i <= len(out); i++ {
		count := out[len(out)-i]
		var step [3]int
		for j, shape := range operands {
			if i > len(shape) || shape[len(shape)-i] == 1 && count != 1 {
				continue
			}
			step[j] = size[j]
			size[j] *= shape[len(shape)-i]
		}
		if count != 1 {
			w.nest(count, step, &stride, len(operands))
		}
	}
	for j := range operands {
		w.still[j] = stride[j] == 0 && w.row > 1
	}
	return w
}

// nest adds a dimension outside of those so far.
func (w *walk) nest(count int, step [3]int, stride *[3]int, operands int) {
	last := w.loops - 1
	same := w.row > 1
	for j := range operands {
		if last < 0 {
			same = same && step[j] == stride[j]*w.row
		} else {
			same = same && step[j] == w.step[j][last]*w.count[last]
		}
	}
	switch {
	case same && last < 0:
		w.row *= count
	case same:
		w.count[last] *= count
	case w.row == 1:
		w.row, *stride = count, step
	default:
		w.count[w.loops] = count
		for j := range operands {
			w.step[j][w.loops] = step[j]
		}
		w.loops++
	}
}

// each calls f for each iteration of the loops from number first on, with the
// offsets of the output, whose iterations are size elements apart, and of the
// operands.
func (w *walk) each(first, size int, f func(y int, at [3]int)) {
	var index [maxRank]int
	var at [3]int
	for y := 0; ; y += size {
		f(y, at)
		l := first
		for ; l < w.loops; l++ {
			index[l]++
			for j := range at {
				at[j] += w.step[j][l]
			}
			if index[l] < w.count[l] {
				break
			}
			index[l] = 0
			for j := range at {
				at[j] -= w.step[j][l] * w.count[l]
			}
		}
		if l >= w.loops {
			return
		}
	}
}

// under returns the index of the element of a tensor of this shape that lies
// under element k of the shape out to which it is broadcast.
func under(shape, out []int, k int) int {
	at, stride := 0, 1
	for i := 1; i <= len(shape); i++ {
		d, n := shape[len(shape)-i], out[len(out)-i]
		if d != 1 {
			at += k % n * stride
		}
		stride *= d
		k /= n
	}
	return at
}

// blockLen is how many elements of a broadcast operand are written out at a time.
const blockLen = 256

// operand reads one operand of a walk in blocks as long as the output's.
// Offsets and lengths are in elements, data in bytes.
type operand struct {
	data  []byte
	block []byte // what a broadcast operand's elements are written out to
	size  int    // of an element: 1, 2, 4 or 8
	row   int
	step  int // per row
	still bool
}

// rows returns the operand's elements for n rows from offset at on. again says
// that the block holds the rows before these.
func (o *operand) rows(at, n int, again bool) []byte {
	if !o.still && o.step == o.row {
		return o.data[at*o.size : (at+n*o.row)*o.size]
	}
	b := o.block[:n*o.row*o.size]
	if again && o.step == 0 {
		return b
	}
	if o.still {
		switch o.size {
		case 1:
			spreadTo(b, o.data[at:], o.row, o.step)
		case 2:
			spreadTo(tensor.Cast[uint16](b), tensor.Cast[uint16](o.data)[at:], o.row, o.step)
		case 4:
			spreadTo(tensor.Cast[uint32](b), tensor.Cast[uint32](o.data)[at:], o.row, o.step)
		default:
			spreadTo(tensor.Cast[uint64](b), tensor.Cast[uint64](o.data)[at:], o.row, o.step)
		}
		return b
	}
	for row := o.row * o.size; len(b) > 0; b = b[row:] {
		copy(b[:row], o.data[at*o.size:])
		at += o.step
	}
	return o.block[:n*o.row*o.size]
}

// spreadTo writes each element of x, step apart, to a row of y.
func spreadTo[T tensor.Element](y, x []T, row, step int) {
	for i := 0; len(y) > 0; y = y[row:] {
		fillWith(y[:row], x[i])
		i += step
	}
}

// part returns elements lo to hi of a long row at offset at.
func (o *operand) part(at, lo, hi int) []byte {
	if !o.still {
		return o.data[(at+lo)*o.size : (at+hi)*o.size]
	}
	if lo == 0 {
		b := o.block[:hi*o.size]
		for n := copy(b, o.data[at*o.size:(at+1)*o.size]); n < len(b); n *= 2 {
			copy(b[n:], b[:n])
		}
	}
	return o.block[:(hi-lo)*o.size]
}

func fillWith[T tensor.Element](s []T, x T) {
	for i := range s {
		s[i] = x
	}
}
