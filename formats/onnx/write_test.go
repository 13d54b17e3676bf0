package onnx_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeCase is a graph to be written.
type writeCase struct {
	name  string
	build func(b *writeBuilder) []graph.Value
	opts  onnx.WriteOptions
	exact bool // the file computes the same bits when it is read again
}

// writeBuilder makes graphs with random constants.
type writeBuilder struct {
	*graph.Builder
	r *rand.Rand
	n int
}

func (b *writeBuilder) x(shape ...int) graph.Value {
	b.n++
	return b.Input(fmt.Sprint("x", b.n), tensor.Of(tensor.F32, shape...))
}

// w adds constant floats between -0.5 and 0.5.
func (b *writeBuilder) w(shape ...int) graph.Value { return b.spread(-0.5, 0.5, shape...) }

func (b *writeBuilder) spread(lo, hi float32, shape ...int) graph.Value {
	data := make([]float32, tensor.Of(tensor.F32, shape...).Len())
	for i := range data {
		data[i] = lo + (hi-lo)*b.r.Float32()
	}
	return b.floats(shape, data...)
}

func (b *writeBuilder) floats(shape []int, data ...float32) graph.Value {
	b.n++
	return b.Const(fmt.Sprint("w", b.n), tensor.Of(tensor.F32, shape...), tensor.Bytes(data))
}

func (b *writeBuilder) i32(data ...int32) graph.Value {
	b.n++
	return b.Const(fmt.Sprint("w", b.n), tensor.Of(tensor.I32, len(data)), tensor.Bytes(data))
}

func (c *writeCase) graph(t *testing.T) *graph.Graph {
	b := &writeBuilder{Builder: graph.NewBuilder(c.name), r: rand.New(rand.NewPCG(1, 2))}
	out := c.build(b)
	for i, v := range out {
		b.Rename(v, fmt.Sprint("y", i))
	}
	g, err := b.Graph(out...)
	require.NoError(t, err)
	return g
}

func (c *writeCase) file(t *testing.T) []byte {
	var w bytes.Buffer
	require.NoError(t, onnx.Write(&w, c.graph(t), c.opts))
	return w.Bytes()
}

// inputs returns random contents for a graph's inputs; open dimensions are 2.
func writeInputs(g *graph.Graph) (in []tensor.View) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, v := range g.In {
		t := g.Values[v].Type
		shape := append([]int{}, t.Shape...)
		for i, d := range shape {
			if d == tensor.Dynamic {
				shape[i] = 2
			}
		}
		t.Shape = shape
		x := tensor.View{Type: t, Data: tensor.Bytes(make([]uint64, t.Bytes()/8+1))[:t.Bytes()]}
		for i := range x.Len() {
			switch t.DType {
			case tensor.F32:
				x.F32()[i] = r.Float32()*4 - 2
			case tensor.I32:
				x.I32()[i] = r.Int32N(5)
			case tensor.I64:
				x.I64()[i] = r.Int64N(5)
			default:
				x.Data[i] = byte(r.IntN(2))
			}
		}
		in = append(in, x)
	}
	return in
}

// writeRun computes a graph's outputs.
func writeRun(g *graph.Graph, in []tensor.View) (out []tensor.View, err error) {
	k, err := host.Best()
	if err != nil {
		return nil, err
	}
	var shapes [][]int
	for _, x := range in {
		shapes = append(shapes, x.Shape)
	}
	p, err := runtime.NewPlan(g, &k, runtime.Options{Shapes: shapes})
	if err != nil {
		return nil, err
	}
	s, err := p.NewSession(1)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	for i, x := range in {
		copy(s.In(i).Data, x.Data)
	}
	if err := s.Run(); err != nil {
		return nil, err
	}
	for i := range g.Out {
		o := *s.Out(i)
		o.Data = bytes.Clone(o.Data[:o.Bytes()])
		out = append(out, o)
	}
	return out, nil
}

// writeDifference returns how far two outputs are apart, relative to numbers
// beyond 1.
func writeDifference(want, got *tensor.View) (worst float64, err error) {
	if want.DType != got.DType || fmt.Sprint(want.Shape) != fmt.Sprint(got.Shape) {
		return 0, fmt.Errorf("%s%v, want %s%v", got.DType, got.Shape, want.DType, want.Shape)
	}
	for i := range want.Len() {
		w, g := ortElement(want, i), ortElement(got, i)
		if w == g || w != w && g != g {
			continue
		}
		d := math.Abs(w-g) / max(1, math.Abs(w))
		if !(d < math.Inf(1)) {
			return 0, fmt.Errorf("element %d is %v, want %v", i, g, w)
		}
		worst = max(worst, d)
	}
	return worst, nil
}

