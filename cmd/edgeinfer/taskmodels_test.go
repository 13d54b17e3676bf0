package main

import (
	"encoding/binary"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// pictureOf turns the float32 that end a file into a PNG: pixel = scale·x +
// shift, channels first or last, in the order that channel says.
func pictureOf(t *testing.T, file, to string, w, h int, first bool, channel [3]int, scale, shift float64) {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	data = data[len(data)-4*3*w*h:]
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		for c := range 3 {
			at := 3*i + c
			if first {
				at = c*w*h + i
			}
			x := float64(math.Float32frombits(binary.LittleEndian.Uint32(data[4*at:])))
			img.Pix[4*i+channel[c]] = uint8(max(0, min(255, math.RoundToEven(float64(x*scale)+shift))))
		}
		img.Pix[4*i+3] = 255
	}
	f, err := os.Create(to)
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, img))
	require.NoError(t, f.Close())
}

// TestTaskModels finds faces and people with real models, of both formats, in
// the photographs that their stored inputs hold.
func TestTaskModels(t *testing.T) {
	data, dir := shareddata.Shared(t), t.TempDir()
	rgb, bgr := [3]int{0, 1, 2}, [3]int{2, 1, 0}
	golden := filepath.Join(data, "tflite", "golden")
	pictureOf(t, filepath.Join(data, "onnx-models", "ultraface_RFB-320", "test_data_set_0", "input_0.pb"), filepath.Join(dir, "four.png"), 320, 240, true, rgb, 128, 127)
	pictureOf(t, filepath.Join(data, "onnx-models", "yunet_n_320", "test_data_set_0", "input_0.pb"), filepath.Join(dir, "square.png"), 320, 320, true, bgr, 1, 0)
	pictureOf(t, filepath.Join(golden, "gotfl_blazeface_float", "input_1.npy"), filepath.Join(dir, "one.png"), 128, 128, false, rgb, 127.5, 127.5)
	for _, c := range []struct {
		model, picture string
		faces          [][4]float64 // where ONNX Runtime's and the reference's outputs have them
	}{
		{"onnx-models/ultraface_RFB-320/model.onnx", "four.png", [][4]float64{{40.7, 54.2, 69.7, 122.7}, {96.4, 43.8, 125.9, 115.7}, {172.0, 38.8, 202.9, 110.3}, {225.1, 58.0, 257.6, 134.0}}},
		{"onnx-models/yunet_n_320/model.onnx", "square.png", [][4]float64{{92.1, 64.7, 132.4, 148.9}, {33.3, 75.6, 74.6, 161.8}, {218.7, 87.3, 260.9, 177.1}, {164.8, 50.6, 210.7, 141.9}}},
		{"tflite/models/gotfl_blazeface_float/model.tflite", "one.png", [][4]float64{{41.3, 24.5, 89.1, 72.2}}},
	} {
		got := edgeinferIn(t, dir, "", "run", filepath.Join(data, c.model), c.picture, "--task", "detect", "--json")
		require.Equal(t, 0, got.code, got.stderr)
		boxes := got.object(t)["boxes"].([]any)
		require.Len(t, boxes, len(c.faces), c.model)
		for i, want := range c.faces {
			b := boxes[i].(map[string]any)
			assert.InDeltaSlice(t, want[:], []float64{b["x0"].(float64), b["y0"].(float64), b["x1"].(float64), b["y1"].(float64)}, 0.1, c.model)
			assert.Equal(t, "face", b["label"])
		}
	}
	got := edgeinferIn(t, dir, "", "run", filepath.Join(data, "tflite/models/mp_selfie/model.tflite"), "one.png", "--task", "segment", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	person := got.object(t)["areas"].([]any)[1].(map[string]any)
	assert.InDelta(t, 0.59, person["part"], 0.02)
}
