package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// GroupNormalization normalises the channels of an image [n c d1 …] in groups,
// float32 or float64; Groups 0 makes each channel a group (instance
// normalisation). Inputs 1 and 2, scale and bias, have one element for each
// channel or for each group.
type GroupNormalization struct {
	Groups  int
	Epsilon float32
}

// Infer returns the input's type.
func (o *GroupNormalization) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	if in[0].Rank() < 2 {
		return nil, errorf("input 0 has shape %v, want [n c …]", in[0].Shape)
	}
	c := in[0].Shape[1]
	if o.Groups < 0 || c != tensor.Dynamic && o.Groups > 0 && c%o.Groups != 0 {
		return nil, errorf("%d channels are not a multiple of %d groups", c, o.Groups)
	}
	for i := 1; i < 3; i++ {
		if err := wantSame(in, 0, i); err != nil {
			return nil, err
		}
		s := in[i].Shape
		if len(s) != 1 || c != tensor.Dynamic && s[0] != tensor.Dynamic && s[0] != c && (s[0] != o.Groups || o.Groups == 0) {
			return nil, errorf("input %d has shape %v, want one element for each of %d channels or %d groups", i, s, c, o.Groups)
		}
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref normalises.
func (o *GroupNormalization) Ref(in, out []tensor.View) error {
	if in[0].DType == tensor.F32 {
		groupPlain(*o, in[0].Shape, in[0].F32(), in[1].F32(), in[2].F32(), out[0].F32())
	} else {
		groupPlain(*o, in[0].Shape, in[0].F64(), in[1].F64(), in[2].F64(), out[0].F64())
	}
	return nil
}

func groupPlain[T nnReal](o GroupNormalization, shape []int, x, scale, bias, y []T) {
	if len(x) == 0 {
		return
	}
	c, pixels := shape[1], product(shape[2:])
	groups := o.Groups
	if groups == 0 {
		groups = c
	}
	size := c / groups * pixels
	for i := range shape[0] * groups {
		mean, variance := normMoments(x[i*size:][:size])
		inverse := 1 / math.Sqrt(variance+float64(o.Epsilon))
		for k := range c / groups {
			channel := i%groups*(c/groups) + k
			s, b := scale[normParam(channel, c, groups, len(scale))], bias[normParam(channel, c, groups, len(bias))]
			at := i*size + k*pixels
			for j, v := range x[at : at+pixels] {
				y[at+j] = T(T((float64(v)-mean)*inverse)*s) + b
			}
		}
	}
}

// normParam returns which of n parameters is channel's.
func normParam(channel, c, groups, n int) int {
	if n == c {
		return channel
	}
	return channel / (c / groups)
}

// LpNormalization divides by the P-norm along Axis, 1 or 2; zeros stay zeros.
type LpNormalization struct{ Axis, P int }

// Infer returns the input's type.
func (o *LpNormalization) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferSame(in, tensor.F32, tensor.F64)
	if err != nil {
		return nil, err
	}
	if o.P != 1 && o.P != 2 {
		return nil, errorf("p is %d, want 1 or 2", o.P)
	}
	_, err = axisOf(o.Axis, in[0].Rank())
	return out, err
}

// Ref divides.
func (o *LpNormalization) Ref(in, out []tensor.View) error {
	axis, err := axisOf(o.Axis, in[0].Rank())
	if err != nil {
		return err
	}
	inner, n := product(in[0].Shape[axis+1:]), in[0].Shape[axis]
	if in[0].DType == tensor.F32 {
		lpDivide(o.P, inner, n, in[0].F32(), out[0].F32())
	} else {
		lpDivide(o.P, inner, n, in[0].F64(), out[0].F64())
	}
	return nil
}

func lpDivide[T nnReal](p, inner, n int, x, y []T) {
	if len(x) == 0 {
		return
	}
	for i := range len(x) / n {
		at := i/inner*n*inner + i%inner
		sum := 0.0
		for k := range n {
			sum += lpTerm(float64(x[at+k*inner]), p)
		}
		norm := lpRoot(sum, p)
		if norm == 0 {
			norm = 1
		}
		for k := range n {
			y[at+k*inner] = T(float64(x[at+k*inner]) / norm)
		}
	}
}

// LRN divides each element of [n c d1 …] by (Bias + Alpha/Size · the sum of the
// squares of the Size channels around it)^Beta.
type LRN struct {
	Size              int
	Alpha, Beta, Bias float32
}

// Infer returns the input's type.
func (o *LRN) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferSame(in, tensor.F32, tensor.F64)
	if err != nil {
		return nil, err
	}
	if in[0].Rank() < 2 {
		return nil, errorf("input 0 has shape %v, want [n c …]", in[0].Shape)
	}
	if o.Size < 1 || o.Size > maxReach {
		return nil, errorf("size is %d, want at least 1", o.Size)
	}
	return out, nil
}

// Ref divides.
func (o *LRN) Ref(in, out []tensor.View) error {
	c, pixels := in[0].Shape[1], product(in[0].Shape[2:])
	if in[0].DType == tensor.F32 {
		lrnPlain(*o, c, pixels, in[0].F32(), out[0].F32())
	} else {
		lrnPlain(*o, c, pixels, in[0].F64(), out[0].F64())
	}
	return nil
}

func lrnPlain[T nnReal](o LRN, c, pixels int, x, y []T) {
	scale := float64(o.Alpha) / float64(o.Size)
	for i := range y {
		channel := i / pixels % c
		from, to := max(channel-(o.Size-1)/2, 0), min(channel+o.Size/2+1, c)
		sum := 0.0
		for k := from; k < to; k++ {
			v := float64(x[i+(k-channel)*pixels])
			sum += float64(v * v)
		}
		y[i] = T(float64(x[i]) / quant.Pow64(float64(o.Bias)+float64(scale*sum), float64(o.Beta)))
	}
}

// Work counts the channels around each element.
func (o *LRN) Work(in, out []tensor.Type) int64 {
	return int64(out[0].Len()) * int64(min(o.Size, max(in[0].Shape[1], 1)))
}
