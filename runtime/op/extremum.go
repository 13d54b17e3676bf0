package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Maximum returns the greater of a and b, broadcast; b if one is NaN. Integers
// are compared as they are, so that quantised operands must be quantised alike.
type Maximum struct{}

// Minimum returns the lesser of a and b, as Maximum.
type Minimum struct{}

// Infer returns the broadcast type.
func (*Maximum) Infer(in []tensor.View) ([]tensor.Type, error) { return inferExtremum(in) }

// Infer returns the broadcast type.
func (*Minimum) Infer(in []tensor.View) ([]tensor.Type, error) { return inferExtremum(in) }

func inferExtremum(in []tensor.View) ([]tensor.Type, error) {
	if err := wantPair(in, tensor.F32, tensor.I8, tensor.U8, tensor.I16, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	shape, err := broadcast(in[0].Shape, in[1].Shape)
	return []tensor.Type{in[0].WithShape(shape...)}, err
}

func extremum(d tensor.DType, greater bool) pairs {
	switch d {
	case tensor.F32:
		return extremumOf[float32](greater)
	case tensor.I8:
		return extremumOf[int8](greater)
	}
	return widePair{extremumOf[int64](greater).f, d, d}
}

func extremumOf[T float32 | int8 | int64](greater bool) pair[T, T, T] {
	if greater {
		return pair[T, T, T]{
			f: func(a, b T) T {
				if a > b {
					return a
				}
				return b
			},
			run: func(y, a, b []T) {
				a, b = a[:len(y)], b[:len(y)]
				for i := range y {
					x := b[i]
					if a[i] > x {
						x = a[i]
					}
					y[i] = x
				}
			},
		}
	}
	return pair[T, T, T]{
		f: func(a, b T) T {
			if a < b {
				return a
			}
			return b
		},
		run: func(y, a, b []T) {
			a, b = a[:len(y)], b[:len(y)]
			for i := range y {
				x := b[i]
				if a[i] < x {
					x = a[i]
				}
				y[i] = x
			}
		},
	}
}

// Ref compares.
func (*Maximum) Ref(in, out []tensor.View) error {
	refPairs(extremum(in[0].DType, true), in, out)
	return nil
}

// Ref compares.
func (*Minimum) Ref(in, out []tensor.View) error {
	refPairs(extremum(in[0].DType, false), in, out)
	return nil
}

// Prepare prepares loops over runs.
func (*Maximum) Prepare(p *Prep) (Prepared, error) {
	return preparePairs("go", extremum(p.In[0].DType, true))
}

// Prepare prepares loops over runs.
func (*Minimum) Prepare(p *Prep) (Prepared, error) {
	return preparePairs("go", extremum(p.In[0].DType, false))
}

// InPlace says that the result may replace an operand.
func (*Maximum) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }

// InPlace says that the result may replace an operand.
func (*Minimum) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
