//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// binaryF32Slices is BinaryF32. An operand of one element is spread over a
// vector, past which the assembly doesn't step. The last elements, fewer than
// sixteen, pass through copies: y may be a or b.
func binaryF32Slices(f kernels.BinaryFn, y, a, b []float32, lo, hi float32) {
	if len(y) == 0 {
		return
	}
	var one [2][16]float32
	da, db := 1, 1
	if len(a) == 1 {
		a, da = fill(&one[0], a[0]), 0
	}
	if len(b) == 1 {
		b, db = fill(&one[1], b[0]), 0
	}
	need(len(a), da*len(y))
	need(len(b), db*len(y))
	for len(y) >= 16 {
		n := min(len(y), callUnary) &^ 15
		binarySixteens(f, &y[0], &a[0], &b[0], n/16, 32*da, 32*db, lo, hi)
		y, a, b = y[n:], a[da*n:], b[db*n:]
	}
	if len(y) > 0 {
		var ty, ta, tb [16]float32
		copy(ta[:], a[:min(len(a), len(y))])
		copy(tb[:], b[:min(len(b), len(y))])
		if f == kernels.BinaryDiv {
			fillRest(tb[len(y):])
		}
		binarySixteens(f, &ty[0], &ta[0], &tb[0], 1, 32, 32, lo, hi)
		copy(y, ty[:])
	}
}

func fill(v *[16]float32, x float32) []float32 {
	for i := range v {
		v[i] = x
	}
	return v[:]
}

// fillRest makes divisors that nobody reads 1: zeros are slow to divide by.
func fillRest(v []float32) {
	for i := range v {
		v[i] = 1
	}
}

func binarySixteens(f kernels.BinaryFn, y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32) {
	switch f {
	case kernels.BinaryAdd:
		addF32AVX2(y, a, b, sixteens, stepA, stepB, lo, hi)
	case kernels.BinarySub:
		subF32AVX2(y, a, b, sixteens, stepA, stepB, lo, hi)
	case kernels.BinaryMul:
		mulF32AVX2(y, a, b, sixteens, stepA, stepB, lo, hi)
	case kernels.BinaryDiv:
		divF32AVX2(y, a, b, sixteens, stepA, stepB, lo, hi)
	case kernels.BinaryMax:
		maxF32AVX2(y, a, b, sixteens, stepA, stepB, lo, hi)
	default:
		minF32AVX2(y, a, b, sixteens, stepA, stepB, lo, hi)
	}
}

// normF32Slices is NormF32. The last elements, fewer than eight, pass through
// copies. Nowhere is 1 or 0 put for what is missing: products with 1 are exact,
// but sums with 0 lose a zero's sign.
func normF32Slices(y, x []float32, mean, factor float32, scale, bias []float32) {
	need(len(x), len(y))
	for _, p := range [2][]float32{scale, bias} {
		if p != nil {
			need(len(p), len(y))
		}
	}
	for len(y) >= 8 {
		n := min(len(y), callUnary) &^ 7
		normF32AVX2(&y[0], &x[0], first(scale), first(bias), n/8, mean, factor)
		y, x, scale, bias = y[n:], x[n:], after(scale, n), after(bias, n)
	}
	if len(y) > 0 {
		var t [3][8]float32
		copy(t[0][:], x[:len(y)])
		copy(t[1][:], scale)
		copy(t[2][:], bias)
		ps, pb := &t[1][0], &t[2][0]
		if scale == nil {
			ps = nil
		}
		if bias == nil {
			pb = nil
		}
		normF32AVX2(&t[0][0], &t[0][0], ps, pb, 1, mean, factor)
		copy(y, t[0][:])
	}
}

// first returns a pointer to s[0], nil for a nil slice.
func first(s []float32) *float32 {
	if s == nil {
		return nil
	}
	return &s[0]
}

// after returns s[n:], nil for a nil slice.
func after(s []float32, n int) []float32 {
	if s == nil {
		return nil
	}
	return s[n:]
}

//go:noescape
func addF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)

//go:noescape
func subF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)

//go:noescape
func mulF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)

//go:noescape
func divF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)

//go:noescape
func maxF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)

//go:noescape
func minF32AVX2(y, a, b *float32, sixteens, stepA, stepB int, lo, hi float32)

//go:noescape
func normF32AVX2(y, x, scale, bias *float32, eights int, mean, factor float32)
