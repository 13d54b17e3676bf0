package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SignalFilterBank sums energies into Channels overlapping bands. Band c+1
// covers the frequencies from starts[c+1], widths[c+1] of them; each energy,
// times a weight, goes to channel c and, times an "unweight", to channel c+1.
// Band 0 has unweights only.
//
// Inputs: energies uint32 [f]; weights and unweights int16 [w]; int16 tables of
// Channels+1 entries: the bands' first frequencies, first weights, and widths.
// Output: uint64 [Channels]; sums wrap.
type SignalFilterBank struct{ Channels int }

// Infer returns the channels' type. Tables are checked if they are known.
func (o *SignalFilterBank) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantSignal(in, tensor.U32, tensor.I16, tensor.I16, tensor.I16, tensor.I16, tensor.I16); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantRank(in, i, 1); err != nil {
			return nil, err
		}
	}
	if o.Channels < 0 || o.Channels >= math.MaxInt16<<8 {
		return nil, errorf("%d channels, want 0 to %d", o.Channels, math.MaxInt16<<8-1)
	}
	for i := 3; i < 6; i++ {
		if n := in[i].Shape[0]; n != tensor.Dynamic && n < o.Channels+1 {
			return nil, errorf("table of input %d has %d entries, want %d for %d channels", i, n, o.Channels+1, o.Channels)
		}
	}
	if in[0].Static() && in[1].Static() && in[2].Static() && in[3].Known() && in[4].Known() && in[5].Known() {
		for i := range o.Channels + 1 {
			if err := o.band(in, i); err != nil {
				return nil, err
			}
		}
	}
	return []tensor.Type{tensor.Of(tensor.U64, o.Channels)}, nil
}

// band checks entry i of the tables.
func (*SignalFilterBank) band(in []tensor.View, i int) error {
	freq, weight, width := int(in[3].I16()[i]), int(in[4].I16()[i]), int(in[5].I16()[i])
	if width <= 0 {
		return nil
	}
	if freq < 0 || freq+width > in[0].Shape[0] {
		return errorf("band %d has frequencies %d to %d, and input 0 has %d", i, freq, freq+width, in[0].Shape[0])
	}
	if weight < 0 || weight+width > in[1].Shape[0] || weight+width > in[2].Shape[0] {
		return errorf("band %d has weights %d to %d, and inputs 1 and 2 have %d and %d", i, weight, weight+width, in[1].Shape[0], in[2].Shape[0])
	}
	return nil
}

// Ref sums band by band.
func (o *SignalFilterBank) Ref(in, out []tensor.View) error {
	x, weights, unweights := in[0].U32(), in[1].I16(), in[2].I16()
	freqs, starts, widths, y := in[3].I16(), in[4].I16(), in[5].I16(), out[0].U64()
	carried := uint64(0) // the unweighted sum of the band before
	for i := range o.Channels + 1 {
		if err := o.band(in, i); err != nil {
			return dataf("%v", err)
		}
		sum, next := carried, uint64(0)
		if n := int(widths[i]); n > 0 {
			from, at := int(freqs[i]), int(starts[i])
			w, u := weights[at:at+n], unweights[at:at+n]
			for j, e := range x[from : from+n] {
				sum += uint64(int64(w[j])) * uint64(e)
				next += uint64(int64(u[j])) * uint64(e)
			}
		}
		if i > 0 {
			y[i-1] = sum
		}
		carried = next
	}
	return nil
}

// Work counts the weights: bands may overlap as they like.
func (o *SignalFilterBank) Work(in, out []tensor.Type) int64 {
	return int64(o.Channels+1) * int64(min(in[0].Len(), in[1].Len(), math.MaxInt16))
}

// SignalFilterBankSquareRoot returns the square roots of input 0, uint64 [n],
// rounded to uint32 and then shifted right by input 1, an int32 scalar.
type SignalFilterBankSquareRoot struct{}

// Infer returns the roots' type.
func (*SignalFilterBankSquareRoot) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantSignal(in, tensor.U64, tensor.I32); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 1); err != nil {
		return nil, err
	}
	if err := wantRank(in, 1, 0); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(tensor.U32, in[0].Shape...)}, nil
}

// Ref takes the roots.
func (*SignalFilterBankSquareRoot) Ref(in, out []tensor.View) error {
	shift, y := in[1].I32()[0], out[0].U32()
	if shift < 0 || shift > 31 {
		return dataf("a root is to be shifted by %d bits, want 0 to 31", shift)
	}
	for i, x := range in[0].U64() {
		y[i] = roundedRoot(x) >> shift
	}
	return nil
}

// roundedRoot returns the square root of x, rounded to the nearest but not
// beyond 16 bits if x has 32, and not beyond 32 bits.
func roundedRoot(x uint64) uint32 {
	r := uint64(math.Sqrt(float64(x)))
	r = min(r, math.MaxUint32)
	for r*r > x {
		r--
	}
	for r < math.MaxUint32 && (r+1)*(r+1) <= x {
		r++
	}
	top := uint64(math.MaxUint32)
	if x>>32 == 0 {
		top = math.MaxUint16
	}
	if x-r*r > r && r != top {
		r++
	}
	return uint32(r)
}
