package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// SignalFilterBankSpectralSubtraction estimates each channel's noise, by a
// low-pass filter over the runs, and subtracts it. Coefficients have Bits
// fractional bits; odd channels have their own. All arithmetic wraps.
//
// Inputs: channels uint32 [Channels] and a variable, the estimates, of the same
// type. Outputs: what remains, and the estimates.
type SignalFilterBankSpectralSubtraction struct {
	Channels           int
	Smoothing, Keep    [2]uint32 // of even and odd channels: weights of the new value and of the estimate
	MinSignalRemaining uint32    // the share of a channel that is not subtracted
	SmoothingBits      int       // additional fractional bits of the estimates
	Bits               int
	Clamping           bool // estimates follow at once when a channel falls below them
}

// Name returns "SignalFilterBankSpectralSubtraction".
func (*SignalFilterBankSpectralSubtraction) Name() string {
	return "SignalFilterBankSpectralSubtraction"
}

// Writes lists the estimates.
func (*SignalFilterBankSpectralSubtraction) Writes() []int { return []int{1} }

// State returns the type of the estimates, for channels of type x.
func (o *SignalFilterBankSpectralSubtraction) State(x tensor.Type) ([]tensor.Type, error) {
	if x.Rank() != 1 || x.Shape[0] != o.Channels {
		return nil, errorf("input of shape %v, want [%d] for as many channels", x.Shape, o.Channels)
	}
	return []tensor.Type{tensor.Of(tensor.U32, o.Channels)}, nil
}

// Infer returns the types of the channels and the estimates.
func (o *SignalFilterBankSpectralSubtraction) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantState(o, in, tensor.U32); err != nil {
		return nil, err
	}
	if err := wantShift("smoothing_bits", o.SmoothingBits, 31); err != nil {
		return nil, err
	}
	if err := wantShift("spectral_subtraction_bits", o.Bits, 63); err != nil {
		return nil, err
	}
	t := tensor.Of(tensor.U32, o.Channels)
	return []tensor.Type{t, t}, nil
}

// Ref filters and subtracts.
func (o *SignalFilterBankSpectralSubtraction) Ref(in, out []tensor.View) error {
	noise, y := in[1].U32(), out[0].U32()
	for i, x := range in[0].U32() {
		scaled := x << (o.SmoothingBits & 31)
		sum := uint64(scaled)*uint64(o.Smoothing[i&1]) + uint64(noise[i])*uint64(o.Keep[i&1])
		noise[i] = uint32(sum >> (o.Bits & 63))
		estimate := min(noise[i], scaled)
		if o.Clamping {
			noise[i] = estimate
		}
		floor := uint32(uint64(x) * uint64(o.MinSignalRemaining) >> (o.Bits & 63))
		y[i] = max((scaled-estimate)>>(o.SmoothingBits&31), floor)
	}
	copy(out[1].Data, in[1].Data)
	return nil
}
