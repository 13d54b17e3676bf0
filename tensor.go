package edgeinfer

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Quant is the quantisation of a tensor: real = Scale·(q − Zero).
type Quant = quant.Params

// Tensor is an input or output of a session. Its elements lie in C order in
// memory that the session owns.
type Tensor struct {
	name string
	v    *tensor.View
}

// Name returns the tensor's name in the model.
func (t *Tensor) Name() string { return t.name }

// DType returns the element type.
func (t *Tensor) DType() DType { return t.v.DType }

// Shape returns the dimensions, outermost first. It must not be changed.
func (t *Tensor) Shape() []int { return t.v.Shape }

// Len returns the number of elements.
func (t *Tensor) Len() int { return t.v.Len() }

// Quant returns the quantisation, nil if there is none.
func (t *Tensor) Quant() *Quant { return t.v.Quant }

// Bytes returns the memory of the elements, little-endian on every machine
// that Go runs on here.
func (t *Tensor) Bytes() []byte { return t.v.Data }

// The methods below return the elements, sharing the session's memory. They
// panic if the tensor is of another type.

func (t *Tensor) Float32() []float32 { return t.v.F32() }
func (t *Tensor) Int8() []int8       { return t.v.I8() }
func (t *Tensor) Uint8() []uint8     { return t.v.U8() } // of bool tensors too
func (t *Tensor) Int16() []int16     { return t.v.I16() }
func (t *Tensor) Int32() []int32     { return t.v.I32() }
func (t *Tensor) Int64() []int64     { return t.v.I64() }
func (t *Tensor) Float64() []float64 { return t.v.F64() }

// SetFloats fills the tensor from real numbers: an integer tensor with
// quantisation is quantised, one without is rounded. The length must fit; NaN
// can't become an integer.
func (t *Tensor) SetFloats(x []float32) error {
	if len(x) != t.Len() {
		return fmt.Errorf("tensor %q has %d elements %v, not %d", t.name, t.Len(), t.v.Shape, len(x))
	}
	if t.v.DType == tensor.F32 {
		copy(t.v.F32(), x)
		return nil
	}
	for i, v := range x {
		if v != v {
			return fmt.Errorf("element %d is NaN, and tensor %q is of type %s: replace NaN before it is quantised", i, t.name, t.v.DType)
		}
	}
	scale, zero := float32(1), int32(0)
	if q := t.v.Quant; q != nil && len(q.Scale) == 1 {
		scale, zero = q.Scale[0], q.Zero[0]
	}
	switch t.v.DType {
	case tensor.I8, tensor.U8, tensor.I16, tensor.I32:
		lo, hi := t.v.DType.Range()
		for i, v := range x {
			t.set(i, quant.QuantizeF32(v, scale, zero, int32(lo), int32(hi)))
		}
		return nil
	case tensor.Bool:
		for i, v := range x {
			t.v.Data[i] = 0
			if v != 0 {
				t.v.Data[i] = 1
			}
		}
		return nil
	case tensor.I64:
		for i, v := range x {
			t.v.I64()[i] = int64(math.RoundToEven(max(min(float64(v), 1<<62), -1<<62)))
		}
		return nil
	}
	return fmt.Errorf("tensor %q: real numbers do not convert to %s", t.name, t.v.DType)
}

func (t *Tensor) set(i int, q int32) {
	switch t.v.DType {
	case tensor.I8:
		t.v.I8()[i] = int8(q)
	case tensor.U8:
		t.v.U8()[i] = uint8(q)
	case tensor.I16:
		t.v.I16()[i] = int16(q)
	case tensor.I32:
		t.v.I32()[i] = q
	}
}

// AppendFloats appends the elements as real numbers to dst: quantised ones are
// dequantised.
func (t *Tensor) AppendFloats(dst []float32) []float32 {
	for i := range t.Len() {
		dst = append(dst, t.float(i))
	}
	return dst
}

func (t *Tensor) float(i int) float32 {
	var q int64
	switch t.v.DType {
	case tensor.F32:
		return t.v.F32()[i]
	case tensor.F64:
		return float32(t.v.F64()[i])
	case tensor.F16:
		return Half(t.v.F16()[i])
	case tensor.U64:
		return float32(t.v.U64()[i])
	case tensor.I4: // two in a byte, the low one first
		q = int64(int8(t.v.Data[i/2]<<(4-i%2*4)) >> 4)
	case tensor.I8:
		q = int64(t.v.I8()[i])
	case tensor.U8, tensor.Bool:
		q = int64(t.v.U8()[i])
	case tensor.I16:
		q = int64(t.v.I16()[i])
	case tensor.U16:
		q = int64(t.v.U16()[i])
	case tensor.I32:
		q = int64(t.v.I32()[i])
	case tensor.U32:
		q = int64(t.v.U32()[i])
	case tensor.I64:
		q = t.v.I64()[i]
	default:
		panic("BUG: " + t.v.DType.String() + " has no real values")
	}
	if p := t.v.Quant; p != nil && len(p.Scale) == 1 {
		return quant.Dequantize(int32(q), p.Scale[0], p.Zero[0])
	}
	return float32(q)
}

// Half returns the number that the bits of a float16 stand for.
func Half(bits uint16) float32 {
	sign, e, m := uint32(bits>>15)<<31, uint32(bits>>10&31), uint32(bits&0x3ff)
	switch e {
	case 31: // infinity, NaN
		return math.Float32frombits(sign | 0xff<<23 | m<<13)
	case 0: // subnormal: m·2^-24, exact
		return math.Float32frombits(sign | math.Float32bits(float32(m)/(1<<24)))
	}
	return math.Float32frombits(sign | (e-15+127)<<23 | m<<13)
}
