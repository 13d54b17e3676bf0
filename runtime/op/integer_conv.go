package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// IntegerConv is ONNX's ConvInteger and QLinearConv: it slides filters of 8-bit
// integers over an image of them. Its inputs are those of isX and so on: the
// image [n h w c] and the filters [oc kh kw kc]. DType is that of the output,
// [n oh ow oc]: int32 for plain sums.
type IntegerConv struct {
	Stride, Dilation [2]int // height, width
	Padding          Padding
	DType            tensor.DType
	Saturation
}

// Infer checks shapes and parameters.
func (o *IntegerConv) Infer(in []tensor.View) ([]tensor.Type, error) {
	j, err := o.job(in)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(o.DType, j.outShape()...)}, nil
}

func (o *IntegerConv) job(in []tensor.View) (j *integerJob, err error) {
	if len(in) < 2 {
		return nil, errorf("%d inputs, want an image and filters", len(in))
	}
	if err := wantFilterShapes(in[:2], 4); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return nil, err
	}
	if err := o.Saturation.check(o.DType); err != nil {
		return nil, err
	}
	j = &integerJob{count: 1, pair: onlyMatrix, Saturation: o.Saturation}
	f, k := &j.filter, in[isW].Shape
	f.oc, f.kh, f.kw, f.kc = k[0], k[1], k[2], k[3]
	f.wo, f.wt, f.wi, f.groups = f.kh*f.kw*f.kc, f.kc, 1, 1
	if err := f.window(in[isX].Shape, o.Stride, o.Dilation, o.Padding); err != nil {
		return nil, err
	}
	if f.c != tensor.Dynamic {
		if f.c < 1 || f.c%f.kc != 0 || f.oc%(f.c/f.kc) != 0 {
			return nil, errorf("image %v and filters %v do not agree on channels", in[isX].Shape, k)
		}
		f.groups = f.c / f.kc
	}
	j.form, err = integerOf(in, o.DType, [2]int{1, 1}, [2]int{f.oc, f.oc})
	return j, err
}

func onlyMatrix(int) (x, w int) { return 0, 0 }

// Ref convolves.
func (o *IntegerConv) Ref(in, out []tensor.View) error {
	j, err := o.job(in)
	if err != nil {
		return err
	}
	j.ref(in, &out[0])
	return nil
}

// Prepare packs constant filters.
func (o *IntegerConv) Prepare(p *Prep) (Prepared, error) {
	j, err := o.job(p.views())
	if err != nil {
		return Prepared{}, err
	}
	return j.prepare(p)
}

// MACs counts padding too.
func (o *IntegerConv) MACs(in, out []tensor.Type) int64 { return filterMACs(out[0], in[isW], 0) }
