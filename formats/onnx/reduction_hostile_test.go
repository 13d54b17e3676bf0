package onnx_test

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestReductionsHostile spoils attributes, types and shapes of the models of
// TestReductions: each gives an error or runs, and never panics.
func TestReductionsHostile(t *testing.T) {
	const root = "testdata/reduction"
	dirs, err := os.ReadDir(root)
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	set, err := host.Best()
	require.NoError(t, err)
	failed := 0
	for _, d := range dirs {
		data, err := os.ReadFile(filepath.Join(root, d.Name(), "model.onnx"))
		require.NoError(t, err)
		r := rand.New(rand.NewSource(1))
		for i := range 60 {
			m, err := onnx.Parse(data)
			require.NoError(t, err)
			what := spoil(r, m)
			require.NotPanics(t, func() {
				if runSpoilt(m, &runtime.Options{Limits: op.Limits{MaxMemory: 1 << 24, MaxMACs: 1 << 24}}, &set) != nil {
					failed++
				}
			}, "%s %d: %s", d.Name(), i, what)
		}
	}
	require.Greater(t, failed, 100)
}

// spoil changes one thing, and says which.
func spoil(r *rand.Rand, m *onnx.Model) string {
	number := func() int64 {
		return []int64{-1, 0, 1, 2, 3, 7, -2, -5, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64}[r.Intn(12)]
	}
	n := m.Graph.Nodes[0]
	if len(n.Attributes) > 0 && r.Intn(3) > 0 {
		a := n.Attributes[r.Intn(len(n.Attributes))]
		switch k := r.Intn(3); {
		case k == 0 && len(a.Ints) > 0:
			a.Ints[r.Intn(len(a.Ints))] = number()
		case k == 1:
			a.Ints, a.Floats, a.Strings = a.Ints[:len(a.Ints)/2], a.Floats[:len(a.Floats)/2], a.Strings[:len(a.Strings)/2]
		default:
			a.Int = number()
			a.String = []byte([]string{"", "none", "...", "i...j->", "ii,jj", "ij,jk->iq", "SOFTMAX", "->"}[r.Intn(8)])
		}
		return "attribute " + a.Name
	}
	if len(m.Graph.Inputs) == 0 {
		return "nothing"
	}
	in := m.Graph.Inputs[r.Intn(len(m.Graph.Inputs))]
	switch r.Intn(5) {
	case 0:
		in.Type.DataType = []onnx.DataType{onnx.Float, onnx.Double, onnx.Int64, onnx.Int8, onnx.Bool, onnx.Float16, onnx.Uint32}[r.Intn(7)]
		return fmt.Sprint("type ", in.Type.DataType)
	case 1:
		in.Type.Shape = in.Type.Shape[:len(in.Type.Shape)/2]
		return "rank"
	case 2:
		n.Inputs = n.Inputs[:r.Intn(len(n.Inputs)+1)]
		return "inputs"
	case 3:
		n.Inputs[r.Intn(len(n.Inputs))] = ""
		return "an input left out"
	}
	if len(in.Type.Shape) > 0 {
		dim := &in.Type.Shape[r.Intn(len(in.Type.Shape))]
		dim.Known, dim.Value = r.Intn(4) > 0, []int64{0, 1, 2, 5, 1000, 1 << 20, 1 << 30}[r.Intn(7)]
	}
	return "a dimension"
}

// runSpoilt runs a model on zeros, dynamic dimensions being 3.
func runSpoilt(m *onnx.Model, o *runtime.Options, k *kernels.Set) error {
	g, err := m.Build()
	if err != nil {
		return err
	}
	for _, v := range g.In {
		shape := append([]int{}, g.Values[v].Type.Shape...)
		for i, d := range shape {
			if d == tensor.Dynamic {
				shape[i] = 3
			}
		}
		o.Shapes = append(o.Shapes, shape)
	}
	p, err := runtime.NewPlan(g, k, *o)
	if err != nil {
		return err
	}
	s, err := p.NewSession(1)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Run()
}
