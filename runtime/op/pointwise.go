package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// pointwise is what a unary operator does on certain types, of which input and
// output have the same.
type pointwise struct {
	f32 func(y, x []float32)
	// kernel is f32 by kernels, if they have it.
	kernel func(k *kernels.Set) func(y, x []float32)
	// q is for integers of 8 and 16 bits.
	q func(x int32) int32
	// check says what is wrong with data, if the function isn't defined everywhere.
	check func(x *tensor.View) error
}

// eachF32 is f on each element.
func eachF32(f func(x float32) float32) func(y, x []float32) {
	return func(y, x []float32) {
		x = x[:len(y)]
		for i := range y {
			y[i] = f(x[i])
		}
	}
}

// ref computes out from in.
func (p pointwise) ref(in, out []tensor.View) error {
	x, y := &in[0], &out[0]
	if p.check != nil {
		if err := p.check(x); err != nil {
			return err
		}
	}
	switch x.DType {
	case tensor.F32:
		p.f32(y.F32(), x.F32())
	case tensor.I8:
		eachInt(y.I8(), x.I8(), p.q)
	case tensor.U8:
		eachInt(y.U8(), x.U8(), p.q)
	case tensor.I16:
		eachInt(y.I16(), x.I16(), p.q)
	}
	return nil
}

func eachInt[X, Y int8 | uint8 | int16 | int32](y []Y, x []X, f func(int32) int32) {
	x = x[:len(y)]
	for i := range y {
		y[i] = Y(f(int32(x[i])))
	}
}

// prepare prepares the operator: functions of 8 bits become tables.
func (p pointwise) prepare(prep *Prep) (Prepared, error) {
	switch {
	case prep.In[0].DType == tensor.F32 && p.kernel != nil:
		return prepareRows(prep.Kernels.Name, functionWork, p.kernel(prep.Kernels))
	case prep.In[0].DType.Bits() != 8:
		return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
			return func() error { return p.ref(m.In, m.Out) }, nil
		}}, nil
	}
	table, lookup := newByteTable(p.q, prep.In[0].DType == tensor.I8), prep.Kernels.Lookup
	return Prepared{Kernel: "table", Bind: func(m *Mem) (Step, error) {
		x, y := &m.In[0], m.Out[0].Data
		all := inShares(m, len(y), shareGrain, 1, func(lo, hi int) {
			lookup(y[lo:hi], x.Data[lo:hi], (*[256]byte)(table))
		})
		return func() error {
			if p.check != nil {
				if err := p.check(x); err != nil {
					return err
				}
			}
			return all()
		}, nil
	}}, nil
}

// functionWork is what a function like exp takes, as inShares has it.
const functionWork = 4

// prepareRows prepares an operator that computes each float32 by itself.
//
//go:noinline
func prepareRows(kernel string, work int, f func(y, x []float32)) (Prepared, error) {
	return Prepared{Kernel: kernel, Bind: func(m *Mem) (Step, error) {
		x, y := m.In[0].F32(), m.Out[0].F32()
		return inShares(m, len(y), shareGrain, work, func(lo, hi int) { f(y[lo:hi], x[lo:hi]) }), nil
	}}, nil
}

// pointwiseF32 is a function of float32 with a parameter, that kernels have.
//
//go:noinline
func pointwiseF32(f kernels.UnaryFn, a float32) pointwise {
	return pointwise{
		f32: eachF32(func(x float32) float32 { return f.Of(x, a) }),
		kernel: func(k *kernels.Set) func(y, x []float32) {
			return func(y, x []float32) { k.UnaryF32(f, y, x, a) }
		},
	}
}

// byteTable is a function from bytes to bytes, of which int8 are read as uint8.
type byteTable [256]uint8

func newByteTable(f func(int32) int32, signed bool) *byteTable {
	t := new(byteTable)
	for i := range t {
		x := int32(uint8(i))
		if signed {
			x = int32(int8(i))
		}
		t[i] = uint8(f(x))
	}
	return t
}

func (t *byteTable) lookup(y, x []byte) {
	x = x[:len(y)]
	for i := range y {
		y[i] = t[x[i]]
	}
}

// inferSame checks an input of one of the given types; the output has its type.
func inferSame(in []tensor.View, types ...tensor.DType) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, types...); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].Type}, nil
}

// inferTo is inferSame for operators whose quantised elements get another
// scale and zero point.
func inferTo(in []tensor.View, to To, types ...tensor.DType) ([]tensor.Type, error) {
	out, err := inferSame(in, types...)
	if err != nil || !quantised(in[0].DType) {
		return out, err
	}
	t := to.Type(in[0].Shape...)
	if t.DType != in[0].DType {
		return nil, Unsupported("%s as type of the output (the input is %s)", t.DType, in[0].DType)
	}
	return []tensor.Type{t}, wantQuant(in[0].Type, t)
}

// whole is what operators return whose output may replace input 0.
func whole() []int { return []int{0} }
