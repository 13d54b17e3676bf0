package onnx

import (
	"reflect"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeShapeRows are operators that move elements.
func writeShapeRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{
		rowFor(writeTranspose), rowFor(writeReshape), rowFor(writeConcat), rowFor(writeGather), rowFor(writePack), rowFor(writeUnpack),
		rowFor(func(s *spelling, o *op.Flatten) error {
			s.define(0, s.emit("Flatten", []string{s.in(0)}, attribute("axis", o.Axis)))
			return nil
		}),
		rowFor(func(s *spelling, _ *op.Copy) error { return s.function("Identity") }),
		rowFor(func(s *spelling, o *op.ExpandDims) error {
			axes, err := s.ints(1)
			if err != nil {
				return err
			}
			s.define(0, s.emit("Unsqueeze", []string{s.in(0), s.list(axes...)}))
			return nil
		}),
		rowFor(func(s *spelling, o *op.Squeeze) error {
			in := []string{s.in(0), ""}
			if axes := o.Axes; axes != nil {
				in[1] = s.list(axes...)
			} else if s.has(1) {
				axes, err := s.ints(1)
				if err != nil {
					return err
				}
				in[1] = s.list(axes...)
			}
			s.define(0, s.emit("Squeeze", in))
			return nil
		}),
		rowFor(writeSlice), rowFor(writeStridedSlice), rowFor(writeSplit), rowFor(writeShapeOf),
		rowFor(func(s *spelling, o *op.PixelShuffle) error {
			mode := "DCR"
			if o.ChannelFirst {
				mode = "CRD"
			}
			if o.Reverse {
				s.define(0, s.emit("SpaceToDepth", []string{s.in(0)}, attribute("blocksize", o.Block)))
				return nil
			}
			s.define(0, s.emit("DepthToSpace", []string{s.in(0)}, attribute("blocksize", o.Block), attribute("mode", mode)))
			return nil
		}),
		rowFor(func(s *spelling, o *op.DepthToSpace) error {
			s.defineAs(0, planarForm, s.emit("DepthToSpace", []string{s.planar(s.n.In[0])}, attribute("blocksize", o.Block)))
			return nil
		}),
		rowFor(func(s *spelling, o *op.SpaceToDepth) error {
			s.defineAs(0, planarForm, s.emit("SpaceToDepth", []string{s.planar(s.n.In[0])}, attribute("blocksize", o.Block)))
			return nil
		}),
	}
}

// writeTranspose adds none where it only says what the layout is called.
func writeTranspose(s *spelling, o *op.Transpose) error {
	perm := o.Perm
	if perm == nil {
		var err error
		if perm, err = s.ints(1); err != nil {
			return err
		}
	}
	v := s.n.In[0]
	switch {
	case slices.Equal(perm, fromPlanar) && s.out(0).DType != tensor.Bool:
		s.defineAs(0, planarForm, s.own(v))
		return nil
	case slices.Equal(perm, toPlanar):
		s.define(0, s.planar(v))
		return nil
	}
	x := ""
	if s.typ(v).Rank() == 4 && s.onlyPlanar(v) {
		x, perm = s.planar(v), op.Compose(fromPlanar, perm)
	} else {
		x = s.own(v)
	}
	s.define(0, s.emit("Transpose", []string{x}, attribute("perm", perm)))
	return nil
}

func writeReshape(s *spelling, o *op.Reshape) error {
	shape := o.Shape
	if shape == nil {
		v := s.view(1)
		if !v.Known() {
			s.define(0, s.emit("Reshape", []string{s.in(0), s.emit("Cast", []string{s.in(1)}, attribute("to", int(Int64)))}, s.zeros(o)...))
			return nil
		}
		var err error
		if shape, err = intsOf(v); err != nil {
			return err
		}
	}
	var attrs []wire
	x := s.in
	if slices.Contains(shape, 0) {
		attrs = s.zeros(o)
	} else {
		x = s.flat
	}
	s.define(0, s.emit("Reshape", []string{x(0), s.list(shape...)}, attrs...))
	return nil
}

// zeros returns the attribute that says whether a 0 is a dimension of 0.
func (s *spelling) zeros(o *op.Reshape) []wire {
	if o.CopyZero {
		return nil
	}
	return []wire{attribute("allowzero", 1)}
}

func writeConcat(s *spelling, o *op.Concatenation) error {
	axis, rank := o.Axis, s.out(0).Rank()
	if axis < 0 {
		axis += rank
	}
	inputs := make([]int, len(s.n.In))
	for i := range inputs {
		inputs[i] = i
	}
	in, kind := s.alike(inputs...)
	if kind == planarForm {
		axis = planarAxis(axis)
	}
	s.defineAs(0, kind, s.emit("Concat", in, attribute("axis", axis)))
	return nil
}

func writeGather(s *spelling, o *op.Gather) error {
	if o.BatchDims != 0 {
		return op.Unsupported("dimensions that go together")
	}
	if d := s.view(1).DType; d != tensor.I32 && d != tensor.I64 {
		return op.Unsupported("indices of type %s", d)
	}
	s.define(0, s.emit("Gather", []string{s.in(0), s.in(1)}, attribute("axis", o.Axis)))
	return nil
}

