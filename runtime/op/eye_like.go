package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// EyeLike returns a matrix of type DType as large as its input: 1 on the
// diagonal Shift columns to the right of the main one, 0 elsewhere.
type EyeLike struct {
	DType tensor.DType
	Shift int
}

// TypeOnly says that contents don't matter.
func (*EyeLike) TypeOnly() {}

// Infer returns DType with the input's shape.
func (o *EyeLike) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 2); err != nil {
		return nil, err
	}
	if o.DType == tensor.I4 || o.DType == tensor.None {
		return nil, Unsupported("%s as type of the output", o.DType)
	}
	return []tensor.Type{tensor.Of(o.DType, in[0].Shape...)}, nil
}

// Ref clears the matrix, then writes the diagonal.
func (o *EyeLike) Ref(in, out []tensor.View) error {
	dst := out[0].Data
	clear(dst)
	rows, columns := out[0].Shape[0], out[0].Shape[1]
	one, size := oneOf(o.DType), o.DType.Size()
	for r := range rows {
		if c := int64(r) + int64(o.Shift); c >= 0 && c < int64(columns) {
			at := (r*columns + int(c)) * size
			copy(dst[at:at+size], one[:])
		}
	}
	return nil
}

// oneOf returns the bytes of 1.
func oneOf(d tensor.DType) (b [8]byte) {
	switch d {
	case tensor.F32:
		copy(b[:], tensor.Bytes([]float32{1}))
	case tensor.F64:
		copy(b[:], tensor.Bytes([]float64{1}))
	case tensor.F16:
		copy(b[:], tensor.Bytes([]uint16{quant.Float16Bits(1)}))
	default:
		b[0] = 1
	}
	return b
}
