package data

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// Array is numbers of one type with a shape; its first dimension counts samples.
type Array struct {
	a   *npy.Array
	err error
}

// Number is an element of an Array.
type Number interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~float32 | ~float64
}

// Of copies values into an Array of the given shape; of none, it is [len(values)].
// One dimension may be −1: it follows from the others. A shape that does not fit
// is an error of whatever uses the Array, and of Err.
func Of[T Number](values []T, shape ...int) *Array {
	if len(shape) == 0 {
		shape = []int{len(values)}
	}
	shape, err := fill(len(values), shape)
	if err != nil {
		return &Array{err: err}
	}
	d := npy.DType(reflect.TypeFor[T]().Kind().String())
	if d == "int" {
		d = npy.Int64
	}
	a, err := npy.New(d, shape...)
	if err != nil {
		return &Array{err: err}
	}
	size := d.Size()
	for i, v := range values {
		put(a.Data[i*size:(i+1)*size], d, float64(v), int64(v))
	}
	return &Array{a: a}
}

// put stores a number: f if d is a float, else n.
func put(b []byte, d npy.DType, f float64, n int64) {
	bits := uint64(n)
	switch d {
	case npy.Float32:
		bits = uint64(math.Float32bits(float32(f)))
	case npy.Float64:
		bits = math.Float64bits(f)
	}
	var word [8]byte
	binary.LittleEndian.PutUint64(word[:], bits)
	copy(b, word[:])
}

// fill replaces a −1 in shape, which must multiply out to n.
func fill(n int, shape []int) ([]int, error) {
	out := slices.Clone(shape)
	open, rest := -1, 1
	for i, d := range shape {
		switch {
		case d == -1 && open < 0:
			open = i
		case d < 0, d > 0 && rest > math.MaxInt/d:
			return nil, fmt.Errorf("shape %v does not hold %d values", shape, n)
		default:
			rest *= d
		}
	}
	if open >= 0 && rest > 0 {
		out[open] = n / rest
		rest *= out[open]
	}
	if rest != n || slices.Contains(out, -1) {
		return nil, fmt.Errorf("shape %v does not hold %d values", shape, n)
	}
	return out, nil
}

// FromNPY returns an array as an Array, which shares its memory.
func FromNPY(a *npy.Array) *Array {
	if err := numeric(a.DType); err != nil {
		return &Array{err: err}
	}
	if len(a.Shape) == 0 {
		return &Array{err: errors.New("a scalar has no samples: give an array of at least one dimension")}
	}
	return &Array{a: a}
}

// Err says what is wrong with the Array, if something is.
func (a *Array) Err() error { return a.err }

// Shape returns the dimensions, that of samples first.
func (a *Array) Shape() []int {
	if a.err != nil {
		return nil
	}
	return a.a.Shape
}

func (a *Array) column(name string) *column {
	rows := a.a.Shape[0]
	width := count(a.a.Shape[1:])
	return newColumn(name, a.a.DType, rows, width, inMemory(a.a.Data), false, 1)
}

// Pair returns the set of samples x with targets y, as they are. Integers in y are
// classes, floats are numbers; y of shape [n] or [n 1] has one for each sample.
// Names are those of the classes; without names these are numbers from 0 to the
// highest that occurs.
func Pair(x, y *Array, names ...string) (Set, error) {
	if err := errors.Join(x.err, y.err); err != nil {
		return nil, err
	}
	t, err := newTable("arrays", x.column("x"), y.column("y"), x.a.Shape[1:], y.a.Shape[1:])
	if err != nil {
		return nil, err
	}
	if integer(y.a.DType) {
		if len(names) == 0 {
			names = nil
		}
		err = t.nameClasses(names)
	}
	return t, err
}

// newTable joins columns of samples and targets.
func newTable(file string, x, y *column, shape, target []int) (*table, error) {
	if x.rows != y.rows {
		return nil, fmt.Errorf("%s: %d samples and %d targets: give one for each", file, x.rows, y.rows)
	}
	if x.rows == 0 {
		return nil, fmt.Errorf("%s: no samples", file)
	}
	if len(shape) == 0 {
		shape = []int{1}
	}
	if err := errors.Join(checkShape(shape), checkShape(target)); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if y.width == 1 {
		target = nil
	}
	return &table{file: file, rowWord: "sample", x: x, y: y, shape: slices.Clone(shape), target: slices.Clone(target)}, nil
}
