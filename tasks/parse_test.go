package tasks

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	s, err := Parse([]byte(`
detect:   # the order does not matter
  units: fraction
  head: yolov8
  score: 0.25
  iou: 0.6
  top: 7
  agnostic: true
  outputs: {boxes: out}
task: detect
labels: [person, 7, "on"]
input:
  width: 640
  height: 480
  resize: pad+area
  fill: 114
  channels: bgr
  mean: [1, 2, 3]
  std: 255
`))
	require.NoError(t, err)
	assert.Equal(t, &Spec{
		Task: Detect, Labels: []string{"person", "7", "on"}, Background: -1,
		Input: Input{640, 480, "pad+area", 114, "bgr", []float32{1, 2, 3}, []float32{255}},
		Detector: &Detector{Head: &YOLO{Fraction: true}, Score: 0.25, Names: map[string]string{"boxes": "out"},
			Suppression: Suppression{IoU: 0.6, Top: 7, Agnostic: true}},
	}, s)

	s, err = Parse([]byte("task: segment\nlabels: classes.txt\nsegment: {layout: nchw, background: 0, threshold: 0.3, output: m}"))
	require.NoError(t, err)
	assert.Equal(t, "classes.txt", s.LabelFile)
	assert.Equal(t, &Segmenter{ChannelsFirst: true, Threshold: 0.3, Names: map[string]string{"mask": "m"}}, s.Segmenter)
	assert.Equal(t, 0, s.Background)

	s, err = Parse([]byte("task: classify\nclassify: {top: 3, activation: softmax}"))
	require.NoError(t, err)
	assert.Equal(t, &Classifier{Top: 3, Activation: Softmax}, s.Classifier)

	s, err = Parse([]byte(`{"task": "embed", "embed": {"output": "e"}}`))
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"embedding": "e"}, s.Embedder.Names)
}

func TestParseAnchors(t *testing.T) {
	s, err := Parse([]byte(`
task: detect
input: {width: 300, height: 300}
detect:
  head: ssd
  activation: sigmoid
  background: true
  order: yx
  variance: [0.1, 0.1, 0.2, 0.25]
  anchors:
    list: [[0.5, 0.5, 1, 1]]
    grids:
      - {rows: 2, cols: 3, sizes: [[0.2, 0.3]]}
      - {rows: 1, cols: 1, least: 30, most: 60, ratios: 2}
`))
	require.NoError(t, err)
	h := s.Detector.Head.(*SSD)
	assert.Equal(t, Choice{Activation: Sigmoid, Skip: 1}, h.Choice)
	assert.True(t, h.YX)
	assert.Equal(t, [4]float32{10, 10, 5, 4}, h.Scale)
	require.Len(t, h.Anchors, 1+6+4)
	assert.Equal(t, Anchor{0.5, 0.25, 0.2, 0.3}, h.Anchors[2])
	assert.InDelta(t, 0.1, h.Anchors[7].W, 1e-6)

	s, err = Parse([]byte("task: detect\ndetect: {head: ssd, anchors: {scales: {ratios: [1, 2], extra: false}, grids: [{rows: 2, cols: 2}, {rows: 1, cols: 1}]}}"))
	require.NoError(t, err)
	assert.Len(t, s.Detector.Head.(*SSD).Anchors, 10)

	s, err = Parse([]byte("task: detect\ndetect: {head: yolov3, levels: [{stride: 16, anchors: [[10, 14], [23, 27]]}]}"))
	require.NoError(t, err)
	assert.Equal(t, []Level{{16, []AnchorSize{{10, 14}, {23, 27}}}}, s.Detector.Head.(*YOLOAnchors).Levels)
}