func writePack(s *spelling, o *op.Pack) error {
	axis, in := o.Axis, make([]string, len(s.n.In))
	if axis < 0 {
		axis += s.out(0).Rank()
	}
	for i := range in {
		in[i] = s.emit("Unsqueeze", []string{s.in(i), s.list(axis)})
	}
	s.define(0, s.emit("Concat", in, attribute("axis", axis)))
	return nil
}

func writeUnpack(s *spelling, o *op.Unpack) error {
	for i := range s.n.Out {
		index := s.shared(i, "index", func(name string) wire { return initializer(name, Int64, nil, tensor.Bytes([]int64{int64(i)})) })
		s.define(i, s.emit("Gather", []string{s.in(0), index}, attribute("axis", o.Axis)))
	}
	return nil
}

// writeSlice: input 1 has begins, input 2 sizes, -1 meaning to the end.
func writeSlice(s *spelling, _ *op.Slice) error {
	begin, err := s.ints(1)
	if err != nil {
		return err
	}
	size, err := s.ints(2)
	if err != nil {
		return err
	}
	end, axes := make([]int, len(begin)), make([]int, len(begin))
	for i := range begin {
		if end[i], axes[i] = begin[i]+size[i], i; size[i] < 0 {
			end[i] = maxSlice
		}
	}
	s.define(0, s.emit("Slice", []string{s.in(0), s.list(begin...), s.list(end...), s.list(axes...)}))
	return nil
}

// maxSlice is an end behind every dimension.
const maxSlice = 1<<31 - 1

// writeStridedSlice writes plain ranges: begins, ends, strides, and axes.
func writeStridedSlice(s *spelling, o *op.StridedSlice) error {
	if o.EllipsisMask != 0 || o.NewAxisMask != 0 || o.Offset {
		return op.Unsupported("a slice with an ellipsis, new axes or offsets")
	}
	var lists [5][]int
	for i := 1; i < 5; i++ {
		if !s.has(i) {
			continue
		}
		var err error
		if lists[i], err = s.ints(i); err != nil {
			return err
		}
	}
	begin, end, stride, axes := slices.Clone(lists[1]), slices.Clone(lists[2]), slices.Clone(lists[3]), o.Axes
	if axes == nil {
		axes = lists[4]
	}
	if stride == nil {
		stride = slices.Repeat([]int{1}, len(begin))
	}
	var axis, dropped []int
	for i := range begin {
		a := i
		if axes != nil {
			a = axes[i]
		}
		axis = append(axis, a)
		switch bit := uint32(1) << i; {
		case o.ShrinkAxisMask&bit != 0:
			dropped = append(dropped, a)
			if end[i], stride[i] = begin[i]+1, 1; begin[i] == -1 {
				end[i] = maxSlice
			}
			continue
		case stride[i] < 0 && !o.ClampBegin:
			return op.Unsupported("a slice from the end")
		case stride[i] < 0:
			if o.BeginMask&bit != 0 {
				begin[i] = maxSlice
			}
			if o.EndMask&bit != 0 {
				end[i] = -maxSlice
			}
			continue
		}
		if o.BeginMask&(1<<i) != 0 {
			begin[i] = 0
		}
		if o.EndMask&(1<<i) != 0 {
			end[i] = maxSlice
		}
	}
	y := s.emit("Slice", []string{s.in(0), s.list(begin...), s.list(end...), s.list(axis...), s.list(stride...)})
	if dropped != nil {
		y = s.emit("Squeeze", []string{y, s.list(dropped...)})
	}
	s.define(0, y)
	return nil
}

func writeSplit(s *spelling, o *op.Split) error {
	axis := o.Axis
	if s.has(2) {
		axes, err := s.ints(2)
		if err != nil {
			return err
		}
		axis = axes[0]
	}
	rank := s.view(0).Rank()
	if axis < 0 {
		axis += rank
	}
	sizes := make([]int, len(s.n.Out))
	for i := range sizes {
		if sizes[i] = s.out(i).Shape[axis]; sizes[i] == tensor.Dynamic {
			return op.Unsupported("parts of an unknown size")
		}
	}
	x, kind := s.in, ""
	if rank == 4 && s.onlyPlanar(s.n.In[0]) {
		x, kind, axis = func(i int) string { return s.planar(s.n.In[i]) }, planarForm, planarAxis(axis)
	}
	for i, name := range s.emitAll("Split", len(sizes), []string{x(0), s.list(sizes...)}, attribute("axis", axis)) {
		s.defineAs(i, kind, name)
	}
	return nil
}

func writeShapeOf(s *spelling, o *op.Shape) error {
	y := s.emit("Shape", []string{s.in(0)}, attribute("start", o.Skip), attribute("end", s.view(0).Rank()-o.Drop))
	if o.DType != tensor.I64 {
		y = s.emit("Cast", []string{y}, attribute("to", int(writtenTypes[o.DType])))
	}
	s.define(0, y)
	return nil
}
