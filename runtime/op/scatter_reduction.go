package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Scattering says what becomes of an element that an update meets.
type Scattering uint8

// The ways to put an update in place.
const (
	ScatterReplace Scattering = iota
	ScatterAdd                // integers wrap around; bools: or
	ScatterMul                // integers wrap around; bools: and
	ScatterMax                // not a number if either isn't one
	ScatterMin
)

// into puts the elements of src in the place of those of dst.
func (s Scattering) into(d tensor.DType, dst, src []byte) {
	if s == ScatterReplace {
		copy(dst, src)
		return
	}
	switch d {
	case tensor.F32:
		scatterNumbers(s, tensor.Cast[float32](dst), tensor.Cast[float32](src))
	case tensor.F64:
		scatterNumbers(s, tensor.Cast[float64](dst), tensor.Cast[float64](src))
	case tensor.F16:
		scatterHalves(s, tensor.Cast[uint16](dst), tensor.Cast[uint16](src))
	case tensor.I8:
		scatterNumbers(s, tensor.Cast[int8](dst), tensor.Cast[int8](src))
	case tensor.U8:
		scatterNumbers(s, dst, src)
	case tensor.Bool:
		switch s {
		case ScatterAdd:
			s = ScatterMax
		case ScatterMul:
			s = ScatterMin
		}
		scatterNumbers(s, dst, src)
	case tensor.I16:
		scatterNumbers(s, tensor.Cast[int16](dst), tensor.Cast[int16](src))
	case tensor.U16:
		scatterNumbers(s, tensor.Cast[uint16](dst), tensor.Cast[uint16](src))
	case tensor.I32:
		scatterNumbers(s, tensor.Cast[int32](dst), tensor.Cast[int32](src))
	case tensor.U32:
		scatterNumbers(s, tensor.Cast[uint32](dst), tensor.Cast[uint32](src))
	case tensor.I64:
		scatterNumbers(s, tensor.Cast[int64](dst), tensor.Cast[int64](src))
	case tensor.U64:
		scatterNumbers(s, tensor.Cast[uint64](dst), tensor.Cast[uint64](src))
	}
}

func scatterNumbers[T tensor.Element](s Scattering, dst, src []T) {
	dst = dst[:len(src)]
	switch s {
	case ScatterAdd:
		for i, x := range src {
			dst[i] += x
		}
	case ScatterMul:
		for i, x := range src {
			dst[i] *= x
		}
	case ScatterMax:
		for i, x := range src {
			dst[i] = max(dst[i], x)
		}
	case ScatterMin:
		for i, x := range src {
			dst[i] = min(dst[i], x)
		}
	}
}

// scatterHalves computes in float32 and rounds each result.
func scatterHalves(s Scattering, dst, src []uint16) {
	for i, h := range src {
		x := [1]float32{quant.Float16(dst[i])}
		scatterNumbers(s, x[:], []float32{quant.Float16(h)})
		dst[i] = quant.Float16Bits(x[0])
	}
}
