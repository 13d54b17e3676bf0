package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// pairs is what a binary operator does on certain types.
type pairs interface {
	ref(in, out []tensor.View)
	bind(m *Mem) Step
}

// pair is a function of two elements.
type pair[A, B, Y tensor.Element] struct {
	f func(a A, b B) Y
	// run is f on runs of the same length, if that can be done faster than by f.
	run func(y []Y, a []A, b []B)
	// ones says that run takes operands of one element, which stands for all.
	ones bool
}

// ref computes every element of out by itself.
func (p pair[A, B, Y]) ref(in, out []tensor.View) {
	y, a, b := tensor.Cast[Y](out[0].Data), tensor.Cast[A](in[0].Data), tensor.Cast[B](in[1].Data)
	shape := out[0].Shape
	for k := range y {
		y[k] = p.f(a[under(in[0].Shape, shape, k)], b[under(in[1].Shape, shape, k)])
	}
}

// pairScratch holds a block of each operand, of elements of up to 8 bytes.
const pairScratch = 2 * blockLen * 8

// bind returns a step that visits the operands in runs.
func (p pair[A, B, Y]) bind(m *Mem) Step {
	run, f := p.run, p.f
	if run == nil {
		run = func(y []Y, a []A, b []B) {
			a, b = a[:len(y)], b[:len(y)]
			for i := range y {
				y[i] = f(a[i], b[i])
			}
		}
	}
	y, a, b := tensor.Cast[Y](m.Out[0].Data), tensor.Cast[A](m.In[0].Data), tensor.Cast[B](m.In[1].Data)
	if len(y) == 0 {
		return nil
	}
	w := newWalk(m.Out[0].Shape, m.In[0].Shape, m.In[1].Shape)
	if w.loops == 0 && !w.still[0] && !w.still[1] {
		return inShares(m, len(y), shareGrain, 1, func(lo, hi int) { run(y[lo:hi], a[lo:hi], b[lo:hi]) })
	}
	if p.ones && w.loops <= 1 && w.row >= leastRow {
		return p.rows(m, &w, y, a, b)
	}
	oa := &operand[A]{data: a, block: tensor.Cast[A](m.Scratch[:blockLen*8]), row: w.row, step: w.step[0][0], still: w.still[0]}
	ob := &operand[B]{data: b, block: tensor.Cast[B](m.Scratch[blockLen*8 : pairScratch]), row: w.row, step: w.step[1][0], still: w.still[1]}
	if w.row > blockLen/2 || w.loops == 0 {
		return longRows(&w, y, oa, ob, run)
	}
	return shortRows(&w, y, oa, ob, run)
}

// shareGrain keeps workers off each other's cache lines.
const shareGrain = 64

// leastRow is how long rows must be for a call each. Shorter ones are gathered.
const leastRow = 48

// rows computes rows by calls that take operands of one element: one row in
// parts, or several.
func (p pair[A, B, Y]) rows(m *Mem, w *walk, y []Y, a []A, b []B) Step {
	part := func(row, lo, hi int) {
		pa, pb := a[row*w.step[0][0]:], b[row*w.step[1][0]:]
		if w.still[0] {
			pa = pa[:1]
		} else {
			pa = pa[lo:hi]
		}
		if w.still[1] {
			pb = pb[:1]
		} else {
			pb = pb[lo:hi]
		}
		p.run(y[row*w.row+lo:row*w.row+hi], pa, pb)
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

// longRows computes each row by itself, in blocks if an operand stands still.
func longRows[A, B, Y tensor.Element](w *walk, y []Y, a *operand[A], b *operand[B], run func([]Y, []A, []B)) Step {
	length := w.row
	if a.still || b.still {
		length = blockLen
	}
	row := func(i int, at [3]int) {
		for lo := 0; lo < w.row; lo += length {
			hi := min(lo+length, w.row)
			run(y[i+lo:i+hi], a.part(at[0], lo, hi), b.part(at[1], lo, hi))
		}
	}
	return func() error { w.each(0, w.row, row); return nil }
}

// shortRows computes several rows at once: those of the innermost loop, of
// which a block holds as many as it can.
func shortRows[A, B, Y tensor.Element](w *walk, y []Y, a *operand[A], b *operand[B], run func([]Y, []A, []B)) Step {
	count, group := w.count[0], blockLen/w.row
	rows := func(i int, at [3]int) {
		for lo := 0; lo < count; lo += group {
			n := min(group, count-lo)
			from := i + lo*w.row
			run(y[from:from+n*w.row], a.rows(at[0]+lo*a.step, n, lo > 0), b.rows(at[1]+lo*b.step, n, lo > 0))
		}
	}
	return func() error { w.each(1, count*w.row, rows); return nil }
}

// preparePairs prepares a binary operator.
func preparePairs(kernel string, x pairs) (Prepared, error) {
	return Prepared{Kernel: kernel, Scratch: pairScratch, Bind: func(m *Mem) (Step, error) { return x.bind(m), nil }}, nil
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
