package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// elements are those of a reduction's input in the order of its runs: x, or
// integers of another type, widened a block at a time.
type elements[T wideNumber] struct {
	*runs
	x           []T
	read        func(block []T, at int) // nil if there is x
	block       []T
	least, most T // of what the input can hold
}

// wideSums is the number of sums, of 8 bytes, that the output can't hold: all
// those of integers of less than 64 bits, and those of exponentials.
func wideSums(kind Reduction, d tensor.DType, out tensor.Type) int64 {
	n := int64(0)
	if !d.Float() && d != tensor.Bool && d.Bits() < 64 {
		n += int64(out.Len())
	}
	if kind == ReduceLogSumExp {
		n += int64(out.Len())
	}
	return n
}

// aggregateIntegers returns the step for integers, in int64 or, if they have no
// sign, uint64. scratch holds wideSums.
func aggregateIntegers(kind Reduction, r *runs, x, y *tensor.View, scratch []byte) Step {
	d := x.DType
	switch d {
	case tensor.I64:
		e := &elements[int64]{runs: r, x: x.I64(), least: math.MinInt64, most: math.MaxInt64}
		return e.bind(kind, y.I64(), scratch)
	case tensor.U64:
		e := &elements[uint64]{runs: r, x: x.U64(), most: math.MaxUint64}
		return e.bind(kind, y.U64(), scratch)
	}
	sums := tensor.Cast[int64](scratch[:8*y.Len()])
	exps := scratch[8*y.Len():]
	e := widened(r, x)
	step := e.bind(kind, sums, exps)
	if e.least == 0 {
		u := &elements[uint64]{runs: r, block: make([]uint64, wideBlock), most: uint64(e.most)}
		u.read = func(block []uint64, at int) { e.read(tensor.Cast[int64](tensor.Bytes(block)), at) }
		step = u.bind(kind, tensor.Cast[uint64](tensor.Bytes(sums)), exps)
	}
	return func() error {
		err := step()
		truncate(y.Data, sums, d)
		return err
	}
}

// widened returns the elements of integers of less than 64 bits.
func widened(r *runs, x *tensor.View) *elements[int64] {
	d, size := x.DType, x.DType.Size()
	e := &elements[int64]{runs: r, block: make([]int64, wideBlock)}
	e.read = func(block []int64, at int) { widen(block, x.Data[at*size:], d) }
	e.least, e.most = d.Range()
	return e
}

// each calls do with the elements of each run, or parts of it, and where they go
// in the output.
func (e *elements[T]) each(do func(x []T, to int)) {
	e.runs.each(func(at, to int) {
		if e.read == nil {
			do(e.x[at:at+e.inner], to)
			return
		}
		for lo := 0; lo < e.inner; lo += len(e.block) {
			part := e.block[:min(len(e.block), e.inner-lo)]
			e.read(part, at+lo)
			do(part, to)
			if !e.combined {
				to += len(part)
			}
		}
	})
}

// bind returns the step to y. exps is memory for the sums of exponentials.
func (e *elements[T]) bind(kind Reduction, y []T, exps []byte) Step {
	square := func(v T) T { return T(v * v) }
	switch kind {
	case ReduceMax:
		return e.gather(y, e.least, greatestLine[T], greatestEach[T], nil)
	case ReduceMin:
		return e.gather(y, e.most, leastLine[T], leastEach[T], nil)
	case ReduceProd:
		return e.gather(y, 1, prodLine[T], prodEach[T], nil)
	case ReduceLogSumExp:
		return e.logSumExp(y, tensor.Cast[float64](exps[:8*len(y)]))
	case ReduceSumSquare:
		return e.sum(y, square, nil)
	case ReduceL2:
		return e.sum(y, square, func(a T) T { return e.cut(math.Sqrt(float64(a))) })
	case ReduceL1:
		return e.sum(y, func(v T) T {
			if v <= 0 {
				return 0 - v // 0 for −0
			}
			return v
		}, nil)
	case ReduceLogSum:
		return e.sum(y, nil, func(a T) T { return e.cut(quant.Log64(float64(a))) })
	case ReduceMean:
		n := T(e.count)
		if n == 0 && T(1)/2 == 0 {
			n = 1 // of none, floats have no mean, and integers that of 0
		}
		return e.sum(y, nil, func(a T) T { return a / n })
	}
	return e.sum(y, nil, nil)
}