// TestEveryHead holds that all heads can be declared and are called what they
// are.
func TestEveryHead(t *testing.T) {
	for _, h := range heads {
		more := map[string]string{"ssd": ", anchors: {list: [[0, 0, 1, 1]]}", "yolov3": ", levels: [{stride: 8, anchors: [[1, 1]]}]", "yolov5raw": ", levels: [{stride: 8, anchors: [[1, 1]]}]"}[h.name]
		s, err := Parse([]byte("task: detect\ndetect: {head: " + h.name + more + "}"))
		require.NoError(t, err)
		assert.Equal(t, h.name, s.Detector.Head.Name())
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "the declaration is empty",
		"task: [":                               "line 1: ",
		"a: b: c":                               "mapping values",
		"hello":                                 "line 1: the declaration wants keys, one a line: task, labels, input",
		"labels: [a]":                           "no task is declared: write task: and one of classify, detect, segment, embed",
		"task: look":                            `line 1: task: "look": choose one of classify, detect, segment, embed`,
		"task: detect":                          "detect has no head: write detect: {head: …} with one of ultraface, corners, yunet",
		"task: embed\n":                         "",
		"task:\n  - a":                          "line 2: task wants a word",
		"task: ~":                               "line 1: task wants a word",
		"task: classify\ntask: classify":        `line 2: the declaration has the key "task" twice`,
		"task: classify\nlables: [a]":           `line 2: the declaration has no key "lables": the keys are task, labels, input, classify`,
		"task: classify\ndetect: {head: yunet}": `line 2: the declaration has no key "detect"`,
		"task: classify\nclassify:\n  top: 0":   `line 3: top: "0": give a whole number from 1 to`,
		"task: classify\nclassify:\n  top: 1.5": `give a whole number`,
		"task: classify\nclassify:\n  activation: relu":                                       `line 3: activation: "relu": choose one of auto, none, sigmoid, softmax`,
		"task: embed\ninput: {std: 0}":                                                        `line 2: std: "0": give a number from 1e-06`,
		"task: embed\ninput: {mean: .nan}":                                                    `line 2: mean: ".nan": give a number`,
		"task: embed\ninput: {width: 3}":                                                      "line 2: input has only one of width and height",
		"task: embed\ninput: {resize: squeeze}":                                               "choose one of stretch, crop, pad",
		"task: embed\nlabels: {a: b}":                                                         "line 2: labels wants a list of names",
		"task: embed\nlabels: [[a]]":                                                          "line 2: labels wants a word",
		"task: embed\nx: &a [1]\nlabels: *a":                                                  `has no key "x"`,
		"task: embed\nlabels: &a [*a]":                                                        "", // whatever yaml says
		"task: detect\ndetect: {head: yolov9}":                                                `line 2: detect: head "yolov9": choose one of`,
		"task: detect\ndetect:\n  head: yunet\n  scoer: 1":                                    `line 4: detect with head yunet has no key "scoer": the keys are head, score, iou,`,
		"task: detect\ndetect:\n  head: yunet\n  score: 1.5":                                  `line 4: score: "1.5": give a number from 0 to 1`,
		"task: detect\ndetect:\n  head: ssd":                                                  "line 3: detect with head ssd: anchors are missing",
		"task: detect\ndetect:\n  head: yolov3":                                               "levels are missing",
		"task: detect\ndetect: {head: ssd, anchors: {list: [[1, 2, 3]]}}":                     "line 2: list: 3 numbers: give 4",
		"task: detect\ndetect: {head: ssd, anchors: {grids: [{rows: 2}]}}":                    "a grid wants rows and cols",
		"task: detect\ndetect: {head: ssd, anchors: {grids: [{rows: 2, cols: 2}]}}":           "grid 0 has no sizes",
		"task: detect\ndetect: {head: ssd, anchors: {grids: [{rows: 2, cols: 2, least: 4}]}}": "declare its width and height",
		"task: detect\ndetect: {head: ssd, scale: [1, 2], anchors: {list: [[1, 2, 3, 4]]}}":   "scale: 2 numbers: give 4",
		"task: detect\ndetect: {head: yolov3, levels: [{stride: 8}]}":                         "a level wants stride and anchors",
		"task: detect\ndetect: {head: corners, outputs: {bxs: a}}":                            `outputs has no key "bxs": the keys are boxes, scores`,
		"task: detect\ndetect: {head: ssd, anchors: {grids: [" + strings.Repeat("{rows: 512, cols: 512, sizes: [[1, 1]]}, ", 3) + "]}}": "more than 262144 anchors",
		strings.Repeat("#", 2<<20): "more than the limit",
	} {
		_, err := Parse([]byte(text))
		if want == "" {
			continue
		}
		assert.ErrorContains(t, err, want, text)
	}
	_, err := Parse([]byte("task: embed\n"))
	assert.NoError(t, err)
}

