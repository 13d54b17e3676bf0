package onnx_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ortFamily makes random models of one operator.
type ortFamily struct {
	name string
	make func(*ortRandom) *ortModel
	step float64 // how far integers may be apart; below 1, floats
}

// ortTypes are the names that ONNX Runtime's JavaScript gives to types.
var ortTypes = map[onnx.DataType]string{
	onnx.Float: "float32", onnx.Double: "float64", onnx.Float16: "float16", onnx.Bool: "bool",
	onnx.Int8: "int8", onnx.Int16: "int16", onnx.Int32: "int32", onnx.Int64: "int64",
	onnx.Uint8: "uint8", onnx.Uint16: "uint16", onnx.Uint32: "uint32", onnx.Uint64: "uint64",
}

var ortDTypes = map[string]tensor.DType{
	"float32": tensor.F32, "float64": tensor.F64, "float16": tensor.F16, "bool": tensor.Bool,
	"int8": tensor.I8, "int16": tensor.I16, "int32": tensor.I32, "int64": tensor.I64,
	"uint8": tensor.U8, "uint16": tensor.U16, "uint32": tensor.U32, "uint64": tensor.U64,
}

// The files that testdata/ort.mjs reads and writes.
type (
	ortInput struct {
		Name string `json:"name"`
		Type string `json:"type"`
		Dims []int  `json:"dims"`
		File string `json:"file"`
	}
	ortCase struct {
		Model  string     `json:"model"`
		Inputs []ortInput `json:"inputs"`
	}
	ortOutput struct {
		Type   string
		Dims   []int
		Offset int
		Size   int
	}
	ortResult struct {
		Error   string
		Outputs []ortOutput
	}
)

// ortEach is how many models are made of each operator.
const ortEach = 40

// TestORT compares random models with ONNX Runtime itself. A model that ONNX
// Runtime refuses is dropped and counted.
func TestORT(t *testing.T) {
	if os.Getenv("EDGEINFER_ORT") == "" {
		t.Skip("EDGEINFER_ORT is not set: the folder whose node_modules has onnxruntime-node")
	}
	dir := t.TempDir()
	var models []*ortModel
	var cases []ortCase
	families := slices.Concat(ortImages, ortMatrices, ortMoves, ortRecurrent, ortQuantised, ortMore, ortMicrosoft, ortQDQ)
	families = slices.DeleteFunc(families, func(f ortFamily) bool { return !strings.Contains(f.name, *match) })
	for i, f := range families {
		for k := range ortEach {
			m := f.make(&ortRandom{rand.New(rand.NewPCG(uint64(i), uint64(k)))})
			models = append(models, m)
			cases = append(cases, m.save(t, dir, len(cases)))
		}
	}
	results, bin := ortRun(t, dir, cases)
	require.Len(t, results, len(cases))
	for i, f := range families {
		t.Run(f.name, func(t *testing.T) {
			worst, refused, differ, why := 0.0, 0, 0, ""
			for k := range ortEach {
				n := i*ortEach + k
				if r := results[n]; r.Error != "" {
					refused, why = refused+1, r.Error
					continue
				}
				d, err := models[n].compare(results[n].views(bin), f.step)
				if err != nil {
					differ++
					t.Errorf("%d: %v\n\t%s", k, err, models[n])
				}
				worst = max(worst, d)
			}
			t.Logf("%d alike, worst error %.2g; %d differ; ONNX Runtime refused %d: %.160s", ortEach-refused-differ, worst, differ, refused, why)
			assert.Less(t, refused, ortEach, "some model must run")
		})
	}
}

// save writes a model and its inputs.
func (x *ortModel) save(t *testing.T, dir string, n int) ortCase {
	c := ortCase{Model: fmt.Sprintf("%d.onnx", n), Inputs: []ortInput{}}
	require.NoError(t, os.WriteFile(filepath.Join(dir, c.Model), x.Bytes(), 0o644))
	for i, o := range x.in {
		in := ortInput{x.names[i], ortTypes[o.t], append([]int{}, o.shape...), fmt.Sprintf("%d.%d", n, i)}
		require.NoError(t, os.WriteFile(filepath.Join(dir, in.File), o.data, 0o644))
		c.Inputs = append(c.Inputs, in)
	}
	return c
}