// gather is as the function gather.
//
//go:noinline
func (e *elements[T]) gather(y []T, init T, line func(a T, x []T) T, add func(acc, x []T), done func(T) T) Step {
	run := func(x []T, to int) {
		if e.combined {
			y[to] = line(y[to], x)
		} else {
			add(y[to:to+len(x)], x)
		}
	}
	return func() error {
		for i := range y {
			y[i] = init
		}
		e.each(run)
		if done != nil {
			for i, a := range y {
				y[i] = done(a)
			}
		}
		return nil
	}
}

// sum sums up terms, the elements themselves if term is nil.
func (e *elements[T]) sum(y []T, term, done func(T) T) Step {
	line := func(a T, x []T) T { return a + sumTerms(x, term) }
	each := sumEach[T, T]
	if term != nil {
		each = func(acc, x []T) {
			acc = acc[:len(x)]
			for i, v := range x {
				acc[i] += term(v)
			}
		}
	}
	return e.gather(y, 0, line, each, done)
}

// sumTerms sums in lanes.
func sumTerms[T wideNumber](x []T, term func(T) T) T {
	var s [kernels.Lanes]T
	if term == nil {
		for ; len(x) >= kernels.Lanes; x = x[kernels.Lanes:] {
			for i, v := range x[:kernels.Lanes] {
				s[i] += v
			}
		}
		for i, v := range x {
			s[i] += v
		}
	} else {
		for i, v := range x {
			s[i%kernels.Lanes] += term(v)
		}
	}
	for n := kernels.Lanes / 2; n > 0; n /= 2 {
		for i := range n {
			s[i] += s[i+n]
		}
	}
	return s[0]
}

// logSumExp takes the greatest element out, unless that is infinite, so that
// no exponential is too large. Integers are cut.
func (e *elements[T]) logSumExp(y []T, sums []float64) Step {
	greatest := e.gather(y, e.least, greatestLine[T], greatestEach[T], nil)
	top := func(i int) float64 {
		if t := float64(y[i]); !math.IsInf(t, 0) {
			return t
		}
		return 0
	}
	add := func(x []T, to int) {
		for i, v := range x {
			j := to
			if !e.combined {
				j += i
			}
			sums[j] += quant.Exp64(float64(v) - top(j))
		}
	}
	return func() error {
		if err := greatest(); err != nil {
			return err
		}
		clear(sums)
		e.each(add)
		for i, s := range sums {
			if e.count > 0 {
				y[i] = e.cut(quant.Log64(s) + top(i))
			}
		}
		return nil
	}
}

// cut cuts a logarithm or root to an integer; the infinite and NaN become the least
// one, whatever the CPU makes of them.
func (e *elements[T]) cut(x float64) T {
	if T(1)/2 == 0 && (x != x || math.IsInf(x, 0)) {
		return e.least
	}
	return T(x)
}

// aggregateBool takes Max for or, Min for and.
func aggregateBool(kind Reduction, r *runs, x, y []uint8) Step {
	if kind == ReduceMax {
		return (&Reduce{Kind: ReduceAny}).bindBool(r, x, y)
	}
	return (&Reduce{Kind: ReduceAll}).bindBool(r, x, y)
}

// greatestLine and its fellows let NaN through.
func greatestLine[T wideNumber](a T, x []T) T {
	for _, v := range x {
		if v > a || v != v {
			a = v
		}
	}
	return a
}

func greatestEach[T wideNumber](acc, x []T) {
	acc = acc[:len(x)]
	for i, v := range x {
		if v > acc[i] || v != v {
			acc[i] = v
		}
	}
}

func leastLine[T wideNumber](a T, x []T) T {
	for _, v := range x {
		if v < a || v != v {
			a = v
		}
	}
	return a
}

func leastEach[T wideNumber](acc, x []T) {
	acc = acc[:len(x)]
	for i, v := range x {
		if v < acc[i] || v != v {
			acc[i] = v
		}
	}
}
