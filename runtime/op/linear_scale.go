package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// linearScales says which scale and zero point belong to an element of a
// tensor that ONNX quantises. The tensor is seen as [outer axis inner]; element
// (o, a, i) has scale o·so + (a/block)·sa + i·si.
type linearScales struct {
	outer, axis, inner int
	so, sa, si, block  int
}

// newLinearScales fits scales of one shape to a tensor of another: one scale;
// one for each index of axis; or, where block isn't 0, one for each block of
// so many elements along axis.
func newLinearScales(shape, scale []int, axis, block int) (s linearScales, err error) {
	if block == 0 && (len(scale) == 0 || len(scale) == 1 && scale[0] == 1) {
		return linearScales{outer: 1, axis: 1, inner: product(shape), block: 1}, nil
	}
	if block < 0 {
		return s, errorf("block size %d is negative", block)
	}
	if axis, err = axisOf(axis, len(shape)); err != nil {
		return s, err
	}
	s = linearScales{outer: product(shape[:axis]), axis: shape[axis], inner: product(shape[axis+1:]), block: 1}
	if block == 0 {
		if len(scale) != 1 || scale[0] != shape[axis] {
			return s, errorf("scales of shape %v for dimension %d of %v, want 1 or %d of them", scale, axis, shape, shape[axis])
		}
		s.sa = 1
		return s, nil
	}
	if len(scale) != len(shape) {
		return s, errorf("scales of shape %v for blocks of %v, want the same rank", scale, shape)
	}
	for i, d := range scale {
		want := shape[i]
		if i == axis && want > 0 {
			want = (want-1)/block + 1
		}
		if d != want {
			return s, errorf("scales of shape %v for blocks of %d along dimension %d of %v, want %d where there are %d", scale, block, axis, shape, want, d)
		}
	}
	s.so, s.sa, s.si, s.block = scale[axis]*s.inner, s.inner, 1, block
	return s, nil
}

// wantLinear checks the scale, input 1, and the zero point, input 2, of the
// elements of x.
func wantLinear(in []tensor.View, axis, block int) error {
	if err := wantInputs(in, 2, 3); err != nil {
		return err
	}
	if err := wantType(in, 1, tensor.F32, tensor.F16); err != nil {
		return err
	}
	z := input(in, 2)
	if !in[0].Static() || !in[1].Static() || !z.Absent() && !z.Static() {
		return nil // the run infers again
	}
	if _, err := newLinearScales(in[0].Shape, in[1].Shape, axis, block); err != nil {
		return err
	}
	if !z.Absent() && z.Len() != in[1].Len() {
		return errorf("zero points of shape %v for scales of shape %v", z.Shape, in[1].Shape)
	}
	return nil
}

// linearScale returns element i of a tensor of scales.
func linearScale(v *tensor.View, i int) float32 {
	if v.DType == tensor.F16 {
		return quant.Float16(v.F16()[i])
	}
	return v.F32()[i]
}

// linearZero returns element i of a tensor of zero points, 0 if there is none.
func linearZero(v *tensor.View, i int) int32 {
	switch v.DType {
	case tensor.I8:
		return int32(v.I8()[i])
	case tensor.U8:
		return int32(v.Data[i])
	case tensor.I16:
		return int32(v.I16()[i])
	case tensor.U16:
		return int32(v.U16()[i])
	case tensor.I32:
		return v.I32()[i]
	case tensor.I4:
		return int32(nibble(v.Data, i))
	}
	return 0
}

// halfEven adds a zero point to numbers, rounded with ties to even, and
// saturates: quant.RoundEven for a type of at most 16 bits.
type halfEven struct {
	zero   int32
	lo, hi float32 // less zero
}

func newHalfEven(d tensor.DType, zero int32) halfEven {
	lo, hi := d.Range()
	return halfEven{zero: zero, lo: float32(lo - int64(zero)), hi: float32(hi - int64(zero))}
}

// Saturation bounds the 8-bit integers of an output further than their type
// does, to [Lo, Hi]: that is what a clamp does to what the integers stand for.
// The zero Saturation doesn't.
type Saturation struct{ Lo, Hi int32 }

// check says what keeps s from bounding elements of type d.
func (s Saturation) check(d tensor.DType) error {
	if s == (Saturation{}) {
		return nil
	}
	lo, hi := d.Range()
	if d != tensor.I8 && d != tensor.U8 || s.Lo > s.Hi || int64(s.Lo) < lo || int64(s.Hi) > hi {
		return errorf("bounds %d to %d of an output of type %s", s.Lo, s.Hi, d)
	}
	return nil
}

// within narrows h to s.
func (h halfEven) within(s Saturation) halfEven {
	if s != (Saturation{}) {
		h.lo, h.hi = float32(s.Lo-h.zero), float32(s.Hi-h.zero)
	}
	return h
}

// of clamps before it rounds: the bounds are integers, of 17 bits at most. NaN
// becomes the least value, as it does in ONNX Runtime.
func (h *halfEven) of(x float32) int32 {
	if !(x > h.lo) {
		x = h.lo
	}
	if x > h.hi {
		x = h.hi
	}
	return kernels.Nearest(x) + h.zero
}
