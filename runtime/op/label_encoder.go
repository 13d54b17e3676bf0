package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// LabelEncoder replaces each element that is Keys[i] by Values[i], others by
// Default, which has one element. Keys are float32, float64, int16, int32 or
// int64; NaN is a key like others. Of equal keys the first counts.
type LabelEncoder struct {
	Keys, Values, Default tensor.View
}

// Infer returns the values' type with the input's shape.
func (o *LabelEncoder) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64, tensor.I16, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	k, v, d := &o.Keys, &o.Values, &o.Default
	switch {
	case k.DType != in[0].DType:
		return nil, errorf("keys are %s, the input is %s: want the same type", k.DType, in[0].DType)
	case v.DType == tensor.I4:
		return nil, Unsupported("int4 as type of labels")
	case !k.Static() || !v.Static() || !d.Static() || k.Len() != v.Len() || d.Len() != 1 || d.DType != v.DType:
		return nil, errorf("keys %s, values %s, default %s: want as many keys as values, and one default of their type", k.Type, v.Type, d.Type)
	}
	return []tensor.Type{tensor.Of(v.DType, in[0].Shape...)}, nil
}

// Ref searches.
func (o *LabelEncoder) Ref(in, out []tensor.View) error {
	step, err := o.bind(&in[0], &out[0])
	if err != nil {
		return err
	}
	return step()
}

// Prepare sorts the keys.
func (o *LabelEncoder) Prepare(*Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) { return o.bind(&m.In[0], &m.Out[0]) }}, nil
}

// Work counts a search for each element.
func (o *LabelEncoder) Work(in, out []tensor.Type) int64 { return 20 * int64(in[0].Len()) }

func (o *LabelEncoder) bind(x, y *tensor.View) (Step, error) {
	switch x.DType {
	case tensor.F32:
		return encodeLabels(*o, x.F32(), o.Keys.F32(), y), nil
	case tensor.F64:
		return encodeLabels(*o, x.F64(), o.Keys.F64(), y), nil
	case tensor.I16:
		return encodeLabels(*o, x.I16(), o.Keys.I16(), y), nil
	case tensor.I32:
		return encodeLabels(*o, x.I32(), o.Keys.I32(), y), nil
	}
	return encodeLabels(*o, x.I64(), o.Keys.I64(), y), nil
}

// encodeLabels returns the step. Keys are found through a map, NaN beside it.
func encodeLabels[T number](o LabelEncoder, x, keys []T, y *tensor.View) Step {
	index := make(map[T]int, len(keys))
	for i, k := range slices.Backward(keys) {
		index[k] = i
	}
	nan := slices.IndexFunc(keys, func(k T) bool { return k != k })
	size := y.DType.Size()
	return func() error {
		for i, v := range x {
			at, ok := index[v]
			if v != v {
				at, ok = nan, nan >= 0
			}
			from := o.Default.Data
			if ok {
				from = o.Values.Data[at*size:]
			}
			copy(y.Data[i*size:(i+1)*size], from)
		}
		return nil
	}
}
