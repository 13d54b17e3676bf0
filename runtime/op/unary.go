package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// UnaryFn is a function of one number.
type UnaryFn uint8

// The functions. The least integer has itself as absolute value. NaN stays NaN.
const (
	UnaryAbs UnaryFn = iota
	UnaryNeg
	UnarySign
	UnaryRelu
	UnaryNot // of each bit
	unaryFns
)

var unaryNames = [unaryFns]string{"Abs", "Neg", "Sign", "Relu", "BitwiseNot"}

// Unary computes F of each element, which is a plain number: ONNX's functions,
// where TFLite's take other types, or a scale.
type Unary struct{ F UnaryFn }

// Name returns the function's name.
func (o *Unary) Name() string { return unaryNames[o.F] }

// Infer returns the input's type.
func (o *Unary) Infer(in []tensor.View) ([]tensor.Type, error) {
	if o.F == UnaryNot {
		return inferSame(in, arithIntegers...)
	}
	return inferSame(in, arithNumbers...)
}

// mapping is a function of elements of certain types.
type mapping interface{ apply(y, x *tensor.View) }

type mapped[X, Y tensor.Element] struct{ f func(X) Y }

func (m mapped[X, Y]) apply(y, x *tensor.View) {
	each(tensor.Cast[Y](y.Data), tensor.Cast[X](x.Data), m.f)
}

// prepareMapping prepares an operator whose output's elements are a function of
// the input's.
func prepareMapping(f mapping) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		return func() error { f.apply(&m.Out[0], &m.In[0]); return nil }, nil
	}}, nil
}

func (o *Unary) on(d tensor.DType) mapping {
	switch d {
	case tensor.F32:
		return mapped[float32, float32]{unaryOf[float32](o.F)}
	case tensor.F64:
		return mapped[float64, float64]{unaryOf[float64](o.F)}
	case tensor.F16:
		f := unaryOf[float32](o.F)
		return mapped[uint16, uint16]{func(x uint16) uint16 { return quant.Float16Bits(f(quant.Float16(x))) }}
	}
	switch {
	case o.F == UnaryNot:
		return wideMap{func(x int64) int64 { return ^x }, d}
	case d == tensor.U64:
		return mapped[uint64, uint64]{unaryOf[uint64](o.F)}
	}
	return wideMap{unaryOf[int64](o.F), d}
}

func unaryOf[T wideNumber](f UnaryFn) func(T) T {
	switch f {
	case UnaryAbs:
		return func(x T) T {
			if x <= 0 {
				return 0 - x // 0 for −0 too
			}
			return x
		}
	case UnaryNeg:
		return func(x T) T { return -x }
	case UnarySign:
		return unarySign[T]
	}
	return func(x T) T {
		if x < 0 {
			return 0
		}
		return x
	}
}

func unarySign[T wideNumber](x T) T {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return 0 - T(1)
	}
	return x
}

// Ref computes each element.
func (o *Unary) Ref(in, out []tensor.View) error {
	o.on(in[0].DType).apply(&out[0], &in[0])
	return nil
}

// Prepare prepares a loop.
func (o *Unary) Prepare(p *Prep) (Prepared, error) { return prepareMapping(o.on(p.In[0].DType)) }

// InPlace says that the output may replace the input.
func (*Unary) InPlace(in, out []tensor.Type) []int { return whole() }

// Classify is true where a float is NaN (NaN), +∞ (Above) or −∞ (Below).
type Classify struct{ NaN, Above, Below bool }

// Infer returns bools of the input's shape.
func (*Classify) Infer(in []tensor.View) ([]tensor.Type, error) {
	if _, err := inferSame(in, arithFloats...); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(tensor.Bool, in[0].Shape...)}, nil
}

func (o *Classify) on(d tensor.DType) mapping {
	is := func(x float64) uint8 {
		return truth(o.NaN && x != x || o.Above && x > math.MaxFloat64 || o.Below && x < -math.MaxFloat64)
	}
	switch d {
	case tensor.F32:
		return mapped[float32, uint8]{func(x float32) uint8 { return is(float64(x)) }}
	case tensor.F16:
		return mapped[uint16, uint8]{func(x uint16) uint8 { return is(float64(quant.Float16(x))) }}
	}
	return mapped[float64, uint8]{is}
}

// Ref looks at each element.
func (o *Classify) Ref(in, out []tensor.View) error {
	o.on(in[0].DType).apply(&out[0], &in[0])
	return nil
}

// Prepare prepares a loop.
func (o *Classify) Prepare(p *Prep) (Prepared, error) { return prepareMapping(o.on(p.In[0].DType)) }
