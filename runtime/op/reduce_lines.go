package op

// The functions of this file are the inner loops of reductions: …Line combines
// a run of elements with one, …Each with one each.

// sumLine and sumEach wrap. Float32 has a line of its own, in lanes.
func sumLine[T, A number](a A, x []T) A {
	for _, v := range x {
		a += A(v)
	}
	return a
}

func sumEach[T, A number](acc []A, x []T) {
	acc = acc[:len(x)]
	for i, v := range x {
		acc[i] += A(v)
	}
}

func prodLine[T number](a T, x []T) T {
	for _, v := range x {
		a *= v
	}
	return a
}

func prodEach[T number](acc, x []T) {
	acc = acc[:len(x)]
	for i, v := range x {
		acc[i] *= v
	}
}

// maxLine and its fellows pass over NaN.
func maxLine[T number](a T, x []T) T {
	for _, v := range x {
		if v > a {
			a = v
		}
	}
	return a
}

func maxEach[T number](acc, x []T) {
	acc = acc[:len(x)]
	for i, v := range x {
		if v > acc[i] {
			acc[i] = v
		}
	}
}

func minLine[T number](a T, x []T) T {
	for _, v := range x {
		if v < a {
			a = v
		}
	}
	return a
}

func minEach[T number](acc, x []T) {
	acc = acc[:len(x)]
	for i, v := range x {
		if v < acc[i] {
			acc[i] = v
		}
	}
}

// minRowInt is maxRowInt's fellow.
func minRowInt[T narrowInt](to, x []T) {
	to = to[:len(x)]
	for c, v := range x {
		to[c] = T(min(int32(to[c]), int32(v)))
	}
}