// writeTolerance is what sums in another order, and folded scales, may change.
const writeTolerance = 1e-5

// planarInputs turns the inputs that the file wants as [n c h w].
func planarInputs(c *writeCase, in []tensor.View) []tensor.View {
	in = append([]tensor.View{}, in...)
	for i := range in {
		if x := &in[i]; c.opts.PlanarInput && x.Rank() == 4 {
			x.Data = tensor.Bytes(turnedPlanes(x.F32(), x.Shape))
			x.Shape = []int{x.Shape[0], x.Shape[3], x.Shape[1], x.Shape[2]}
		}
	}
	return in
}

func turnedPlanes(x []float32, s []int) []float32 {
	y := make([]float32, 0, len(x))
	for n := range s[0] {
		for c := range s[3] {
			for p := range s[1] * s[2] {
				y = append(y, x[(n*s[1]*s[2]+p)*s[3]+c])
			}
		}
	}
	return y
}

// TestWrite reads what was written, and compares what the two compute.
func TestWrite(t *testing.T) {
	for _, c := range writeCases() {
		t.Run(c.name, func(t *testing.T) {
			g := c.graph(t)
			in := writeInputs(g)
			want, err := writeRun(g, in)
			require.NoError(t, err)
			m, err := onnx.Parse(c.file(t))
			require.NoError(t, err)
			back, err := m.Build()
			require.NoError(t, err)
			got, err := writeRun(back, planarInputs(&c, in))
			require.NoError(t, err)
			require.Len(t, got, len(want))
			for i := range want {
				d, err := writeDifference(&want[i], &got[i])
				require.NoError(t, err)
				if c.exact {
					assert.Zero(t, d, "output %d", i)
				}
				assert.LessOrEqual(t, d, writeTolerance, "output %d", i)
			}
			for i, v := range g.In {
				assert.Equal(t, g.Values[v].Name, m.Graph.Inputs[i].Name)
			}
			for i, v := range g.Out {
				assert.Equal(t, g.Values[v].Name, m.Graph.Outputs[i].Name)
			}
		})
	}
}

// TestORTWritten runs what was written on ONNX Runtime itself.
func TestORTWritten(t *testing.T) {
	if os.Getenv("EDGEINFER_ORT") == "" {
		t.Skip("EDGEINFER_ORT is not set: the folder whose node_modules has onnxruntime-node")
	}
	dir, all := t.TempDir(), writeCases()
	var cases []ortCase
	for n := range all {
		c := &all[n]
		g := c.graph(t)
		o := ortCase{Model: fmt.Sprint(n, ".onnx"), Inputs: []ortInput{}}
		require.NoError(t, os.WriteFile(filepath.Join(dir, o.Model), c.file(t), 0o644))
		for i, x := range planarInputs(c, writeInputs(g)) {
			in := ortInput{g.Values[g.In[i]].Name, x.DType.String(), append([]int{}, x.Shape...), fmt.Sprintf("%d.%d", n, i)}
			require.NoError(t, os.WriteFile(filepath.Join(dir, in.File), x.Data, 0o644))
			o.Inputs = append(o.Inputs, in)
		}
		cases = append(cases, o)
	}
	results, bin := ortRun(t, dir, cases)
	require.Len(t, results, len(cases))
	for n := range all {
		t.Run(all[n].name, func(t *testing.T) {
			require.Empty(t, results[n].Error)
			g := all[n].graph(t)
			want, err := writeRun(g, writeInputs(g))
			require.NoError(t, err)
			got := results[n].views(bin)
			require.Len(t, got, len(want))
			for i := range want {
				d, err := writeDifference(&want[i], &got[i])
				require.NoError(t, err)
				assert.LessOrEqual(t, d, writeTolerance, "output %d", i)
			}
		})
	}
}

// operators returns the operators of a file, in order.
func operators(t *testing.T, file []byte) (all []string) {
	m, err := onnx.Parse(file)
	require.NoError(t, err)
	for _, n := range m.Graph.Nodes {
		all = append(all, n.OpType)
	}
	return all
}
