package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// wideNumber is an element in whose type others are computed.
type wideNumber interface {
	float32 | float64 | int64 | uint64
}

// widen writes integers of type d to y as int64; those of uint64 keep their bits.
func widen(y []int64, x []byte, d tensor.DType) {
	switch d {
	case tensor.I8:
		convert(y, tensor.Cast[int8](x))
	case tensor.U8, tensor.Bool:
		convert(y, x)
	case tensor.I16:
		convert(y, tensor.Cast[int16](x))
	case tensor.U16:
		convert(y, tensor.Cast[uint16](x))
	case tensor.I32:
		convert(y, tensor.Cast[int32](x))
	case tensor.U32:
		convert(y, tensor.Cast[uint32](x))
	default:
		copy(y, tensor.Cast[int64](x))
	}
}

// truncate writes numbers as integers of type d, which keep the bits that they
// have room for.
func truncate(y []byte, x []int64, d tensor.DType) {
	switch y = y[:len(x)*d.Size()]; d.Bits() {
	case 8:
		convert(y, x)
	case 16:
		convert(tensor.Cast[uint16](y), x)
	case 32:
		convert(tensor.Cast[uint32](y), x)
	default:
		copy(tensor.Cast[int64](y), x)
	}
}

// wideBlock is how many integers are widened at a time.
const wideBlock = 64

// widePair is a function of two int64 for operands of type d, any of integers
// but uint64, and an output of type y. It is there once, not for each type, and
// so for what isn't computed often.
type widePair struct {
	f    func(a, b int64) int64
	d, y tensor.DType
}

func (w widePair) runs() pairRuns {
	size, out := w.d.Size(), w.y.Size()
	run := func(y, a, b []byte) {
		var p, q [wideBlock]int64
		for len(y) > 0 {
			n := min(len(y)/out, wideBlock)
			widen(p[:n], a, w.d)
			widen(q[:n], b, w.d)
			for i := range n {
				p[i] = w.f(p[i], q[i])
			}
			truncate(y, p[:n], w.y)
			y, a, b = y[n*out:], a[n*size:], b[n*size:]
		}
	}
	return pairRuns{y: out, a: size, b: size, each: run, run: run}
}

// wideMap is a function of one int64 for elements of type d, as widePair is.
type wideMap struct {
	f func(int64) int64
	d tensor.DType
}

func (w wideMap) apply(y, x *tensor.View) {
	var p [wideBlock]int64
	size := w.d.Size()
	for lo, n := 0, len(y.Data)/size; lo < n; lo += wideBlock {
		part := p[:min(n-lo, wideBlock)]
		widen(part, x.Data[lo*size:], w.d)
		for i, v := range part {
			part[i] = w.f(v)
		}
		truncate(y.Data[lo*size:], part, w.d)
	}
}
