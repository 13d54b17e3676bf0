package op

import (
	"math"
	"math/bits"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SignalWindow multiplies int16 frames with a window: input 1, weights [n],
// is repeated over input 0. Products are shifted right by Shift, rounding
// down, and saturate.
type SignalWindow struct{ Shift int }

// InPlace says that frames may be overwritten.
func (*SignalWindow) InPlace(in, out []tensor.Type) []int { return []int{0} }

// Infer returns the frames' type.
func (o *SignalWindow) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantSignal(in, tensor.I16, tensor.I16); err != nil {
		return nil, err
	}
	if err := wantRank(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantShift("shift", o.Shift, 31); err != nil {
		return nil, err
	}
	n := in[1].Shape[0]
	if n == 0 || in[0].Rank() == 0 || in[0].Static() && in[1].Static() && in[0].Len()%n != 0 {
		return nil, errorf("input of shape %v is not made of windows of %d elements", in[0].Shape, n)
	}
	return []tensor.Type{plainType(in[0].Type)}, nil
}

// Ref multiplies.
func (o *SignalWindow) Ref(in, out []tensor.View) error {
	x, w, y := in[0].I16(), in[1].I16(), out[0].I16()
	for ; len(x) > 0; x, y = x[len(w):], y[len(w):] {
		for i, wi := range w {
			p := int32(x[i]) * int32(wi) >> (o.Shift & 31)
			y[i] = int16(max(min(p, math.MaxInt16), math.MinInt16))
		}
	}
	return nil
}

// SignalFftAutoScale shifts an int16 signal left, as far as its greatest
// magnitude allows, so that a fixed-point FFT loses little. The outputs are
// the signal and an int32, the number of bits.
//
// The reference takes magnitudes in int16, where that of -32768 is negative
// and loses to whatever follows; the shift can then be too large.
type SignalFftAutoScale struct{}

// InPlace says that the signal may be overwritten.
func (*SignalFftAutoScale) InPlace(in, out []tensor.Type) []int { return []int{0} }

// Infer returns the types of the signal and the shift.
func (*SignalFftAutoScale) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantSignal(in, tensor.I16); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 1); err != nil {
		return nil, err
	}
	return []tensor.Type{plainType(in[0].Type), tensor.Of(tensor.I32)}, nil
}

// Ref finds the shift and applies it.
func (*SignalFftAutoScale) Ref(in, out []tensor.View) error {
	x, y := in[0].I16(), out[0].I16()
	most := int16(0)
	for _, v := range x {
		if v > most {
			most = v
		} else if -int32(v) > int32(most) {
			most = -v
		}
	}
	shift := 0
	if most != 0 {
		shift = max(15-bits.Len32(uint32(int32(most))), 0)
	}
	for i, v := range x {
		y[i] = v << shift
	}
	out[1].I32()[0] = int32(shift)
	return nil
}

// SignalEnergy returns the squared magnitudes of complex int16 numbers, real
// and imaginary parts in turn: uint32, one for each pair. Those outside of
// [Start, End) are 0. (The reference leaves them as they were.)
type SignalEnergy struct{ Start, End int }

// Infer returns a type of half as many elements.
func (o *SignalEnergy) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantSignal(in, tensor.I16); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 1); err != nil {
		return nil, err
	}
	n := in[0].Shape[0]
	if n == tensor.Dynamic {
		return []tensor.Type{tensor.Of(tensor.U32, n)}, nil
	}
	if o.Start < 0 || o.End > n/2 {
		return nil, errorf("indices %d to %d are out of range for %d complex numbers", o.Start, o.End, n/2)
	}
	return []tensor.Type{tensor.Of(tensor.U32, n/2)}, nil
}

// Ref adds the squares.
func (o *SignalEnergy) Ref(in, out []tensor.View) error {
	x, y := in[0].I16(), out[0].U32()
	clear(y)
	for i := o.Start; i < o.End; i++ {
		re, im := int32(x[2*i]), int32(x[2*i+1])
		y[i] = uint32(re*re) + uint32(im*im)
	}
	return nil
}

// wantSignal checks that there is one input of each type, in this order.
func wantSignal(in []tensor.View, types ...tensor.DType) error {
	if err := wantInputs(in, len(types), len(types)); err != nil {
		return err
	}
	for i, t := range types {
		if err := wantType(in, i, t); err != nil {
			return err
		}
	}
	return nil
}

// plainType returns t without quantisation.
func plainType(t tensor.Type) tensor.Type { return tensor.Of(t.DType, t.Shape...) }

// wantShift checks a number of bits.
func wantShift(name string, bits, most int) error {
	if bits < 0 || bits > most {
		return errorf("%s is %d, want 0 to %d", name, bits, most)
	}
	return nil
}
