package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ResizeMode says how a Resize finds values between elements.
type ResizeMode uint8

// The modes.
const (
	ResizeNearest ResizeMode = iota
	ResizeLinear
	ResizeCubic
)

// Coordinates says which place of the input an output's index stands for.
type Coordinates uint8

// The transformations, named as ONNX does.
const (
	HalfPixel Coordinates = iota
	HalfPixelSymmetric
	PytorchHalfPixel
	AlignCorners
	Asymmetric
	TFCropAndResize
)

// NearestMode says which neighbour a nearest Resize takes.
type NearestMode uint8

// The modes.
const (
	RoundPreferFloor NearestMode = iota
	RoundPreferCeil
	NearestFloor
	NearestCeil
)

// AspectPolicy says what becomes of sizes that change the ratio of the axes.
type AspectPolicy uint8

// The policies: one scale for all axes makes the output as large as fits in
// the sizes, or as small as covers them.
const (
	Stretch AspectPolicy = iota
	NotLarger
	NotSmaller
)

// Resize samples its input anew along Axes (nil: all): ONNX's Resize. Inputs 1
// to 3 are the region of interest (TFCropAndResize; float32, starts and then
// ends as parts of the axes), scales (float32) and sizes (int64); all may be
// left out but one of the last two. Nearest takes elements of any type, the
// other modes float32 and float64.
type Resize struct {
	Mode                      ResizeMode
	Coordinates               Coordinates
	Nearest                   NearestMode
	Policy                    AspectPolicy
	CubicA, Extrapolation     float32
	ExcludeOutside, Antialias bool
	Axes                      []int
}

// resizeAxis is how one axis is resized.
type resizeAxis struct {
	in, out    int
	num, den   float64 // scale: out/in, or what the model says
	given      bool    // the model says a scale
	start, end float64 // region of interest
}

// identity reports whether nothing happens along the axis.
func (x *resizeAxis) identity() bool {
	return x.in == x.out && x.num == x.den && x.start == 0 && x.end == 1
}

