package onnx

import (
	"reflect"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// writeResizeRows are ways to make more of what there is.
func writeResizeRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{
		rowFor(writeResize),
		rowFor(func(s *spelling, o *op.ResizeNearestNeighbor) error {
			mode, round := "asymmetric", "floor"
			if o.HalfPixelCenters {
				mode, round = "half_pixel", "round_prefer_ceil"
			}
			if o.AlignCorners {
				mode, round = "align_corners", "round_prefer_ceil"
			}
			if o.AlignCorners && o.HalfPixelCenters {
				return op.Unsupported("align_corners with half_pixel_centers")
			}
			return s.resizeImages("nearest", mode, attribute("nearest_mode", round))
		}),
		rowFor(func(s *spelling, o *op.ResizeBilinear) error {
			mode := "asymmetric"
			if o.HalfPixelCenters {
				mode = "half_pixel"
			}
			if o.AlignCorners {
				mode = "align_corners"
			}
			return s.resizeImages("linear", mode)
		}),
		rowFor(func(s *spelling, _ *op.Fill) error {
			s.define(0, s.emit("Expand", []string{s.in(1), s.shape(0)}))
			return nil
		}),
		rowFor(func(s *spelling, _ *op.BroadcastTo) error {
			s.define(0, s.emit("Expand", []string{s.in(0), s.shape(1)}))
			return nil
		}),
		rowFor(func(s *spelling, _ *op.Tile) error {
			s.define(0, s.emit("Tile", []string{s.in(0), s.shape(1)}))
			return nil
		}),
	}
}

// shape returns the name of input i, a shape, as int64.
func (s *spelling) shape(i int) string {
	if v := s.view(i); v.DType != tensor.I64 {
		if v.Known() {
			if list, err := intsOf(v); err == nil {
				return s.list(list...)
			}
		}
		return s.emit("Cast", []string{s.in(i)}, attribute("to", int(Int64)))
	}
	return s.in(i)
}

// resizeImages scales images, by sizes or, where the batch is open, by factors.
func (s *spelling) resizeImages(mode, coordinates string, attrs ...wire) error {
	if err := s.float(0); err != nil {
		return err
	}
	size, err := s.ints(1)
	if err != nil {
		return err
	}
	x, y := s.view(0).Shape, s.out(0).Shape
	if x[1] == tensor.Dynamic || x[2] == tensor.Dynamic || x[3] == tensor.Dynamic || len(size) != 2 {
		return op.Unsupported("resizing images of an unknown size")
	}
	in := []string{s.planar(s.n.In[0]), "", "", ""}
	if y[0] != tensor.Dynamic {
		in[3] = s.list(turned(y)...)
	} else {
		h, w := float32(size[0])/float32(x[1]), float32(size[1])/float32(x[2])
		if int(h*float32(x[1])) != size[0] || int(w*float32(x[2])) != size[1] {
			return op.Unsupported("resizing %v to %v by a factor, since the batch is open,", x[1:3], size)
		}
		in[2] = s.floats("scales", []int{4}, []float32{1, 1, h, w})
	}
	attrs = append(attrs, attribute("mode", mode), attribute("coordinate_transformation_mode", coordinates))
	s.defineAs(0, planarForm, s.emit("Resize", in, attrs...))
	return nil
}

// The names of what Resize has since opset 13.
var (
	writtenModes       = map[op.ResizeMode]string{op.ResizeNearest: "nearest", op.ResizeLinear: "linear", op.ResizeCubic: "cubic"}
	writtenCoordinates = map[op.Coordinates]string{op.HalfPixel: "half_pixel", op.PytorchHalfPixel: "pytorch_half_pixel",
		op.AlignCorners: "align_corners", op.Asymmetric: "asymmetric", op.TFCropAndResize: "tf_crop_and_resize"}
	writtenNearest = map[op.NearestMode]string{op.RoundPreferFloor: "round_prefer_floor", op.RoundPreferCeil: "round_prefer_ceil",
		op.NearestFloor: "floor", op.NearestCeil: "ceil"}
)

func writeResize(s *spelling, o *op.Resize) error {
	coordinates, ok := writtenCoordinates[o.Coordinates]
	if !ok || o.Policy != op.Stretch || o.Antialias || o.Axes != nil {
		return op.Unsupported("what Resize has only got after opset %d", writtenOpset)
	}
	exclude := 0
	if o.ExcludeOutside {
		exclude = 1
	}
	y := s.emit("Resize", []string{s.in(0), s.in(1), s.in(2), s.in(3)},
		attribute("mode", writtenModes[o.Mode]), attribute("coordinate_transformation_mode", coordinates),
		attribute("nearest_mode", writtenNearest[o.Nearest]), attribute("cubic_coeff_a", o.CubicA),
		attribute("extrapolation_value", o.Extrapolation), attribute("exclude_outside", exclude))
	s.define(0, y)
	return nil
}
