package op

import (
	"math"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// fixedFFT transforms int16 or int32 numbers, fractions of 15 or 31 bits. Every
// stage divides by its radix first, and parting even from odd samples by 2, so
// that numbers do not grow: the result is over the length. Sums wrap.
type fixedFFT[T int16 | int32] struct{ fftTable[T] }

// fractionBits returns the bits after the binary point of a T.
func fractionBits[T int16 | int32]() uint {
	var x T
	return uint(unsafe.Sizeof(x))*8 - 1
}

// fixedOne is the greatest T, which stands for 1.
func fixedOne[T int16 | int32]() int64 { return 1<<fractionBits[T]() - 1 }

func toFixed[T int16 | int32](x float64) T {
	return T(math.Floor(0.5 + float64(float64(fixedOne[T]())*x)))
}

// narrow rounds a product of two fractions to one, halves upwards.
func narrow[T int16 | int32](x int64) T {
	f := fractionBits[T]()
	return T((x + 1<<(f-1)) >> f)
}

func fixedMul[T int16 | int32](a, b complexOf[T]) complexOf[T] {
	ar, ai, br, bi := int64(a.re), int64(a.im), int64(b.re), int64(b.im)
	return complexOf[T]{narrow[T](ar*br - ai*bi), narrow[T](ar*bi + ai*br)}
}

// fixedDiv divides a by k, by multiplying with ⌊1/k⌋.
func fixedDiv[T int16 | int32](a complexOf[T], k int64) complexOf[T] {
	by := fixedOne[T]() / k
	return complexOf[T]{narrow[T](int64(a.re) * by), narrow[T](int64(a.im) * by)}
}

// half returns (a ± b)/2 rounded down, the sum not wrapping in int16.
func half[T int16 | int32](sum int32) T { return T(sum >> 1) }

// transform runs the stages over x, which is in the table's order.
func (f *fixedFFT[T]) transform(x []complexOf[T]) {
	for _, s := range f.stages {
		for block := x; len(block) > 0; block = block[s.radix*s.m:] {
			switch s.radix {
			case 2:
				f.radix2(block, s.m, s.stride)
			case 3:
				f.radix3(block, s.m, s.stride)
			case 4:
				f.radix4(block, s.m, s.stride)
			case 5:
				f.radix5(block, s.m, s.stride)
			}
		}
	}
}

func (f *fixedFFT[T]) radix2(x []complexOf[T], m, stride int) {
	x0, x1 := x[:m], x[m:2*m]
	for k := range x0 {
		a := fixedDiv(x0[k], 2)
		b := fixedMul(fixedDiv(x1[k], 2), f.twiddle[k*stride])
		x0[k], x1[k] = a.add(b), a.sub(b)
	}
}

func (f *fixedFFT[T]) radix4(x []complexOf[T], m, stride int) {
	x0, x1, x2, x3 := x[:m], x[m:2*m], x[2*m:3*m], x[3*m:4*m]
	tw := f.twiddle
	for k := range x0 {
		a := fixedDiv(x0[k], 4)
		b := fixedMul(fixedDiv(x1[k], 4), tw[k*stride])
		c := fixedMul(fixedDiv(x2[k], 4), tw[2*k*stride])
		d := fixedMul(fixedDiv(x3[k], 4), tw[3*k*stride])
		even, odd := a.add(c), a.sub(c)
		sum, turned := b.add(d), b.sub(d).turn(f.back)
		x0[k], x2[k] = even.add(sum), even.sub(sum)
		x1[k], x3[k] = odd.add(turned), odd.sub(turned)
	}
}

func (f *fixedFFT[T]) forward(dst, src, tmp []byte) {
	x, in, out := complexes[T](tmp), tensor.Cast[T](src), complexes[T](dst)
	for i, from := range f.order {
		var c complexOf[T]
		if k := 2 * int(from); k+1 < len(in) {
			c = complexOf[T]{in[k], in[k+1]}
		} else if k < len(in) {
			c.re = in[k]
		}
		x[i] = c
	}
	f.transform(x)
	dc := fixedDiv(x[0], 2)
	out[0], out[f.n] = complexOf[T]{re: dc.re + dc.im}, complexOf[T]{re: dc.re - dc.im}
	for k := 1; k <= f.n/2; k++ {
		a, b := fixedDiv(x[k], 2), fixedDiv(x[f.n-k].conj(), 2)
		even, odd := a.add(b), fixedMul(a.sub(b), f.split[k-1])
		er, ei, or, oi := int32(even.re), int32(even.im), int32(odd.re), int32(odd.im)
		out[k] = complexOf[T]{half[T](er + or), half[T](ei + oi)}
		out[f.n-k] = complexOf[T]{half[T](er - or), half[T](oi - ei)}
	}
}

func (f *fixedFFT[T]) inverse(dst, src, tmp []byte) {
	x, in, out := complexes[T](tmp), complexes[T](src), complexes[T](dst)
	x[0] = fixedDiv(complexOf[T]{in[0].re + in[f.n].re, in[0].re - in[f.n].re}, 2)
	for k := 1; k <= f.n/2; k++ {
		a, b := fixedDiv(in[k], 2), fixedDiv(in[f.n-k].conj(), 2)
		even, odd := a.add(b), fixedMul(a.sub(b), f.split[k-1])
		x[k] = even.add(odd)
		x[f.n-k] = even.sub(odd).conj()
	}
	for i, from := range f.order {
		out[i] = x[from]
	}
	f.transform(out)
}
