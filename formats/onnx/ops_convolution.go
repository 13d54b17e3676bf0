package onnx

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// convolutionRows are convolutions, pools and normalisations.
func convolutionRows() map[string]row {
	return map[string]row{
		"Conv":          convRow,
		"ConvTranspose": convTransposeRow,
		"DeformConv":    deformConvRow,

		"MaxPool":           maxPoolRow,
		"AveragePool":       averagePoolRow,
		"LpPool":            halves(lpPoolRow, 0),
		"GlobalAveragePool": globalAverageRow,
		"GlobalMaxPool":     globalMaxRow,
		"GlobalLpPool":      halves(globalLpRow, 0),
		"MaxUnpool":         maxUnpoolRow,

		"BatchNormalization":           batchNormRow,
		"InstanceNormalization":        instanceNormRow,
		"GroupNormalization":           groupNormRow,
		"LayerNormalization":           layerNormRow,
		"RMSNormalization":             rmsNormRow,
		"SimplifiedLayerNormalization": rmsNormRow,
		"LpNormalization":              halves(lpNormRow, 0),
		"MeanVarianceNormalization":    halves(meanVarianceRow, 0),
		"LRN":                          halves(lrnRow, 0),

		"com.microsoft.SkipLayerNormalization":           skipLayerNormRow(false),
		"com.microsoft.SkipSimplifiedLayerNormalization": skipLayerNormRow(true),
	}
}

// convRow adds a convolution.
func convRow(n *node) (graph.Op, error) {
	v, err := n.convolved()
	if err != nil {
		return nil, err
	}
	return nil, n.define(v)
}

// convolved adds a convolution of input 0 with the filters, input 1, and the
// bias, input 2 or left out.
func (n *node) convolved() (graph.Value, error) {
	if len(n.in) < 2 {
		return 0, errorf("%d inputs, want an image and filters", len(n.in))
	}
	narrow, err := n.widened(0, 1, 2)
	if err != nil {
		return 0, err
	}
	s, err := n.spatial()
	if err != nil {
		return 0, err
	}
	groups, err := n.int("group", 1)
	if err != nil {
		return 0, err
	}
	plain := op.Conv{Groups: groups, Spatial: s}
	if err := n.checkKernel(n.typ(1).Shape); err != nil {
		return 0, err
	}
	v, err := n.conv2D(plain)
	if err != nil {
		return 0, err
	}
	return narrow(v)
}

// checkKernel holds the attribute kernel_shape, if it is there, against the
// filters' shape.
func (n *node) checkKernel(w []int) error {
	k, err := n.ints("kernel_shape")
	if err != nil || k == nil {
		return err
	}
	if len(w) != len(k)+2 {
		return errorf("kernel_shape is %v, and the filters have shape %v", k, w)
	}
	for i, d := range w[2:] {
		if d != k[i] && d != tensor.Dynamic {
			return errorf("kernel_shape is %v, and the filters have shape %v", k, w)
		}
	}
	return nil
}

// onPlanes reports whether input 0 is float32 with one or two spatial axes,
// and input 1 of a known shape: Conv2D and the like do it then.
func (n *node) onPlanes() bool {
	x, w := n.typ(0), n.typ(1)
	return x.DType == tensor.F32 && (x.Rank() == 3 || x.Rank() == 4) && w.Static() && w.Len() > 0
}

// conv2D adds a convolution by Conv2D or DepthwiseConv2D, if it can.
func (n *node) conv2D(plain op.Conv) (graph.Value, error) {
	types := make([]tensor.View, len(n.in))
	for i := range n.in {
		types[i] = n.view(i)
	}
	if _, err := plain.Infer(types[:min(len(types), 3)]); err != nil {
		return 0, err
	}
	if !n.onPlanes() {
		return n.one(new(plain), n.in[:min(len(n.in), 3)]...)
	}
	p, w, rank := planarOf(plain.Spatial), n.typ(1).Shape, n.typ(0).Rank()
	perm, to := []int{0, 2, 3, 1}, op.Epilogue{To: op.To{DType: tensor.F32}, Fused: true}
	var o graph.Op = &op.Conv2D{Stride: p.stride, Dilation: p.dilation, Padding: p.padding, Epilogue: to}
	if plain.Groups > 1 && w[1] == 1 && n.typ(0).Shape[1] == plain.Groups {
		perm = []int{1, 2, 3, 0}
		o = &op.DepthwiseConv2D{Stride: p.stride, Dilation: p.dilation, Padding: p.padding, Epilogue: to}
	}
	x, err := n.toNHWC(n.in[0])
	if err != nil {
		return 0, err
	}
	filters, err := n.raised(n.in[1])
	if err != nil {
		return 0, err
	}
	if filters, err = n.transposed(filters, perm...); err != nil {
		return 0, err
	}
	v, err := n.one(o, append([]graph.Value{x, filters}, n.in[2:min(len(n.in), 3)]...)...)
	if err != nil {
		return 0, err
	}
	return n.fromNHWC(v, rank)
}

