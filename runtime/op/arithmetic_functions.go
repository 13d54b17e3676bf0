package op

import "math"

// arithFloat returns a function of floats.
func arithFloat[T float32 | float64](f ArithmeticFn) pair[T, T, T] {
	switch f {
	case ArithAdd:
		return arithSum[T]()
	case ArithSub:
		return arithDifference[T]()
	case ArithMul:
		return arithProduct[T]()
	case ArithDiv:
		return pair[T, T, T]{f: func(a, b T) T { return a / b }}
	case ArithMax:
		return pair[T, T, T]{f: func(a, b T) T {
			if a > b || a != a {
				return a
			}
			return b
		}}
	case ArithMin:
		return pair[T, T, T]{f: func(a, b T) T {
			if a < b || a != a {
				return a
			}
			return b
		}}
	}
	return pair[T, T, T]{f: func(a, b T) T { return T(math.Mod(float64(a), float64(b))) }} // exact
}

// arithInteger returns a function of integers; b is no 0 where it divides.
func arithInteger[T wholeElement](f ArithmeticFn) pair[T, T, T] {
	switch f {
	case ArithAdd:
		return arithSum[T]()
	case ArithSub:
		return arithDifference[T]()
	case ArithMul:
		return arithProduct[T]()
	case ArithMax:
		return pair[T, T, T]{f: func(a, b T) T { return max(a, b) }}
	case ArithMin:
		return pair[T, T, T]{f: func(a, b T) T { return min(a, b) }}
	}
	return pair[T, T, T]{f: map[ArithmeticFn]func(a, b T) T{
		ArithDiv: func(a, b T) T { return a / b },
		ArithMod: func(a, b T) T {
			r := a % b
			if r != 0 && (b < 0) != (r < 0) {
				r += b
			}
			return r
		},
		ArithFmod:       func(a, b T) T { return a % b },
		ArithAnd:        func(a, b T) T { return a & b },
		ArithOr:         func(a, b T) T { return a | b },
		ArithXor:        func(a, b T) T { return a ^ b },
		ArithShiftLeft:  func(a, b T) T { return a << uint64(b) },
		ArithShiftRight: func(a, b T) T { return a >> uint64(b) },
	}[f]}
}

func arithSum[T wholeElement | float32 | float64]() pair[T, T, T] {
	return pair[T, T, T]{
		f: func(a, b T) T { return a + b },
		run: func(y, a, b []T) {
			a, b = a[:len(y)], b[:len(y)]
			for i := range y {
				y[i] = a[i] + b[i]
			}
		},
	}
}

func arithDifference[T wholeElement | float32 | float64]() pair[T, T, T] {
	return pair[T, T, T]{
		f: func(a, b T) T { return a - b },
		run: func(y, a, b []T) {
			a, b = a[:len(y)], b[:len(y)]
			for i := range y {
				y[i] = a[i] - b[i]
			}
		},
	}
}

func arithProduct[T wholeElement | float32 | float64]() pair[T, T, T] {
	return pair[T, T, T]{
		f: func(a, b T) T { return a * b },
		run: func(y, a, b []T) {
			a, b = a[:len(y)], b[:len(y)]
			for i := range y {
				y[i] = a[i] * b[i]
			}
		},
	}
}
