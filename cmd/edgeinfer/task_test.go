package main

import (
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	onnxtest "github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/tasks"
)

// painted writes a picture of w×h whose left half is one colour, and whose right
// half another.
func painted(t *testing.T, dir, name string, w, h int, left, right color.NRGBA) {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := left
			if 2*x >= w {
				c = right
			}
			img.SetNRGBA(x, y, c)
		}
	}
	f, err := os.Create(filepath.Join(dir, name))
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, img))
	require.NoError(t, f.Close())
}

func readPNG(t *testing.T, path ...string) image.Image {
	t.Helper()
	f, err := os.Open(filepath.Join(path...))
	require.NoError(t, err)
	defer f.Close()
	img, err := png.Decode(f)
	require.NoError(t, err)
	return img
}

var (
	red, green, blue = color.NRGBA{220, 20, 10, 255}, color.NRGBA{20, 220, 10, 255}, color.NRGBA{10, 20, 220, 255}

	faceScores = fixed{"scores", []int{1, 3, 2}, []float32{0.125, 0.875, 0.25, 0.75, 0.9375, 0.0625}}
	faceBoxes  = fixed{"boxes", []int{1, 3, 4}, []float32{0.25, 0.25, 0.5, 0.75, 0.25, 0.25, 0.5, 0.6875, 0, 0, 1, 1}}
)

// taskFolder has models, and pictures of 400×200 and 8×8.
func taskFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	rows := fixed{"out", []int{1, 2, 7}, []float32{4, 4, 2, 4, 0.5, 0.25, 0.75, 4, 4, 2, 4, 0.125, 1, 1}}
	for name, data := range map[string][]byte{
		"faces.tflite":       fixedTFLite(false, faceScores, faceBoxes),
		"faces_int8.tflite":  fixedTFLite(true, faceScores, faceBoxes),
		"faces.onnx":         fixedONNX("", faceScores, faceBoxes),
		"declared.onnx":      fixedONNX("task: detect\nlabels: [cat, dog]\ninput: {resize: pad}\ndetect: {head: yolov5, score: 0.25}", rows),
		"declared.tflite":    declaredTFLite("task: detect\nlabels: [cat, dog]\ninput: {resize: pad}\ndetect: {head: yolov5, score: 0.25}", rows.x),
		"rows.tflite":        fixedTFLite(false, rows),
		"rows.yaml":          []byte("task: detect\nlabels: words.txt\ndetect:\n  head: yolov5\n  score: 0.25\n"),
		"words.txt":          []byte("cat\ndog\n"),
		"logits.tflite":      fixedTFLite(false, fixed{"p", []int{1, 3}, []float32{0, 2, 1}}),
		"logits_int8.tflite": fixedTFLite(true, fixed{"p", []int{1, 3}, []float32{0, 2, 1}}),
		"logits.onnx":        fixedONNX("", fixed{"p", []int{1, 3}, []float32{0, 2, 1}}),
		"colours.tflite":     colours(),
		"bad.yaml":           []byte("task: detect\ndetect:\n  head: yolov5\n  anchors: []\n"),
		"text.png":           []byte("this is no picture"),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o666))
	}
	painted(t, dir, "wide.png", 400, 200, red, blue)
	painted(t, dir, "small.png", fixedSide, fixedSide, green, blue)
	return dir
}

// TestTaskDetect finds the same boxes through each format and type.
func TestTaskDetect(t *testing.T) {
	dir := taskFolder(t)
	for _, model := range []string{"faces.tflite", "faces_int8.tflite", "faces.onnx"} {
		got := edgeinferIn(t, dir, "", "run", model, "wide.png", "--task", "detect", "--draw", "out.png", "--json")
		require.Equal(t, 0, got.code, got.stderr)
		o := got.object(t)
		assert.Equal(t, []any{map[string]any{"class": 0.0, "label": "face", "score": 0.875, "x0": 100.0, "y0": 50.0, "x1": 200.0, "y1": 150.0}}, o["boxes"], model)
		assert.Equal(t, []any{400.0, 200.0, "ultraface", "out.png"}, []any{o["width"], o["height"], o["head"], o["drawn"]})
		assert.Contains(t, o["notes"].([]any)[0], "the outputs, which are those of ultraface")
		img := readPNG(t, dir, "out.png")
		assert.Equal(t, image.Rect(0, 0, 400, 200), img.Bounds())
		assert.Equal(t, red, color.NRGBAModel.Convert(img.At(10, 190)), "untouched")
		assert.NotEqual(t, red, color.NRGBAModel.Convert(img.At(100, 100)), "a frame")
	}
	got := edgeinferIn(t, dir, "", "run", "faces.onnx", "wide.png", "--task", "detect", "--iou", "0.95", "--score", "0.8")
	assert.Equal(t, 1, strings.Count(got.stdout, " face\n"), "%s", got.stdout)
	got = edgeinferIn(t, dir, "", "run", "faces.onnx", "wide.png", "--task", "detect", "--iou", "0.95")
	require.Equal(t, 0, got.code, got.stderr)
	assert.True(t, strings.HasPrefix(got.stdout, "wide.png 400×200: 2 objects (ultraface)\n  class  score"), got.stdout)
	assert.Contains(t, got.stdout, "  0      0.875  100.0  50.0  200.0  150.0  face\n")
	got = edgeinferIn(t, dir, "", "run", "faces.onnx", "wide.png", "--task", "detect", "--score", "1", "--json")
	assert.Contains(t, got.stdout, `"boxes":[]`, "no objects are an empty list")
}

