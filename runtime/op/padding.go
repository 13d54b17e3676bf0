package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// PadMode says who decides how far a window reaches over the image's borders.
type PadMode uint8

// The modes. With the two Same modes the output has ⌈input/stride⌉ pixels, and
// an odd pixel of padding goes after (TFLite, SAME_UPPER) or before the image.
const (
	PadExplicit PadMode = iota
	PadSameUpper
	PadSameLower
	PadValid // none
)

// Padding is how far a window reaches over the image's borders, in pixels; the
// four numbers count with PadExplicit only.
type Padding struct {
	Mode                     PadMode
	Top, Left, Bottom, Right int
}

// maxReach bounds strides, pads and windows, so that positions fit 32 bits.
const maxReach = 1 << 28

// axis returns the padding before the image and the number of outputs along
// one axis, for n pixels seen through k taps that are dilation pixels apart.
// Both are Dynamic if n is. before and after are the explicit padding.
func (p Padding) axis(name string, n, k, stride, dilation, before, after int) (pad, out int, err error) {
	reach := (int64(k)-1)*int64(dilation) + 1
	switch {
	case stride < 1 || stride > maxReach:
		return 0, 0, errorf("%s: stride %d, want at least 1", name, stride)
	case dilation < 1:
		return 0, 0, errorf("%s: dilation %d, want at least 1", name, dilation)
	case k < 1 || reach > maxReach:
		return 0, 0, errorf("%s: a window of %d taps with dilation %d is not valid", name, k, dilation)
	case p.Mode > PadValid:
		return 0, 0, errorf("padding mode %d is not valid", p.Mode)
	case p.Mode == PadExplicit && (before < 0 || after < 0 || before > maxReach || after > maxReach):
		return 0, 0, errorf("%s: padding %d and %d is not valid", name, before, after)
	case n == tensor.Dynamic:
		return tensor.Dynamic, tensor.Dynamic, nil
	}
	in, s := int64(n), int64(stride)
	if p.Mode == PadSameUpper || p.Mode == PadSameLower {
		o := (in + s - 1) / s
		total := max((o-1)*s+reach-in, 0)
		if p.Mode == PadSameLower {
			total++
		}
		return int(total / 2), int(o), nil
	}
	if p.Mode == PadValid {
		before, after = 0, 0
	}
	room := in + int64(before) + int64(after) - reach
	if room < 0 {
		return before, 0, nil
	}
	return before, int(room/s) + 1, nil
}
