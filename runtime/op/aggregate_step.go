package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// aggregate returns the step for elements T whose sums are A, in acc: y itself
// for floats. exps is memory for the sums of exponentials.
func aggregate[T, A number](kind Reduction, r *runs, x, y []T, acc []A, exps []byte) Step {
	sum := func(term func(T) A, done func(A) T) Step {
		return aggregateSum(r, x, y, acc, term, done)
	}
	same := func(a A) T { return T(a) }
	square := func(v T) A { return A(A(v) * A(v)) }
	switch kind {
	case ReduceMax:
		return gather(r, x, y, aggregateLeast[T](), greatestLine[T], greatestEach[T], nil)
	case ReduceMin:
		return gather(r, x, y, aggregateMost[T](), leastLine[T], leastEach[T], nil)
	case ReduceProd:
		return gather(r, x, y, 1, prodLine[T], prodEach[T], nil)
	case ReduceLogSumExp:
		return logSumExp(r, x, y, tensor.Cast[float64](exps))
	case ReduceSumSquare:
		return sum(square, same)
	case ReduceL2:
		return sum(square, func(a A) T { return T(math.Sqrt(float64(a))) })
	case ReduceL1:
		return sum(func(v T) A {
			if v <= 0 {
				return 0 - A(v) // 0 for −0
			}
			return A(v)
		}, same)
	case ReduceLogSum:
		return sum(nil, func(a A) T { return cutLog[T](quant.Log64(float64(a))) })
	case ReduceMean:
		return aggregateSum(r, x, y, acc, nil, meanOf[T, A](r))
	}
	return sum(nil, same)
}

// meanOf divides by the number of elements: of none, floats have no mean, and
// integers that of 0.
func meanOf[T, A number](r *runs) func(A) T {
	n := A(r.count)
	if n == 0 && A(1)/2 == 0 {
		n = 1
	}
	return func(a A) T { return T(a / n) }
}

// aggregateSum sums up terms, x itself if term is nil.
func aggregateSum[T, A number](r *runs, x, y []T, acc []A, term func(T) A, done func(A) T) Step {
	line := func(a A, x []T) A { return a + sumTerms(x, term) }
	each := func(acc []A, x []T) {
		acc = acc[:len(x)]
		for i, v := range x {
			acc[i] += term(v)
		}
	}
	if term == nil {
		each = sumEach[T, A]
	}
	return gather(r, x, acc, 0, line, each, func() {
		for i, a := range acc {
			y[i] = done(a)
		}
	})
}

// sumTerms sums in lanes.
func sumTerms[T, A number](x []T, term func(T) A) A {
	var s [kernels.Lanes]A
	if term == nil {
		for ; len(x) >= kernels.Lanes; x = x[kernels.Lanes:] {
			for i, v := range x[:kernels.Lanes] {
				s[i] += A(v)
			}
		}
		for i, v := range x {
			s[i] += A(v)
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
func logSumExp[T number](r *runs, x, y []T, sums []float64) Step {
	greatest := gather(r, x, y, aggregateLeast[T](), greatestLine[T], greatestEach[T], nil)
	top := func(i int) float64 {
		if t := float64(y[i]); !math.IsInf(t, 0) {
			return t
		}
		return 0
	}
	return func() error {
		if err := greatest(); err != nil {
			return err
		}
		clear(sums)
		r.each(func(at, to int) {
			for i, v := range x[at : at+r.inner] {
				j := to
				if !r.combined {
					j += i
				}
				sums[j] += quant.Exp64(float64(v) - top(j))
			}
		})
		for i, s := range sums {
			if r.count > 0 {
				y[i] = cutLog[T](quant.Log64(s) + top(i))
			}
		}
		return nil
	}
}

// cutLog cuts a logarithm to an integer; the infinite and NaN become the least
// one, whatever the CPU makes of them.
func cutLog[T number](x float64) T {
	if T(1)/2 == 0 && (x != x || math.IsInf(x, 0)) {
		return aggregateLeast[T]()
	}
	return T(x)
}

// aggregateBool takes Max for or, Min for and.
func aggregateBool(kind Reduction, r *runs, x, y []uint8) Step {
	if kind == ReduceMax {
		return Reduce{Kind: ReduceAny}.bindBool(r, x, y)
	}
	return Reduce{Kind: ReduceAll}.bindBool(r, x, y)
}

// aggregateLeast is what a maximum begins with.
func aggregateLeast[T number]() T {
	var least any
	switch any(T(0)).(type) {
	case float32:
		least = float32(math.Inf(-1))
	case float64:
		least = math.Inf(-1)
	case int8:
		least = int8(math.MinInt8)
	case int16:
		least = int16(math.MinInt16)
	case int32:
		least = int32(math.MinInt32)
	case int64:
		least = int64(math.MinInt64)
	default:
		return 0
	}
	return least.(T)
}

// aggregateMost is what a minimum begins with.
func aggregateMost[T number]() T {
	switch least := aggregateLeast[T](); {
	case T(1)/2 != 0:
		return -least // infinite
	case least != 0:
		return -(least + 1)
	}
	return T(0) - 1
}

// greatestLine and its fellows let NaN through.
func greatestLine[T number](a T, x []T) T {
	for _, v := range x {
		if v > a || v != v {
			a = v
		}
	}
	return a
}

func greatestEach[T number](acc, x []T) {
	acc = acc[:len(x)]
	for i, v := range x {
		if v > acc[i] || v != v {
			acc[i] = v
		}
	}
}

func leastLine[T number](a T, x []T) T {
	for _, v := range x {
		if v < a || v != v {
			a = v
		}
	}
	return a
}

func leastEach[T number](acc, x []T) {
	acc = acc[:len(x)]
	for i, v := range x {
		if v < acc[i] || v != v {
			acc[i] = v
		}
	}
}
