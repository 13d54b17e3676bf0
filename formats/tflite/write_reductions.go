package tflite

import (
	"reflect"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeReductionRows are pools, reductions, softmaxes, products and resizing.
func writeReductionRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{
		rowFor(func(s *spelling, o *op.MaxPool2D) error { return s.pool(OpMaxPool2D, o.Pool) }),
		rowFor(func(s *spelling, o *op.AveragePool2D) error { return s.pool(OpAveragePool2D, o.Pool) }),
		rowFor(func(s *spelling, o *op.L2Pool2D) error { return s.pool(OpL2Pool2D, o.Pool) }),
		rowFor(writeReduce), rowFor(writeArgMax),
		rowFor(func(s *spelling, o *op.Softmax) error {
			if o.Flat && o.Axis != -1 && o.Axis != s.view(0).Rank()-1 {
				return op.Unsupported("one sum for several dimensions")
			}
			s.emit(OpSoftmax, s.version(2), SoftmaxOptions, flatbuf.Object{0: o.Beta}, s.all())
			return nil
		}),
		plainFor[*op.LogSoftmax](OpLogSoftmax, LogSoftmaxOptions),
		rowFor(func(s *spelling, o *op.L2Normalization) error {
			if o.Axis != -1 && o.Axis != s.view(0).Rank()-1 {
				return op.Unsupported("a norm along axis %d", o.Axis)
			}
			s.emit(OpL2Normalization, s.version(2), L2NormOptions, flatbuf.Object{0: int8(ActivationNone)}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.BatchMatMul) error {
			s.emit(OpBatchMatMul, s.version(2), BatchMatMulOptions, flatbuf.Object{0: o.AdjX, 1: o.AdjY}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.CumSum) error {
			s.emit(OpCumsum, 1, CumsumOptions, flatbuf.Object{0: o.Exclusive, 1: o.Reverse}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.ResizeBilinear) error {
			version := s.version(2)
			if o.HalfPixelCenters {
				version = 3
			}
			s.emit(OpResizeBilinear, version, ResizeBilinearOptions, flatbuf.Object{2: o.AlignCorners, 3: o.HalfPixelCenters}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.ResizeNearestNeighbor) error {
			version := s.version(2)
			if o.HalfPixelCenters || o.AlignCorners {
				version = 3
			}
			s.emit(OpResizeNearestNeighbor, version, ResizeNearestNeighborOptions, flatbuf.Object{0: o.AlignCorners, 1: o.HalfPixelCenters}, s.all())
			return nil
		}),
	}
}

func (s *spelling) pool(b BuiltinOperator, o op.Pool) error {
	if o.Dilation != [2]int{1, 1} || o.Act > quant.ReLU6 {
		return op.Unsupported("a pool with dilation %v and activation %v", o.Dilation, o.Act)
	}
	s.emit(b, s.version(2), Pool2DOptions, flatbuf.Object{
		0: paddingOf(o.Padding), 1: int32(o.Stride[1]), 2: int32(o.Stride[0]),
		3: int32(o.Window[1]), 4: int32(o.Window[0]), 5: int8(o.Act),
	}, s.all())
	return nil
}

func writeReduce(s *spelling, o *op.Reduce) error {
	b, ok := map[op.Reduction]BuiltinOperator{
		op.ReduceMean: OpMean, op.ReduceSum: OpSum, op.ReduceMax: OpReduceMax, op.ReduceMin: OpReduceMin,
		op.ReduceProd: OpReduceProd, op.ReduceAll: OpReduceAll, op.ReduceAny: OpReduceAny,
	}[o.Kind]
	if !ok {
		return op.Unsupported("the reduction %s", o.Name())
	}
	in := s.all()
	if !s.has(1) {
		axes := o.Axes
		if axes == nil {
			for i := range s.view(0).Rank() {
				axes = append(axes, i)
			}
		}
		in = append(in[:1], s.list("axes", axes...))
	}
	s.emit(b, s.version(2), ReducerOptions, flatbuf.Object{0: o.KeepDims}, in)
	return nil
}

// list adds a constant list of int32 and returns its tensor.
func (s *spelling) list(name string, xs ...int) int32 {
	label := s.n.Label + "/" + name
	return s.add(label, tensor.Of(tensor.I32, len(xs)), nil, s.buffer(tensor.Bytes(int32sOf(xs))))
}

func writeArgMax(s *spelling, o *op.ArgMax) error {
	if o.KeepDims || o.Last {
		return op.Unsupported("dimensions that are kept, or the last of equal elements")
	}
	b, t := OpArgMax, ArgMaxOptions
	if o.Least {
		b, t = OpArgMin, ArgMinOptions
	}
	in := s.all()
	if !s.has(1) {
		in = append(in[:1], s.list("axis", o.Axis))
	}
	index, _ := writtenType(o.Index)
	s.emit(b, s.version(2), t, flatbuf.Object{0: int8(index)}, in)
	return nil
}
