package tasks

import (
	"fmt"
	"slices"
)

// Task is what a model does with a picture.
type Task string

// The tasks.
const (
	Classify Task = "classify"
	Detect   Task = "detect"
	Segment  Task = "segment"
	Embed    Task = "embed"
)

// Tasks lists them.
var Tasks = []Task{Classify, Detect, Segment, Embed}

// Key is the name under which a model's own metadata hold a declaration: one of
// ONNX's metadata_props, or a metadata buffer of a .tflite file.
const Key = "edgeinfer.task"

// Spec is a declaration: what a model does, and how to read its outputs. Of
// Classifier, Detector, Segmenter and Embedder that of the task is set.
type Spec struct {
	Task      Task
	Labels    []string
	LabelFile string // instead of Labels
	Input     Input

	Classifier *Classifier
	Detector   *Detector
	Segmenter  *Segmenter
	Embedder   *Embedder

	// Background is the class of a mask that is not coloured; -1 if none.
	Background int
}

// Input says how a picture becomes a model's input. Zero fields say nothing.
type Input struct {
	Width, Height int       // where the model leaves them open
	Resize        string    // "stretch", "crop" or "pad", with "+area" to average
	Fill          uint8     // the grey of pad's bars
	Channels      string    // "rgb", "bgr" or "grey"
	Mean, Std     []float32 // (pixel-mean)/std, pixels of 0 to 255; one number or one a channel
}

// New returns the declaration of a task with nothing declared. For detect it
// has no head.
func New(t Task) *Spec {
	s := &Spec{Task: t, Background: -1}
	switch t {
	case Classify:
		s.Classifier = &Classifier{Top: 5}
	case Detect:
		s.Detector = &Detector{Score: 0.5, Suppression: Suppression{IoU: 0.45, Top: 100}}
	case Segment:
		s.Segmenter = &Segmenter{}
	case Embed:
		s.Embedder = &Embedder{}
	}
	return s
}

// Label returns the name of a class, "" if it has none.
func (s *Spec) Label(class int) string {
	if class >= 0 && class < len(s.Labels) {
		return s.Labels[class]
	}
	return ""
}

// Port is what recognising needs to know of an output.
type Port struct {
	Name  string
	Shape []int // -1 where open
}

// Recognise returns the declaration of a detector that is known by its outputs:
// UltraFace, YuNet, BlazeFace, TFLite_Detection_PostProcess. It is nil for
// others.
func Recognise(outputs []Port, in Size) *Spec {
	s := New(Detect)
	d := s.Detector
	has := func(name string, shape ...int) bool {
		return slices.ContainsFunc(outputs, func(p Port) bool { return p.Name == name && fits(p.Shape, shape) })
	}
	shapes := func(want ...[]int) bool {
		return len(outputs) == len(want) && !slices.ContainsFunc(outputs, func(p Port) bool {
			return !slices.ContainsFunc(want, func(w []int) bool { return fits(p.Shape, w) })
		})
	}
	switch {
	case has("cls_8", 1, 0, 1) && has("obj_16", 1, 0, 1) && has("bbox_32", 1, 0, 4) && has("kps_8", 1, 0, 10):
		d.Head, d.Score, d.Suppression.IoU = YuNet{}, 0.6, 0.3
		s.Input.Channels, s.Input.Mean, s.Input.Std = "bgr", []float32{0}, []float32{1}
	case has("scores", 1, 0, 2) && has("boxes", 1, 0, 4) && len(outputs) == 2:
		d.Head, d.Score, d.Suppression.IoU = UltraFace(), 0.7, 0.5
		s.Input.Channels, s.Input.Mean, s.Input.Std = "rgb", []float32{127}, []float32{128}
	case in == Size{128, 128} && shapes([]int{1, 896, 16}, []int{1, 896, 1}),
		in == Size{192, 192} && shapes([]int{1, 2304, 16}, []int{1, 2304, 1}):
		d.Head, d.Suppression.IoU = blazeFace{}, 0.3
		s.Input.Resize, s.Input.Mean, s.Input.Std = "pad", []float32{127.5}, []float32{127.5}
	case len(outputs) == 4 && fits(outputs[0].Shape, []int{1, 0, 4}) && fits(outputs[1].Shape, []int{1, 0}) &&
		fits(outputs[2].Shape, []int{1, 0}) && fits(outputs[3].Shape, []int{1}):
		d.Head = &Selected{YX: true}
		return s // of any objects
	default:
		return nil
	}
	s.Labels = []string{"face"}
	return s
}

// fits compares a shape with one in which 0 stands for any size.
func fits(shape, want []int) bool {
	return slices.EqualFunc(shape, want, func(d, w int) bool { return w == 0 || d == w || d < 0 })
}

// blazeFace is BlazeFace for whichever input it gets.
type blazeFace struct{}

func (blazeFace) Name() string { return "blazeface" }

func (blazeFace) Decode(o *Outputs, in Size, least float32) ([]Box, error) {
	h := BlazeFace(in)
	if h == nil {
		return nil, fmt.Errorf("head blazeface wants an input of 128×128 or 192×192, not %d×%d: declare head ssd with its anchors", in.W, in.H)
	}
	return h.Decode(o, in, least)
}
