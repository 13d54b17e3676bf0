package tflite

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// convolutionRows are convolutions and dense layers.
func convolutionRows() map[string]row {
	return map[string]row{
		"CONV_2D": func(n *node) (graph.Op, error) {
			o, err := n.options(Conv2DOptions)
			if err != nil {
				return nil, err
			}
			e, err := n.epilogue(o, 3)
			e.Sum32 = e.DType == tensor.I16 && o.TensorType(6, Float32) == Int32
			return &op.Conv2D{
				Stride:   [2]int{int(o.Int32(2, 0)), int(o.Int32(1, 0))},
				Dilation: [2]int{int(o.Int32(5, 1)), int(o.Int32(4, 1))},
				Padding:  padding(o.Padding(0)), Epilogue: e,
			}, err
		},
		// The depth multiplier, at slot 3, follows from the shapes.
		"DEPTHWISE_CONV_2D": func(n *node) (graph.Op, error) {
			o, err := n.options(DepthwiseConv2DOptions)
			if err != nil {
				return nil, err
			}
			e, err := n.epilogue(o, 4)
			return &op.DepthwiseConv2D{
				Stride:   [2]int{int(o.Int32(2, 0)), int(o.Int32(1, 0))},
				Dilation: [2]int{int(o.Int32(6, 1)), int(o.Int32(5, 1))},
				Padding:  padding(o.Padding(0)), Epilogue: e,
			}, err
		},
		"FULLY_CONNECTED": func(n *node) (graph.Op, error) {
			o, err := n.options(FullyConnectedOptions)
			if err != nil {
				return nil, err
			}
			if f := o.Int8(1, 0); f != 0 {
				return nil, op.Unsupported("weights format %d (SHUFFLED4x16INT8)", f)
			}
			e, err := n.epilogue(o, 0)
			e.Asymmetric = e.DType.Float() && o.Bool(3, false)
			e.Sum32 = e.DType == tensor.I16 && o.TensorType(4, Float32) == Int32
			return &op.FullyConnected{KeepDims: o.Bool(2, false), Epilogue: e}, err
		},
	}
}

// epilogue reads the output's type, and the fused activation from a slot.
func (n *node) epilogue(o Options, slot int) (op.Epilogue, error) {
	act, err := activation(o.Activation(slot))
	if err == nil && act > quant.ReLU6 {
		err = op.Unsupported("fused activation %v", act)
	}
	return op.Epilogue{To: n.to(0), Bounds: op.Activated(act)}, err
}

// padding returns the runtime's padding for p.
func padding(p Padding) op.Padding {
	switch p {
	case PaddingSame:
		return op.Padding{Mode: op.PadSameUpper}
	case PaddingValid:
		return op.Padding{Mode: op.PadValid}
	}
	return op.Padding{Mode: op.PadMode(255)} // no mode: refused by Infer
}
