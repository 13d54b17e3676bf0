package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Conv2D slides filters over an image. Input 0 is [n h w c]; input 1, the
// filters, [oc kh kw kc]; input 2, the bias, [oc] or left out. kc is c or, for a
// convolution in groups, divides it. The output is [n oh ow oc]. If Planar, the
// filters are [oc kc kh kw]. If Planes, the image is [n c h w].
type Conv2D struct {
	Planar, Planes   bool
	Stride, Dilation [2]int // height, width
	Padding          Padding
	Epilogue
}

// Infer checks shapes, types and quantisation.
func (o *Conv2D) Infer(in []tensor.View) ([]tensor.Type, error) {
	f, _, err := o.filter(in)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{o.To.Type(f.outShape()...)}, nil
}

func (o *Conv2D) filter(in []tensor.View) (f filter, s scheme, err error) {
	if err := wantFilterShapes(in, 4); err != nil {
		return f, s, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return f, s, err
	}
	if o.Planes {
		in = imageOfPlanes(in)
	}
	k := in[1].Shape
	f.oc, f.kh, f.kw, f.kc = k[0], k[1], k[2], k[3]
	f.wo, f.wt, f.wi = f.kh*f.kw*f.kc, f.kc, 1
	if o.Planar {
		f.kc, f.kh, f.kw = k[1], k[2], k[3]
		f.wo, f.wt, f.wi = f.kh*f.kw*f.kc, 1, f.kh*f.kw
	}
	if err := f.window(in[0].Shape, o.Stride, o.Dilation, o.Padding); err != nil {
		return f, s, err
	}
	f.groups = 1
	if f.c != tensor.Dynamic {
		if f.c < 1 || f.c%f.kc != 0 || f.oc%(f.c/f.kc) != 0 {
			return f, s, errorf("image %v and filters %v do not agree on channels", in[0].Shape, k)
		}
		f.groups = f.c / f.kc
	}
	s, err = o.infer(in, &f)
	return f, s, err
}

// Ref convolves.
func (o *Conv2D) Ref(in, out []tensor.View) error {
	f, s, err := o.filter(in)
	if err != nil {
		return err
	}
	if o.Planes {
		image := make([]float32, in[0].Len())
		turnPlanes(image, in[0].Shape, in[0].Data, turnX4)
		in = imageOfPlanes(in)
		in[0].Data = tensor.Bytes(image)
	}
	return f.ref(s, &o.Epilogue, s == schemeU8, in, &out[0])
}

// Prepare packs constant filters.
func (o *Conv2D) Prepare(p *Prep) (Prepared, error) {
	if o.Planes {
		return o.preparePlanes(p)
	}
	f, s, err := o.filter(p.views())
	if err != nil {
		return Prepared{}, err
	}
	return f.prepare(p, s, &o.Epilogue, s == schemeU8)
}

// Fuse takes over a following clamp of float32.
func (o *Conv2D) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	e, ok := o.fused(next, out)
	if !ok {
		return nil
	}
	o.Epilogue = e
	return o
}

// TurnWeights takes filters that a transpose to [oc kh kw kc] is spared.
func (o *Conv2D) TurnWeights(perm []int) graph.Op {
	o = new(*o)
	if o.Planar || !slices.Equal(perm, []int{0, 2, 3, 1}) {
		return nil
	}
	o.Planar = true
	return o
}

// MACs counts padding too.
func (o *Conv2D) MACs(in, out []tensor.Type) int64 { return filterMACs(out[0], in[1], 0) }

// filterMACs is the number of outputs times the weights that each reads; axis
// is that of the outputs in the filter.
func filterMACs(out, filter tensor.Type, axis int) int64 {
	if filter.Shape[axis] == 0 {
		return 0
	}
	return int64(out.Len()) * int64(filter.Len()/filter.Shape[axis])
}
