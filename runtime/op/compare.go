package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Comparison is a relation between two numbers.
type Comparison uint8

// The relations.
const (
	Equal Comparison = iota
	NotEqual
	Less
	LessEqual
	Greater
	GreaterEqual
)

// String returns the relation's name.
func (c Comparison) String() string {
	return [...]string{"Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"}[c]
}

// Compare says of each pair of elements, broadcast, whether it is in the
// relation. Quantised elements (int8, uint8) are brought to a common
// fixed-point scale first, which may find numbers equal that differ slightly.
// Bools are only equal or not. With Plain, elements of any type are the numbers
// that they look like.
type Compare struct {
	Is    Comparison
	Plain bool
}

// Name returns the relation's name.
func (o *Compare) Name() string { return o.Is.String() }

// Infer returns bools of the broadcast shape.
func (o *Compare) Infer(in []tensor.View) ([]tensor.Type, error) {
	types := []tensor.DType{tensor.F32, tensor.I8, tensor.U8, tensor.I32, tensor.I64}
	if o.Plain {
		types = arithNumbers
	}
	if o.Is == Equal || o.Is == NotEqual {
		types = append(slices.Clip(types), tensor.Bool)
	}
	if err := wantPair(in, types...); err != nil {
		return nil, err
	}
	shape, err := broadcast(in[0].Shape, in[1].Shape)
	if err != nil {
		return nil, err
	}
	if !o.Plain && quantised(in[0].DType) {
		if err := wantQuant(in[0].Type, in[1].Type); err != nil {
			return nil, err
		}
		for i := range in {
			scale, _ := scaleZero(in[i].Type)
			if _, err := quant.NewMultiplierLessThanOne(float64(scale)); err != nil {
				return nil, errorf("scale of input %d: %w", i, err)
			}
		}
	}
	return []tensor.Type{tensor.Of(tensor.Bool, shape...)}, nil
}

func (o *Compare) on(a, b tensor.Type) pairs {
	if o.Plain {
		return plainRelation(o.Is, a.DType)
	}
	switch a.DType {
	case tensor.F32:
		return relation[float32](o.Is)
	case tensor.I32:
		return relation[int32](o.Is)
	case tensor.I64:
		return relation[int64](o.Is)
	case tensor.Bool:
		return wideRelation(o.Is, a.DType)
	case tensor.I8:
		return scaledRelation[int8](o.Is, a, b)
	}
	return scaledRelation[uint8](o.Is, a, b)
}

// plainRelation compares elements of any type.
func plainRelation(c Comparison, d tensor.DType) pairs {
	switch d {
	case tensor.F32:
		return relation[float32](c)
	case tensor.F64:
		return relation[float64](c)
	case tensor.F16:
		f := relation[float32](c).f
		return pair[uint16, uint16, uint8]{f: func(a, b uint16) uint8 { return f(quant.Float16(a), quant.Float16(b)) }}
	case tensor.I32:
		return relation[int32](c)
	case tensor.I64:
		return relation[int64](c)
	case tensor.U64:
		return relation[uint64](c)
	}
	return wideRelation(c, d)
}

// wideRelation compares integers of any type but uint64.
func wideRelation(c Comparison, d tensor.DType) pairs {
	f := relation[int64](c).f
	return widePair{func(a, b int64) int64 { return int64(f(a, b)) }, d, tensor.Bool}
}

// relation compares elements as they are.
func relation[T int32 | int64 | uint64 | float32 | float64](c Comparison) pair[T, T, uint8] {
	switch c {
	case Equal:
		return pair[T, T, uint8]{f: func(a, b T) uint8 { return truth(a == b) }, run: runEqual[T]}
	case NotEqual:
		return pair[T, T, uint8]{f: func(a, b T) uint8 { return truth(a != b) }, run: func(y []uint8, a, b []T) {
			runEqual(y, a, b)
			for i := range y {
				y[i] ^= 1
			}
		}}
	case Less:
		return pair[T, T, uint8]{f: func(a, b T) uint8 { return truth(a < b) }, run: runLess[T]}
	case LessEqual:
		return pair[T, T, uint8]{f: func(a, b T) uint8 { return truth(a <= b) }, run: runLessEqual[T]}
	case Greater:
		return pair[T, T, uint8]{f: func(a, b T) uint8 { return truth(a > b) }, run: func(y []uint8, a, b []T) { runLess(y, b, a) }}
	}
	return pair[T, T, uint8]{f: func(a, b T) uint8 { return truth(a >= b) }, run: func(y []uint8, a, b []T) { runLessEqual(y, b, a) }}
}

func runEqual[T tensor.Element](y []uint8, a, b []T) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = truth(a[i] == b[i])
	}
}

func runLess[T tensor.Element](y []uint8, a, b []T) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = truth(a[i] < b[i])
	}
}

func runLessEqual[T tensor.Element](y []uint8, a, b []T) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = truth(a[i] <= b[i])
	}
}

func truth(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// scaledRelation compares what elements stand for, times 2^8.
func scaledRelation[T int8 | uint8](c Comparison, a, b tensor.Type) pairs {
	numbers := func(t tensor.Type) *[256]int32 {
		scale, zero := scaleZero(t)
		return operandTable[T](kernelScale(quant.NewMultiplier(float64(scale))), zero, 8, 1)
	}
	f, na, nb := relation[int32](c).f, numbers(a), numbers(b)
	return pair[T, T, uint8]{f: func(a, b T) uint8 { return f(na[uint8(a)], nb[uint8(b)]) }}
}

// Ref compares.
func (o *Compare) Ref(in, out []tensor.View) error {
	refPairs(o.on(in[0].Type, in[1].Type), in, out)
	return nil
}

// Prepare prepares loops over runs.
func (o *Compare) Prepare(p *Prep) (Prepared, error) {
	return preparePairs("go", o.on(p.In[0], p.In[1]))
}

// InPlace says that bytes may be replaced by the outcome.
func (*Compare) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
