package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// nnReal is an element that ONNX's plain operators compute with.
type nnReal interface{ float32 | float64 }

// Conv slides filters over images of any number of spatial axes, float32 or
// float64. Input 0 is [n c d1 d2 …]; input 1, the filters, [oc c/Groups k1 k2
// …]; input 2, the bias, [oc] or left out. It serves where Conv2D can't.
type Conv struct {
	Groups int
	Spatial
}

// Infer returns [n oc o1 o2 …].
func (o *Conv) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantConvInputs(in, o.Groups); err != nil {
		return nil, err
	}
	x, w := in[0].Shape, in[1].Shape
	if x[1] != tensor.Dynamic && (x[1]%o.Groups != 0 || w[1] != tensor.Dynamic && w[1] != x[1]/o.Groups) {
		return nil, errorf("image %v and filters %v in %d groups do not agree on channels", x, w, o.Groups)
	}
	if w[0] != tensor.Dynamic && w[0]%o.Groups != 0 {
		return nil, errorf("filters %v are not a multiple of %d groups", w, o.Groups)
	}
	if err := wantConvBias(in, w[0]); err != nil {
		return nil, err
	}
	if slices.Contains(w[2:], tensor.Dynamic) {
		shape := dynamicShape(len(x))
		shape[0], shape[1] = x[0], w[0]
		return []tensor.Type{in[0].WithShape(shape...)}, o.check(len(x) - 2)
	}
	a, err := o.axes(x[2:], w[2:])
	if err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].WithShape(a.shape(x[0], w[0])...)}, nil
}

// wantConvInputs checks types and ranks of a convolution's image and filters.
func wantConvInputs(in []tensor.View, groups int) error {
	if err := wantInputs(in, 2, 3); err != nil {
		return err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return err
	}
	if err := wantSame(in, 0, 1); err != nil {
		return err
	}
	if in[0].Rank() < 3 || in[0].Rank() > maxRank || in[1].Rank() != in[0].Rank() {
		return errorf("image %v and filters %v: want the same rank, of 3 to %d", in[0].Shape, in[1].Shape, maxRank)
	}
	if groups < 1 {
		return errorf("%d groups, want at least 1", groups)
	}
	return nil
}

// wantConvBias checks that the bias, if there is one, has oc elements.
func wantConvBias(in []tensor.View, oc int) error {
	b := input(in, 2)
	if b.Absent() {
		return nil
	}
	if err := wantSame(in, 0, 2); err != nil {
		return err
	}
	if b.Rank() != 1 || oc != tensor.Dynamic && b.Shape[0] != oc && b.Shape[0] != tensor.Dynamic {
		return errorf("bias has shape %v, want [%d]", b.Shape, oc)
	}
	return nil
}

// Ref convolves.
func (o *Conv) Ref(in, out []tensor.View) error {
	a, err := o.axes(in[0].Shape[2:], in[1].Shape[2:])
	if err != nil {
		return err
	}
	if in[0].DType == tensor.F32 {
		convPlain(&a, o.Groups, in, in[0].F32(), in[1].F32(), biasOf(in, (*tensor.View).F32), out[0].F32())
	} else {
		convPlain(&a, o.Groups, in, in[0].F64(), in[1].F64(), biasOf(in, (*tensor.View).F64), out[0].F64())
	}
	return nil
}

// biasOf returns input 2's elements, nil if it is left out.
func biasOf[T nnReal](in []tensor.View, elements func(*tensor.View) []T) []T {
	if len(in) > 2 && !in[2].Absent() {
		return elements(&in[2])
	}
	return nil
}

// convPlain adds up the products tap by tap, a row of outputs at a time.
func convPlain[T nnReal](a *spatialAxes, groups int, in []tensor.View, x, w, bias, y []T) {
	n, c, oc, kc := in[0].Shape[0], in[0].Shape[1], in[1].Shape[0], in[1].Shape[1]
	pixels, outs, taps := a.counts()
	stride := a.ax[a.rank-1].stride
	for i := range n * oc {
		b, o := i/oc, i%oc
		dst := y[i*outs : (i+1)*outs]
		start := T(0)
		if bias != nil {
			start = bias[o]
		}
		for j := range dst {
			dst[j] = start
		}
		for k := range kc {
			src := x[(b*c+o/(oc/groups)*kc+k)*pixels:][:pixels]
			for t := range taps {
				v := w[(o*kc+k)*taps+t]
				a.rows(t, func(out, in, count int) {
					for j := range dst[out : out+count] {
						dst[out+j] += T(v * src[in+j*stride])
					}
				})
			}
		}
	}
}

// MACs counts padding too.
func (*Conv) MACs(in, out []tensor.Type) int64 { return filterMACs(out[0], in[1], 0) }
