package tasks

import (
	"fmt"
	"slices"
)

// Port is what recognising needs to know of an output.
type Port struct {
	Name  string
	Shape []int // -1 where open
}

// Recognise returns the declaration of a detector that is known by its outputs:
// UltraFace, YuNet, BlazeFace, TFLite_Detection_PostProcess. Shapes decide, as
// converters rename outputs. It is nil for others.
func Recognise(outputs []Port, in Size) *Spec {
	s := New(Detect)
	d := s.Detector
	switch {
	case ofYuNet(outputs, in):
		d.Head, d.Score, d.Suppression.IoU = YuNet{}, 0.6, 0.3
		s.Input.Channels, s.Input.Mean, s.Input.Std = "bgr", []float32{0}, []float32{1}
	case ofUltraFace(outputs, in):
		d.Head, d.Score, d.Suppression.IoU = UltraFace(), 0.7, 0.5
		s.Input.Channels, s.Input.Mean, s.Input.Std = "rgb", []float32{127}, []float32{128}
	case ofBlazeFace(outputs, in):
		d.Head, d.Suppression.IoU = blazeFace{}, 0.3
		s.Input.Resize, s.Input.Mean, s.Input.Std = "pad", []float32{127.5}, []float32{127.5}
	case ofPostProcess(outputs):
		d.Head, d.Suppression.IoU = &Selected{YX: true}, 1 // suppressed already
		return s                                           // of any objects
	default:
		return nil
	}
	s.Labels = []string{"face"}
	return s
}

// ofYuNet looks for a class, an objectness, a box and five points for each cell of each stride.
func ofYuNet(outputs []Port, in Size) bool {
	var want [][]int
	for _, s := range yunetStrides {
		n := in.H / s * (in.W / s)
		want = append(want, []int{1, n, 1}, []int{1, n, 1}, []int{1, n, 4}, []int{1, n, 2 * yunetPoints})
	}
	return in.W > 0 && in.H > 0 && in.W%32 == 0 && in.H%32 == 0 && sameShapes(outputs, want...)
}

// ofUltraFace looks for its names, or for as many boxes as its anchors: 3, 2, 2
// and 3 for each cell of strides 8, 16, 32 and 64.
func ofUltraFace(outputs []Port, in Size) bool {
	n := 0
	for i, a := range []int{3, 2, 2, 3} {
		s := 8 << i
		n += a * ((in.H + s - 1) / s) * ((in.W + s - 1) / s)
	}
	named := len(outputs) == 2 && (outputs[0].Name == "scores" && outputs[1].Name == "boxes" || outputs[0].Name == "boxes" && outputs[1].Name == "scores")
	if named {
		n = 0 // any
	}
	return (named || in.W > 0 && in.H > 0) && sameShapes(outputs, []int{1, n, 2}, []int{1, n, 4})
}

func ofBlazeFace(outputs []Port, in Size) bool {
	h := BlazeFace(in)
	return h != nil && sameShapes(outputs, []int{1, len(h.Anchors), 16}, []int{1, len(h.Anchors), 1})
}

func ofPostProcess(outputs []Port) bool {
	return len(outputs) == 4 && fits(outputs[0].Shape, []int{1, 0, 4}) && fits(outputs[1].Shape, []int{1, 0}) &&
		fits(outputs[2].Shape, []int{1, 0}) && fits(outputs[3].Shape, []int{1})
}

// sameShapes reports whether the outputs are of these shapes, in any order.
func sameShapes(outputs []Port, want ...[]int) bool {
	if len(outputs) != len(want) {
		return false
	}
	for _, o := range outputs {
		i := slices.IndexFunc(want, func(w []int) bool { return fits(o.Shape, w) })
		if i < 0 {
			return false
		}
		want = slices.Delete(slices.Clone(want), i, i+1)
	}
	return true
}

// fits compares a shape with one in which 0 stands for any size.
func fits(shape, want []int) bool {
	return slices.EqualFunc(shape, want, func(d, w int) bool { return w == 0 || d == w || d < 0 })
}

// blazeFace is BlazeFace for whichever input it gets.
type blazeFace struct{}

func (blazeFace) Name() string { return "blazeface" }

func (blazeFace) Decode(o *Outputs, in Size, least float32) ([]Box, error) {
	if err := o.ready(in); err != nil {
		return nil, err
	}
	h := BlazeFace(in)
	if h == nil {
		return nil, fmt.Errorf("head blazeface wants an input of 128×128 or 192×192, not %d×%d: declare head ssd with its anchors", in.W, in.H)
	}
	return h.Decode(o, in, least)
}
