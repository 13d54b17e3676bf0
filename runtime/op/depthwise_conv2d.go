package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// DepthwiseConv2D filters each channel by itself. Input 0 is [n h w c]; input 1,
// the filters, [1 kh kw oc]; input 2, the bias, [oc] or left out. oc is a
// multiple of c: output o reads channel o/(oc/c). The output is [n oh ow oc].
type DepthwiseConv2D struct {
	Stride, Dilation [2]int // height, width
	Padding          Padding
	Epilogue
}

// Infer checks shapes, types and quantisation.
func (o *DepthwiseConv2D) Infer(in []tensor.View) ([]tensor.Type, error) {
	f, _, err := o.filter(in)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{o.To.Type(f.outShape()...)}, nil
}

func (o *DepthwiseConv2D) filter(in []tensor.View) (f filter, s scheme, err error) {
	if err := wantFilterShapes(in, 4); err != nil {
		return f, s, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return f, s, err
	}
	k := in[1].Shape
	f.kh, f.kw, f.oc, f.kc = k[1], k[2], k[3], 1
	f.wo, f.wt, f.wi = 1, f.oc, 0
	if err := f.window(in[0].Shape, o.Stride, o.Dilation, o.Padding); err != nil {
		return f, s, err
	}
	f.groups = 1
	if f.c != tensor.Dynamic {
		if f.c < 1 || f.oc%f.c != 0 || k[0] != 1 {
			return f, s, errorf("image %v and filters %v do not agree on channels", in[0].Shape, k)
		}
		f.groups = f.c
	}
	s, err = o.infer(in, &f)
	if err == nil && s == schemeS16Sum32 && input(in, 2).DType != tensor.None {
		err = Unsupported("int32 bias of int16 depthwise convolution")
	}
	if s == schemeS16Sum32 {
		s = schemeS16
	}
	return f, s, err
}

// Ref convolves.
func (o *DepthwiseConv2D) Ref(in, out []tensor.View) error {
	f, s, err := o.filter(in)
	if err != nil {
		return err
	}
	return f.ref(s, &o.Epilogue, s == schemeU8, in, &out[0])
}

// Prepare packs constant filters.
func (o *DepthwiseConv2D) Prepare(p *Prep) (Prepared, error) {
	f, s, err := o.filter(p.views())
	if err != nil {
		return Prepared{}, err
	}
	return f.prepare(p, s, &o.Epilogue, s == schemeU8)
}

// Fuse takes over a following clamp of float32.
func (o *DepthwiseConv2D) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	e, ok := o.fused(next, out)
	if !ok {
		return nil
	}
	o.Epilogue = e
	return o
}

// MACs counts padding too.
func (o *DepthwiseConv2D) MACs(in, out []tensor.Type) int64 { return filterMACs(out[0], in[1], 3) }
