package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// reductionRows are the operators that bring elements together along axes.
func reductionRows() map[string]row {
	return map[string]row{
		"ReduceSum":       viaFloat32(reduceRow(op.ReduceSum)),
		"ReduceMean":      viaFloat32(reduceRow(op.ReduceMean)),
		"ReduceMax":       viaFloat32(reduceRow(op.ReduceMax)),
		"ReduceMin":       viaFloat32(reduceRow(op.ReduceMin)),
		"ReduceProd":      viaFloat32(reduceRow(op.ReduceProd)),
		"ReduceL1":        viaFloat32(reduceRow(op.ReduceL1)),
		"ReduceL2":        viaFloat32(reduceRow(op.ReduceL2)),
		"ReduceLogSum":    viaFloat32(reduceRow(op.ReduceLogSum)),
		"ReduceLogSumExp": viaFloat32(reduceRow(op.ReduceLogSumExp)),
		"ReduceSumSquare": viaFloat32(reduceRow(op.ReduceSumSquare)),
		"ArgMax":          viaFloat32(argRow(false)),
		"ArgMin":          viaFloat32(argRow(true)),
		"Softmax": viaFloat32(softmaxRow(func(n *node, axis int, flat bool) graph.Op {
			return &op.Softmax{Beta: 1, Plain: true, Axis: axis, Flat: flat, To: op.To{DType: n.typ(0).DType}}
		})),
		"LogSoftmax": viaFloat32(softmaxRow(func(n *node, axis int, flat bool) graph.Op {
			return &op.LogSoftmax{Axis: axis, Flat: flat, To: op.To{DType: n.typ(0).DType}}
		})),
		"Hardmax": viaFloat32(softmaxRow(func(_ *node, axis int, flat bool) graph.Op {
			return &op.Hardmax{Axis: axis, Flat: flat}
		})),
		"TopK":                      viaFloat32(topKRow),
		"CumSum":                    viaFloat32(cumulateRow(false)),
		"CumProd":                   viaFloat32(cumulateRow(true)),
		"NegativeLogLikelihoodLoss": viaFloat32(lossRow),
		"SoftmaxCrossEntropyLoss":   viaFloat32(crossEntropyRow),
	}
}

// viaFloat32 makes a row compute float16 as float32: outputs are rounded once.
//
//go:noinline
func viaFloat32(r row) row {
	return func(n *node) (graph.Op, error) {
		half := false
		for i, v := range n.in {
			if v == graph.None || n.typ(i).DType != tensor.F16 {
				continue
			}
			wide, err := n.one(&op.Cast{DType: tensor.F32}, v)
			if err != nil {
				return nil, err
			}
			n.in[i], half = wide, true
		}
		o, err := r(n)
		if !half || err != nil {
			return o, err
		}
		if o != nil {
			out, err := n.then(o, n.in...)
			if err != nil {
				return nil, err
			}
			if err := n.define(out...); err != nil {
				return nil, err
			}
		}
		return nil, n.narrowOutputs()
	}
}

// narrowOutputs makes the node's float32 outputs float16.
func (n *node) narrowOutputs() error {
	for _, name := range n.Outputs {
		v, ok := n.values[name]
		if !ok || v == graph.None || n.b.Type(v).DType != tensor.F32 {
			continue
		}
		half, err := n.one(&op.Cast{DType: tensor.F16}, v)
		if err != nil {
			return err
		}
		n.values[name] = half
	}
	return nil
}

// reduceRow reads axes as an attribute or, in later versions, as an input.
//
//go:noinline
func reduceRow(kind op.Reduction) row {
	return func(n *node) (graph.Op, error) {
		axes, err := n.ints("axes")
		if err != nil {
			return nil, err
		}
		keep, err := n.bool("keepdims", true)
		if err != nil {
			return nil, err
		}
		noop, err := n.bool("noop_with_empty_axes", false)
		return &op.Aggregate{Kind: kind, Axes: axes, KeepDims: keep, Noop: noop}, err
	}
}

//go:noinline
func argRow(least bool) row {
	return func(n *node) (graph.Op, error) {
		axis, err := n.int("axis", 0)
		if err != nil {
			return nil, err
		}
		keep, err := n.bool("keepdims", true)
		if err != nil {
			return nil, err
		}
		last, err := n.bool("select_last_index", false)
		return &op.ArgMax{Least: least, Last: last, Axis: axis, KeepDims: keep, Index: tensor.I64}, err
	}
}

// softmaxRow reads the axis. Before version 13 all dimensions from it on were
// one.
//
//go:noinline
func softmaxRow(make func(n *node, axis int, flat bool) graph.Op) row {
	return func(n *node) (graph.Op, error) {
		flat, def := n.opset < 13, -1
		if flat {
			def = 1
		}
		axis, err := n.int("axis", def)
		return make(n, axis, flat), err
	}
}

// topKRow reads k, an attribute before version 10.
func topKRow(n *node) (graph.Op, error) {
	axis, err := n.int("axis", -1)
	if err != nil {
		return nil, err
	}
	largest, err := n.bool("largest", true)
	if err != nil {
		return nil, err
	}
	if n.attr("k") != nil && n.opset < 10 {
		k, err := n.int("k", 0)
		if err != nil {
			return nil, err
		}
		n.in = append(n.in, n.b.Const("k", tensor.Of(tensor.I64, 1), tensor.Bytes([]int64{int64(k)})))
	}
	return &op.TopK{Least: !largest, Axis: axis, Index: tensor.I64}, nil
}

//go:noinline
func cumulateRow(product bool) row {
	return func(n *node) (graph.Op, error) {
		exclusive, err := n.bool("exclusive", false)
		if err != nil {
			return nil, err
		}
		reverse, err := n.bool("reverse", false)
		return &op.CumSum{Exclusive: exclusive, Reverse: reverse, Product: product}, err
	}
}

// lossOf reads the attributes of a loss.
func lossOf(n *node) (op.Loss, error) {
	var o op.Loss
	how, err := n.str("reduction", "mean")
	if err != nil {
		return o, err
	}
	switch how {
	case "none":
		o.Reduction = op.LossNone
	case "sum":
		o.Reduction = op.LossSum
	case "mean":
		o.Reduction = op.LossMean
	default:
		return o, op.Unsupported("reduction %q", how)
	}
	if n.attr("ignore_index") != nil {
		o.Ignore = true
		o.IgnoreIndex, err = n.int("ignore_index", 0)
	}
	return o, err
}

func lossRow(n *node) (graph.Op, error) {
	o, err := lossOf(n)
	return new(o), err
}

// crossEntropyRow adds a LogSoftmax, which is the second output, and a loss.
func crossEntropyRow(n *node) (graph.Op, error) {
	o, err := lossOf(n)
	if err != nil {
		return nil, err
	}
	log, err := n.one(&op.LogSoftmax{Axis: 1, To: op.To{DType: n.typ(0).DType}}, n.in[:min(len(n.in), 1)]...)
	if err != nil {
		return nil, err
	}
	loss, err := n.one(new(o), append([]graph.Value{log}, n.in[1:]...)...)
	if err != nil {
		return nil, err
	}
	return nil, n.define(loss, log)
}
