package tflite

import (
	"reflect"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeShapeRows are operators that move elements.
func writeShapeRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{
		rowFor(func(s *spelling, _ *op.Reshape) error { return s.reshape() }),
		rowFor(func(s *spelling, _ *op.Flatten) error { return s.reshape() }),
		rowFor(func(s *spelling, _ *op.Squeeze) error { return s.reshape() }),
		rowFor(func(s *spelling, _ *op.ExpandDims) error { return s.reshape() }),
		rowFor(func(s *spelling, _ *op.Copy) error { return s.reshape() }),
		rowFor(func(s *spelling, _ *op.Requalify) error { return s.reshape() }),
		rowFor(func(s *spelling, o *op.Transpose) error {
			in := s.all()
			if o.Perm != nil {
				in = append(in[:1], s.list("perm", o.Perm...))
			}
			s.emit(OpTranspose, s.version(2), TransposeOptions, nil, in)
			return nil
		}),
		rowFor(func(s *spelling, o *op.Concatenation) error {
			s.emit(OpConcatenation, s.version(2), ConcatenationOptions, flatbuf.Object{0: int32(o.Axis), 1: int8(ActivationNone)}, s.all())
			return nil
		}),
		rowFor(writeGather),
		rowFor(func(s *spelling, _ *op.Pad) error {
			if s.has(2) {
				return s.plain(OpPadV2, PadV2Options)
			}
			return s.plain(OpPad, PadOptions)
		}),
		rowFor(func(s *spelling, o *op.MirrorPad) error {
			s.emit(OpMirrorPad, s.version(2), MirrorPadOptions, flatbuf.Object{0: int8(o.Mode)}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.Pack) error {
			s.emit(OpPack, s.version(2), PackOptions, flatbuf.Object{0: int32(len(s.n.In)), 1: int32(o.Axis)}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.Unpack) error {
			s.emit(OpUnpack, s.version(2), UnpackOptions, flatbuf.Object{0: int32(o.Num), 1: int32(o.Axis)}, s.all())
			return nil
		}),
		rowFor(writeSplit), rowFor(writeStridedSlice),
		plainFor[*op.Slice](OpSlice, SliceOptions), plainFor[*op.Tile](OpTile, TileOptions), plainFor[*op.Fill](OpFill, FillOptions),
		plainFor[*op.BroadcastTo](OpBroadcastTo, BroadcastToOptions), plainFor[*op.GatherND](OpGatherND, GatherNdOptions),
		plainFor[*op.Reverse](OpReverseV2, ReverseV2Options), plainFor[*op.ZerosLike](OpZerosLike, ZerosLikeOptions),
		plainFor[*op.SpaceToBatch](OpSpaceToBatchND, SpaceToBatchNDOptions), plainFor[*op.BatchToSpace](OpBatchToSpaceND, BatchToSpaceNDOptions),
		rowFor(func(s *spelling, o *op.DepthToSpace) error {
			s.emit(OpDepthToSpace, s.version(2), DepthToSpaceOptions, flatbuf.Object{0: int32(o.Block)}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.SpaceToDepth) error {
			s.emit(OpSpaceToDepth, s.version(2), SpaceToDepthOptions, flatbuf.Object{0: int32(o.Block)}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.Shape) error {
			if o.Skip != 0 || o.Drop != 0 {
				return op.Unsupported("a part of a shape")
			}
			d, _ := writtenType(o.DType)
			s.emit(OpShape, 1, ShapeOptions, flatbuf.Object{0: int8(d)}, s.all())
			return nil
		}),
	}
}

// reshape adds a RESHAPE to the output's shape, of which one dimension may be open.
func (s *spelling) reshape() error {
	shape, open := slices.Clone(s.g.Values[s.n.Out[0]].Type.Shape), 0
	for i, d := range shape {
		if d == tensor.Dynamic {
			shape[i] = -1
			open++
		}
	}
	if open > 1 {
		return op.Unsupported("a reshape to a shape with several open dimensions, %v,", shape)
	}
	s.emit(OpReshape, 1, ReshapeOptions, flatbuf.Object{0: int32sOf(shape)}, []int32{s.inputs(0)[0], s.list("shape", shape...)})
	return nil
}

func writeGather(s *spelling, o *op.Gather) error {
	if d := s.view(1).DType; d != tensor.I32 && d != tensor.I64 {
		return op.Unsupported("indices of type %s", d)
	}
	version := s.version(2)
	if o.BatchDims != 0 {
		version = 5
	}
	s.emit(OpGather, version, GatherOptions, flatbuf.Object{0: int32(o.Axis), 1: int32(o.BatchDims)}, s.all())
	return nil
}

// writeSplit has the sizes as the output's types tell them.
func writeSplit(s *spelling, o *op.Split) error {
	axis := s.inputs(2)[0]
	k := o.Axis
	if s.has(2) {
		v := s.view(2)
		if !v.Known() || v.DType != tensor.I32 || v.Len() != 1 {
			return op.Unsupported("parts along a computed axis")
		}
		k = int(v.I32()[0])
	} else {
		axis = s.add(s.n.Label+"/axis", tensor.Of(tensor.I32), nil, s.buffer(tensor.Bytes([]int32{int32(o.Axis)})))
	}
	if k < 0 {
		k += s.view(0).Rank()
	}
	sizes := make([]int, len(s.n.Out))
	for i := range sizes {
		sizes[i] = s.typ(i).Shape[k]
	}
	if slices.Min(sizes) == slices.Max(sizes) {
		s.emit(OpSplit, s.version(2), SplitOptions, flatbuf.Object{0: int32(len(sizes))}, []int32{axis, s.inputs(0)[0]})
		return nil
	}
	s.emit(OpSplitV, s.version(2), SplitVOptions, flatbuf.Object{0: int32(len(sizes))}, []int32{s.inputs(0)[0], s.list("sizes", sizes...), axis})
	return nil
}

func writeStridedSlice(s *spelling, o *op.StridedSlice) error {
	if o.Axes != nil || s.has(4) {
		return op.Unsupported("a slice along chosen axes")
	}
	in := s.inputs(0, 1, 2, 3)
	if !s.has(3) {
		in[3] = s.list("strides", slices.Repeat([]int{1}, s.view(1).Len())...)
	}
	version := s.version(2)
	if o.Offset {
		version = 8
	}
	s.emit(OpStridedSlice, version, StridedSliceOptions, flatbuf.Object{
		0: int32(o.BeginMask), 1: int32(o.EndMask), 2: int32(o.EllipsisMask), 3: int32(o.NewAxisMask), 4: int32(o.ShrinkAxisMask), 5: o.Offset,
	}, in)
	return nil
}
