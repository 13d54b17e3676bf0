package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Hardmax gives 1 to the greatest element along Axis, the first of equal ones,
// and 0 to the others. Flat is as in Softmax.
type Hardmax struct {
	Axis int
	Flat bool
}

// Infer returns the input's type.
func (o *Hardmax) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	_, err := softmaxAxis(o.Axis, o.Flat, in[0].Rank())
	return []tensor.Type{in[0].Type}, err
}

// Ref compares. A NaN wins only where it is the first.
func (o *Hardmax) Ref(in, out []tensor.View) error {
	l := softmaxLines(o.Axis, o.Flat, in[0].Shape)
	if in[0].DType == tensor.F32 {
		hardmax(l, in[0].F32(), out[0].F32())
	} else {
		hardmax(l, in[0].F64(), out[0].F64())
	}
	return nil
}

func hardmax[T float32 | float64](l lines, x, y []T) {
	l.each(func(at int) {
		best := at
		for i := range l.n {
			j := at + i*l.inner
			if x[j] > x[best] {
				best = j
			}
			y[j] = 0
		}
		y[best] = 1
	})
}
