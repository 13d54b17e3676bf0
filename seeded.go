package edgeinfer

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// tokens is the number of values that seeded integers without quantisation
// take: they are often indices, and small ones exist in every table.
const tokens = 4

// FillSeeded fills all inputs with random data, the same on every machine for
// the same state of rng, of which each element takes one number:
//
//	float32, float64   k/4096 with k uniform in [-4096, 4096)
//	float16            k/1024 with k uniform in [-1024, 1024)
//	int32, int64       without quantisation: uniform in [0, 4), as for tokens
//	other integers     uniform over the type
//	bool               0 or 1
func (s *Session) FillSeeded(rng rand.Source) {
	for i := range s.inputs {
		s.inputs[i].fillSeeded(rng)
	}
}

func (t *Tensor) fillSeeded(rng rand.Source) {
	d, b := t.v.DType, t.v.Data
	if d == tensor.I4 { // two elements in a byte
		for i := range b {
			b[i] = byte(rng.Uint64() >> 56)
		}
		return
	}
	for i, size := 0, d.Size(); i < len(b); i += size {
		putElement(b[i:i+size], seeded(d, t.v.Quant != nil, rng.Uint64()))
	}
}

// seeded turns 64 random bits into the bits of an element.
func seeded(d DType, quantised bool, r uint64) uint64 {
	switch {
	case d == tensor.F32:
		return uint64(math.Float32bits(float32(int(r>>51)-4096) / 4096))
	case d == tensor.F64:
		return math.Float64bits(float64(int(r>>51)-4096) / 4096)
	case d == tensor.F16:
		return uint64(halfBits(int(r>>53) - 1024))
	case d == tensor.Bool:
		return r >> 63
	case (d == tensor.I32 || d == tensor.I64) && !quantised:
		return r >> 32 % tokens
	}
	return r >> (64 - d.Bits())
}

// halfBits returns the float16 k/1024, for |k| <= 1024.
func halfBits(k int) uint16 {
	if k == 0 {
		return 0
	}
	sign := uint16(0)
	if k < 0 {
		sign, k = 1<<15, -k
	}
	e := bits.Len(uint(k)) - 1 // k = 2^e·(1 + mantissa)
	return sign | uint16(e-10+15)<<10 | uint16(k<<(10-e))&0x3ff
}

func putElement(b []byte, x uint64) {
	switch len(b) {
	case 1:
		b[0] = byte(x)
	case 2:
		binary.LittleEndian.PutUint16(b, uint16(x))
	case 4:
		binary.LittleEndian.PutUint32(b, uint32(x))
	case 8:
		binary.LittleEndian.PutUint64(b, x)
	default:
		panic(fmt.Sprintf("BUG: element of %d bytes", len(b)))
	}
}