// convTransposeRow adds a transposed convolution.
func convTransposeRow(n *node) (graph.Op, error) {
	if len(n.in) < 2 {
		return nil, errorf("%d inputs, want an image and filters", len(n.in))
	}
	narrow, err := n.widened(0, 1, 2)
	if err != nil {
		return nil, err
	}
	o := op.ConvTranspose{}
	if o.Spatial, err = n.spatial(); err != nil {
		return nil, err
	}
	if o.Groups, err = n.int("group", 1); err != nil {
		return nil, err
	}
	if o.Extra, err = n.ints("output_padding"); err != nil {
		return nil, err
	}
	if o.Size, err = n.ints("output_shape"); err != nil {
		return nil, err
	}
	if rank := n.spatialRank(); len(o.Size) == rank+2 {
		o.Size = o.Size[2:]
	}
	if err := n.checkKernel(n.typ(1).Shape); err != nil {
		return nil, err
	}
	v, err := n.transposeConv(o)
	if err != nil {
		return nil, err
	}
	if v, err = narrow(v); err != nil {
		return nil, err
	}
	return nil, n.define(v)
}

// transposeConv adds a transposed convolution by TransposeConv, if it can.
func (n *node) transposeConv(o op.ConvTranspose) (graph.Value, error) {
	in := make([]tensor.View, len(n.in))
	for i := range n.in {
		in[i] = n.view(i)
	}
	if _, err := o.Infer(in); err != nil {
		return 0, err
	}
	x, w := n.typ(0).Shape, n.typ(1).Shape
	size, before, after, err := o.Output(x[2:], w[2:])
	if err != nil {
		return 0, err
	}
	known := !slices.Contains(size, tensor.Dynamic) && slices.Min(before) >= 0 && slices.Min(after) >= 0
	if !n.onPlanes() || !known || slices.Contains(x, 0) {
		return n.one(new(o), n.in...)
	}
	s := o.Spatial
	s.Mode, s.Before, s.After = op.PadExplicit, before, after
	p := planarOf(s)
	extra := make([]int, len(size))
	for i, d := range size { // what explicit padding leaves
		stride, dilation := 1, 1
		if s.Stride != nil {
			stride = s.Stride[i]
		}
		if s.Dilation != nil {
			dilation = s.Dilation[i]
		}
		extra[i] = d - ((x[i+2]-1)*stride + (w[i+2]-1)*dilation + 1 - before[i] - after[i])
		if extra[i] < 0 {
			return n.one(new(o), n.in...)
		}
	}
	t := &op.TransposeConv{Stride: p.stride, Dilation: p.dilation, Extra: pairOf(extra, 0), Padding: p.padding, Epilogue: op.Epilogue{To: op.To{DType: tensor.F32}, Fused: true}}
	image, err := n.toNHWC(n.in[0])
	if err != nil {
		return 0, err
	}
	filters, err := n.spreadFilters(o.Groups)
	if err != nil {
		return 0, err
	}
	v, err := n.one(t, append([]graph.Value{image, filters}, n.in[2:]...)...)
	if err != nil {
		return 0, err
	}
	return n.fromNHWC(v, len(x))
}

// spreadFilters turns filters [c oc/g kh kw] into [oc kh kw c/g].
func (n *node) spreadFilters(groups int) (graph.Value, error) {
	v, err := n.raised(n.in[1])
	if err != nil {
		return 0, err
	}
	w := n.b.Type(v).Shape
	if groups == 1 {
		return n.transposed(v, 1, 2, 3, 0)
	}
	if v, err = n.one(&op.Reshape{Shape: []int{groups, w[0] / groups, w[1], w[2], w[3]}}, v); err != nil {
		return 0, err
	}
	if v, err = n.transposed(v, 0, 2, 3, 4, 1); err != nil {
		return 0, err
	}
	return n.one(&op.Reshape{Shape: []int{groups * w[1], w[2], w[3], w[0] / groups}}, v)
}
