package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SignalOverlapAdd joins frames [..., n, size], int16 or float32, that begin
// Step after one another: where they overlap, they are added. int16 sums
// saturate, each time that a frame is added. The output is [..., n·Step]; the
// variable holds the rest, to which the next run's frames are added.
type SignalOverlapAdd struct{ Step int }

// Writes lists the variable.
func (*SignalOverlapAdd) Writes() []int { return []int{1} }

// State returns the type of the sums: one frame for each stream.
func (o *SignalOverlapAdd) State(x tensor.Type) ([]tensor.Type, error) {
	outer, inner, err := streams(x, 2)
	if err != nil {
		return nil, err
	}
	if err := wantWithin("frame_step", o.Step, 1, inner[1]); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(x.DType, outer, inner[1])}, nil
}

// Infer returns the type of the streams.
func (o *SignalOverlapAdd) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantState(o, in, tensor.I16, tensor.F32); err != nil {
		return nil, err
	}
	x := in[0].Shape
	last := len(x) - 2
	return []tensor.Type{tensor.Of(in[0].DType, append(slices.Clone(x[:last]), x[last]*o.Step)...)}, nil
}

// Ref adds frame by frame.
func (o *SignalOverlapAdd) Ref(in, out []tensor.View) error {
	shape := in[0].Shape
	frames, size := shape[len(shape)-2], shape[len(shape)-1]
	if in[0].DType == tensor.I16 {
		overlapAdd(out[0].I16(), in[1].I16(), in[0].I16(), frames, size, o.Step, addSaturated)
	} else {
		overlapAdd(out[0].F32(), in[1].F32(), in[0].F32(), frames, size, o.Step, addFloats)
	}
	return nil
}

// overlapAdd adds the frames of x, stream by stream, with add, and moves what
// is complete to y.
func overlapAdd[T int16 | float32](y, sums, x []T, frames, size, step int, add func(sums, x []T)) {
	for ; len(sums) > 0; sums = sums[size:] {
		sum := sums[:size]
		for range frames {
			add(sum, x[:size])
			copy(y[:step], sum)
			copy(sum, sum[step:])
			clear(sum[size-step:])
			x, y = x[size:], y[step:]
		}
	}
}

func addSaturated(sums, x []int16) {
	for i, v := range x {
		sums[i] = int16(max(min(int32(sums[i])+int32(v), math.MaxInt16), math.MinInt16))
	}
}

func addFloats(sums, x []float32) {
	for i, v := range x {
		sums[i] += v
	}
}
