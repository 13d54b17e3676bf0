package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Cast converts elements to another type, as C does: integers wrap around,
// floats are cut towards zero, anything but 0 is true. What C leaves open is
// what an x86-64 does: a float goes by way of int32 to types of at most 16 bits
// and int32, and by way of int64 to the wider ones; there, whatever does not
// fit, NaN too, is the least number.
type Cast struct{ DType tensor.DType }

// Infer returns DType with the input's shape.
func (o *Cast) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if o.DType == tensor.None || o.DType == tensor.I4 && in[0].DType != tensor.I4 {
		return nil, Unsupported("%s as type of the output", o.DType)
	}
	return []tensor.Type{tensor.Of(o.DType, in[0].Shape...)}, nil
}

// Ref converts each element.
func (o *Cast) Ref(in, out []tensor.View) error {
	x, y := &in[0], &out[0]
	if x.DType == y.DType {
		copy(y.Data, x.Data)
		return nil
	}
	switch x.DType {
	case tensor.F32:
		castFloats(x.F32(), y)
	case tensor.F64:
		castFloats(x.F64(), y)
	case tensor.F16:
		castHalves(x.F16(), y)
	case tensor.I4:
		castInt4(x.Data, y)
	case tensor.U64:
		castInts(x.U64(), y)
	case tensor.I64:
		castInts(x.I64(), y)
	default:
		castNarrow(x, y)
	}
	return nil
}

// castNarrow converts integers of up to 32 bits; those of images, bytes and
// int32, become float32 without a detour.
func castNarrow(x, y *tensor.View) {
	if y.DType == tensor.F32 {
		switch x.DType {
		case tensor.U8, tensor.Bool:
			convert(y.F32(), x.U8())
			return
		case tensor.I8:
			convert(y.F32(), x.I8())
			return
		case tensor.I32:
			convert(y.F32(), x.I32())
			return
		}
	}
	var block [wideBlock]int64
	from, to := x.DType.Size(), y.DType.Size()
	for lo, n := 0, len(x.Data)/from; lo < n; lo += wideBlock {
		k := min(wideBlock, n-lo)
		widen(block[:k], x.Data[lo*from:], x.DType)
		part := *y
		part.Data = y.Data[lo*to : (lo+k)*to]
		castInts(block[:k], &part)
	}
}

type wholeElement interface {
	int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64
}

// castInts converts integers.
func castInts[X int64 | uint64](x []X, y *tensor.View) {
	switch y.DType {
	case tensor.F32:
		convert(y.F32(), x)
	case tensor.F64:
		convert(y.F64(), x)
	case tensor.F16:
		each(y.F16(), x, func(v X) uint16 { return quant.Float16Bits(float32(v)) })
	case tensor.Bool:
		each(y.U8(), x, func(v X) uint8 { return truth(v != 0) })
	case tensor.I8:
		convert(y.I8(), x)
	case tensor.U8:
		convert(y.U8(), x)
	case tensor.I16:
		convert(y.I16(), x)
	case tensor.U16:
		convert(y.U16(), x)
	case tensor.I32:
		convert(y.I32(), x)
	case tensor.U32:
		convert(y.U32(), x)
	case tensor.I64:
		convert(y.I64(), x)
	case tensor.U64:
		convert(y.U64(), x)
	}
}

// castFloats converts floats.
func castFloats[X float32 | float64](x []X, y *tensor.View) {
	switch y.DType {
	case tensor.F32:
		convert(y.F32(), x)
	case tensor.F64:
		convert(y.F64(), x)
	case tensor.F16:
		each(y.F16(), x, func(v X) uint16 { return quant.Float16Bits(float32(v)) })
	case tensor.Bool:
		each(y.U8(), x, func(v X) uint8 { return truth(v != 0) })
	case tensor.I8:
		each(y.I8(), x, func(v X) int8 { return int8(cut32(v)) })
	case tensor.U8:
		each(y.U8(), x, func(v X) uint8 { return uint8(cut32(v)) })
	case tensor.I16:
		each(y.I16(), x, func(v X) int16 { return int16(cut32(v)) })
	case tensor.U16:
		each(y.U16(), x, func(v X) uint16 { return uint16(cut32(v)) })
	case tensor.I32:
		each(y.I32(), x, cut32[X])
	case tensor.U32:
		each(y.U32(), x, func(v X) uint32 { return uint32(cut64(v)) })
	case tensor.I64:
		each(y.I64(), x, cut64[X])
	case tensor.U64:
		each(y.U64(), x, cutU64[X])
	}
}

// cut32 returns x cut towards zero, the least int32 if that doesn't fit.
func cut32[X float32 | float64](x X) int32 {
	if v := float64(x); v > math.MinInt32-1 && v < 1<<31 {
		return int32(v)
	}
	return math.MinInt32
}

// cut64 returns x cut towards zero, the least int64 if that doesn't fit.
func cut64[X float32 | float64](x X) int64 {
	if v := float64(x); v >= -1<<63 && v < 1<<63 {
		return int64(v)
	}
	return math.MinInt64
}

// cutU64 is cut64 with numbers from 2^63 to 2^64 as well.
func cutU64[X float32 | float64](x X) uint64 {
	if v := float64(x); v >= 1<<63 && v < 1<<64 {
		return uint64(v-1<<63) + 1<<63
	}
	return uint64(cut64(x))
}

// convert is Go's conversion.
func convert[Y, X wholeElement | float32 | float64](y []Y, x []X) {
	x = x[:len(y)]
	for i := range y {
		y[i] = Y(x[i])
	}
}

func each[Y, X tensor.Element](y []Y, x []X, f func(X) Y) {
	x = x[:len(y)]
	for i := range y {
		y[i] = f(x[i])
	}
}

// castHalves converts float16, by way of float32.
func castHalves(x []uint16, y *tensor.View) {
	var block [64]float32
	size := y.DType.Size()
	for lo := 0; lo < len(x); lo += len(block) {
		n := min(len(block), len(x)-lo)
		for i := range n {
			block[i] = quant.Float16(x[lo+i])
		}
		part := *y
		part.Data = y.Data[lo*size : (lo+n)*size]
		castFloats(block[:n], &part)
	}
}

// castInt4 unpacks and converts.
func castInt4(x []byte, y *tensor.View) {
	var block [wideBlock]int64
	n, size := y.Len(), y.DType.Size()
	for lo := 0; lo < n; lo += len(block) {
		k := min(len(block), n-lo)
		for i := range k {
			at := lo + i
			block[i] = int64(int8(x[at/2]<<(4*uint(1-at%2))) >> 4)
		}
		part := *y
		part.Data = y.Data[lo*size : (lo+k)*size]
		castInts(block[:k], &part)
	}
}

// InPlace says that elements of the same size may be replaced.
func (*Cast) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
