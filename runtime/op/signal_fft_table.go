package op

import (
	"math"
	"sync"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// fftRadixes are the factors of transforms, in the order in which they are taken out.
var fftRadixes = [...]int{4, 2, 3, 5}

// maxFFT bounds a transform's length, and with it the tables that are kept.
const maxFFT = 1 << 16

// complexOf is a complex number; a spectrum is stored as such pairs.
type complexOf[T tensor.Element] struct{ re, im T }

func (a complexOf[T]) add(b complexOf[T]) complexOf[T] { return complexOf[T]{a.re + b.re, a.im + b.im} }
func (a complexOf[T]) sub(b complexOf[T]) complexOf[T] { return complexOf[T]{a.re - b.re, a.im - b.im} }

// conj returns a's conjugate. The least integer stays as it is.
func (a complexOf[T]) conj() complexOf[T] { return complexOf[T]{a.re, -a.im} }

// turn returns a·(−j), or a·j for an inverse transform.
func (a complexOf[T]) turn(inverse bool) complexOf[T] {
	if inverse {
		return complexOf[T]{-a.im, a.re}
	}
	return complexOf[T]{a.im, -a.re}
}

// complexes returns b as complex numbers, sharing memory.
func complexes[T tensor.Element](b []byte) []complexOf[T] {
	x := tensor.Cast[T](b)
	return unsafe.Slice((*complexOf[T])(unsafe.Pointer(unsafe.SliceData(x))), len(x)/2)
}

// fftStage is one pass over the data: blocks of radix·m numbers, each made of
// radix transforms of m. Its twiddles are stride apart in the table.
type fftStage struct{ radix, m, stride int }

// fftTable is what a real transform of 2·n elements needs. It is computed by a
// complex transform of n: decimation in time, with the factors 4, 2, 3 and 5 of
// n in this order, outermost first.
type fftTable[T tensor.Element] struct {
	n       int
	back    bool           // the inverse transform
	order   []int32        // the input's index of each place before the first stage
	stages  []fftStage     // innermost first
	twiddle []complexOf[T] // exp(∓2πj·i/n)
	split   []complexOf[T] // exp(∓πj·((i+1)/n + 1/2)), which parts even and odd samples
}

// newFFTTable makes the table for length real elements, which wantFFT
// passed. round turns a number from -1 to 1 into a T.
func newFFTTable[T tensor.Element](length int, inverse bool, round func(float64) T) fftTable[T] {
	n := length / 2
	t := fftTable[T]{n: n, back: inverse, order: make([]int32, n)}
	sign := -1.0
	if inverse {
		sign = 1
	}
	unit := func(phase float64) complexOf[T] {
		return complexOf[T]{round(quant.Cos64(phase)), round(quant.Sin64(phase))}
	}
	for i := range n {
		t.twiddle = append(t.twiddle, unit(sign*2*math.Pi*float64(i)/float64(n)))
	}
	for i := range n / 2 {
		t.split = append(t.split, unit(sign*math.Pi*(float64(i+1)/float64(n)+0.5)))
	}
	m, stride := n, 1
	for _, radix := range fftRadixes {
		for ; m%radix == 0; stride *= radix {
			m /= radix
			t.stages = append([]fftStage{{radix, m, stride}}, t.stages...)
			for i := range t.order {
				t.order[i] += int32(i / m % radix * stride)
			}
		}
	}
	return t
}

// realFFT transforms one row of some element type. tmp holds as many elements
// as the row in time.
type realFFT interface {
	// forward writes length+2 numbers, a spectrum; src may be shorter than
	// length, zeros being added.
	forward(dst, src, tmp []byte)
	// inverse reads a spectrum of length+2 numbers and writes length.
	inverse(dst, src, tmp []byte)
}

type fftKey struct {
	typ     tensor.DType
	length  int
	inverse bool
}

// fftTables keeps what was made: there are not many lengths.
var fftTables sync.Map // of fftKey to realFFT

// fftFor returns a transform whose length wantFFT passed.
func fftFor(k fftKey) realFFT {
	if f, ok := fftTables.Load(k); ok {
		return f.(realFFT)
	}
	var f realFFT
	switch k.typ {
	case tensor.I16:
		f = &fixedFFT[int16]{newFFTTable(k.length, k.inverse, toFixed[int16])}
	case tensor.I32:
		f = &fixedFFT[int32]{newFFTTable(k.length, k.inverse, toFixed[int32])}
	default:
		f = &floatFFT{newFFTTable(k.length, k.inverse, func(x float64) float32 { return float32(x) })}
	}
	kept, _ := fftTables.LoadOrStore(k, f)
	return kept.(realFFT)
}

// wantFFT checks a transform's length: that of the complex one, half as long,
// has no other factors than 2, 3 and 5. (The reference crashes where it has,
// and where there is nothing to transform.)
func wantFFT(length int) error {
	rest := length
	for _, r := range [...]int{2, 3, 5} {
		for rest > 1 && rest%r == 0 {
			rest /= r
		}
	}
	if length < 4 || length > maxFFT || length%2 != 0 || rest != 1 {
		return Unsupported("an FFT of length %d (supported: even products of 2, 3 and 5, from 4 to %d)", length, maxFFT)
	}
	return nil
}
