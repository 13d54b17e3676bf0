package feed

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer"
)

// setStored fills t with numbers as they are to be stored. For an integer
// tensor they must be whole, and in its range.
func setStored(t *edgeinfer.Tensor, x []float64) error {
	d := t.DType()
	if len(x) != t.Len() {
		return fmt.Errorf("%d numbers are not the %d of %s%v", len(x), t.Len(), d, t.Shape())
	}
	for i, v := range x {
		bits, ok := storedBits(d, v)
		if !ok {
			return fmt.Errorf("element %d is %g, which %s does not hold: give whole numbers in its range", i, v, d)
		}
		b := t.Bytes()[i*d.Size():]
		switch d.Size() {
		case 1:
			b[0] = byte(bits)
		case 2:
			binary.LittleEndian.PutUint16(b, uint16(bits))
		case 4:
			binary.LittleEndian.PutUint32(b, uint32(bits))
		case 8:
			binary.LittleEndian.PutUint64(b, bits)
		}
	}
	return nil
}

// storedBits returns the bits of v in type d.
func storedBits(d edgeinfer.DType, v float64) (uint64, bool) {
	switch d {
	case edgeinfer.Float32:
		return uint64(math.Float32bits(float32(v))), true
	case edgeinfer.Float64:
		return math.Float64bits(v), true
	case edgeinfer.Float16, edgeinfer.Int4:
		return 0, false
	}
	const exact = 1 << 53 // beyond it float64 skips integers
	if v != math.Trunc(v) || math.Abs(v) > exact {
		return 0, false
	}
	if d.Bits() < 64 {
		lo, hi := d.Range()
		if v < float64(lo) || v > float64(hi) {
			return 0, false
		}
	} else if d == edgeinfer.Uint64 && v < 0 {
		return 0, false
	}
	return uint64(int64(v)), true
}