// TestTaskDeclared reads declarations beside the model, from a flag, and in the
// model. The picture is padded by the second.
func TestTaskDeclared(t *testing.T) {
	dir := taskFolder(t)
	for _, c := range []struct {
		args []string
		box  map[string]any
	}{
		{[]string{"rows.tflite", "--task", "detect"}, map[string]any{"x0": 150.0, "y0": 50.0, "x1": 250.0, "y1": 150.0}},
		{[]string{"declared.onnx", "--task", "detect"}, map[string]any{"x0": 150.0, "y0": 0.0, "x1": 250.0, "y1": 200.0}},
		{[]string{"declared.tflite", "--task", "detect"}, map[string]any{"x0": 150.0, "y0": 0.0, "x1": 250.0, "y1": 200.0}},
		{[]string{"declared.onnx", "--task-file", "rows.yaml"}, map[string]any{"x0": 150.0, "y0": 50.0, "x1": 250.0, "y1": 150.0}},
		{[]string{"declared.onnx", "--task-file", "rows.yaml", "--resize", "crop"}, map[string]any{"x0": 175.0, "y0": 50.0, "x1": 225.0, "y1": 150.0}},
	} {
		got := edgeinferIn(t, dir, "", append([]string{"run"}, append(c.args, "wide.png", "--json")...)...)
		require.Equal(t, 0, got.code, got.stderr)
		c.box["class"], c.box["label"], c.box["score"] = 1.0, "dog", 0.375
		assert.Equal(t, []any{c.box}, got.object(t)["boxes"], "%v", c.args)
	}
	got := edgeinferIn(t, dir, "", "run", "rows.tflite", "wide.png", "--json")
	assert.NotNil(t, got.object(t)["outputs"], "without --task the outputs are shown as ever")
}

// TestTaskAfterSuppression reads what TFLite_Detection_PostProcess and
// NonMaxSuppression choose inside the model.
func TestTaskAfterSuppression(t *testing.T) {
	dir := taskFolder(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "post.tflite"), postProcess(), 0o666))
	got := edgeinferIn(t, dir, "", "run", "post.tflite", "wide.png", "--task", "detect", "--labels", "words.txt", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	want := []any{map[string]any{"class": 1.0, "label": "dog", "score": 0.75, "x0": 100.0, "y0": 50.0, "x1": 300.0, "y1": 150.0}}
	assert.Equal(t, want, got.object(t)["boxes"])

	o := onnxtest.New(17)
	o.Input("picture", onnx.Float, 1, 3, fixedSide, fixedSide)
	o.Const("b", onnx.Float, []int64{1, 2, 4}, []float32{0.25, 0.25, 0.75, 0.75, 0.25, 0.25, 0.75, 0.6875})
	o.Const("s", onnx.Float, []int64{1, 2, 2}, []float32{0.125, 0.25, 0.75, 0.5})
	o.Const("top", onnx.Int64, []int64{1}, []int64{5})
	o.Const("iou", onnx.Float, []int64{1}, []float32{0.5})
	o.Const("least", onnx.Float, []int64{1}, []float32{0.25})
	o.Node("NonMaxSuppression", []string{"b", "s", "top", "iou", "least"}, []string{"chosen"})
	o.Node("Identity", []string{"b"}, []string{"all_boxes"})
	o.Node("Identity", []string{"s"}, []string{"all_scores"})
	o.Output("all_boxes", onnx.Float, 1, 2, 4)
	o.Output("all_scores", onnx.Float, 1, 2, 2)
	o.Output("chosen", onnx.Int64, "k", 3)
	o.Metadata(tasks.Key, "task: detect\nlabels: [cat, dog]\ndetect: {head: selected, outputs: {indices: chosen, boxes: all_boxes, scores: all_scores}}")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "nms.onnx"), o.Bytes(), 0o666))
	got = edgeinferIn(t, dir, "", "run", "nms.onnx", "wide.png", "--task", "detect", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	assert.Equal(t, want, got.object(t)["boxes"])
}

