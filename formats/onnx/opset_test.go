package onnx_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
)

// newestOpset is the latest version of ai.onnx that the table knows.
const newestOpset = 26

// TestOpsets loads and plans one small model for each line of testdata/opsets.txt
// and each version in it, those since which the operator means something new:
//
//	OPERATOR VERSIONS ; INPUTS ; ATTRIBUTES ; OUTPUTS
//
// An input is a type with dimensions, a constant if = and its elements follow,
// or - where one is left out.
func TestOpsets(t *testing.T) {
	latest := map[string]int64{}
	type model struct {
		opset int64
		bytes []byte
	}
	newest := map[string][]model{}
	for _, line := range lines(t, "testdata/opsets.txt") {
		part := strings.Split(line, ";")
		require.Len(t, part, 4, line)
		name, versions, _ := strings.Cut(strings.TrimSpace(part[0]), " ")
		for v := range strings.SplitSeq(versions, ",") {
			opset := opsetNumber(t, v)
			assert.NoError(t, opsetPlan(opsetModel(t, opset, name, part[1:])), "%s of opset %d: %s", name, opset, line)
			if opset >= latest[name] {
				if opset > latest[name] {
					newest[name] = nil
				}
				latest[name] = opset
				newest[name] = append(newest[name], model{opset, opsetModel(t, newestOpset, name, part[1:])})
			}
		}
	}
	for name, models := range newest {
		for _, m := range models {
			if !slices.Contains(opsetGone, name) {
				assert.NoError(t, opsetPlan(m.bytes), "%s of opset %d, as that of %d", name, m.opset, newestOpset)
			}
		}
	}
}

// opsetGone are operators that a later opset has no more.
var opsetGone = []string{"Affine", "ParametricSoftplus", "ScaledTanh", "Scatter", "Upsample"}

func opsetPlan(data []byte) error {
	file, err := onnx.Parse(data)
	if err != nil {
		return err
	}
	g, err := file.Build()
	if err != nil {
		return err
	}
	set, err := host.Best()
	if err != nil {
		return err
	}
	_, err = runtime.NewPlan(g, &set, runtime.Options{})
	return err
}

func opsetModel(t *testing.T, opset int64, name string, part []string) []byte {
	t.Helper()
	m := modeltest.New(opset)
	var in, out []string
	for i, s := range strings.Fields(part[0]) {
		if s == "-" {
			in = append(in, "")
			continue
		}
		id := "x" + strconv.Itoa(i)
		in = append(in, id)
		d, shape, elements, known := opsetTensor(t, s)
		if !known {
			var dims []any
			for _, n := range shape {
				dims = append(dims, int(n))
			}
			m.Input(id, d, dims...)
			continue
		}
		m.Const(id, d, shape, elements)
	}
	for i := range int(opsetNumber(t, strings.TrimSpace(part[2]))) {
		out = append(out, "y"+strconv.Itoa(i))
	}
	var attrs []modeltest.Attribute
	for _, s := range strings.Fields(part[1]) {
		key, value, _ := strings.Cut(s, "=")
		attrs = append(attrs, modeltest.Attr(key, opsetValue(t, value)))
	}
	m.Node(name, in, out, attrs...)
	for _, y := range out {
		m.Output(y, onnx.Float)
	}
	return m.Bytes()
}

func opsetNumber(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	require.NoError(t, err)
	return n
}

// opsetTensor reads "float[2,3]=1,2,3,4,5,6".
func opsetTensor(t *testing.T, s string) (d onnx.DataType, shape []int64, elements any, known bool) {
	t.Helper()
	typ, list, known := strings.Cut(s, "=")
	typ, dims, _ := strings.Cut(strings.TrimSuffix(typ, "]"), "[")
	for d = onnx.Float; !strings.EqualFold(d.String(), typ); d++ {
		require.True(t, d.Known(), s)
	}
	shape = []int64{}
	for _, x := range opsetList(dims) {
		shape = append(shape, opsetNumber(t, x))
	}
	switch d {
	case onnx.Float:
		elements = opsetElements[float32](t, list)
	case onnx.Double:
		elements = opsetElements[float64](t, list)
	case onnx.Int64:
		elements = opsetElements[int64](t, list)
	case onnx.Int32:
		elements = opsetElements[int32](t, list)
	case onnx.Int8:
		elements = opsetElements[int8](t, list)
	case onnx.Uint8:
		elements = opsetElements[uint8](t, list)
	default:
		require.False(t, known, s)
	}
	return d, shape, elements, known
}

func opsetElements[T float32 | float64 | int64 | int32 | int8 | uint8](t *testing.T, list string) []T {
	t.Helper()
	out := []T{}
	for _, s := range opsetList(list) {
		x, err := strconv.ParseFloat(s, 64)
		require.NoError(t, err)
		out = append(out, T(x))
	}
	return out
}

func opsetList(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// opsetValue reads an attribute: an integer, a float, "text", a list of numbers
// or a tensor.
func opsetValue(t *testing.T, s string) any {
	t.Helper()
	switch {
	case strings.HasPrefix(s, `"`):
		return strings.Trim(s, `"`)
	case strings.Contains(s, "]="):
		d, shape, elements, _ := opsetTensor(t, s)
		return modeltest.TensorValue(modeltest.Tensor("", d, shape, elements))
	case strings.HasPrefix(s, "["):
		if s = strings.Trim(s, "[]"); strings.Contains(s, ".") {
			return opsetElements[float32](t, s)
		}
		return opsetElements[int64](t, s)
	case strings.ContainsAny(s, ".e"):
		return opsetElements[float32](t, s)[0]
	}
	return opsetNumber(t, s)
}
