package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// slide is what a convolution and its gradients have in common: how filters
// slide over an image.
type slide struct {
	Stride, Dilation [2]int // height, width
	Padding          Padding
	// Depthwise says that filters are [1 kh kw oc], one for each output, as those
	// of DepthwiseConv2D; else they are [oc kh kw kc].
	Depthwise bool
}

// forward returns the convolution of an image with filters, types of float32 that
// are known.
func (s slide) forward(image, filters []int) (f filter, err error) {
	in := []tensor.View{{Type: tensor.Of(tensor.F32, image...)}, {Type: tensor.Of(tensor.F32, filters...)}}
	e := Epilogue{To: To{DType: tensor.F32}, Fused: true}
	if s.Depthwise {
		f, _, err = (&DepthwiseConv2D{Stride: s.Stride, Dilation: s.Dilation, Padding: s.Padding, Epilogue: e}).filter(in)
	} else {
		f, _, err = (&Conv2D{Stride: s.Stride, Dilation: s.Dilation, Padding: s.Padding, Epilogue: e}).filter(in)
	}
	return f, err
}

// gradient adds the gradients of a convolution n, whose inputs are an image,
// filters and perhaps a bias.
func (s slide) gradient(b *graph.Builder, n *graph.Node, e *Epilogue, dy graph.Value, want []bool) ([]graph.Value, error) {
	ds, label := noGrads(n), n.Label+"/grad"
	if !e.Fused || e.DType != tensor.F32 || b.Type(n.In[1]).DType != tensor.F32 {
		return nil, Unsupported("training through %s that is not of float32 with fused products", graph.Name(n.Op))
	}
	dy = e.Bounds.grad(b, n, dy)
	if want[0] {
		ds[0] = b.Add(label+"/input", &Conv2DGradInput{Shape: slices.Clone(b.Type(n.In[0]).Shape), slide: s}, dy, n.In[1])
	}
	if want[1] {
		ds[1] = b.Add(label+"/filter", &Conv2DGradFilter{Shape: slices.Clone(b.Type(n.In[1]).Shape), slide: s}, n.In[0], dy)
	}
	if len(want) > 2 && want[2] {
		ds[2] = biasGradient(b, label, dy, n.In[2])
	}
	return ds, nil
}

// biasGradient adds the sum of dy over all axes but the last: the gradient of a bias.
func biasGradient(b *graph.Builder, label string, dy, bias graph.Value) graph.Value {
	axes := make([]int, b.Type(dy).Rank()-1)
	for i := range axes {
		axes[i] = i
	}
	d := b.Add(label+"/bias", &Reduce{Kind: ReduceSum, Axes: axes}, dy)
	if shape := b.Type(bias).Shape; len(shape) != 1 {
		d = b.Add(label+"/bias", &Reshape{Shape: slices.Clone(shape)}, d)
	}
	return d
}

// Grad adds Conv2DGradInput and Conv2DGradFilter, and sums for the bias.
func (o *Conv2D) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	if o.Planar || o.Planes {
		return nil, Unsupported("training through %s on planes", graph.Name(o))
	}
	return slide{Stride: o.Stride, Dilation: o.Dilation, Padding: o.Padding}.gradient(b, n, &o.Epilogue, dy[0], want)
}

// Grad adds Conv2DGradInput and Conv2DGradFilter, and sums for the bias.
func (o *DepthwiseConv2D) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return slide{Stride: o.Stride, Dilation: o.Dilation, Padding: o.Padding, Depthwise: true}.gradient(b, n, &o.Epilogue, dy[0], want)
}
