package op

import (
	"math/bits"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
)

// scaler is a quant.Multiplier made ready for inner loops: times gives the
// same as its Apply, without branches. Right shifts may exceed 31.
type scaler struct {
	m           int64
	half        int64 // of 2^right, 0 for right = 0
	tie         int64 // −1, by which negative numbers differ, or 0 for right = 0
	left, right uint8
}

func newScaler(m quant.Multiplier) scaler {
	s := scaler{m: int64(m.M)}
	if m.Shift > 0 {
		s.left = uint8(m.Shift)
	} else if m.Shift < 0 {
		s.right = uint8(min(-int(m.Shift), 62))
		s.half, s.tie = 1<<(s.right-1), -1
	}
	return s
}

// times returns x·m, rounded twice. The product saturates nowhere: no
// multiplier is −2^31.
func (s *scaler) times(x int32) int32 {
	v := (int64(x<<(s.left&63))*s.m + 1<<30) >> 31
	return int32((v + s.half + v>>63&s.tie) >> (s.right & 63))
}

// kernelScale returns m as kernels take it.
func kernelScale(m quant.Multiplier) kernels.Scale {
	return kernels.Scale{Mult: m.M, Left: int32(max(m.Shift, 0)), Right: int32(max(-m.Shift, 0))}
}

// unscale is the inverse of kernelScale.
func unscale(s kernels.Scale) scaler {
	return newScaler(quant.Multiplier{M: s.Mult, Shift: int8(s.Left - s.Right)})
}

// signBits returns the number of bits below the sign that equal it: 31 for 0.
func signBits(x int32) int { return bits.LeadingZeros32(uint32(x^x>>31)) - 1 }
