package onnx_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// imageOps are the operators on images, with the attributes that may be absurd.
var imageOps = map[string][]string{
	"Conv": {"strides", "dilations", "pads", "group", "kernel_shape"}, "ConvTranspose": {"strides", "dilations", "pads", "group", "output_padding", "output_shape"},
	"MaxPool": {"kernel_shape", "strides", "pads", "dilations", "storage_order"}, "AveragePool": {"kernel_shape", "strides", "pads", "dilations"},
	"LpPool": {"kernel_shape", "strides", "pads", "p"}, "GlobalAveragePool": nil, "GlobalMaxPool": nil, "GlobalLpPool": {"p"},
	"MaxUnpool": {"kernel_shape", "strides", "pads"}, "BatchNormalization": {"training_mode"}, "InstanceNormalization": nil,
	"GroupNormalization": {"num_groups"}, "LayerNormalization": {"axis", "stash_type"}, "RMSNormalization": {"axis"}, "LpNormalization": {"axis", "p"},
	"MeanVarianceNormalization": {"axes"}, "LRN": {"size"}, "Resize": {"axes", "antialias"}, "Upsample": nil, "GridSample": {"align_corners"},
	"RoiAlign": {"output_height", "output_width", "sampling_ratio"}, "AffineGrid": nil, "DeformConv": {"strides", "pads", "offset_group", "group"},
	"Col2Im": {"strides", "pads", "dilations"}, "DepthToSpace": {"blocksize"}, "SpaceToDepth": {"blocksize"},
}

// listed are the attributes that are lists.
var listed = map[string]bool{"strides": true, "dilations": true, "pads": true, "kernel_shape": true, "output_padding": true, "output_shape": true, "axes": true}

// TestAbsurdImages builds random models of each operator, most of which are
// wrong: an error is fine, a panic is not.
func TestAbsurdImages(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	set, err := host.Best()
	require.NoError(t, err)
	numbers := []int64{0, 1, 2, 3, -1, 7, 1 << 20, 1<<31 - 1, -1 << 31}
	pick := func() int64 { return numbers[min(r.IntN(len(numbers)), r.IntN(len(numbers)))] }
	shapes := [][]any{{1, 4, 5, 5}, {1, 4, 5}, {4, 2, 3, 3}, {4}, {1}, {}, {2, 4, 3, 3, 2}, {0, 4, 5, 5}, {1, 4, "h", 5}, {3, 4}, {1, 5, 5, 2}}
	types := []onnx.DataType{onnx.Float, onnx.Float, onnx.Float, onnx.Float16, onnx.Double, onnx.Int64, onnx.Uint8}
	for _, name := range slices.Sorted(maps.Keys(imageOps)) {
		attrs, built := imageOps[name], 0
		for range 1000 {
			one, size := types[r.IntN(len(types))], 1+r.IntN(3)
			g := modeltest.NewGraph("g")
			var in []string
			for i := range 1 + r.IntN(5) {
				in = append(in, fmt.Sprint("x", i))
				if i > 0 && r.IntN(3) == 0 {
					n := r.IntN(6)
					list := make([]int64, n)
					for j := range list {
						list[j] = pick()
					}
					g.Const(in[i], onnx.Int64, []int64{int64(n)}, list)
					continue
				}
				kind := one
				if r.IntN(8) == 0 {
					kind = types[r.IntN(len(types))]
				}
				g.Input(in[i], kind, shapes[r.IntN(len(shapes))]...)
			}
			var as []modeltest.Attribute
			for _, a := range attrs {
				if r.IntN(2) == 0 {
					continue
				}
				if !listed[a] {
					as = append(as, modeltest.Attr(a, pick()))
					continue
				}
				list := make([]int64, size)
				if a == "pads" {
					list = make([]int64, 2*size)
				}
				for j := range list {
					list[j] = pick()
				}
				as = append(as, modeltest.Attr(a, list))
			}
			g.Output("y", onnx.Float)
			g.Node(name, in, []string{"y", "z"}[:1+r.IntN(2)], as...)
			m := modeltest.New(20)
			m.Graph = g
			if buildAndRun(t, name, m.Bytes(), &set, r) {
				built++
			}
		}
		t.Logf("%s: %d ran", name, built)
	}
}

// buildAndRun reports whether a file can be run, with dimensions of 4 where
// it leaves them open and inputs of random bits.
func buildAndRun(t *testing.T, name string, file []byte, k *kernels.Set, r *rand.Rand) bool {
	m, err := onnx.Parse(file)
	require.NoError(t, err)
	var g *graph.Graph
	if !assert.NotPanics(t, func() { g, err = m.Build() }, name) || err != nil {
		return false
	}
	shapes := make([][]int, len(g.In))
	for i, v := range g.In {
		shapes[i] = slices.Clone(g.Values[v].Type.Shape)
		for j, d := range shapes[i] {
			if d == tensor.Dynamic {
				shapes[i][j] = 4
			}
		}
	}
	ran := false
	assert.NotPanics(t, func() {
		p, err := runtime.NewPlan(g, k, runtime.Options{Shapes: shapes, Limits: op.Limits{MaxMemory: 1 << 22, MaxMACs: 1 << 22}})
		if err != nil {
			return
		}
		s, err := p.NewSession(1)
		if err != nil {
			return
		}
		defer s.Close()
		for i := range g.In {
			for j := range s.In(i).Data {
				s.In(i).Data[j] = byte(r.Uint32())
			}
		}
		ran = s.Run() == nil
	}, name)
	return ran
}
