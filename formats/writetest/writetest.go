// Package writetest has graphs of everything that layers of trained networks are
// made of, to test those who write files: the same for all formats.
package writetest

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// A Case is a graph to be written.
type Case struct {
	Name  string
	Build func(b *Builder) []graph.Value
	// Exact says that a file computes the same bits when it is read again, where
	// the format can say the graph as it is.
	Exact bool
	// Planar and OpenBatch are wishes: the input as planes, the batch left open.
	Planar, OpenBatch bool
}

// A Builder makes graphs with random constants.
type Builder struct {
	*graph.Builder
	r *rand.Rand
	n int
}

// NewBuilder returns a builder of an empty graph.
func NewBuilder(name string) *Builder {
	return &Builder{Builder: graph.NewBuilder(name), r: rand.New(rand.NewPCG(1, 2))}
}

// X adds an input.
func (b *Builder) X(shape ...int) graph.Value {
	b.n++
	return b.Input(fmt.Sprint("x", b.n), tensor.Of(tensor.F32, shape...))
}

// W adds constant floats between -0.5 and 0.5.
func (b *Builder) W(shape ...int) graph.Value { return b.spread(-0.5, 0.5, shape...) }

func (b *Builder) spread(lo, hi float32, shape ...int) graph.Value {
	data := make([]float32, tensor.Of(tensor.F32, shape...).Len())
	for i := range data {
		data[i] = lo + (hi-lo)*b.r.Float32()
	}
	return b.Floats(shape, data...)
}

// Floats adds a constant.
func (b *Builder) Floats(shape []int, data ...float32) graph.Value {
	b.n++
	return b.Const(fmt.Sprint("w", b.n), tensor.Of(tensor.F32, shape...), tensor.Bytes(data))
}

func (b *Builder) i32(data ...int32) graph.Value {
	b.n++
	return b.Const(fmt.Sprint("w", b.n), tensor.Of(tensor.I32, len(data)), tensor.Bytes(data))
}

// Graph makes the graph; its outputs are called y0, y1, ….
func (c *Case) Graph() (*graph.Graph, error) {
	b := NewBuilder(c.Name)
	out := c.Build(b)
	for i, v := range out {
		b.Rename(v, fmt.Sprint("y", i))
	}
	return b.Graph(out...)
}

// Inputs returns random contents for a graph's inputs; open dimensions are 2.
func Inputs(g *graph.Graph) (in []tensor.View) {
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

// Run computes a graph's outputs.
func Run(g *graph.Graph, in []tensor.View) (out []tensor.View, err error) {
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

// Difference returns how far two outputs are apart, relative to numbers
// beyond 1.
func Difference(want, got *tensor.View) (worst float64, err error) {
	if want.DType != got.DType || fmt.Sprint(want.Shape) != fmt.Sprint(got.Shape) {
		return 0, fmt.Errorf("%s%v, want %s%v", got.DType, got.Shape, want.DType, want.Shape)
	}
	for i := range want.Len() {
		w, g := element(want, i), element(got, i)
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

// element returns an element as a number.
func element(v *tensor.View, i int) float64 {
	switch v.DType {
	case tensor.F32:
		return float64(v.F32()[i])
	case tensor.I32:
		return float64(v.I32()[i])
	case tensor.I64:
		return float64(v.I64()[i])
	case tensor.I8:
		return float64(v.I8()[i])
	}
	return float64(v.Data[i])
}
