package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Conv2DGradInput computes the gradient of Conv2D or DepthwiseConv2D with respect
// to the image, of shape Shape. Input 0 is that with respect to the output, [n oh
// ow oc]; input 1, the filters. All are float32.
//
// It is a transposed convolution whose filters have their outputs and channels
// exchanged: each element is one chain of fused products over the outputs that
// the pixel takes part in, in row order, and over their channels.
type Conv2DGradInput struct {
	Shape []int
	slide
}

// Infer returns the image's type.
func (o *Conv2DGradInput) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	f, err := o.wantSlide(o.Shape, in, 1)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(in[0].Shape, f.outShape()) {
		return nil, errorf("gradient of shape %v, want %v", in[0].Shape, f.outShape())
	}
	return []tensor.Type{in[0].WithShape(slices.Clone(o.Shape)...)}, nil
}

// wantSlide checks that inputs are static and float32, and returns the forward
// filter of an image with input i.
func (s slide) wantSlide(image []int, in []tensor.View, i int) (f filter, err error) {
	for j := range in {
		if err := wantType(in, j, tensor.F32); err != nil {
			return f, err
		}
		if !in[j].Static() {
			return f, Undecided("a gradient of shape %v", in[j].Shape)
		}
	}
	if err := wantStatic(image, in[i].Shape); err != nil {
		return f, err
	}
	return s.forward(image, in[i].Shape)
}

// wantStatic checks that shapes which attributes give are of rank 4 and known.
func wantStatic(shapes ...[]int) error {
	for _, s := range shapes {
		if len(s) != 4 || slices.Min(s) < 0 {
			return errorf("shape %v, want four known dimensions", s)
		}
		if err := tensor.Of(tensor.F32, s...).Check(); err != nil {
			return err
		}
	}
	return nil
}

// filter returns the transposed convolution: its outputs are the image's channels.
func (o *Conv2DGradInput) filter(filters []int) (filter, error) {
	w, err := o.forward(o.Shape, filters)
	if err != nil {
		return w, err
	}
	taps := w.kh * w.kw
	f := w
	f.h, f.w, f.c, f.oh, f.ow, f.oc = w.oh, w.ow, w.oc, w.h, w.w, w.c
	f.kc = w.oc / w.groups
	if o.Depthwise {
		f.wo, f.wt, f.wi = f.kc, w.oc, 1
		return f, nil
	}
	f.wo, f.wt, f.wi = 1, w.kc, taps*w.kc
	f.wg = (f.kc*taps - 1) * w.kc
	return f, nil
}

// gradientEpilogue is that of sums which are gradients.
func gradientEpilogue() Epilogue { return Epilogue{To: To{DType: tensor.F32}, Fused: true} }

// Ref spreads the gradients.
func (o *Conv2DGradInput) Ref(in, out []tensor.View) error {
	f, err := o.filter(in[1].Shape)
	if err != nil {
		return err
	}
	e := gradientEpilogue()
	f.spread(schemeF32, &e, in, &out[0])
	return nil
}

// Prepare takes the operator apart into convolutions, one for each phase.
func (o *Conv2DGradInput) Prepare(p *Prep) (Prepared, error) {
	f, err := o.filter(p.In[1].Shape)
	if err != nil {
		return Prepared{}, err
	}
	e := gradientEpilogue()
	return f.prepareSpread(p, schemeF32, &e)
}

// MACs is that of the convolution.
func (o *Conv2DGradInput) MACs(in, out []tensor.Type) int64 {
	return filterMACs(in[0], in[1], o.outputAxis())
}

// outputAxis is the axis of filters that has an index for each output.
func (s slide) outputAxis() int {
	if s.Depthwise {
		return 3
	}
	return 0
}
