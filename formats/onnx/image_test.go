package onnx_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/onnx/modeltest"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func imageModel(pixels string, bytes int) *modeltest.Model {
	m := modeltest.New(20)
	m.Input("file", onnx.Uint8, bytes)
	m.Node("ImageDecoder", []string{"file"}, []string{"y"}, modeltest.Attr("pixel_format", pixels))
	m.Output("y", onnx.Uint8, nil, nil, nil)
	return m
}

// TestImageDecoder has a picture of two pixels, red and half as bright green.
func TestImageDecoder(t *testing.T) {
	file := []byte("P3 # text\n2 1\n2\n2 0 0 0 1 0\n")
	for pixels, want := range map[string][]byte{
		"RGB": {255, 0, 0, 0, 128, 0}, "BGR": {0, 0, 255, 0, 128, 0}, "Grayscale": {76, 75},
	} {
		y := halvesOut(t, imageModel(pixels, len(file)), file)
		assert.Equal(t, []int{1, 2, len(want) / 2}, y.Shape)
		assert.Equal(t, want, y.Data, pixels)
	}
	for _, bad := range []string{"P3 2 1 2 2 0 0 0 1", "P3 2 1 2 2 0 0 0 3 0", "P6 99999999 99999999 255 ", "\x89PNG\r\n\x1a\n", "\x00\x00\x00\x0cjP  ", "P", ""} {
		_, _, err := ctlFloats(t, imageModel("RGB", len(bad)), []byte(bad))
		require.ErrorIs(t, err, op.ErrData, "%q", bad)
	}
}

// TestImageDecoderNodes compares with ONNX's expectations, which are of PIL: what
// isn't compressed or is VP8 must be equal, and of a JPEG the inverse cosine
// transforms may round differently.
func TestImageDecoderNodes(t *testing.T) {
	root := filepath.Join(shareddata.Shared(t), "onnx-node", "node")
	for name, tolerance := range map[string]int{"png_rgb": 0, "pnm_rgb": 0, "tiff_rgb": 0, "webp_rgb": 0, "jpeg_rgb": 2, "jpeg_bgr": 2, "jpeg_grayscale": 2} {
		dir := filepath.Join(root, "test_image_decoder_decode_"+name, "test_data_set_0")
		in, err := tensors(dir, "input")
		require.NoError(t, err)
		want, err := tensors(dir, "output")
		require.NoError(t, err)
		_, pixels, _ := strings.Cut(name, "_")
		got := halvesOut(t, imageModel(map[string]string{"rgb": "RGB", "bgr": "BGR", "grayscale": "Grayscale"}[pixels], in[0].Len()), in[0].Data)
		require.Equal(t, want[0].Shape, got.Shape, name)
		assert.LessOrEqual(t, farthest(want[0], got), tolerance, name)
	}
}

// farthest returns the greatest difference of two tensors of bytes.
func farthest(a tensor.View, b *tensor.View) (most int) {
	for i := range a.Data {
		d := int(a.Data[i]) - int(b.Data[i])
		most = max(most, d, -d)
	}
	return most
}
