package tasks

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// stored reads the n float32 that end a file: an array of .npy or of ONNX's raw
// data.
func stored(t *testing.T, n int, path ...string) []float32 {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	require.Greater(t, len(data), 4*n)
	data = data[len(data)-4*n:]
	out := make([]float32, n)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return out
}

// face is a box with its score and first landmark.
type face [7]float64

func sameFaces(t *testing.T, want []face, got []Box) {
	t.Helper()
	require.Len(t, got, len(want))
	for i, w := range want {
		b := got[i]
		have := face{float64(b.X0), float64(b.Y0), float64(b.X1), float64(b.Y1), float64(b.Score)}
		if len(b.Points) > 0 {
			have[5], have[6] = float64(b.Points[0].X), float64(b.Points[0].Y)
		}
		assert.InDeltaSlice(t, w[:], have[:], 0.001, "face %d", i)
	}
}

// TestUltraFaceOutputs decodes what ONNX Runtime gave for a photograph of four
// people. What is wanted was computed by the formulas in Python, in float64.
func TestUltraFaceOutputs(t *testing.T) {
	dir := filepath.Join(shareddata.Shared(t), "onnx-models", "ultraface_RFB-320", "test_data_set_0")
	out := []Tensor{
		{"scores", []int{1, 4420, 2}, stored(t, 2*4420, dir, "output_0.pb")},
		{"boxes", []int{1, 4420, 4}, stored(t, 4*4420, dir, "output_1.pb")},
	}
	in := Size{320, 240}
	s := Recognise([]Port{{"scores", []int{1, 4420, 2}}, {"boxes", []int{1, 4420, 4}}}, in)
	require.NotNil(t, s)
	raw, err := s.Detector.Head.Decode(&Outputs{Tensors: out}, in, 0.7)
	require.NoError(t, err)
	assert.Len(t, raw, 24)
	got, err := s.Detector.Detect(out, in)
	require.NoError(t, err)
	sameFaces(t, []face{
		{40.704, 54.185, 69.692, 122.652, 0.999},
		{96.431, 43.837, 125.949, 115.712, 0.999},
		{171.997, 38.779, 202.911, 110.267, 0.999},
		{225.095, 57.953, 257.614, 134.005, 0.998},
	}, got)
}

func TestYuNetOutputs(t *testing.T) {
	dir := filepath.Join(shareddata.Shared(t), "onnx-models", "yunet_n_320", "test_data_set_0")
	var out []Tensor
	var ports []Port
	for i, part := range []struct {
		name  string
		width int
	}{{"cls", 1}, {"obj", 1}, {"bbox", 4}, {"kps", 10}} {
		for j, stride := range yunetStrides {
			n := 320 / stride * (320 / stride)
			x := Tensor{fmt.Sprintf("%s_%d", part.name, stride), []int{1, n, part.width}, nil}
			x.Data = stored(t, n*part.width, dir, fmt.Sprintf("output_%d.pb", 3*i+j))
			out, ports = append(out, x), append(ports, Port{x.Name, x.Shape})
		}
	}
	s := Recognise(ports, Size{320, 320})
	require.NotNil(t, s)
	got, err := s.Detector.Detect(out, Size{320, 320})
	require.NoError(t, err)
	sameFaces(t, yunetFaces, got)
	require.Len(t, got[0].Points, 5)
}

func TestBlazeFaceOutputs(t *testing.T) {
	dir := filepath.Join(shareddata.Shared(t), "tflite", "golden", "gotfl_blazeface_float")
	out := []Tensor{
		{"regressors", []int{1, 896, 16}, stored(t, 896*16, dir, "output_1_0.npy")},
		{"classificators", []int{1, 896, 1}, stored(t, 896, dir, "output_1_1.npy")},
	}
	in := Size{128, 128}
	s := Recognise([]Port{{"regressors", []int{1, 896, 16}}, {"classificators", []int{1, 896, 1}}}, in)
	require.NotNil(t, s)
	got, err := s.Detector.Detect(out, in)
	require.NoError(t, err)
	sameFaces(t, blazeFaces, got)
	require.Len(t, got[0].Points, 6)
}

var yunetFaces = []face{
	{92.100, 64.679, 132.367, 148.854, 0.888, 101.337, 96.810},
	{33.250, 75.575, 74.600, 161.776, 0.864, 48.743, 108.798},
	{218.660, 87.314, 260.902, 177.135, 0.853, 229.141, 123.513},
	{164.754, 50.623, 210.728, 141.887, 0.844, 176.548, 87.437},
}

var blazeFaces = []face{
	{41.331, 24.469, 89.076, 72.214, 0.991, 55.295, 36.497},
}
