package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// DeformConv is a convolution each of whose taps is moved, in two spatial axes,
// float32 or float64. Inputs: the image [n c h w]; the filters [oc c/Groups kh
// kw]; the offsets [n OffsetGroups·kh·kw·2 oh ow], y before x; the bias [oc], or
// left out; and a factor for each tap [n OffsetGroups·kh·kw oh ow], or left out.
type DeformConv struct {
	Groups, OffsetGroups int
	Spatial
}

// Infer returns [n oc oh ow].
func (o *DeformConv) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 5); err != nil {
		return nil, err
	}
	plain := []tensor.View{in[0], in[1], input(in, 3)}
	t, err := (&Conv{Groups: o.Groups, Spatial: o.Spatial}).Infer(plain)
	if err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return nil, err
	}
	x, w := in[0].Shape, in[1].Shape
	if o.OffsetGroups < 1 || x[1] != tensor.Dynamic && x[1]%o.OffsetGroups != 0 {
		return nil, errorf("%d channels are not a multiple of %d groups of offsets", x[1], o.OffsetGroups)
	}
	taps := tensor.Dynamic
	if w[2] != tensor.Dynamic && w[3] != tensor.Dynamic {
		all := int64(w[2]) * int64(w[3]) * int64(o.OffsetGroups)
		if taps = int(all); all > maxReach {
			return nil, errorf("%d taps are not valid", all)
		}
	}
	for i, per := range map[int]int{2: 2, 4: 1} {
		v := input(in, i)
		if v.Absent() {
			continue
		}
		if err := wantSame(in, 0, i); err != nil {
			return nil, err
		}
		want := []int{x[0], tensor.Dynamic, t[0].Shape[2], t[0].Shape[3]}
		if taps != tensor.Dynamic {
			want[1] = taps * per
		}
		if !deformAgrees(v.Shape, want) {
			return nil, errorf("input %d has shape %v, want %v", i, v.Shape, want)
		}
	}
	return t, nil
}

// deformAgrees reports whether shapes are equal where both are known.
func deformAgrees(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && a[i] != tensor.Dynamic && b[i] != tensor.Dynamic {
			return false
		}
	}
	return true
}

// Ref convolves.
func (o *DeformConv) Ref(in, out []tensor.View) error {
	a, err := o.axes(in[0].Shape[2:], in[1].Shape[2:])
	if err != nil {
		return err
	}
	if in[0].DType == tensor.F32 {
		deformPlain(*o, &a, in, out, deformF32)
	} else {
		deformPlain(*o, &a, in, out, deformF64)
	}
	return nil
}

func deformF32(in []tensor.View, i int) []float32 {
	if i >= len(in) || in[i].Absent() {
		return nil
	}
	return in[i].F32()
}

func deformF64(in []tensor.View, i int) []float64 {
	if i >= len(in) || in[i].Absent() {
		return nil
	}
	return in[i].F64()
}

func deformPlain[T nnReal](o DeformConv, a *spatialAxes, in, out []tensor.View, of func([]tensor.View, int) []T) {
	x, w, offset, bias, mask, y := of(in, 0), of(in, 1), of(in, 2), of(in, 3), of(in, 4), of(out, 0)
	n, c, oc, kc := in[0].Shape[0], in[0].Shape[1], in[1].Shape[0], in[1].Shape[1]
	pixels, outs, taps := a.counts()
	ys, xs := &a.ax[0], &a.ax[1]
	for i := range n * oc * outs {
		b, f, p := i/outs/oc, i/outs%oc, i%outs
		sum := 0.0
		if bias != nil {
			sum = float64(bias[f])
		}
		for k := range kc {
			channel := f/(oc/o.Groups)*kc + k
			group := b*o.OffsetGroups + channel/(c/o.OffsetGroups)
			src := x[(b*c+channel)*pixels:][:pixels]
			for t := range taps {
				at := group*taps + t
				iy := float64(p/xs.out*ys.stride-ys.pad+t/xs.k*ys.dilation) + float64(offset[at*2*outs+p])
				ix := float64(p%xs.out*xs.stride-xs.pad+t%xs.k*xs.dilation) + float64(offset[(at*2+1)*outs+p])
				v := float64(bilinearAt(src, ys.n, xs.n, iy, ix) * float64(w[(f*kc+k)*taps+t]))
				if mask != nil {
					v = float64(v * float64(mask[at*outs+p]))
				}
				sum += v
			}
		}
		y[i] = T(sum)
	}
}

// bilinearAt interpolates between pixels; beyond the image they are 0.
func bilinearAt[T nnReal](src []T, h, w int, y, x float64) float64 {
	if !(y > -1 && y < float64(h) && x > -1 && x < float64(w)) {
		return 0
	}
	y0, x0 := int(y+1)-1, int(x+1)-1 // rounded down
	fy, fx := y-float64(y0), x-float64(x0)
	sum := 0.0
	for i, wy := range [...]float64{1 - fy, fy} {
		for j, wx := range [...]float64{1 - fx, fx} {
			if iy, ix := y0+i, x0+j; iy >= 0 && iy < h && ix >= 0 && ix < w {
				sum += float64(wy * wx * float64(src[iy*w+ix]))
			}
		}
	}
	return sum
}

// MACs counts the four pixels around each tap.
func (*DeformConv) MACs(in, out []tensor.Type) int64 { return 4 * filterMACs(out[0], in[1], 0) }
