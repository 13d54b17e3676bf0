package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Shape returns its input's dimensions as a list of type DType: int32 or
// int64. It leaves out the first Skip of them and the last Drop.
type Shape struct {
	DType      tensor.DType
	Skip, Drop int
}

// TypeOnly says that contents don't matter.
func (*Shape) TypeOnly() {}

// Infer returns a list as long as the input's rank.
func (o *Shape) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if o.DType != tensor.I32 && o.DType != tensor.I64 {
		return nil, Unsupported("a shape as %s", o.DType)
	}
	n := in[0].Rank() - o.Skip - o.Drop
	if o.Skip < 0 || o.Drop < 0 || n < 0 {
		return nil, errorf("dimensions %d to %d of shape %v are not a range", o.Skip, in[0].Rank()-o.Drop, in[0].Shape)
	}
	return []tensor.Type{tensor.Of(o.DType, n)}, nil
}

// Ref writes the dimensions.
func (o *Shape) Ref(in, out []tensor.View) error {
	for i, d := range in[0].Shape[o.Skip : in[0].Rank()-o.Drop] {
		setInt(&out[0], i, d)
	}
	return nil
}

// setInt sets element i of an int32 or int64 tensor.
func setInt(v *tensor.View, i, x int) {
	if v.DType == tensor.I32 {
		tensor.Cast[int32](v.Data)[i] = int32(x)
	} else {
		tensor.Cast[int64](v.Data)[i] = int64(x)
	}
}
