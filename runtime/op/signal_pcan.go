package op

import (
	"math/bits"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SignalPCAN is per-channel amplitude normalisation, an automatic gain
// control: each channel is multiplied with a gain that falls with its noise,
// and the ratio is compressed.
//
// Inputs: channels uint32 [n], noise uint32 [n], and the gain as an int16 table
// of noise: entries 0, 1 and 2 for such noise, then for each number of bits
// from 2 on a parabola of three coefficients and one unused entry, from entry 2
// on. Output: uint32 [n] with 6 fractional bits. The product's fraction, after
// a shift right by SNRShift, has 12.
type SignalPCAN struct{ SNRShift int }

// InPlace says that channels may be overwritten.
func (*SignalPCAN) InPlace(in, out []tensor.Type) []int { return []int{0} }

// Infer returns the channels' type.
func (o *SignalPCAN) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantSignal(in, tensor.U32, tensor.U32, tensor.I16); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantRank(in, i, 1); err != nil {
			return nil, err
		}
	}
	if in[0].Static() && in[1].Static() && in[1].Len() < in[0].Len() {
		return nil, errorf("noise of %d channels is too short for %d", in[1].Len(), in[0].Len())
	}
	if err := wantShift("snr_shift", o.SNRShift, 63); err != nil {
		return nil, err
	}
	return []tensor.Type{plainType(in[0].Type)}, nil
}

// Ref applies the gain.
func (o *SignalPCAN) Ref(in, out []tensor.View) error {
	noise, table, y := in[1].U32(), in[2].I16(), out[0].U32()
	for i, x := range in[0].U32() {
		first, coefficients := noise[i], 1
		if first > 2 {
			first, coefficients = uint32(4*bits.Len32(noise[i])-6), 3
		}
		if int(first)+coefficients > len(table) {
			return dataf("noise of %d is beyond the gain's table of %d entries", noise[i], len(table))
		}
		gain := table[first]
		if coefficients == 3 {
			gain = parabola(noise[i], table[first:])
		}
		y[i] = shrink(uint32(uint64(x) * uint64(uint32(int32(gain))) >> (o.SNRShift & 63)))
	}
	return nil
}

// parabola interpolates between powers of two: c has the value at the lower
// one and two coefficients for the ten bits below the leading one.
func parabola(x uint32, c []int16) int16 {
	n := bits.Len32(x)
	if n < 11 {
		x <<= 11 - n
	} else {
		x >>= n - 11
	}
	frac := int32(x & 0x3ff)
	y := int32(c[2])*frac>>5 + int32(c[1])<<5
	return int16((y*frac+1<<14)>>15 + int32(c[0]))
}

// shrink compresses a ratio of 12 fractional bits into one of 6: x²/4 below 2,
// and x-1 from there on.
func shrink(x uint32) uint32 {
	if x < 2<<12 {
		return x * x >> 20
	}
	return x>>6 - 1<<6
}
