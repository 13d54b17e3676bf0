package op

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// pairs is a binary operator on certain types.
type pairs interface{ runs() pairRuns }

// pair is a function of two elements.
type pair[A, B, Y tensor.Element] struct {
	f func(a A, b B) Y
	// run is f on runs of the same length, if that can be done faster than by f.
	run func(y []Y, a []A, b []B)
	// ones says that run takes operands of one element, which stands for all.
	ones bool
}

// pairRuns is a pair whose runs are bytes: so the way through the operands is
// there once, and not for each type.
type pairRuns struct {
	y, a, b int                  // bytes of an element
	each    func(y, a, b []byte) // the function, element by element
	run     func(y, a, b []byte)
	ones    bool
}

// runs tells a pair's types by the size of their elements.
func (p pair[A, B, Y]) runs() pairRuns {
	f := p.f
	r := pairRuns{y: size[Y](), a: size[A](), b: size[B](), ones: p.ones, each: func(y, a, b []byte) {
		to, x, z := tensor.Cast[Y](y), tensor.Cast[A](a), tensor.Cast[B](b)
		x, z = x[:len(to)], z[:len(to)]
		for i := range to {
			to[i] = f(x[i], z[i])
		}
	}}
	r.run = r.each
	if run := p.run; run != nil {
		r.run = func(y, a, b []byte) { run(tensor.Cast[Y](y), tensor.Cast[A](a), tensor.Cast[B](b)) }
	}
	return r
}

// size returns how many bytes an element takes.
func size[T tensor.Element]() int {
	var zero T
	return int(unsafe.Sizeof(zero))
}

// refPairs computes every element of out by itself.
func refPairs(x pairs, in, out []tensor.View) {
	r := x.runs()
	y, a, b := out[0].Data, in[0].Data, in[1].Data
	shape := out[0].Shape
	for k := range len(y) / r.y {
		i, j := under(in[0].Shape, shape, k), under(in[1].Shape, shape, k)
		r.each(y[k*r.y:(k+1)*r.y], a[i*r.a:(i+1)*r.a], b[j*r.b:(j+1)*r.b])
	}
}

// pairScratch holds a block of each operand, of elements of up to 8 bytes.
const pairScratch = 2 * blockLen * 8

// bindPairs returns a step that visits the operands in runs.
func bindPairs(x pairs, m *Mem) Step {
	r := x.runs()
	run := r.run
	y, a, b := m.Out[0].Data, m.In[0].Data, m.In[1].Data
	if len(y) == 0 {
		return nil
	}
	w := newWalk(m.Out[0].Shape, m.In[0].Shape, m.In[1].Shape)
	if w.loops == 0 && !w.still[0] && !w.still[1] {
		return inShares(m, len(y)/r.y, shareGrain, 1, func(lo, hi int) {
			run(y[lo*r.y:hi*r.y], a[lo*r.a:hi*r.a], b[lo*r.b:hi*r.b])
		})
	}
	if r.ones && w.loops <= 1 && w.row >= leastRow {
		return r.rows(m, &w, y, a, b)
	}
	oa := &operand{data: a, block: m.Scratch[:blockLen*8], size: r.a, row: w.row, step: w.step[0][0], still: w.still[0]}
	ob := &operand{data: b, block: m.Scratch[blockLen*8 : pairScratch], size: r.b, row: w.row, step: w.step[1][0], still: w.still[1]}
	if w.row > blockLen/2 || w.loops == 0 {
		return r.longRows(&w, y, oa, ob)
	}
	return r.shortRows(&w, y, oa, ob)
}

// shareGrain keeps workers off each other's cache lines.
const shareGrain = 64

// leastRow is how long rows must be for a call each. Shorter ones are gathered.
const leastRow = 48

// rows computes rows by calls that take operands of one element: one row in
// parts, or several.
func (r pairRuns) rows(m *Mem, w *walk, y, a, b []byte) Step {
	part := func(row, lo, hi int) {
		r.run(y[(row*w.row+lo)*r.y:(row*w.row+hi)*r.y],
			rowPart(a[row*w.step[0][0]*r.a:], w.still[0], r.a, lo, hi),
			rowPart(b[row*w.step[1][0]*r.b:], w.still[1], r.b, lo, hi))
	}
	if w.loops == 0 {
		return inShares(m, w.row, shareGrain, 1, func(lo, hi int) { part(0, lo, hi) })
	}
	return inShares(m, w.count[0], 1, w.row, func(lo, hi int) {
		for row := lo; row < hi; row++ {
			part(row, 0, w.row)
		}
	})
}