func ortRun(t *testing.T, dir string, cases []ortCase) (results []ortResult, bin []byte) {
	data, err := json.Marshal(cases)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cases.json"), data, 0o644))
	out, err := exec.Command("node", "testdata/ort.mjs", dir).CombinedOutput()
	require.NoError(t, err, "%s", out)
	data, err = os.ReadFile(filepath.Join(dir, "results.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &results))
	bin, err = os.ReadFile(filepath.Join(dir, "results.bin"))
	require.NoError(t, err)
	return results, bin
}

func (r ortResult) views(bin []byte) (out []tensor.View) {
	for _, o := range r.Outputs {
		data := append([]byte{}, bin[o.Offset:o.Offset+o.Size]...)
		out = append(out, tensor.View{Type: tensor.Of(ortDTypes[o.Type], o.Dims...), Data: data})
	}
	return out
}

// compare runs the model and returns the worst difference from want.
func (x *ortModel) compare(want []tensor.View, step float64) (worst float64, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	s, err := x.session()
	if err != nil {
		return 0, err
	}
	defer s.Close()
	for i, o := range x.in {
		copy(s.In(i).Data, o.data)
	}
	if err := s.Run(); err != nil {
		return 0, err
	}
	for i := range want {
		d, err := ortDifference(&want[i], s.Out(i), step)
		if err != nil {
			return d, fmt.Errorf("output %d: %w", i, err)
		}
		worst = max(worst, d)
	}
	return worst, nil
}

func (x *ortModel) session() (*runtime.Session, error) {
	m, err := onnx.Parse(x.Bytes())
	if err != nil {
		return nil, err
	}
	var shapes [][]int
	for _, o := range x.in {
		shapes = append(shapes, o.shape)
	}
	g, err := m.Build(shapes...)
	if err != nil {
		return nil, err
	}
	kernels, err := host.Best()
	if err != nil {
		return nil, err
	}
	p, err := runtime.NewPlan(g, &kernels, runtime.Options{Shapes: shapes})
	if err != nil {
		return nil, err
	}
	return p.NewSession(1)
}

// ortDifference compares types and shapes exactly, integers within step, and
// floats within rtol 1e-3 and atol 1e-5, or a step below 1.
func ortDifference(want, got *tensor.View, step float64) (worst float64, err error) {
	if want.DType != got.DType || !slices.Equal(want.Shape, got.Shape) {
		return 0, fmt.Errorf("%s%v, want %s%v", got.DType, got.Shape, want.DType, want.Shape)
	}
	wrong, first := 0, ""
	for i := range want.Len() {
		w, g := ortElement(want, i), ortElement(got, i)
		if w == g || w != w && g != g {
			continue
		}
		d, limit := math.Abs(w-g), step
		if want.DType.Float() {
			if limit = 1e-5 + 1e-3*math.Abs(w); step < 1 {
				limit = max(limit, step)
			}
		}
		if !(d <= limit) {
			if wrong++; wrong == 1 {
				first = fmt.Sprintf("element %d of %v is %v, want %v", i, want.Shape, g, w)
			}
		}
		worst = max(worst, d)
	}
	if wrong > 0 {
		return worst, fmt.Errorf("%s (%d differ, worst by %.3g)", first, wrong, worst)
	}
	return worst, nil
}

func ortElement(v *tensor.View, i int) float64 {
	switch v.DType {
	case tensor.Bool, tensor.U8:
		return float64(v.Data[i])
	case tensor.I8:
		return float64(v.I8()[i])
	case tensor.I32:
		return float64(v.I32()[i])
	case tensor.I64:
		return float64(v.I64()[i])
	}
	return real(v, i)
}
