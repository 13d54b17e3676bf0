package main

import (
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pictureFolder returns a folder with pictures of each class, of its colour.
func pictureFolder(t *testing.T, classes map[string]color.NRGBA) string {
	t.Helper()
	dir := t.TempDir()
	for name, c := range classes {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "pics", name), 0o777))
		for i := range 20 {
			d := color.NRGBA{c.R/2 + uint8(3*i), c.G/2 + uint8(2*i), c.B/2 + uint8(i), 255}
			painted(t, filepath.Join(dir, "pics", name), fmt.Sprint(i, ".png"), 8, 6, c, d)
		}
	}
	return dir
}

// TestNamesOfClasses trains on a folder of pictures: both models name the classes,
// and say what becomes of pixels, to run, eval and inspect.
func TestNamesOfClasses(t *testing.T) {
	dir := pictureFolder(t, map[string]color.NRGBA{"01 rose": red, "07 leaf": green, "it's the sky": blue})
	put(t, dir, "m.yaml", "layers:\n  - global_average_pooling2d\n  - dense: {units: classes, activation: softmax}\n"+
		"optimizer: {adam: {learning_rate: 0.3}}\nfit: {epochs: 20, batch: 8}\n")
	got := edgeinferIn(t, dir, "", "train", "m.yaml", "--data", "pics", "--out", "m.onnx", "--json") // m.yaml declares no task
	require.Equal(t, 0, got.code, got.stderr)
	for _, model := range []string{"m.onnx", "m.tflite"} {
		for class, name := range []string{"01 rose", "07 leaf", "it's the sky"} {
			picture := "pics/" + name + "/7.png"
			got = edgeinferIn(t, dir, "", "run", model, picture, "--top", "1")
			require.Equal(t, 0, got.code, got.stderr)
			assert.Contains(t, got.stderr, "pixels normalised with mean [0], std [255] of the model's metadata")
			assert.Regexp(t, fmt.Sprintf(`(?m)^  %d  0\.\d+  +%s$`, class, name), got.stdout)
			got = edgeinferIn(t, dir, "", "run", model, picture, "--task", "classify", "--json")
			require.Equal(t, 0, got.code, got.stderr)
			best := got.object(t)["classes"].([]any)[0].(map[string]any)
			assert.Equal(t, name, best["label"])
		}
		got = edgeinferIn(t, dir, "", "eval", model, "pics", "--json")
		require.Equal(t, 0, got.code, got.stderr)
		assert.Equal(t, 1.0, got.object(t)["accuracy"])
		assert.Equal(t, "07 leaf", got.object(t)["classes"].([]any)[1].(map[string]any)["label"])
		got = edgeinferIn(t, dir, "", "inspect", model)
		assert.Contains(t, got.stdout, "labels  3: 0 01 rose, 1 07 leaf, 2 it's the sky\n")
		got = edgeinferIn(t, dir, "", "run", model, "--batch", "pics/07 leaf")
		assert.Equal(t, 20, strings.Count(got.stdout, ",1,07 leaf,"), got.stdout)
	}
}

// TestNamesOfTwo holds that one probability is shown as that of both classes.
func TestNamesOfTwo(t *testing.T) {
	dir := pictureFolder(t, map[string]color.NRGBA{"no": red, "yes": green})
	put(t, dir, "net.yaml", "layers:\n  - global_average_pooling2d\n  - dense: {units: 1, activation: sigmoid}\nloss: binary_crossentropy\n"+
		"optimizer: {adam: {learning_rate: 0.3}}\nfit: {epochs: 20, batch: 8}\n")
	got := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "pics", "--out", "m.tflite", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	for _, model := range []string{"m.onnx", "m.tflite"} {
		for _, name := range []string{"no", "yes"} {
			picture := "pics/" + name + "/3.png"
			top := edgeinferIn(t, dir, "", "run", model, picture, "--json").object(t)["outputs"].([]any)[0].(map[string]any)["top"].([]any)
			assert.Len(t, top, 2)
			assert.Equal(t, name, top[0].(map[string]any)["label"])
			classes := edgeinferIn(t, dir, "", "run", model, picture, "--task", "classify", "--json").object(t)["classes"].([]any)
			assert.Len(t, classes, 2)
			assert.Equal(t, name, classes[0].(map[string]any)["label"])
		}
	}
}

// TestSymbols holds that a model of characters knows them: other text is read by
// its numbers, not by the text's own.
func TestSymbols(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "net.yaml", "layers:\n  - embedding: {input_dim: symbols, output_dim: 8}\n  - dense: {units: classes, activation: softmax}\n"+
		"optimizer: {adam: {learning_rate: 0.05}}\nfit: {epochs: 4, batch: 8}\ndata: {text: {length: 16}}\n")
	put(t, dir, "text.txt", strings.Repeat("ab\\ c\"d\n", 200))
	put(t, dir, "part.txt", strings.Repeat("c\"d\n", 100)) // has fewer characters
	put(t, dir, "other.txt", strings.Repeat("xyz", 100))
	got := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "text.txt", "--test", "part.txt", "--out", "m.onnx", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	want := got.object(t)["metrics"].(map[string]any)
	assert.Greater(t, want["accuracy"], 0.6, "of four characters three follow from the one before")
	for _, model := range []string{"m.onnx", "m.tflite"} {
		got = edgeinferIn(t, dir, "", "inspect", model)
		assert.Contains(t, got.stdout, `symbols  8: 0 "\n", 1 " ", 2 "\"", 3 "\\", 4 a, 5 b, 6 c, 7 d`)
		got = edgeinferIn(t, dir, "", "eval", model, "part.txt", "--net", "net.yaml", "--json")
		require.Equal(t, 0, got.code, got.stderr)
		assert.InDelta(t, want["accuracy"], got.object(t)["accuracy"], 0.05)
		put(t, dir, "cdcd.csv", strings.Repeat("6,2,7,0,", 3)+"6,2,7,0\n")
		top := edgeinferIn(t, dir, "", "run", model, "cdcd.csv", "--json").object(t)["outputs"].([]any)[0].(map[string]any)["top"].([]any)
		assert.Contains(t, []any{"a", "c"}, top[0].(map[string]any)["label"], "what follows the last symbol, a line's end")
		got = edgeinferIn(t, dir, "", "eval", model, "other.txt", "--net", "net.yaml")
		assert.Equal(t, 3, got.code)
		assert.Contains(t, got.stderr, `the character 'x' is none of the 8 symbols that the model knows`)
	}
}