// rowPart returns elements lo to hi of a row, or the one that stands for all.
func rowPart(row []byte, still bool, size, lo, hi int) []byte {
	if still {
		return row[:size]
	}
	return row[lo*size : hi*size]
}

// longRows computes each row by itself, in blocks if an operand stands still.
func (r pairRuns) longRows(w *walk, y []byte, a, b *operand) Step {
	length := w.row
	if a.still || b.still {
		length = blockLen
	}
	row := func(i int, at [3]int) {
		for lo := 0; lo < w.row; lo += length {
			hi := min(lo+length, w.row)
			r.run(y[(i+lo)*r.y:(i+hi)*r.y], a.part(at[0], lo, hi), b.part(at[1], lo, hi))
		}
	}
	return func() error { w.each(0, w.row, row); return nil }
}

// shortRows computes several rows at once: those of the innermost loop, of
// which a block holds as many as it can.
func (r pairRuns) shortRows(w *walk, y []byte, a, b *operand) Step {
	count, group := w.count[0], blockLen/w.row
	rows := func(i int, at [3]int) {
		for lo := 0; lo < count; lo += group {
			n := min(group, count-lo)
			from := i + lo*w.row
			r.run(y[from*r.y:(from+n*w.row)*r.y], a.rows(at[0]+lo*a.step, n, lo > 0), b.rows(at[1]+lo*b.step, n, lo > 0))
		}
	}
	return func() error { w.each(1, count*w.row, rows); return nil }
}

// preparePairs prepares a binary operator.
//
//go:noinline
func preparePairs(kernel string, x pairs) (Prepared, error) {
	return Prepared{Kernel: kernel, Scratch: pairScratch, Bind: func(m *Mem) (Step, error) { return bindPairs(x, m), nil }}, nil
}

// inferPair checks two operands of one of the given types and returns the
// output's type: to, if the elements are quantised, and else the operands'.
func inferPair(in []tensor.View, to To, types ...tensor.DType) ([]tensor.Type, error) {
	if err := wantPair(in, types...); err != nil {
		return nil, err
	}
	shape, err := broadcast(in[0].Shape, in[1].Shape)
	if err != nil {
		return nil, err
	}
	if !quantised(in[0].DType) {
		return []tensor.Type{tensor.Of(in[0].DType, shape...)}, nil
	}
	t := to.Type(shape...)
	if t.DType != in[0].DType {
		return nil, Unsupported("%s as type of the output (the inputs are %s)", t.DType, in[0].DType)
	}
	return []tensor.Type{t}, wantQuant(in[0].Type, in[1].Type, t)
}

// wantPair checks the number, types and ranks of two operands.
func wantPair(in []tensor.View, types ...tensor.DType) error {
	if err := wantInputs(in, 2, 2); err != nil {
		return err
	}
	if err := wantType(in, 0, types...); err != nil {
		return err
	}
	if err := wantSame(in, 0, 1); err != nil {
		return err
	}
	return wantRanks(in)
}

// wantRanks checks that no shape is too deep to walk.
func wantRanks(in []tensor.View) error {
	for i := range in {
		if in[i].Rank() > maxRank {
			return Unsupported("rank %d of input %d (up to %d is)", in[i].Rank(), i, maxRank)
		}
	}
	return nil
}

// quantised reports whether elements of a type stand for other numbers, in
// operators for which TFLite has no plain arithmetic on that type.
func quantised(d tensor.DType) bool { return d == tensor.I8 || d == tensor.U8 || d == tensor.I16 }

// inPlacePair lists the inputs whose memory a binary operator's output may
// take: those of its shape and element size.
func inPlacePair(in, out []tensor.Type) (inputs []int) {
	for i := range in {
		if in[i].DType.Bits() == out[0].DType.Bits() && product(in[i].Shape) == product(out[0].Shape) {
			inputs = append(inputs, i)
		}
	}
	return inputs
}
