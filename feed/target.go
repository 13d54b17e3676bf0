package feed

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer"
)

// target is an input as the session has it.
type target struct {
	name  string
	dtype edgeinfer.DType
	shape []int
	quant *edgeinfer.Quant
	meta  *edgeinfer.TensorMetadata // nil if the file says nothing
}

func newTarget(t *edgeinfer.Tensor, meta *edgeinfer.TensorMetadata) target {
	return target{t.Name(), t.DType(), slices.Clone(t.Shape()), t.Quant(), meta}
}

func (t *target) len() int {
	n := 1
	for _, d := range t.shape {
		n *= d
	}
	return n
}

// bytes returns the bytes of one set.
func (t *target) bytes() int { return (t.len()*t.dtype.Bits() + 7) / 8 }

func (t *target) String() string { return fmt.Sprintf("%s%v", t.dtype, t.shape) }

// quantised reports whether one scale turns the stored integers into numbers.
func (t *target) quantised() bool { return t.quant != nil && len(t.quant.Scale) == 1 }

// reals returns an item of real numbers, quantised where the input needs it.
func reals(x []float32) item {
	return func(t *edgeinfer.Tensor) (string, error) {
		if err := t.SetFloats(x); err != nil {
			return "", err
		}
		return conversion(t), nil
	}
}

// conversion says what SetFloats does for t.
func conversion(t *edgeinfer.Tensor) string {
	q := t.Quant()
	switch {
	case t.DType().Float():
		return ""
	case q != nil && len(q.Scale) == 1:
		return fmt.Sprintf("real numbers quantised to %s with scale %g, zero point %d", t.DType(), q.Scale[0], q.Zero[0])
	}
	return fmt.Sprintf("real numbers rounded to %s", t.DType())
}

// stored returns an item of bytes as the input has them.
func stored(b []byte) item {
	return func(t *edgeinfer.Tensor) (string, error) {
		if len(b) != len(t.Bytes()) {
			return "", fmt.Errorf("%d bytes are not the %d of %s%v", len(b), len(t.Bytes()), t.DType(), t.Shape())
		}
		copy(t.Bytes(), b)
		return "", nil
	}
}
