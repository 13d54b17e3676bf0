package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// AddN sums two or more inputs of one shape, in their order. int8 inputs are
// quantised alike; To is the sum's type.
type AddN struct{ To }

// maxAddN bounds the number of inputs. A quantised sum wraps around, as the
// reference's does, from 17 inputs at the ends of int8 on.
const maxAddN = 1 << 16

// Infer returns the inputs' type.
func (o *AddN) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, maxAddN); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.I32, tensor.I8); err != nil {
		return nil, err
	}
	t := in[0].Type
	for i := 1; i < len(in); i++ {
		if in[i].DType != t.DType || !sameDims(in[i].Shape, t.Shape) {
			return nil, errorf("inputs 0 and %d are %s%v and %s%v, want the same", i, t.DType, t.Shape, in[i].DType, in[i].Shape)
		}
		if t.DType == tensor.I8 && !in[i].Quant.Equal(t.Quant) {
			return nil, errorf("inputs 0 and %d are quantised as %v and %v, want the same", i, t.Quant, in[i].Quant)
		}
	}
	if t.DType != tensor.I8 {
		return []tensor.Type{t}, nil
	}
	y := o.Type(t.Shape...)
	if y.DType != tensor.I8 {
		return nil, Unsupported("%s as type of the output", y.DType)
	}
	if err := wantQuant(t, y); err != nil {
		return nil, err
	}
	_, err := o.scaled(t, y)
	return []tensor.Type{y}, err
}

// sameDims compares shapes, of which unknown dimensions fit any.
func sameDims(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && a[i] != tensor.Dynamic && b[i] != tensor.Dynamic {
			return false
		}
	}
	return true
}

func (o *AddN) scaled(x, y tensor.Type) (kernels.AddS8, error) {
	sx, _ := scaleZero(x)
	sy, _ := scaleZero(y)
	twice := 2 * float64(sx)
	return newSum(x, x, y, Bounds{}, 20, float64(sx)/twice, float64(sx)/twice, twice/float64(float64(1<<20)*float64(sy)))
}

// Ref sums element by element.
func (o *AddN) Ref(in, out []tensor.View) error {
	switch in[0].DType {
	case tensor.F32:
		sumOf[float32](in, out[0])
	case tensor.I32:
		sumOf[int32](in, out[0])
	default:
		o.sum8(in, out[0])
	}
	return nil
}

func sumOf[T float32 | int32](in []tensor.View, out tensor.View) {
	y := tensor.Cast[T](out.Data)
	for i := range y {
		sum := T(0)
		for j := range in {
			sum += tensor.Cast[T](in[j].Data)[i]
		}
		y[i] = sum
	}
}

func (o *AddN) sum8(in []tensor.View, out tensor.View) {
	p, _ := o.scaled(in[0].Type, out.Type) // checked by Infer
	sx, sy := unscale(p.A), unscale(p.Out)
	y := out.I8()
	for i := range y {
		// As in the reference, the sum starts with what a raw 0 stands for.
		sum := sx.times(-p.ZeroA << uint(p.Shift))
		for j := range in {
			sum += sx.times((int32(in[j].I8()[i]) - p.ZeroA) << uint(p.Shift))
		}
		y[i] = int8(min(max(sy.times(sum)+p.Zero, p.Lo), p.Hi))
	}
}

// InPlace says that the sum may replace any input.
func (*AddN) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
