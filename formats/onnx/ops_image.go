package onnx

import (
	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// pictures are the formats that ImageDecoder reads, with the default limits.
type pictures struct{}

func (pictures) Size(file []byte) (h, w int, err error) {
	w, h, err = media.SizeOf(file, media.Limits{})
	return h, w, err
}

func (pictures) RGB(file, dst []byte) error { return media.DecodeRGB(file, media.Limits{}, dst) }

func imageDecoderRow(n *node) (graph.Op, error) {
	pixels, err := choice(n, "pixel_format", "RGB", map[string]op.PixelFormat{"RGB": op.PixelRGB, "BGR": op.PixelBGR, "Grayscale": op.PixelGrey})
	return &op.ImageDecoder{Pictures: pictures{}, Pixels: pixels}, err
}
