package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	mt "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
)

// in and out are lists of names.
type (
	in  = []string
	out = []string
)

// hostile are .onnx models that are wrong, by what is: each has an input x of 4 floats.
var hostile = []struct {
	name string
	code int
	want []string // in the message, beside the file's name
	make func(m *mt.Model)
}{
	{"cycle", 3, []string{`node 0 Add (opset 17) "Add_y"`, `"z" is used before`}, func(m *mt.Model) {
		m.Node("Add", in{"x", "z"}, out{"y"})
		m.Node("Relu", in{"y"}, out{"z"})
	}},
	{"no such value", 3, []string{`node 0 Relu (opset 17) "Relu_y"`, `"nothing"`}, func(m *mt.Model) { m.Node("Relu", in{"nothing"}, out{"y"}) }},
	{"input left out", 3, []string{"node 0 Add (opset 17)", "1 inputs, want 2"}, func(m *mt.Model) { m.Node("Add", in{"x", ""}, out{"y"}) }},
	{"no inputs", 3, []string{"node 0 Relu (opset 17)"}, func(m *mt.Model) { m.Node("Relu", nil, out{"y"}) }},
	{"too many inputs", 3, []string{"node 0 Relu (opset 17)", "3 inputs"}, func(m *mt.Model) { m.Node("Relu", in{"x", "x", "x"}, out{"y"}) }},
	{"mixed types", 3, []string{"node 0 Add (opset 17)", "float32 and int64"}, func(m *mt.Model) {
		m.Const("i", onnx.Int64, []int64{4}, make([]int64, 4))
		m.Node("Add", in{"x", "i"}, out{"y"})
	}},
	{"shapes that differ", 3, []string{"node 0 Add (opset 17)", "[4] and [3]"}, func(m *mt.Model) {
		m.Const("w", onnx.Float, []int64{3}, make([]float32, 3))
		m.Node("Add", in{"x", "w"}, out{"y"})
	}},
	{"wrong rank", 3, []string{"node 0 Conv (opset 17)", "[4]"}, func(m *mt.Model) { m.Node("Conv", in{"x", "x"}, out{"y"}) }},
	{"condition of floats", 3, []string{"node 0 If (opset 17)", "float32"}, func(m *mt.Model) {
		g := mt.NewGraph("g")
		g.Node("Relu", in{"x"}, out{"r"})
		g.Output("r", onnx.Float, 4)
		m.Node("If", in{"x"}, out{"y"}, mt.Attr("then_branch", g), mt.Attr("else_branch", g))
	}},
	{"axis", 3, []string{"node 0 Softmax (opset 17)", "axis 9"}, func(m *mt.Model) { m.Node("Softmax", in{"x"}, out{"y"}, mt.Attr("axis", 9)) }},
	{"attribute of another type", 3, []string{"node 0 Softmax (opset 17)", `attribute "axis" is a FLOAT`}, func(m *mt.Model) {
		m.Node("Softmax", in{"x"}, out{"y"}, mt.Attr("axis", float32(1)))
	}},
	{"attribute beyond 32 bits", 3, []string{"node 0 Softmax (opset 17)", "beyond 32 bits"}, func(m *mt.Model) {
		m.Node("Softmax", in{"x"}, out{"y"}, mt.Attr("axis", int64(math.MinInt64)))
	}},
	{"permutation", 3, []string{"node 0 Transpose (opset 17)"}, func(m *mt.Model) { m.Node("Transpose", in{"x"}, out{"y"}, mt.Attr("perm", []int64{7})) }},
	{"graph missing", 3, []string{"node 0 Loop (opset 17)", `"body"`}, func(m *mt.Model) { m.Node("Loop", in{"", "", "x"}, out{"y"}) }},
	{"computed twice", 3, []string{"node 1 Relu (opset 17)", `"y" is computed twice`}, func(m *mt.Model) {
		m.Node("Relu", in{"x"}, out{"y"})
		m.Node("Relu", in{"x"}, out{"y"})
	}},
	{"not computed", 3, []string{`output "y"`}, func(m *mt.Model) { m.Node("Relu", in{"x"}, out{"z"}) }},
	{"bytes that don't match", 3, []string{`initializer 0: tensor "w"`, "12 bytes"}, func(m *mt.Model) {
		m.Const("w", onnx.Float, []int64{4}, make([]float32, 3))
		m.Node("Add", in{"x", "w"}, out{"y"})
	}},
	{"elements beyond 63 bits", 3, []string{`initializer 0: tensor "w"`}, func(m *mt.Model) {
		m.Const("w", onnx.Float, []int64{1 << 40, 1 << 40}, []float32{1})
		m.Node("Add", in{"x", "w"}, out{"y"})
	}},
	{"shape beyond 63 bits", 3, []string{`node 0 ConstantOfShape (opset 17)`}, func(m *mt.Model) {
		m.Const("s", onnx.Int64, []int64{3}, []int64{1 << 30, 1 << 30, 1 << 30})
		m.Node("ConstantOfShape", in{"s"}, out{"y"})
	}},
	{"size beyond 32 bits", 3, []string{`node 0 Expand (opset 17)`, "beyond 32 bits"}, func(m *mt.Model) {
		m.Const("s", onnx.Int64, []int64{1}, []int64{1 << 40})
		m.Node("Expand", in{"x", "s"}, out{"y"})
	}},
	{"large", 6, []string{"bytes of memory", "--max-memory"}, func(m *mt.Model) {
		m.Const("s", onnx.Int64, []int64{2}, []int64{1 << 26, 4})
		m.Node("Expand", in{"x", "s"}, out{"y0"})
		m.Node("Relu", in{"y0"}, out{"y"})
	}},
	{"endless loop", 6, []string{"Loop", "loop steps", "--max-steps"}, func(m *mt.Model) {
		g := mt.NewGraph("body")
		g.Input("i", onnx.Int64)
		g.Input("on", onnx.Bool)
		g.Input("v", onnx.Float, 4)
		g.Node("Relu", in{"v"}, out{"r"})
		g.Output("on", onnx.Bool)
		g.Output("r", onnx.Float, 4)
		m.Node("Loop", in{"", "", "x"}, out{"y"}, mt.Attr("body", g))
	}},
	{"function that calls itself", 4, []string{"more than 16 deep"}, func(m *mt.Model) {
		f := mt.NewFunction("own", "F", 17, in{"a"}, out{"b"})
		f.NodeOf("own", "F", in{"a"}, out{"b"})
		m.Function(f)
		m.Opset("own", 1)
		m.NodeOf("own", "F", in{"x"}, out{"y"})
	}},
	{"functions that double", 4, []string{"65536 nodes"}, func(m *mt.Model) {
		for _, pair := range []string{"AB", "BC", "CD", "DE", "EF", "FG"} {
			f := mt.NewFunction("own", pair[:1], 17, in{"a"}, out{"b"})
			for i := range 16 {
				f.NodeOf("own", pair[1:], in{"a"}, out{[]string{"b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q"}[i]})
			}
			m.Function(f)
		}
		f := mt.NewFunction("own", "G", 17, in{"a"}, out{"b"})
		f.Node("Relu", in{"a"}, out{"b"})
		m.Function(f)
		m.Opset("own", 1)
		m.NodeOf("own", "A", in{"x"}, out{"y"})
	}},
	{"everything that lacks", 4, []string{`initializer "w8": element type FLOAT8E5M2`, "NoSuchThing", "own.NorThis", `"Cast_c"`}, func(m *mt.Model) {
		m.Const("w8", onnx.Float8E5M2, []int64{4}, make([]byte, 4))
		m.Opset("own", 1)
		m.Node("NoSuchThing", in{"x"}, out{"a"})
		m.NodeOf("own", "NorThis", in{"a"}, out{"b"})
		m.Node("Cast", in{"b"}, out{"c"}, mt.Attr("to", int(onnx.String)))
		m.Node("Add", in{"c", "w8"}, out{"y"})
	}},
}

// TestHostileModels says for each wrong model the exit code, and that the message
// names the file, the node with its operator and opset, and what is wrong.
func TestHostileModels(t *testing.T) {
	dir := t.TempDir()
	array(t, dir, "x.npy", npy.Float32, []int{4}, make([]byte, 16))
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			m := mt.New(17)
			m.Input("x", onnx.Float, 4)
			c.make(m)
			m.Output("y", onnx.Float, nil)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "m.onnx"), m.Bytes(), 0o666))
			got := edgeinferIn(t, dir, "", "run", "m.onnx", "x.npy")
			assert.Equal(t, c.code, got.code, got.stderr)
			for _, w := range append(c.want, "edgeinfer: m.onnx: ") {
				assert.Contains(t, got.stderr, w)
			}
		})
	}
}
