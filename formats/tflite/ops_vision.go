package tflite

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// visionRows are operators of image models: resizing, transposed convolution,
// detections, and the storage of sparse weights.
var visionRows = map[string]row{
	"RESIZE_BILINEAR": func(n *node) (graph.Op, error) {
		o, err := n.options(ResizeBilinearOptions) // slots 0 and 1 held the size
		return op.ResizeBilinear{AlignCorners: o.Bool(2, false), HalfPixelCenters: o.Bool(3, false)}, err
	},
	"RESIZE_NEAREST_NEIGHBOR": func(n *node) (graph.Op, error) {
		o, err := n.options(ResizeNearestNeighborOptions)
		return op.ResizeNearestNeighbor{AlignCorners: o.Bool(0, false), HalfPixelCenters: o.Bool(1, false)}, err
	},
	"DENSIFY": densify,
}
