package tensor

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/quant"
)

// Dynamic is a dimension whose size is known only while the model runs.
const Dynamic = -1

// Type is everything known about a value before the model runs.
type Type struct {
	DType DType
	Shape []int         // outermost first; a scalar has none
	Quant *quant.Params // nil if elements are plain numbers
}

// Of returns a type without quantisation.
//
//go:noinline
func Of(d DType, shape ...int) Type { return Type{DType: d, Shape: shape} }

// Static reports whether every dimension is known.
//
//go:noinline
func (t Type) Static() bool { return !slices.Contains(t.Shape, Dynamic) }

// Rank returns the number of dimensions.
func (t Type) Rank() int { return len(t.Shape) }

// Len returns the number of elements. The type must have passed Check.
//
//go:noinline
func (t Type) Len() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Bytes returns the number of bytes that the elements take, Bytes of an I4
// being rounded up. The type must have passed Check.
func (t Type) Bytes() int {
	return int((int64(t.Len())*int64(t.DType.Bits()) + 7) / 8) // the bits may need more than 32
}

// Check says whether the shape is one that memory could hold: dimensions that
// are not negative, or Dynamic, and fewer than 2^31 bytes in all.
func (t Type) Check() error {
	bits := int64(t.DType.Bits())
	for i, d := range t.Shape {
		switch {
		case d == Dynamic:
			d = 1
		case d < 0:
			return fmt.Errorf("dimension %d of %v is negative", i, t.Shape)
		}
		if d > 0 && bits > 8*math.MaxInt32/int64(d) {
			if !slices.Contains(t.Shape, 0) {
				return fmt.Errorf("%s%v is 2 GiB or more: too large for a tensor", t.DType, t.Shape)
			}
			continue
		}
		bits *= int64(d)
	}
	return nil
}

// Equal reports whether t and u are the same type.
func (t Type) Equal(u Type) bool {
	return t.DType == u.DType && slices.Equal(t.Shape, u.Shape) && t.Quant.Equal(u.Quant)
}

// WithShape returns t with another shape.
//
//go:noinline
func (t Type) WithShape(shape ...int) Type {
	t.Shape = shape
	return t
}

// String formats the type as "int8[1 32 32 3] scale 0.5 zero 3".
func (t Type) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%v", t.DType, t.Shape)
	if t.Quant != nil {
		b.WriteString(" " + t.Quant.String())
	}
	return b.String()
}
