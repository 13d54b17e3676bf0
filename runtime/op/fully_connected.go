package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// FullyConnected multiplies rows by a matrix. Input 0 is regrouped into rows of
// k elements; input 1, the weights, is [n k]; input 2, the bias, [n] or left
// out. The output is [rows n] or, with KeepDims, input 0's shape with n in the
// place of its last dimension, which must then be k. If Turned, the weights are
// [k n].
type FullyConnected struct {
	KeepDims, Turned bool
	Epilogue
}

// Infer checks shapes, types and quantisation.
func (o *FullyConnected) Infer(in []tensor.View) ([]tensor.Type, error) {
	f, _, err := o.filter(in)
	if err != nil {
		return nil, err
	}
	if !o.KeepDims {
		return []tensor.Type{o.To.Type(f.n, f.oc)}, nil
	}
	shape := slices.Clone(in[0].Shape)
	shape[len(shape)-1] = f.oc
	return []tensor.Type{o.To.Type(shape...)}, nil
}

// filter returns the layer as a convolution of n images of one pixel.
func (o *FullyConnected) filter(in []tensor.View) (f filter, s scheme, err error) {
	if err := wantFilterShapes(in, 2); err != nil {
		return f, s, err
	}
	f.oc, f.kc = in[1].Shape[0], in[1].Shape[1]
	f.h, f.w, f.c, f.kh, f.kw, f.oh, f.ow, f.groups = 1, 1, f.kc, 1, 1, 1, 1, 1
	f.sh, f.sw, f.dh, f.dw = 1, 1, 1, 1
	f.wo, f.wt, f.wi, f.dense = f.kc, f.kc, 1, true
	if o.Turned {
		f.oc, f.kc = f.kc, f.oc
		f.wo, f.wt, f.wi, f.c = 1, f.oc, f.oc, f.kc
	}
	switch {
	case o.KeepDims && (in[0].Rank() == 0 || in[0].Shape[in[0].Rank()-1] != f.kc && in[0].Shape[in[0].Rank()-1] != tensor.Dynamic):
		return f, s, errorf("input %v has no last dimension of %d, the weights' second", in[0].Shape, f.kc)
	case !in[0].Static():
		f.n = tensor.Dynamic
	case in[0].Len()%f.kc != 0:
		return f, s, errorf("input %v does not divide into rows of %d, the weights' second dimension", in[0].Shape, f.kc)
	default:
		f.n = in[0].Len() / f.kc
	}
	if s, err = o.infer(in, &f); err != nil {
		return f, s, err
	}
	if q := in[1].Quant; s != schemeF32 && s != schemeU8 && slices.ContainsFunc(q.Zero, func(z int32) bool { return z != 0 }) {
		return f, s, errorf("weights %s have a zero point other than 0", in[1].Type)
	}
	return f, s, nil
}

// narrow reports whether scales are multiplied in float32.
func (o *FullyConnected) narrow(w tensor.Type) bool { return !w.Quant.PerChannel() }

// Ref multiplies.
func (o *FullyConnected) Ref(in, out []tensor.View) error {
	f, s, err := o.filter(in)
	if err != nil {
		return err
	}
	return f.ref(s, &o.Epilogue, o.narrow(in[1].Type), in, &out[0])
}

// Prepare packs constant weights; others are read where they lie.
func (o *FullyConnected) Prepare(p *Prep) (Prepared, error) {
	f, s, err := o.filter(p.views())
	if err != nil {
		return Prepared{}, err
	}
	if s == schemeF32 && o.Fused && f.n > 0 && p.computedFilter() {
		return o.prepareStrided(p, &f)
	}
	return f.prepare(p, s, &o.Epilogue, o.narrow(p.In[1]))
}

// Fuse takes over a following clamp of float32.
func (o *FullyConnected) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	e, ok := o.fused(next, out)
	if !ok {
		return nil
	}
	o.Epilogue = e
	return o
}

// TurnWeights takes weights that a transpose to [n k] is spared.
func (o *FullyConnected) TurnWeights(perm []int) graph.Op {
	o = new(*o)
	if o.Turned || !slices.Equal(perm, []int{1, 0}) {
		return nil
	}
	o.Turned = true
	return o
}

// MACs is rows·n·k.
func (o *FullyConnected) MACs(in, out []tensor.Type) int64 {
	if o.Turned {
		return filterMACs(out[0], in[1], 1)
	}
	return filterMACs(out[0], in[1], 0)
}
