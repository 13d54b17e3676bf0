package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SignalStacker joins each Step-th int16 frame of Channels with the Left
// frames before and the Right after it. The first frame stands for those
// before it.
//
// Variables: the frames kept, the last output, and two int32: how many frames
// are kept, and whether there has been one. Outputs: int16 of Left+1+Right
// frames, and a bool, whether it is new; if not, it is that of the last time.
type SignalStacker struct{ Channels, Left, Right, Step int }

// Writes lists the variables.
func (*SignalStacker) Writes() []int { return []int{1, 2, 3} }

// State returns the types of the variables.
func (o *SignalStacker) State(x tensor.Type) ([]tensor.Type, error) {
	const most = math.MaxInt32 / 4
	if err := wantWithin("num_channels", o.Channels, 1, most); err != nil {
		return nil, err
	}
	if err := wantWithin("stacker_left_context", o.Left, 0, most); err != nil {
		return nil, err
	}
	if err := wantWithin("stacker_right_context", o.Right, 0, most); err != nil {
		return nil, err
	}
	if err := wantWithin("stacker_step", o.Step, 1, o.frames()); err != nil {
		return nil, err
	}
	if x.Rank() != 1 || x.Shape[0] < o.Channels {
		return nil, errorf("input of shape %v, want [%d] for as many channels", x.Shape, o.Channels)
	}
	t := tensor.Of(tensor.I16, o.frames(), o.Channels)
	return []tensor.Type{t, t, tensor.Of(tensor.I32, 2)}, nil
}

func (o *SignalStacker) frames() int { return o.Left + 1 + o.Right }

// Infer returns the types of the stack and the bool.
func (o *SignalStacker) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantState(o, in, tensor.I16); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(tensor.I16, o.frames()*o.Channels), tensor.Of(tensor.Bool)}, nil
}

// Ref adds a frame.
func (o *SignalStacker) Ref(in, out []tensor.View) error {
	x, kept, last, count := in[0].I16()[:o.Channels], in[1].I16(), in[2].I16(), in[3].I32()
	copies := 1
	if count[1] == 0 {
		copies, count[1] = 1+o.Left, 1
	}
	for range copies {
		copy(kept[int(count[0])*o.Channels:], x)
		count[0]++
	}
	out[1].Data[0] = 0
	if int(count[0]) == o.frames() {
		copy(last, kept)
		copy(kept, kept[o.Step*o.Channels:])
		count[0] -= int32(o.Step)
		out[1].Data[0] = 1
	}
	copy(out[0].I16(), last)
	return nil
}