func TestRecogniseNothing(t *testing.T) {
	assert.Nil(t, Recognise([]Port{{"p", []int{1, 1000}}}, Size{224, 224}))
	assert.Nil(t, Recognise(nil, Size{}))
	assert.Nil(t, Recognise([]Port{{"a", []int{1, 4420, 4}}, {"b", []int{1, 4420, 4}}}, Size{320, 240}), "each shape once")
	s := Recognise([]Port{{"a", []int{1, 10, 4}}, {"b", []int{1, 10}}, {"c", []int{1, 10}}, {"d", []int{1}}}, Size{300, 300})
	require.NotNil(t, s)
	assert.Equal(t, &Selected{YX: true}, s.Detector.Head)
}

// TestRecogniseByShape knows heads whose outputs a converter has renamed.
func TestRecogniseByShape(t *testing.T) {
	var yunet []Port
	for _, n := range []int{1600, 400, 100} {
		for _, c := range []int{10, 4, 1, 1} {
			yunet = append(yunet, Port{"Identity", []int{1, n, c}})
		}
	}
	for _, c := range []struct {
		outputs []Port
		in      Size
		want    string
	}{
		{[]Port{{"Identity", []int{1, 4420, 4}}, {"Identity_1", []int{1, 4420, 2}}}, Size{320, 240}, "ultraface"},
		{[]Port{{"Identity", []int{1, 17640, 4}}, {"Identity_1", []int{1, 17640, 2}}}, Size{640, 480}, "ultraface"},
		{[]Port{{"scores", []int{1, -1, 2}}, {"boxes", []int{1, -1, 4}}}, Size{-1, -1}, "ultraface"},
		{[]Port{{"Identity", []int{1, 4420, 4}}, {"Identity_1", []int{1, 4420, 2}}}, Size{640, 480}, ""},
		{yunet, Size{320, 320}, "yunet"},
		{yunet, Size{640, 640}, ""},
		{yunet[:11], Size{320, 320}, ""},
		{[]Port{{"x", []int{1, 2304, 1}}, {"y", []int{1, 2304, 16}}}, Size{192, 192}, "blazeface"},
	} {
		s := Recognise(c.outputs, c.in)
		if c.want == "" {
			assert.Nil(t, s)
			continue
		}
		require.NotNil(t, s, c.want)
		assert.Equal(t, c.want, s.Detector.Head.Name())
		assert.Equal(t, []string{"face"}, s.Labels)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"task: classify\nlabels: [a, b]\nclassify: {top: 2}", "task: segment\nsegment: {layout: nhwc}",
		"task: detect\ninput: {width: 3, height: 3}\ndetect: {head: ssd, anchors: {grids: [{rows: 1, cols: 2, least: 1, ratios: [2]}], scales: {ratios: [1]}}}",
		"task: detect\ndetect: {head: yolov5raw, levels: [{stride: 8, anchors: [[1, 2]]}]}", "task: &a [*a]", "a: &b {<<: *b}", "? task\n: embed",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err == nil {
			require.Contains(t, Tasks, s.Task)
		} else {
			require.NotEmpty(t, err.Error())
		}
	})
}
