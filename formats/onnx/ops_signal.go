package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// signalRows are Fourier transforms and what goes with them.
func signalRows() map[string]row {
	return map[string]row{
		"DFT":             dftRow,
		"STFT":            stftRow,
		"MelWeightMatrix": melRow,
		"HannWindow":      windowRow(0.5, 0.5, 0),
		"HammingWindow":   windowRow(25./46, 1-25./46, 0),
		"BlackmanWindow":  windowRow(0.42, 0.5, 0.08),
	}
}

// dftRow: the axis became an input with opset 20.
func dftRow(n *node) (graph.Op, error) {
	o := &op.DFT{Axis: -2}
	var err error
	if n.opset < 20 {
		if o.Axis, err = n.int("axis", 1); err != nil {
			return nil, err
		}
	}
	if o.Inverse, err = n.bool("inverse", false); err != nil {
		return nil, err
	}
	o.Onesided, err = n.bool("onesided", false)
	return o, err
}

func stftRow(n *node) (graph.Op, error) {
	one, err := n.bool("onesided", true)
	return &op.STFT{Onesided: one}, err
}

func melRow(n *node) (graph.Op, error) {
	d, err := n.outputType()
	return &op.MelWeightMatrix{DType: d}, err
}

// windowRow returns the row of a window that op.CosineWindow describes.
//
//go:noinline
func windowRow(a, b, c float64) row {
	return func(n *node) (graph.Op, error) {
		periodic, err := n.bool("periodic", true)
		if err != nil {
			return nil, err
		}
		d, err := n.outputType()
		return &op.CosineWindow{A: a, B: b, C: c, Periodic: periodic, DType: d}, err
	}
}

// outputType reads the attribute output_datatype.
func (n *node) outputType() (tensor.DType, error) {
	d, err := n.int("output_datatype", int(Float))
	if err != nil {
		return 0, err
	}
	return dtypeOf(DataType(d))
}
