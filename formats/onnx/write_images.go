package onnx

import (
	"reflect"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// writeImageRows are pools, paddings and reductions.
func writeImageRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{
		rowFor(func(s *spelling, o *op.MaxPool2D) error { return s.pool("MaxPool", o.Pool) }),
		rowFor(func(s *spelling, o *op.AveragePool2D) error {
			count := 0
			if o.CountPad {
				count = 1
			}
			return s.pool("AveragePool", o.Pool, attribute("count_include_pad", count))
		}),
		rowFor(writeGlobalPool), rowFor(writePad), rowFor(writePadSides), rowFor(writeReduce),
	}
}

func (s *spelling) pool(operator string, o op.Pool, attrs ...wire) error {
	if err := s.float(0); err != nil {
		return err
	}
	attrs = append(attrs, s.padding(o.Padding, o.Window[:], o.Stride, o.Dilation)...)
	attrs = append(attrs, attribute("kernel_shape", o.Window[:]), attribute("strides", o.Stride[:]))
	if o.Dilation != [2]int{1, 1} {
		if operator != "MaxPool" {
			return op.Unsupported("dilation %v", o.Dilation)
		}
		attrs = append(attrs, attribute("dilations", o.Dilation[:]))
	}
	y := s.emit(operator, []string{s.planar(s.n.In[0])}, attrs...)
	s.defineAs(0, planarForm, s.bounded(y, op.Activated(o.Act)))
	return nil
}

// writeGlobalPool: its images are [n c …] already.
func writeGlobalPool(s *spelling, o *op.GlobalPool) error {
	switch o.Kind {
	case op.GlobalAverage:
		s.define(0, s.emit("GlobalAveragePool", []string{s.in(0)}))
	case op.GlobalMax:
		s.define(0, s.emit("GlobalMaxPool", []string{s.in(0)}))
	default:
		s.define(0, s.emit("GlobalLpPool", []string{s.in(0)}, attribute("p", o.P)))
	}
	return nil
}

// writePad: input 1 has a row [before after] for each dimension.
func writePad(s *spelling, o *op.Pad) error {
	rows, err := s.ints(1)
	if err != nil {
		return err
	}
	rank := s.view(0).Rank()
	names, kind := s.alike(0)
	pads := make([]int, 2*rank)
	for i := range rank {
		k := i
		if kind == planarForm {
			k = planarAxis(i)
		}
		pads[k], pads[rank+k] = rows[2*i], rows[2*i+1]
	}
	s.defineAs(0, kind, s.emit("Pad", []string{names[0], s.list(pads...), s.in(2)}))
	return nil
}

// writePadSides: input 1 has all that comes before, then all that comes after.
func writePadSides(s *spelling, o *op.PadSides) error {
	mode, ok := map[op.Border]string{op.BorderConstant: "constant", op.BorderReflect: "reflect", op.BorderEdge: "edge"}[o.Border]
	if !ok || s.has(3) {
		return op.Unsupported("this border or chosen axes, at opset %d,", writtenOpset)
	}
	rows, err := s.ints(1)
	if err != nil {
		return err
	}
	s.define(0, s.emit("Pad", []string{s.in(0), s.list(rows...), s.in(2)}, attribute("mode", mode)))
	return nil
}

var writtenReductions = map[op.Reduction]string{
	op.ReduceMean: "ReduceMean", op.ReduceSum: "ReduceSum", op.ReduceMax: "ReduceMax", op.ReduceMin: "ReduceMin", op.ReduceProd: "ReduceProd",
}

func writeReduce(s *spelling, o *op.Reduce) error {
	operator, ok := writtenReductions[o.Kind]
	if !ok {
		return op.Unsupported("the reduction %s", o.Name())
	}
	axes, rank := slices.Clone(o.Axes), s.view(0).Rank()
	if s.has(1) {
		var err error
		if axes, err = s.ints(1); err != nil {
			return err
		}
	} else if o.Axes == nil {
		for i := range rank {
			axes = append(axes, i)
		}
	}
	for i := range axes {
		if axes[i] < 0 {
			axes[i] += rank
		}
	}
	slices.Sort(axes)
	if axes = slices.Compact(axes); len(axes) == 0 || rank == 0 {
		s.define(0, s.in(0))
		return nil
	}
	x, kind := "", ""
	if s.reducesPlanar(axes, o.KeepDims) {
		x = s.planar(s.n.In[0])
		for i := range axes {
			axes[i] = planarAxis(axes[i])
		}
		slices.Sort(axes)
		if o.KeepDims {
			kind = planarForm
		}
	} else {
		x = s.in(0)
	}
	keep := 0
	if o.KeepDims {
		keep = 1
	}
	if o.Kind == op.ReduceSum { // whose axes are an input since opset 13
		s.defineAs(0, kind, s.emit(operator, []string{x, s.list(axes...)}, attribute("keepdims", keep)))
		return nil
	}
	s.defineAs(0, kind, s.emit(operator, []string{x}, attribute("axes", axes), attribute("keepdims", keep)))
	return nil
}

// reducesPlanar reports whether a reduction of images can do without turning
// them: they are [n c h w], and what is left comes in the same order.
func (s *spelling) reducesPlanar(axes []int, keepDims bool) bool {
	if s.view(0).Rank() != 4 || !s.onlyPlanar(s.n.In[0]) {
		return false
	}
	left := []int{}
	for i := range 4 {
		if !slices.Contains(axes, i) {
			left = append(left, planarAxis(i))
		}
	}
	return keepDims || slices.IsSorted(left)
}
