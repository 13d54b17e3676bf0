package tasks

import (
	"fmt"
	"math"

	"go.yaml.in/yaml/v3"
)

// Parse reads a declaration: a YAML document whose keys are
//
//	task: detect              # classify, detect, segment, embed
//	labels: [person, car]     # or the name of a file, a label a line
//	input:
//	  width: 640              # where the model leaves its size open
//	  height: 640
//	  resize: pad             # stretch, crop, pad; +area averages
//	  fill: 114               # the grey around a padded picture
//	  channels: rgb           # bgr, grey
//	  mean: [127, 127, 127]   # (pixel-mean)/std; one number or one a channel
//	  std: 128
//	detect:                   # or classify, segment, embed
//	  head: yolov8
//	  score: 0.25
//	  iou: 0.45
//
// The sections of the other tasks have these keys:
//
//	classify: top, activation (auto, none, sigmoid, softmax), output
//	segment:  layout (nhwc, nchw), activation, threshold, indices, background (a class), output
//	embed:    output
//
// detect has head, score, iou, agnostic, candidates, top and outputs, which
// gives names to the roles boxes, scores, classes, count, indices, and further
// keys for each head:
//
//	ultraface, corners  activation, background, several, order (xy, yx), units (pixels, fraction)
//	yunet, blazeface    none
//	ssd                 activation, background, several, order, scale or variance, linear, points, anchors
//	yolov5, yolov8      activation, background, several, units, classes
//	yolov3, yolov5raw   activation, background, several, levels: [{stride: 8, anchors: [[10, 13], …]}, …]
//	yolox               activation, background, several
//	selected            order, units, background
//
// Anchors are parts of the input: a list, or grids whose sizes are given, or
// follow from TensorFlow's scales or from Caffe's, in pixels:
//
//	anchors: {list: [[x, y, width, height], …]}
//	anchors: {grids: [{rows: 16, cols: 16, sizes: [[1, 1], [1, 1]]}, …]}
//	anchors: {scales: {min: 0.2, max: 0.95, ratios: [1, 2, 0.5], extra: true, reduce-lowest: true}, grids: [{rows: 19, cols: 19}, …]}
//	anchors: {grids: [{rows: 38, cols: 38, least: 30, most: 60, ratios: [2]}, …]}
//
// Unknown keys are errors that name the line, the key, and what there is.
func Parse(data []byte) (*Spec, error) {
	n, err := root(data)
	if err != nil {
		return nil, err
	}
	var task string
	if n.Kind == yaml.MappingNode { // the task decides what the other keys mean
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == "task" {
				if err := text("task", &task).read(n.Content[i+1]); err != nil {
					return nil, err
				}
			}
		}
	}
	s := New(Task(task))
	keys := []key{
		choice("task", []string{"classify", "detect", "segment", "embed"}, Tasks, &s.Task),
		{"labels", s.readLabels}, {"input", s.readInput},
	}
	section := key{task, s.section()}
	if section.read != nil {
		keys = append(keys, section)
	} else {
		for _, t := range Tasks { // allowed, but of no use without a task
			keys = append(keys, key{string(t), func(*yaml.Node) error { return nil }})
		}
	}
	if err := readObject(n, "the declaration", keys...); err != nil {
		return nil, err
	}
	if section.read == nil {
		return nil, fmt.Errorf("no task is declared: write task: and one of %s", taskNames())
	}
	if s.Detector != nil && s.Detector.Head == nil {
		return nil, fmt.Errorf("detect has no head: write detect: {head: …} with one of %s", HeadNames())
	}
	return s, nil
}

func (s *Spec) section() func(*yaml.Node) error {
	switch s.Task {
	case Classify:
		return s.readClassify
	case Detect:
		return s.readDetect
	case Segment:
		return s.readSegment
	case Embed:
		return s.readEmbed
	}
	return nil
}

func (s *Spec) readLabels(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return text("labels", &s.LabelFile).read(n)
	}
	return list("labels", "names", func(n *yaml.Node) error {
		var label string
		err := text("labels", &label).read(n)
		s.Labels = append(s.Labels, label)
		return err
	}).read(n)
}

func (s *Spec) readInput(n *yaml.Node) error {
	in := &s.Input
	fill := 0
	resizes := []string{"stretch", "crop", "pad", "stretch+area", "crop+area", "pad+area"}
	channels := []string{"rgb", "bgr", "grey"}
	err := readObject(n, "input",
		whole("width", 1, maxSide, &in.Width), whole("height", 1, maxSide, &in.Height),
		choice("resize", resizes, resizes, &in.Resize), whole("fill", 0, 255, &fill),
		choice("channels", channels, channels, &in.Channels),
		numbers("mean", -1e6, 1e6, &in.Mean), numbers("std", 1e-6, 1e6, &in.Std),
	)
	in.Fill = uint8(fill)
	if err == nil && (in.Width == 0) != (in.Height == 0) {
		return at(n, "input has only one of width and height: give both")
	}
	return err
}

func (s *Spec) readClassify(n *yaml.Node) error {
	c := s.Classifier
	return readObject(n, "classify", whole("top", 1, math.MaxInt32, &c.Top), activation(&c.Activation), output("scores", &c.Names))
}

func (s *Spec) readEmbed(n *yaml.Node) error {
	return readObject(n, "embed", output("embedding", &s.Embedder.Names))
}

func (s *Spec) readSegment(n *yaml.Node) error {
	g := s.Segmenter
	layout := ""
	err := readObject(n, "segment",
		activation(&g.Activation), real("threshold", 1e-6, 1-1e-6, &g.Threshold), flag("indices", &g.Indices),
		choice("layout", []string{"nhwc", "nchw"}, []string{"nhwc", "nchw"}, &layout),
		whole("background", -1, maxClasses, &s.Background), output("mask", &g.Names),
	)
	g.ChannelsLast, g.ChannelsFirst = layout == "nhwc", layout == "nchw"
	return err
}

func activation(to *Activation) key {
	return choice("activation", activationNames, []Activation{Auto, None, Sigmoid, Softmax}, to)
}

// output reads the name of the only output that matters.
func output(role string, to *map[string]string) key {
	return key{"output", func(n *yaml.Node) error {
		var name string
		err := text("output", &name).read(n)
		*to = map[string]string{role: name}
		return err
	}}
}
