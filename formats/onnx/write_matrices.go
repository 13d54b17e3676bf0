package onnx

import (
	"reflect"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeMatrixRows are dense layers, products of matrices and normalisations.
func writeMatrixRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{
		rowFor(writeDense), rowFor(writeBatchMatMul), rowFor(writeLayerNorm), rowFor(writeBatchNorm),
		rowFor(func(s *spelling, o *op.Softmax) error { return s.softmax("Softmax", o.Axis, o.Flat, o.Beta) }),
		rowFor(func(s *spelling, o *op.LogSoftmax) error { return s.softmax("LogSoftmax", o.Axis, o.Flat, 1) }),
	}
}

// writeDense adds Gemm for a matrix, and MatMul and Add for more dimensions.
func writeDense(s *spelling, o *op.FullyConnected) error {
	for i := range 2 {
		if err := s.float(i); err != nil {
			return err
		}
	}
	x, w := s.view(0), s.view(1)
	in, inputs := s.in(0), w.Shape[1]
	if o.Turned {
		inputs = w.Shape[0]
	}
	rank := x.Rank()
	if !o.KeepDims && (rank != 2 || x.Shape[1] != inputs) {
		in, rank = s.emit("Reshape", []string{s.flat(0), s.list(-1, inputs)}), 2
	}
	if rank == 2 {
		turn := 1
		if o.Turned {
			turn = 0
		}
		s.define(0, s.bounded(s.emit("Gemm", []string{in, s.in(1), s.in(2)}, attribute("transB", turn)), o.Bounds))
		return nil
	}
	weights := s.in(1)
	if !o.Turned {
		weights = s.transposed(s.n.In[1], []int{1, 0}, s.base[s.n.In[1]]+"_turned")
	}
	y := s.emit("MatMul", []string{in, weights})
	if s.has(2) {
		y = s.emit("Add", []string{y, s.in(2)})
	}
	s.define(0, s.bounded(y, o.Bounds))
	return nil
}

// flat returns input i in whichever layout it is there, if its elements have the
// same order in both, and else as the graph has it.
func (s *spelling) flat(i int) string {
	v := s.n.In[i]
	t := s.typ(v)
	if t.Rank() == 4 && s.onlyPlanar(v) && (t.Shape[3] == 1 || t.Shape[1] == 1 && t.Shape[2] == 1) {
		return s.planar(v)
	}
	return s.own(v)
}

func writeBatchMatMul(s *spelling, o *op.BatchMatMul) error {
	in := []string{s.in(0), s.in(1)}
	for i, turn := range []bool{o.AdjX, o.AdjY} {
		if err := s.float(i); err != nil {
			return err
		}
		if turn {
			perm := swapped(s.view(i).Rank())
			in[i] = s.transposed(s.n.In[i], perm, s.base[s.n.In[i]]+"_turned")
		}
	}
	s.define(0, s.emit("MatMul", in))
	return nil
}

// swapped returns the permutation that swaps the last two dimensions.
func swapped(rank int) []int {
	perm := make([]int, rank)
	for i := range perm {
		perm[i] = i
	}
	if rank >= 2 {
		perm[rank-1], perm[rank-2] = rank-2, rank-1
	}
	return perm
}

func (s *spelling) softmax(operator string, axis int, flat bool, beta float32) error {
	if err := s.float(0); err != nil {
		return err
	}
	rank := s.view(0).Rank()
	if axis < 0 {
		axis += rank
	}
	if flat && axis != rank-1 {
		return op.Unsupported("one sum for several dimensions, at opset %d,", writtenOpset)
	}
	in, kind := s.alike(0)
	if kind == planarForm {
		axis = planarAxis(axis)
	}
	s.defineAs(0, kind, s.emit(operator, []string{s.times(in[0], beta)}, attribute("axis", axis)))
	return nil
}

func writeLayerNorm(s *spelling, o *op.LayerNormalization) error {
	if o.Outside || o.Stats != tensor.None {
		return op.Unsupported("a layer normalisation with statistics, or epsilon outside of the root")
	}
	if err := s.float(0); err != nil {
		return err
	}
	x := s.view(0)
	axis := o.Axis
	if axis < 0 {
		axis += x.Rank()
	}
	shape := x.Shape[axis:]
	if slices.Contains(shape, tensor.Dynamic) {
		return op.Unsupported("a layer normalisation over an unknown size")
	}
	if o.RMS {
		return s.rms(o, axis)
	}
	scale := s.in(1)
	if !s.has(1) || !slices.Equal(s.view(1).Shape, shape) {
		ones := slices.Repeat([]float32{1}, tensor.Of(tensor.F32, shape...).Len())
		scale = s.floats(s.base[s.n.Out[0]]+"_ones", shape, ones)
	}
	in := []string{s.in(0), scale, ""}
	if s.has(1) && !slices.Equal(s.view(1).Shape, shape) || s.has(2) && !slices.Equal(s.view(2).Shape, shape) { // they broadcast
		y := s.emit("LayerNormalization", in[:2], attribute("axis", axis), attribute("epsilon", o.Epsilon))
		if s.has(1) && !slices.Equal(s.view(1).Shape, shape) {
			y = s.emit("Mul", []string{y, s.in(1)})
		}
		if s.has(2) {
			y = s.emit("Add", []string{y, s.in(2)})
		}
		s.define(0, y)
		return nil
	}
	in[2] = s.in(2)
	s.define(0, s.emit("LayerNormalization", in, attribute("axis", axis), attribute("epsilon", o.Epsilon)))
	return nil
}

// rms adds x/√(mean(x²) + ε)·scale + bias.
func (s *spelling) rms(o *op.LayerNormalization, axis int) error {
	x := s.in(0)
	var axes []int
	for i := axis; i < s.view(0).Rank(); i++ {
		axes = append(axes, i)
	}
	mean := s.emit("ReduceMean", []string{s.emit("Mul", []string{x, x})}, attribute("axes", axes), attribute("keepdims", 1))
	y := s.emit("Div", []string{x, s.emit("Sqrt", []string{s.plus(mean, o.Epsilon)})})
	if s.has(1) {
		y = s.emit("Mul", []string{y, s.in(1)})
	}
	if s.has(2) {
		y = s.emit("Add", []string{y, s.in(2)})
	}
	s.define(0, y)
	return nil
}

// writeBatchNorm writes one with computed statistics; those with constants have
// become part of a layer, or a product and a sum.
func writeBatchNorm(s *spelling, o *op.BatchNormalization) error {
	rank := s.view(0).Rank()
	axis := o.Axis
	if axis < 0 {
		axis += rank
	}
	if o.Training || rank < 2 {
		return op.Unsupported("a batch normalisation in training")
	}
	in, kind := []string{"", s.in(1), s.in(2), s.in(3), s.in(4)}, ""
	switch {
	case axis == 1:
		in[0] = s.in(0)
	case axis == 3 && rank == 4:
		in[0], kind = s.planar(s.n.In[0]), planarForm
	default:
		return op.Unsupported("a batch normalisation along axis %d of %d", axis, rank)
	}
	s.defineAs(0, kind, s.emit("BatchNormalization", in, attribute("epsilon", o.Epsilon)))
	return nil
}
