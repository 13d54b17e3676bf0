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
		return arithMax[T]()
	case ArithMin:
		return arithMin[T]()
	}
	return pair[T, T, T]{f: func(a, b T) T { return T(math.Mod(float64(a), float64(b))) }} // exact
}

// arithInteger returns a function of integers; b is no 0 where it divides.
func arithInteger[T int64 | uint64](f ArithmeticFn) pair[T, T, T] {
	switch f {
	case ArithAdd:
		return arithSum[T]()
	case ArithSub:
		return arithDifference[T]()
	case ArithMul:
		return arithProduct[T]()
	case ArithMax:
		return arithMax[T]()
	case ArithMin:
		return arithMin[T]()
	}
	return pair[T, T, T]{f: func(a, b T) T {
		switch f {
		case ArithDiv:
			return a / b
		case ArithFmod:
			return a % b
		case ArithAnd:
			return a & b
		case ArithOr:
			return a | b
		case ArithXor:
			return a ^ b
		case ArithShiftLeft:
			return a << uint64(b)
		case ArithShiftRight:
			return a >> uint64(b)
		}
		r := a % b
		if r != 0 && (b < 0) != (r < 0) {
			r += b
		}
		return r
	}}
}

func arithSum[T wideNumber]() pair[T, T, T] {
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

func arithDifference[T wideNumber]() pair[T, T, T] {
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

func arithProduct[T wideNumber]() pair[T, T, T] {
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

// arithMax is b unless a is greater, or NaN; max would choose among zeros.
func arithMax[T wideNumber]() pair[T, T, T] {
	run := func(y, a, b []T) {
		a, b = a[:len(y)], b[:len(y)]
		for i, x := range a {
			m := b[i]
			if x > m || x != x {
				m = x
			}
			y[i] = m
		}
	}
	return pair[T, T, T]{f: func(a, b T) T {
		if a > b || a != a {
			return a
		}
		return b
	}, run: run}
}

// arithMin is b unless a is less, or NaN.
func arithMin[T wideNumber]() pair[T, T, T] {
	run := func(y, a, b []T) {
		a, b = a[:len(y)], b[:len(y)]
		for i, x := range a {
			m := b[i]
			if x < m || x != x {
				m = x
			}
			y[i] = m
		}
	}
	return pair[T, T, T]{f: func(a, b T) T {
		if a < b || a != a {
			return a
		}
		return b
	}, run: run}
}
