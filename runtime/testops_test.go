package runtime

import (
	"errors"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// add adds N to each int32 of all its inputs' sum. It may work in place.
type add struct{ N int32 }

func (add) Name() string { return "add" }
func (add) Infer(in []tensor.View) ([]tensor.Type, error) {
	return []tensor.Type{in[0].Type}, nil
}
func (o add) Ref(in, out []tensor.View) error {
	y := out[0].I32()
	for i := range y {
		s := o.N
		for k := range in {
			s += in[k].I32()[i]
		}
		y[i] = s
	}
	return nil
}
func (o add) Prepare(p *op.Prep) (op.Prepared, error) {
	return op.Prepared{Kernel: "test", Scratch: 8, PerWorker: 100, Bind: func(m *op.Mem) (op.Step, error) {
		return func() error { return o.Ref(m.In, m.Out) }, nil
	}}, nil
}
func (add) InPlace(in, out []tensor.Type) []int { return []int{0} }
func (add) MACs(in, out []tensor.Type) int64    { return int64(out[0].Len()) }
func (o add) Fuse(next graph.Op, out tensor.Type) graph.Op {
	if n, ok := next.(add); ok {
		return add{o.N + n.N}
	}
	return nil
}

// count increments a variable and returns it.
type count struct{}

func (count) Name() string { return "count" }
func (count) Infer(in []tensor.View) ([]tensor.Type, error) {
	return []tensor.Type{in[0].Type}, nil
}
func (count) Ref(in, out []tensor.View) error {
	in[0].I32()[0]++
	copy(out[0].Data, in[0].Data)
	return nil
}
func (o count) Prepare(*op.Prep) (op.Prepared, error) {
	return op.Prepared{Kernel: "test", Bind: func(m *op.Mem) (op.Step, error) {
		return func() error { return o.Ref(m.In, m.Out) }, nil
	}}, nil
}
func (count) Writes() []int { return []int{0} }

// prefix returns the first in[1][0] elements of in[0]: a size that depends on data.
type prefix struct{}

func (prefix) Name() string { return "prefix" }
func (prefix) Infer(in []tensor.View) ([]tensor.Type, error) {
	n := tensor.Dynamic
	if in[1].Known() {
		if n = int(in[1].I32()[0]); n < 0 {
			return nil, errors.New("negative length")
		}
	}
	return []tensor.Type{in[0].Type.WithShape(n)}, nil
}
func (prefix) Ref(in, out []tensor.View) error {
	n := copy(out[0].Data, in[0].Data)
	clear(out[0].Data[n:])
	return nil
}
func (o prefix) Prepare(*op.Prep) (op.Prepared, error) {
	return op.Prepared{Kernel: "test", Bind: func(m *op.Mem) (op.Step, error) {
		return func() error { return o.Ref(m.In, m.Out) }, nil
	}}, nil
}

func i32(shape ...int) tensor.Type { return tensor.Of(tensor.I32, shape...) }

// stay copies float32, and minds where they lie.
type stay struct{}

func (stay) Name() string { return "stay" }
func (stay) Infer(in []tensor.View) ([]tensor.Type, error) {
	return []tensor.Type{in[0].Type}, nil
}
func (stay) Ref(in, out []tensor.View) error {
	copy(out[0].Data, in[0].Data)
	return nil
}
func (o stay) Prepare(*op.Prep) (op.Prepared, error) {
	return op.Prepared{Kernel: "test", Bind: func(m *op.Mem) (op.Step, error) {
		return func() error { return o.Ref(m.In, m.Out) }, nil
	}}, nil
}
