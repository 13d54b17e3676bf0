package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// GlobalPoolGrad computes the gradient of GlobalPool of float32, of averages or
// maxima: that of a maximum goes to the first element that is one. Inputs are the
// image, the pool's output and the gradient with respect to it.
type GlobalPoolGrad struct{ Kind GlobalKind }

// Infer returns the image's type.
func (o *GlobalPoolGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	if o.Kind > GlobalMax {
		return nil, Unsupported("gradient of %s", (&GlobalPool{Kind: o.Kind}).Name())
	}
	out, err := (&GlobalPool{Kind: o.Kind}).Infer(in[:1])
	if err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
		if i > 0 && !sameShape(in[i].Shape, out[0].Shape) {
			return nil, Unsupported("gradient of shape %v for an output %v", in[i].Shape, out[0].Shape)
		}
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref computes channel after channel.
func (o *GlobalPoolGrad) Ref(in, out []tensor.View) error {
	o.channels(in, out, 0, len(in[1].F32()))
	return nil
}

// channels computes channels [lo, hi) of all images.
func (o *GlobalPoolGrad) channels(in, out []tensor.View, lo, hi int) {
	x, y, dy, dx := in[0].F32(), in[1].F32(), in[2].F32(), out[0].F32()
	pixels := product(in[0].Shape[2:])
	for i := lo; i < hi; i++ {
		to := dx[i*pixels : (i+1)*pixels]
		if o.Kind == GlobalAverage {
			fillWith(to, dy[i]/float32(max(pixels, 1)))
			continue
		}
		clear(to)
		for j, v := range x[i*pixels : (i+1)*pixels] {
			if v == y[i] {
				to[j] = dy[i]
				break
			}
		}
	}
}

// Prepare shares the channels among workers.
func (o *GlobalPoolGrad) Prepare(p *Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		return inShares(m, m.In[1].Len(), 1, product(m.In[0].Shape[2:]), func(lo, hi int) { o.channels(m.In, m.Out, lo, hi) }), nil
	}}, nil
}

// Grad adds GlobalPoolGrad.
func (o *GlobalPool) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return oneGrad(n, 0, b.Add(gradLabel(n, 0), &GlobalPoolGrad{o.Kind}, n.In[0], n.Out[0], dy[0])), nil
}
