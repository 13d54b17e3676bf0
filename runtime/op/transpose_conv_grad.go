package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TransposeConvGradInput computes the gradient of TransposeConv, of one group, with
// respect to its image, of shape Shape: a convolution of input 0, the gradient
// with respect to the output, whose filters, input 1, have their outputs and
// channels exchanged. All are float32. Padding is explicit; Top and Left count.
type TransposeConvGradInput struct {
	Shape []int
	slide
}

// Infer returns the image's type.
func (o *TransposeConvGradInput) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
		if !in[i].Static() {
			return nil, Undecided("a gradient of shape %v", in[i].Shape)
		}
	}
	if err := wantStatic(o.Shape, in[0].Shape, in[1].Shape); err != nil {
		return nil, err
	}
	d, w := in[0].Shape, in[1].Shape
	if d[0] != o.Shape[0] || d[3] != w[0] || w[3] != o.Shape[3] {
		return nil, errorf("gradient %v, filters %v and image %v do not agree", d, w, o.Shape)
	}
	if _, err := o.filter(d, w); err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].WithShape(slices.Clone(o.Shape)...)}, nil
}

// filter returns the convolution of gradients of shape d with filters of shape w.
func (o *TransposeConvGradInput) filter(d, w []int) (f filter, err error) {
	f = filter{kh: w[1], kw: w[2], kc: w[0], oc: w[3], groups: 1}
	f.wo, f.wt, f.wi = 1, w[3], w[1]*w[2]*w[3]
	err = f.window(d, o.Stride, o.Dilation, o.Padding)
	f.oh, f.ow = o.Shape[1], o.Shape[2]
	return f, err
}

// Ref convolves.
func (o *TransposeConvGradInput) Ref(in, out []tensor.View) error {
	f, err := o.filter(in[0].Shape, in[1].Shape)
	if err != nil {
		return err
	}
	e := gradientEpilogue()
	return f.ref(schemeF32, &e, false, in, &out[0])
}

// Prepare prepares the convolution.
func (o *TransposeConvGradInput) Prepare(p *Prep) (Prepared, error) {
	f, err := o.filter(p.In[0].Shape, p.In[1].Shape)
	if err != nil {
		return Prepared{}, err
	}
	e := gradientEpilogue()
	return f.prepare(p, schemeF32, &e, false)
}

// MACs counts padding too.
func (o *TransposeConvGradInput) MACs(in, out []tensor.Type) int64 {
	return filterMACs(out[0], in[1], 3)
}

// Grad adds TransposeConvGradInput, Conv2DGradFilter of the exchanged image and
// gradient, and sums for the bias.
func (o *TransposeConv) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	views := make([]tensor.View, len(n.In))
	for i, v := range n.In {
		if v != graph.None {
			views[i] = b.View(v)
		}
	}
	f, s, err := o.filter(views)
	y := b.Type(n.Out[0])
	switch {
	case err != nil:
		return nil, err
	case s != schemeF32 || !o.Fused:
		return nil, Unsupported("training through TransposeConv that is not of float32 with fused products")
	case f.groups != 1 || !y.Static() || !views[0].Static():
		return nil, Unsupported("training through TransposeConv of %d groups, of an image %v", f.groups, views[0].Shape)
	}
	d := o.Bounds.grad(b, n, dy[0])
	ds, sl := noGrads(n), slide{Stride: o.Stride, Dilation: o.Dilation}
	// the padding after, with which a convolution of the output has the image's size
	after := func(n, k, stride, dilation, out, before int) int {
		return max((n-1)*stride+(k-1)*dilation+1-out-before, 0)
	}
	sl.Padding = Padding{Top: f.top, Left: f.left, Bottom: after(f.h, f.kh, f.sh, f.dh, f.oh, f.top), Right: after(f.w, f.kw, f.sw, f.dw, f.ow, f.left)}
	if want[0] {
		ds[0] = b.Add(gradLabel(n, 0), &TransposeConvGradInput{slices.Clone(views[0].Shape), sl}, d, n.In[1])
	}
	if want[1] {
		turned := b.Add(gradLabel(n, 1)+"/turned", &Conv2DGradFilter{[]int{f.kc, f.kh, f.kw, f.oc}, sl}, d, n.In[0])
		ds[1] = b.Add(gradLabel(n, 1), &Transpose{Perm: []int{3, 1, 2, 0}}, turned)
	}
	if len(want) > 2 && want[2] {
		ds[2] = biasGradient(b, n.Label+"/grad", d, n.In[2])
	}
	return ds, nil
}