func TestTaskClassify(t *testing.T) {
	dir := taskFolder(t)
	for _, model := range []string{"logits.tflite", "logits_int8.tflite", "logits.onnx"} {
		want := "small.png\n  1  0.665241  dog\n  2  0.244728  \n"
		if model == "logits_int8.tflite" { // 2 is out of its range
			want = "small.png\n  1  0.66"
		}
		got := edgeinferIn(t, dir, "", "run", model, "small.png", "--task", "classify", "--top", "2", "--labels", "words.txt")
		require.Equal(t, 0, got.code, got.stderr)
		assert.True(t, strings.HasPrefix(got.stdout, want), "%s: %s", model, got.stdout)
	}
	got := edgeinferIn(t, dir, "", "run", "logits.onnx", "small.png", "wide.png", "--task", "classify", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	assert.Equal(t, 2, strings.Count(got.stdout, "\n"), "a line each")
	assert.Equal(t, "wide.png", got.object(t)["input"])
	assert.Len(t, got.object(t)["classes"], 3)
}

func TestTaskSegment(t *testing.T) {
	dir := taskFolder(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "colours.yaml"), []byte("task: segment\nlabels: [red, green, blue]\n"), 0o666))
	got := edgeinferIn(t, dir, "", "run", "colours.tflite", "wide.png", "--task", "segment", "--draw", "over.png", "--mask", "mask.png", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	assert.Equal(t, []any{
		map[string]any{"class": 0.0, "label": "red", "pixels": 40000.0, "part": 0.5},
		map[string]any{"class": 2.0, "label": "blue", "pixels": 40000.0, "part": 0.5},
	}, got.object(t)["areas"])
	mask := readPNG(t, dir, "mask.png").(*image.Paletted)
	assert.Equal(t, image.Rect(0, 0, 400, 200), mask.Rect)
	assert.Equal(t, []uint8{0, 2}, []uint8{mask.ColorIndexAt(150, 100), mask.ColorIndexAt(250, 100)})
	over := readPNG(t, dir, "over.png")
	assert.Equal(t, 400, over.Bounds().Dx())
	assert.Greater(t, over.Bounds().Dy(), 200, "a legend")

	got = edgeinferIn(t, dir, "", "run", "colours.tflite", "small.png", "wide.png", "--task", "segment", "--draw", "both/")
	require.Equal(t, 0, got.code, got.stderr)
	assert.Contains(t, got.stdout, "  1      32      50.0%  green\n")
	for _, name := range []string{"small.png", "wide.png"} {
		assert.FileExists(t, filepath.Join(dir, "both", name))
	}
}

func TestTaskEmbed(t *testing.T) {
	dir := taskFolder(t)
	got := edgeinferIn(t, dir, "", "run", "logits.onnx", "small.png", "wide.png", "--task", "embed", "--out", "kept")
	require.Equal(t, 0, got.code, got.stderr)
	assert.Contains(t, got.stdout, "embedding of 3 numbers\n→ "+filepath.Join("kept", "small.npy"))
	assert.Contains(t, got.stdout, "1 wide.png   1.0000  1.0000\n")
	assert.Equal(t, floatBytes(0, 2, 1), readArray(t, dir, "kept", "wide.npy").Data)

	array(t, dir, "stored.npy", "float32", []int{2, 3}, floatBytes(1, 0, 0, 0, 4, 2))
	got = edgeinferIn(t, dir, "", "run", "logits.onnx", "stored.npy", "small.png", "kept/wide.npy", "--task", "embed", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	o := got.object(t)
	assert.Equal(t, []any{"stored.npy#0", "stored.npy#1", "small.png", "kept/wide.npy"}, o["inputs"])
	var m [][]float64
	text, err := json.Marshal(o["similarities"])
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &m))
	assert.InDeltaSlice(t, []float64{1, 0, 0, 0}, m[0], 1e-9)
	assert.InDeltaSlice(t, []float64{0, 1, 1, 1}, m[3], 1e-9)
}

// TestTaskKeepsInputs holds that no picture is drawn over: a folder gets other
// names, a file is refused.
func TestTaskKeepsInputs(t *testing.T) {
	dir := taskFolder(t)
	before, err := os.ReadFile(filepath.Join(dir, "wide.png"))
	require.NoError(t, err)
	got := edgeinferIn(t, dir, "", "run", "faces.onnx", "wide.png", "./wide.png", "--task", "detect", "--draw", ".")
	require.Equal(t, 0, got.code, got.stderr)
	assert.FileExists(t, filepath.Join(dir, "wide-2.png"))
	assert.FileExists(t, filepath.Join(dir, "wide-3.png"))
	got = edgeinferIn(t, dir, "", "run", "faces.onnx", "wide.png", "--task", "detect", "--draw", "./wide.png")
	assert.Equal(t, 2, got.code)
	assert.Contains(t, got.stderr, "--draw ./wide.png: is an input: give another file")
	after, err := os.ReadFile(filepath.Join(dir, "wide.png"))
	require.NoError(t, err)
	assert.Equal(t, before, after)
}

