package tflite

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// reductionRows are the operators that combine elements: pools, softmaxes,
// reductions, matrix products.
func reductionRows() map[string]row {
	return map[string]row{
		"AVERAGE_POOL_2D": func(n *node) (graph.Op, error) {
			p, err := n.pool()
			return &op.AveragePool2D{Pool: p}, err
		},
		"MAX_POOL_2D": func(n *node) (graph.Op, error) {
			p, err := n.pool()
			return &op.MaxPool2D{Pool: p}, err
		},
		"L2_POOL_2D": func(n *node) (graph.Op, error) {
			p, err := n.pool()
			return &op.L2Pool2D{Pool: p}, err
		},
		"SOFTMAX": func(n *node) (graph.Op, error) {
			o, err := n.options(SoftmaxOptions)
			return &op.Softmax{Beta: o.Float32(0, 0), Axis: -1, To: n.to(0)}, err
		},
		"BATCH_MATMUL": func(n *node) (graph.Op, error) {
			o, err := n.options(BatchMatMulOptions)
			return &op.BatchMatMul{AdjX: o.Bool(0, false), AdjY: o.Bool(1, false), To: n.to(0)}, err
		},
		"LOG_SOFTMAX": func(n *node) (graph.Op, error) {
			return &op.LogSoftmax{Axis: -1, To: n.to(0)}, nil
		},
		"L2_NORMALIZATION": func(n *node) (graph.Op, error) {
			o, err := n.options(L2NormOptions)
			if act := o.Activation(0); err == nil && act != ActivationNone {
				err = op.Unsupported("fused activation %v", act)
			}
			return &op.L2Normalization{Axis: -1}, err
		},
		"ARG_MAX": func(n *node) (graph.Op, error) { return &op.ArgMax{Index: n.to(0).DType}, nil },
		"ARG_MIN": func(n *node) (graph.Op, error) { return &op.ArgMax{Least: true, Index: n.to(0).DType}, nil },
		"TOPK_V2": func(n *node) (graph.Op, error) { return &op.TopK{Axis: -1, Index: n.to(1).DType}, nil },
		"CUMSUM": func(n *node) (graph.Op, error) {
			o, err := n.options(CumsumOptions)
			return &op.CumSum{Exclusive: o.Bool(0, false), Reverse: o.Bool(1, false), To: n.to(0)}, err
		},
		"MEAN":        reduction(op.ReduceMean),
		"SUM":         reduction(op.ReduceSum),
		"REDUCE_MAX":  reduction(op.ReduceMax),
		"REDUCE_MIN":  reduction(op.ReduceMin),
		"REDUCE_PROD": reduction(op.ReduceProd),
		"REDUCE_ALL":  reduction(op.ReduceAll),
		"REDUCE_ANY":  reduction(op.ReduceAny),
	}
}

//go:noinline
func reduction(kind op.Reduction) row {
	return func(n *node) (graph.Op, error) {
		o, err := n.options(ReducerOptions)
		return &op.Reduce{Kind: kind, KeepDims: o.Bool(0, false), To: n.to(0)}, err
	}
}

// pool reads Pool2DOptions: padding, stride_w, stride_h, filter_width,
// filter_height, fused_activation_function.
func (n *node) pool() (op.Pool, error) {
	o, err := n.options(Pool2DOptions)
	if err != nil {
		return op.Pool{}, err
	}
	act, err := activation(o.Activation(5))
	if err != nil {
		return op.Pool{}, err
	}
	return op.Pool{
		Window:   [2]int{int(o.Int32(4, 0)), int(o.Int32(3, 0))},
		Stride:   [2]int{int(o.Int32(2, 0)), int(o.Int32(1, 0))},
		Dilation: [2]int{1, 1},
		Padding:  padding(o.Padding(0)),
		Act:      act,
		To:       n.to(0),
	}, nil
}
