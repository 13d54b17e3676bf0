package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Function is a function of one float32.
type Function uint8

// The functions. FnRound takes ties to even; FnSqrt and FnLog are NaN for
// negative numbers.
const (
	FnSin Function = iota
	FnCos
	FnLog
	FnSqrt
	FnSquare
	FnCeil
	FnFloor
	FnRound
)

var functions = [...]struct {
	name string
	f    func(x float32) float32
}{
	FnSin:    {"Sin", quant.Sin32},
	FnCos:    {"Cos", quant.Cos32},
	FnLog:    {"Log", quant.Log32},
	FnSqrt:   {"Sqrt", func(x float32) float32 { return float32(math.Sqrt(float64(x))) }},
	FnSquare: {"Square", func(x float32) float32 { return x * x }},
	FnCeil:   {"Ceil", func(x float32) float32 { return float32(math.Ceil(float64(x))) }},
	FnFloor:  {"Floor", func(x float32) float32 { return float32(math.Floor(float64(x))) }},
	FnRound:  {"Round", func(x float32) float32 { return float32(math.RoundToEven(float64(x))) }},
}

// Elementary applies a function to each element of a float32 tensor.
type Elementary struct{ F Function }

// Name returns the function's name.
func (o Elementary) Name() string { return functions[o.F].name }

// Infer returns the input's type.
func (Elementary) Infer(in []tensor.View) ([]tensor.Type, error) { return inferSame(in, tensor.F32) }

// Ref applies the function.
func (o Elementary) Ref(in, out []tensor.View) error {
	f, x, y := functions[o.F].f, in[0].F32(), out[0].F32()
	for i := range y {
		y[i] = f(x[i])
	}
	return nil
}

// Prepare runs Ref.
func (o Elementary) Prepare(*Prep) (Prepared, error) { return byRef(o) }

// InPlace says that the output may replace the input.
func (Elementary) InPlace(in, out []tensor.Type) []int { return whole() }
