package onnx_test

import (
	"errors"
	"testing"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// FuzzRun loads, plans and runs what the fuzzer makes of small models. Errors are
// fine; panics, hangs and memory over the limit are not.
func FuzzRun(f *testing.F) {
	for _, data := range runSeeds() {
		f.Add(data)
	}
	limits := op.Limits{MaxMemory: 8 << 20, MaxMACs: 1e7, MaxSteps: 100}
	set, err := host.Best()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := runOnce(data, runtime.Options{Limits: limits}, &set); errors.Is(err, errOverLimit) {
			t.Fatal(err)
		}
	})
}

// runSeeds has a model of one node for each operator that there is a way to write
// plainly, and those of the tests of control flow.
func runSeeds() (out [][]byte) {
	out = append(out, ctlLoop([]string{"three", ""}).Bytes(), ctlLoop([]string{"n", ""}).Bytes(), restModel("Abs").Bytes())
	for _, name := range []string{
		"Add", "Mul", "Sub", "Div", "Relu", "Sigmoid", "Tanh", "Softmax", "Transpose", "Concat", "Flatten", "Shape", "Size", "Gather", "Reshape",
		"Squeeze", "Unsqueeze", "Slice", "Pad", "Expand", "Where", "ReduceSum", "ReduceMean", "ArgMax", "TopK", "MatMul", "Gemm", "Conv",
		"ConvTranspose", "MaxPool", "AveragePool", "GlobalAveragePool", "BatchNormalization", "LayerNormalization", "Resize", "QuantizeLinear",
		"DequantizeLinear", "QLinearConv", "MatMulInteger", "LSTM", "GRU", "RNN", "Cast", "Clip", "Split", "Tile", "CumSum", "OneHot",
		"NonMaxSuppression", "ScatterND", "GatherND", "Einsum", "SplitToSequence", "Attention", "DFT", "GridSample", "Range", "NonZero",
	} {
		for _, rank := range []int{1, 2, 4} {
			out = append(out, seedModel(name, rank))
		}
	}
	return out
}

// seedModel has one node with three inputs of the given rank and one of integers.
func seedModel(name string, rank int) []byte {
	m := modeltest.New(18)
	dims := []any{2, 3, 3, 2}[:rank]
	count := []int{0, 2, 6, 18, 36}[rank]
	m.Input("x", onnx.Float, dims...)
	shape := make([]int64, rank)
	for i, d := range dims {
		shape[i] = int64(d.(int))
	}
	values := make([]float32, count)
	for i := range values {
		values[i] = float32(i)
	}
	m.Const("w", onnx.Float, shape, values)
	m.Const("i", onnx.Int64, []int64{int64(rank)}, make([]int64, rank))
	in := []string{"x", "w", "i"}
	switch name {
	case "Gather", "Reshape", "Unsqueeze", "Expand", "ReduceSum", "TopK", "Tile", "CumSum", "SplitToSequence", "Split":
		in = []string{"x", "i"}
	case "Relu", "Sigmoid", "Tanh", "Softmax", "Transpose", "Shape", "Flatten", "ArgMax", "ReduceMean", "Cast", "GlobalAveragePool":
		in = in[:1]
	case "Add", "Mul", "Sub", "Div", "Concat", "MatMul", "Conv", "Gemm", "ConvTranspose":
		in = in[:2]
	}
	m.Node(name, in, []string{"y"}, modeltest.Attr("axis", int64(0)), modeltest.Attr("kernel_shape", []int64{2, 2}), modeltest.Attr("to", int64(onnx.Int32)))
	m.Output("y", onnx.Float)
	return m.Bytes()
}

var errOverLimit = errors.New("a session was made over the memory limit")

// runOnce loads a model from data, with dimensions of 2 where they are open, and
// runs it twice, on inputs of zeros and of ones.
func runOnce(data []byte, o runtime.Options, set *kernels.Set) error {
	file, err := onnx.Parse(data)
	if err != nil {
		return err
	}
	open, err := file.Declared()
	if err != nil {
		return err
	}
	for _, v := range open.In {
		shape := append([]int{}, open.Values[v].Type.Shape...)
		for i, d := range shape {
			if d == tensor.Dynamic {
				shape[i] = 2
			}
		}
		o.Shapes = append(o.Shapes, shape)
	}
	if _, err := file.Build(); err != nil { // with open shapes, rows see other things
		return err
	}
	g, err := file.Build(o.Shapes...)
	if err != nil {
		return err
	}
	p, err := runtime.NewPlan(g, set, o)
	if err != nil {
		return err
	}
	s, err := p.NewSession(2)
	if err != nil {
		return err
	}
	defer s.Close()
	if need := p.Memory().Total(2); need > o.Limits.MaxMemory {
		return errOverLimit
	}
	for _, fill := range []byte{0, 1} {
		for i := range p.Graph().In {
			b := s.In(i).Data
			for k := range b {
				b[k] = fill
			}
		}
		err = errors.Join(err, s.Run())
	}
	return err
}
