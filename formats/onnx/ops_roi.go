package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// maxRoiPoolRow reads MaxRoiPool, whose regions are of the images' type.
func maxRoiPoolRow(n *node) (graph.Op, error) {
	var o op.MaxRoiPool
	pooled, err := n.ints("pooled_shape")
	if err != nil {
		return nil, err
	}
	if len(pooled) != 2 {
		return nil, errorf("attribute %q is %v, want height and width", "pooled_shape", pooled)
	}
	o.Height, o.Width = pooled[0], pooled[1]
	o.Scale, err = n.float("spatial_scale", 1)
	return new(o), err
}
