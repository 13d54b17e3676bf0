package onnx_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TestSets runs random models of recurrent layers, attention and ONNX Runtime's
// operators on every Set of this CPU, at one thread and three, twice, without
// allocating: the bits must be those of Ref, node by node.
func TestSets(t *testing.T) {
	for i, f := range slices.Concat(ortRecurrent, ortMicrosoft) {
		t.Run(f.name, func(t *testing.T) {
			for k := range 12 {
				m := f.make(&ortRandom{rand.New(rand.NewPCG(uint64(1000+i), uint64(k)))})
				if err := m.sameOnSets(); err != nil && !strings.Contains(err.Error(), "not supported") {
					t.Errorf("%d: %v\n\t%s", k, err, m)
				}
			}
		})
	}
}

// sameOnSets compares what plans compute with what Ref does.
func (x *ortModel) sameOnSets() error {
	m, err := onnx.Parse(x.Bytes())
	if err != nil {
		return err
	}
	var shapes [][]int
	for _, o := range x.in {
		shapes = append(shapes, o.shape)
	}
	g, err := m.Build(shapes...)
	if err != nil {
		return err
	}
	want, err := x.byRef(g)
	if err != nil {
		return err
	}
	for _, set := range host.Sets() {
		if !set.Fused {
			continue // products are rounded otherwise
		}
		for _, threads := range []int{1, 3} {
			p, err := runtime.NewPlan(g, &set, runtime.Options{Shapes: shapes})
			if err != nil {
				return err
			}
			s, err := p.NewSession(threads)
			if err != nil {
				return err
			}
			err = x.twice(s, want)
			s.Close()
			if err != nil {
				return fmt.Errorf("%s, %d threads: %w", set.Name, threads, err)
			}
		}
	}
	return nil
}

// twice runs a session twice, and once more to count allocations.
func (x *ortModel) twice(s *runtime.Session, want []tensor.View) error {
	run := func() error {
		for i, o := range x.in {
			copy(s.In(i).Data, o.data)
		}
		return s.Run()
	}
	for range 2 {
		if err := run(); err != nil {
			return err
		}
		for i := range want {
			if got := s.Out(i); !bytes.Equal(got.Data[:got.Bytes()], want[i].Data) {
				_, err := ortDifference(&want[i], got, 0)
				return fmt.Errorf("output %d is not what Ref has: %w", i, err)
			}
		}
	}
	if n := testing.AllocsPerRun(4, func() { _ = run() }); n > 0 {
		return fmt.Errorf("%v allocations", n)
	}
	return nil
}

// byRef computes a graph's outputs node by node.
func (x *ortModel) byRef(g *graph.Graph) ([]tensor.View, error) {
	views := make([]tensor.View, len(g.Values))
	for i, v := range g.Values {
		views[i] = tensor.View{Type: v.Type, Data: v.Const}
	}
	for i, v := range g.In {
		views[v] = tensor.View{Type: views[v].WithShape(x.in[i].shape...), Data: x.in[i].data}
	}
	for _, n := range g.Nodes {
		in := make([]tensor.View, len(n.In))
		for i, v := range n.In {
			if v != graph.None {
				in[i] = views[v]
			}
		}
		types, err := n.Op.Infer(in)
		if err != nil {
			return nil, err
		}
		out := make([]tensor.View, len(types))
		for i, t := range types {
			out[i] = tensor.View{Type: t, Data: tensor.Bytes(make([]uint64, t.Bytes()/8+1))[:t.Bytes()]}
		}
		if err := n.Op.(op.Referenced).Ref(in, out); err != nil {
			return nil, err
		}
		for i, v := range n.Out {
			views[v] = out[i]
		}
	}
	out := make([]tensor.View, len(g.Out))
	for i, v := range g.Out {
		out[i] = views[v]
	}
	return out, nil
}
