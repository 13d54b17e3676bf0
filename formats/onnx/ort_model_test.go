package onnx_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ortModel is a random model being made, with the data of its inputs.
type ortModel struct {
	*mt.Model
	r     *ortRandom
	in    []*operandOf
	names []string
	says  strings.Builder // what the model is, for reports
	count int
}

func (x *ortModel) String() string { return x.says.String() }

// attrs are pairs of names and values; see mt.Attr.
type attrs []any

// operand adds an input or a constant; its dimensions are told or not, by chance.
func (x *ortModel) operand(o *operandOf) string {
	if o == nil {
		fmt.Fprint(&x.says, " -")
		return ""
	}
	x.count++
	name := fmt.Sprint("v", x.count)
	fmt.Fprintf(&x.says, " %v%v", o.t, o.shape)
	if len(o.data) <= 32 {
		fmt.Fprintf(&x.says, "%x", o.data)
	}
	if o.known {
		dims := make([]int64, len(o.shape))
		for k, d := range o.shape {
			dims[k] = int64(d)
		}
		x.Const(name, o.t, dims, o.data)
		return name
	}
	dims := make([]any, len(o.shape))
	told := x.r.chance(2)
	for i, d := range o.shape {
		if told {
			dims[i] = d
		}
	}
	x.Input(name, o.t, dims...)
	x.in, x.names = append(x.in, o), append(x.names, name)
	return name
}

// node adds a node and returns the names of its outputs.
func (x *ortModel) node(op string, a attrs, outputs int, in ...string) []string {
	return x.nodeOf("", op, a, slices.Repeat(ortFloat, outputs), in...)
}

// nodeOf adds a node of a domain. Outputs whose type is 0 have no name.
func (x *ortModel) nodeOf(domain, op string, a attrs, types []onnx.DataType, in ...string) []string {
	var list []mt.Attribute
	for i := 0; i < len(a); i += 2 {
		list = append(list, mt.Attr(a[i].(string), a[i+1]))
	}
	out := make([]string, len(types))
	for i, t := range types {
		x.count++
		if t != 0 {
			out[i] = fmt.Sprint("v", x.count)
		}
	}
	fmt.Fprintf(&x.says, " => %s%v", op, []any(a))
	x.NodeOf(domain, op, in, out, list...)
	return out
}

// output declares an output's element type, not its shape: TypeProto.tensor_type
// (field 1) with only elem_type (field 1).
func (x *ortModel) output(name string, t onnx.DataType) {
	x.OutputOf(name, mt.Type{1<<3 | 2, 2, 1 << 3, byte(t)})
}

// ortRandom makes choices, the same on every machine.
type ortRandom struct{ *rand.Rand }

func (r *ortRandom) model(opset int64) *ortModel {
	m := mt.New(opset)
	return &ortModel{Model: m, r: r}
}

// one returns a model of one node, with an output of each of types.
func (r *ortRandom) one(op string, opset int64, a attrs, types []onnx.DataType, in ...*operandOf) *ortModel {
	x := r.model(opset)
	var names []string
	for _, o := range in {
		names = append(names, x.operand(o))
	}
	for i, name := range x.node(op, a, len(types), names...) {
		x.output(name, types[i])
	}
	return x
}

var (
	ortFloat = []onnx.DataType{onnx.Float}
)

func (r *ortRandom) n(lo, hi int) int   { return lo + r.IntN(hi-lo+1) }
func (r *ortRandom) chance(of int) bool { return r.IntN(of) == 0 }

func pick[T any](r *ortRandom, of ...T) T { return of[r.IntN(len(of))] }

// dims returns n numbers from lo to hi.
func (r *ortRandom) dims(n, lo, hi int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = r.n(lo, hi)
	}
	return out
}

func ortLen(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// floats returns numbers from -2 to 2.
func (r *ortRandom) floats(shape ...int) *operandOf {
	x := make([]float32, ortLen(shape))
	for i := range x {
		x[i] = r.Float32()*4 - 2
	}
	return operand(onnx.Float, slices.Clone(shape), x...)
}

// weights are floats, mostly constant.
func (r *ortRandom) weights(shape ...int) *operandOf {
	o := r.floats(shape...)
	o.known = !r.chance(4)
	return o
}

// some returns o or nothing.
func (r *ortRandom) some(o *operandOf) *operandOf {
	if r.chance(2) {
		return nil
	}
	return o
}

func ortInts[T tensor.Element](t onnx.DataType, shape []int, f func() int) *operandOf {
	x := make([]T, ortLen(shape))
	for i := range x {
		x[i] = T(f())
	}
	return operand(t, slices.Clone(shape), x...)
}

// of returns any numbers of a type: of a byte's range, or small ones.
func (r *ortRandom) of(t onnx.DataType, shape ...int) *operandOf {
	small := func() int { return r.n(-50, 50) }
	switch t {
	case onnx.Int8:
		return ortInts[int8](t, shape, func() int { return r.n(-128, 127) })
	case onnx.Uint8:
		return ortInts[uint8](t, shape, func() int { return r.n(0, 255) })
	case onnx.Bool:
		return ortInts[uint8](t, shape, func() int { return r.n(0, 1) })
	case onnx.Double:
		return ortInts[float64](t, shape, func() int { return r.n(-5, 5) })
	case onnx.Int32:
		return ortInts[int32](t, shape, small)
	case onnx.Int64:
		return ortInts[int64](t, shape, small)
	}
	return r.floats(shape...)
}

// int64s returns a constant, or by chance an input.
func (r *ortRandom) int64s(x ...int) *operandOf {
	i := -1
	o := ortInts[int64](onnx.Int64, []int{len(x)}, func() int { i++; return x[i] })
	o.known = !r.chance(4)
	return o
}
