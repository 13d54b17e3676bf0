package onnx

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// window reads a pool's attributes.
func (n *node) window() (window []int, s op.Spatial, err error) {
	if s, err = n.spatial(); err != nil {
		return nil, s, err
	}
	window, err = n.ints("kernel_shape")
	if err == nil && len(window) != n.spatialRank() {
		err = errorf("kernel_shape is %v, want %d numbers", window, n.spatialRank())
	}
	return window, s, err
}

// pooled2D adds a pool of images [n h w c], made by of.
func (n *node) pooled2D(window []int, s op.Spatial, of func(p op.Pool) graph.Op) (graph.Op, error) {
	p := planarOf(s)
	rank := n.typ(0).Rank()
	v, err := n.toNHWC(n.in[0])
	if err != nil {
		return nil, err
	}
	if v, err = n.one(of(op.Pool{Window: pairOf(window, 1), Stride: p.stride, Dilation: p.dilation, Padding: p.padding}), v); err != nil {
		return nil, err
	}
	if v, err = n.fromNHWC(v, rank); err != nil {
		return nil, err
	}
	return nil, n.define(v)
}

// poolable2D reports whether input 0 is float32 with one or two spatial axes,
// and the number of outputs what explicit padding gives.
func (n *node) poolable2D(s op.Spatial) bool {
	r := n.spatialRank()
	return n.typ(0).DType == tensor.F32 && (r == 1 || r == 2) && !s.Ceil
}

func maxPoolRow(n *node) (graph.Op, error) {
	window, s, err := n.window()
	if err != nil {
		return nil, err
	}
	order, err := n.int("storage_order", 0)
	if err != nil {
		return nil, err
	}
	o := op.MaxPool{Window: window, StorageOrder: order, Spatial: s, Indices: len(n.Outputs) > 1 && n.Outputs[1] != ""}
	if n.poolable2D(s) && !o.Indices {
		return n.pooled2D(window, s, func(p op.Pool) graph.Op { return &op.MaxPool2D{Pool: p} })
	}
	return halves(func(n *node) (graph.Op, error) { return new(o), nil }, 0)(n)
}

func averagePoolRow(n *node) (graph.Op, error) {
	window, s, err := n.window()
	if err != nil {
		return nil, err
	}
	count, err := n.bool("count_include_pad", false)
	if err != nil {
		return nil, err
	}
	if n.poolable2D(s) {
		return n.pooled2D(window, s, func(p op.Pool) graph.Op { return &op.AveragePool2D{CountPad: count, Pool: p} })
	}
	o := op.AveragePool{Window: window, CountPad: count, Spatial: s}
	return halves(func(n *node) (graph.Op, error) { return new(o), nil }, 0)(n)
}

func lpPoolRow(n *node) (graph.Op, error) {
	window, s, err := n.window()
	if err != nil {
		return nil, err
	}
	p, err := n.norm()
	return &op.LpPool{Window: window, P: p, Spatial: s}, err
}

// norm reads p, which opset 1 has as a float.
func (n *node) norm() (int, error) {
	if a := n.attr("p"); a != nil && a.Type == AttrFloat {
		if p := int(a.Float); float32(p) == a.Float {
			return p, nil
		}
		return 0, op.Unsupported("p of %v", a.Float)
	}
	return n.int("p", 2)
}

// whole returns the window that is the whole image.
func (n *node) whole() ([]int, error) {
	r := n.spatialRank()
	if r < 1 {
		return nil, errorf("input 0 has shape %v, want [n c …]", n.typ(0).Shape)
	}
	return n.typ(0).Shape[2:], nil
}

// globalAverageRow averages whole images: by 2-D pools where the size is
// known, else by GlobalPool.
func globalAverageRow(n *node) (graph.Op, error) {
	w, err := n.whole()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(w, tensor.Dynamic) && !slices.Contains(w, 0) && n.poolable2D(op.Spatial{}) {
		return n.pooled2D(w, op.Spatial{}, func(p op.Pool) graph.Op { return &op.AveragePool2D{Pool: p} })
	}
	return halves(plain(&op.GlobalPool{Kind: op.GlobalAverage}), 0)(n)
}

func globalMaxRow(n *node) (graph.Op, error) {
	w, err := n.whole()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(w, tensor.Dynamic) && !slices.Contains(w, 0) && n.poolable2D(op.Spatial{}) {
		return n.pooled2D(w, op.Spatial{}, func(p op.Pool) graph.Op { return &op.MaxPool2D{Pool: p} })
	}
	return halves(plain(&op.GlobalPool{Kind: op.GlobalMax}), 0)(n)
}

func globalLpRow(n *node) (graph.Op, error) {
	p, err := n.norm()
	return &op.GlobalPool{Kind: op.GlobalLp, P: p}, err
}
