package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SignalFramer cuts int16 streams [..., n·Step] into n frames of Size that
// overlap: each begins Step after the one before. It gives frames once it has
// Size samples; Prefill puts Size-Step zeros before the first one.
//
// Variables: the samples kept, and an int32, how many of each stream there
// are. Outputs: frames [..., n, Size], and a bool, whether all are there;
// those that are not are zero.
type SignalFramer struct {
	Size, Step int
	Prefill    bool
}

// Writes lists the samples and their number.
func (*SignalFramer) Writes() []int { return []int{1, 2} }

// capacity returns the most samples kept of a stream: whole steps.
func (o *SignalFramer) capacity() int { return (o.Size-1)/o.Step*o.Step + o.Step }

// State returns the types of the samples and their number.
func (o *SignalFramer) State(x tensor.Type) ([]tensor.Type, error) {
	outer, inner, err := streams(x, 1)
	if err != nil {
		return nil, err
	}
	if err := wantWithin("frame_step", o.Step, 1, inner[0]); err != nil {
		return nil, err
	}
	if err := wantWithin("frame_size", o.Size, 1, math.MaxInt32/2); err != nil {
		return nil, err
	}
	switch {
	case inner[0]%o.Step != 0:
		return nil, errorf("input of shape %v is not made of steps of %d", x.Shape, o.Step)
	case o.Prefill && o.Step > o.Size:
		return nil, errorf("frame_step %d is more than frame_size %d, which prefill excludes", o.Step, o.Size)
	}
	return []tensor.Type{tensor.Of(tensor.I16, outer, o.capacity()), tensor.Of(tensor.I32, 1)}, nil
}

// Infer returns the types of the frames and the bool.
func (o *SignalFramer) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantState(o, in, tensor.I16); err != nil {
		return nil, err
	}
	x := in[0].Shape
	last := len(x) - 1
	return []tensor.Type{
		tensor.Of(tensor.I16, append(slices.Clone(x[:last]), x[last]/o.Step, o.Size)...),
		tensor.Of(tensor.Bool),
	}, nil
}

// Ref takes samples step by step. The count is stored less the zeros of
// Prefill, so that it is 0 at first.
func (o *SignalFramer) Ref(in, out []tensor.View) error {
	x, kept, count, y := in[0].I16(), in[1].I16(), in[2].I32(), out[0].I16()
	clear(y)
	frames := in[0].Shape[in[0].Rank()-1] / o.Step
	room, before, valid, have := o.capacity(), 0, byte(1), 0
	if o.Prefill {
		before = o.Size - o.Step
	}
	for ; len(kept) > 0; kept = kept[room:] {
		have = int(count[0]) + before
		for range frames {
			copy(kept[have:room], x[:o.Step])
			if have += o.Step; have >= o.Size {
				copy(y[:o.Size], kept)
				copy(kept[:room], kept[o.Step:room])
				have -= o.Step
			} else {
				valid = 0
			}
			x, y = x[o.Step:], y[o.Size:]
		}
	}
	count[0] = int32(have - before)
	out[1].Data[0] = valid
	return nil
}