// Infer returns the resized type.
func (o *Resize) Infer(in []tensor.View) ([]tensor.Type, error) {
	ax, err := o.resolve(in)
	if err != nil {
		return nil, err
	}
	shape := make([]int, len(ax))
	for i := range ax {
		shape[i] = ax[i].out
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// resolve returns what happens along each axis; sizes that are not known are
// Dynamic.
func (o *Resize) resolve(in []tensor.View) ([]resizeAxis, error) {
	if err := wantInputs(in, 1, 4); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	if o.Mode != ResizeNearest {
		if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
			return nil, err
		}
	}
	x := in[0].Shape
	ax := make([]resizeAxis, len(x))
	for i, d := range x {
		ax[i] = resizeAxis{in: d, out: d, num: 1, den: 1, end: 1}
	}
	axes, err := o.axes(len(x))
	if err != nil {
		return nil, err
	}
	scales, sizes := input(in, 2), input(in, 3)
	given := func(v tensor.View) bool { return !v.Absent() && !(v.Static() && v.Len() == 0) }
	switch {
	case given(scales) == given(sizes):
		return nil, errorf("want either scales or sizes")
	case given(scales):
		err = o.scaled(ax, axes, scales)
	default:
		err = o.sized(ax, axes, sizes)
	}
	if err != nil {
		return nil, err
	}
	return ax, o.region(ax, axes, input(in, 1))
}

// axes returns Axes as indices, or all.
func (o *Resize) axes(rank int) ([]int, error) {
	axes := make([]int, 0, rank)
	var seen [maxRank]bool
	for _, a := range o.Axes {
		axis, err := axisOf(a, rank)
		if err != nil {
			return nil, err
		}
		if seen[axis] {
			return nil, errorf("axis %d is named twice in %v", axis, o.Axes)
		}
		seen[axis] = true
		axes = append(axes, axis)
	}
	for i := range rank {
		if o.Axes == nil {
			axes = append(axes, i)
		}
	}
	return axes, nil
}

// wantEachAxis checks that v is a list with per elements for each of axes.
func wantEachAxis(name string, v tensor.View, axes []int, per int) error {
	if v.Rank() != 1 || v.Static() && v.Len() != per*len(axes) {
		return errorf("%s have shape %v, want [%d]", name, v.Shape, per*len(axes))
	}
	return nil
}

func (o *Resize) scaled(ax []resizeAxis, axes []int, scales tensor.View) error {
	if scales.DType != tensor.F32 {
		return Unsupported("scales of type %s", scales.DType)
	}
	if err := wantEachAxis("scales", scales, axes, 1); err != nil {
		return err
	}
	for i, a := range axes {
		x := &ax[a]
		if !scales.Known() {
			x.out = tensor.Dynamic
			continue
		}
		s := scales.F32()[i]
		if !(s > 0) || s > maxResize {
			return errorf("scale %d is %v, want a number above 0", i, s)
		}
		x.num, x.given = float64(s), true
		if x.in == tensor.Dynamic {
			continue
		}
		size := math.Floor(float64(float32(x.in) * s)) // in float32, as ONNX infers shapes
		if size > maxReach {
			return errorf("scale %d, %v, makes %d elements too many", i, s, x.in)
		}
		x.out = int(size)
	}
	return nil
}

func (o *Resize) sized(ax []resizeAxis, axes []int, sizes tensor.View) error {
	if err := wantEachAxis("sizes", sizes, axes, 1); err != nil {
		return err
	}
	want, known, err := ints(sizes)
	if err != nil {
		return errorf("sizes: %w", err)
	}
	one, numerator, denominator := false, 0.0, 1.0 // the scale for all axes
	for i, a := range axes {
		x := &ax[a]
		x.out = tensor.Dynamic
		if !known {
			continue
		}
		if want[i] < 0 || want[i] > maxReach || x.in == 0 && want[i] > 0 {
			return errorf("size %d of an axis of %d is not valid", want[i], x.in)
		}
		if x.in == tensor.Dynamic {
			if o.Policy != Stretch {
				known = false
				continue
			}
			x.out = want[i]
			continue
		}
		x.out, x.num, x.den = want[i], float64(want[i]), float64(x.in)
		if c := float64(x.num*denominator) - float64(numerator*x.den); !one || o.Policy == NotLarger && c < 0 || o.Policy == NotSmaller && c > 0 {
			one, numerator, denominator = true, x.num, x.den
		}
	}
	if o.Policy == Stretch {
		return nil
	}
	for _, a := range axes {
		if ax[a].out = tensor.Dynamic; known {
			ax[a].num, ax[a].den = numerator, denominator
			size := math.Floor(float64(ax[a].in)*numerator/denominator + 0.5)
			if !(size >= 0 && size <= maxReach) {
				return errorf("a size of %v is not valid", size)
			}
			ax[a].out = int(size)
		}
	}
	return nil
}

// region reads the region of interest.
func (o *Resize) region(ax []resizeAxis, axes []int, roi tensor.View) error {
	if o.Coordinates != TFCropAndResize {
		return nil
	}
	if roi.Absent() || roi.DType != tensor.F32 {
		return errorf("the region of interest is %s, want float32", roi.DType)
	}
	if err := wantEachAxis("the region's bounds", roi, axes, 2); err != nil {
		return err
	}
	for i, a := range axes {
		if roi.Known() {
			ax[a].start, ax[a].end = float64(roi.F32()[i]), float64(roi.F32()[len(axes)+i])
		}
	}
	return nil
}

// place returns the place of output i in the input, and whether it lies
// outside of it.
func (o *Resize) place(x *resizeAxis, i int) (at float64, outside bool) {
	n, v := float64(x.in), float64(i)
	width := n * x.num / x.den // of the output, not rounded
	switch o.Coordinates {
	case AlignCorners:
		if width == 1 || x.out == 1 {
			return 0, false
		}
		return v * (n - 1) / (width - 1), false
	case Asymmetric:
		return x.divided(v), false
	case TFCropAndResize:
		if width == 1 || x.out == 1 {
			at = float64((x.end-x.start)*(n-1)) / 2
		} else {
			at = v * (x.end - x.start) * (n - 1) / (width - 1)
		}
		// To float32, as the region is given: 0.2 of 5 is 1, and not just above.
		at = float64(float32(x.start*(n-1)) + float32(at))
		return at, !(at >= 0 && at <= n-1)
	case PytorchHalfPixel:
		if x.out == 1 {
			return 0, false
		}
	case HalfPixelSymmetric:
		offset := float64(n / 2 * (1 - float64(x.out)/width))
		return offset + (v+0.5)*x.den/x.num - 0.5, false
	}
	return x.divided(v+0.5) - 0.5, false
}

// divided returns v over the scale. One that the model gives is rounded to float32
// already, so the quotient is as well: 2 / 0.4 is 5, and not just below.
func (x *resizeAxis) divided(v float64) float64 {
	if x.given {
		return float64(float32(v / x.num))
	}
	return v * x.den / x.num
}