// TestTaskErrors says for each mistake the exit code and what is told.
func TestTaskErrors(t *testing.T) {
	dir := taskFolder(t)
	array(t, dir, "input.npy", "float32", []int{1, 8, 8, 3}, make([]byte, 8*8*3*4))
	for _, c := range []struct {
		args string
		code int
		want []string
	}{
		{"run faces.onnx small.png --task look", 2, []string{"--task look: choose classify, detect, segment or embed"}},
		{"run faces.onnx small.png --draw x.png", 2, []string{"--draw: give --task as well"}},
		{"run faces.onnx small.png --task detect --score 2", 2, []string{"--score 2: give a number from 0 to 1"}},
		{"run faces.onnx small.png --task detect --sequence", 2, []string{"--sequence"}},
		{"run faces.onnx --task detect", 2, []string{"no pictures are given", `"picture" float32`}},
		{"run logits.onnx small.png --task detect", 3, []string{"logits.onnx: ", "write logits.yaml", "head: yolov8"}},
		{"run logits.onnx small.png --task classify --draw x.png", 2, []string{"--draw: classify has nothing to draw"}},
		{"run logits.onnx small.png --task segment", 3, []string{`logits.onnx: output "p" [1 3]: segment wants scores of pixels`}},
		{"run faces.onnx small.png --task classify", 3, []string{`output "scores" [1 3 2]: classify wants one score a class`}},
		{"run faces.onnx text.png --task detect", 3, []string{"text.png: ", "neither PNG, JPEG, GIF, BMP nor WebP"}},
		{"run faces.onnx none.png --task detect", 3, []string{"none.png: ", "check the path"}},
		{"run faces.tflite input.npy --task detect --draw x.png", 2, []string{"input.npy: is no picture to draw on"}},
		{"run faces.onnx small.png wide.png --task detect --draw x.png", 2, []string{"--draw x.png: there are 2 pictures: give a folder"}},
		{"run faces.onnx small.png --task detect --draw none/x.png", 1, []string{"--draw: none/x.png: no such file or directory"}},
		{"run faces.onnx small.png --task detect --draw /dev/full", 1, []string{"--draw: /dev/full: no space left on device: make room, or give another place"}},
		{"run faces.onnx small.png --task-file bad.yaml", 3, []string{`bad.yaml: line 4: detect with head yolov5 has no key "anchors": the keys are head, score`}},
		{"run faces.onnx small.png --task-file none.yaml", 3, []string{"none.yaml: ", "check the path"}},
		{"run faces.onnx small.png --task-file rows.yaml", 3, []string{"faces.onnx: as rows.yaml declares: head yolov5 wants an output of boxes"}},
		{"run faces.onnx small.png --task-file rows.yaml --task embed", 2, []string{"--task embed: rows.yaml declares detect"}},
		{"run pair.tflite small.png --task classify", 2, []string{"a model with one input"}},
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "pair.tflite"), pair(), 0o666))
		t.Run(c.args, func(t *testing.T) {
			got := edgeinferIn(t, dir, "", strings.Fields(c.args)...)
			assert.Equal(t, c.code, got.code, got.stderr)
			lines := strings.Split(strings.TrimSpace(got.stderr), "\n")
			last := lines[len(lines)-1] // notes may go before
			assert.True(t, strings.HasPrefix(last, "edgeinfer: "), got.stderr)
			for _, w := range c.want {
				assert.Contains(t, last, w)
			}
			assert.Empty(t, got.stdout)
		})
	}
}

// TestTaskLabelsStayInTheFolder holds that a declaration does not read files
// from elsewhere.
func TestTaskLabelsStayInTheFolder(t *testing.T) {
	dir := taskFolder(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "far.yaml"), []byte("task: classify\nlabels: ../../etc/passwd\n"), 0o666))
	got := edgeinferIn(t, dir, "", "run", "logits.onnx", "small.png", "--task-file", "far.yaml")
	assert.Equal(t, 3, got.code)
	assert.Contains(t, got.stderr, "leads out of the folder")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "in.onnx"), fixedONNX("task: classify\nlabels: words.txt", fixed{"p", []int{1, 3}, []float32{0, 2, 1}}), 0o666))
	got = edgeinferIn(t, dir, "", "run", "in.onnx", "small.png", "--task", "classify")
	assert.Equal(t, 3, got.code)
	assert.Contains(t, got.stderr, `the model brings no file "words.txt": list the labels`)
}
