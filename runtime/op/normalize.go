package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// BatchNormalization scales each index along Axis: (x − mean)/√(variance +
// Epsilon)·scale + bias. Input 0 is float32 or float64; inputs 1 to 4 are scale,
// bias, mean and variance, one element for each index.
//
// With Training, mean and variance are those of the input, and outputs 1 and
// 2 are new running ones: old·Momentum + the input's·(1 − Momentum). For float32,
// each is then a chain of sums in the order of the elements, and what is multiplied
// are differences from the mean.
type BatchNormalization struct {
	Axis              int
	Epsilon, Momentum float32
	Training          bool
}

// Infer returns the input's type, and with Training those of mean and variance.
func (o *BatchNormalization) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 5, 5); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	axis, err := axisOf(o.Axis, in[0].Rank())
	if err != nil {
		return nil, err
	}
	c := in[0].Shape[axis]
	for i := 1; i < 5; i++ {
		if err := wantSame(in, 0, i); err != nil {
			return nil, err
		}
		if s := in[i].Shape; len(s) != 1 || s[0] != c && s[0] != tensor.Dynamic && c != tensor.Dynamic {
			return nil, errorf("input %d has shape %v, want one element for each of %d channels", i, s, c)
		}
	}
	out := []tensor.Type{in[0].Type}
	if o.Training {
		out = append(out, in[3].Type, in[4].Type)
	}
	return out, nil
}

// Ref normalises.
func (o *BatchNormalization) Ref(in, out []tensor.View) error {
	axis, err := axisOf(o.Axis, in[0].Rank())
	if err != nil {
		return err
	}
	switch {
	case in[0].DType == tensor.F32 && o.Training:
		batchTrain(*o, axis, in, out)
	case in[0].DType == tensor.F32:
		batchPlain(*o, axis, in, out, (*tensor.View).F32)
	default:
		batchPlain(*o, axis, in, out, (*tensor.View).F64)
	}
	return nil
}

func batchPlain[T nnReal](o BatchNormalization, axis int, in, out []tensor.View, of func(*tensor.View) []T) {
	x, y := of(&in[0]), of(&out[0])
	scale, bias, mean, variance := of(&in[1]), of(&in[2]), of(&in[3]), of(&in[4])
	outer, c, inner := product(in[0].Shape[:axis]), in[0].Shape[axis], product(in[0].Shape[axis+1:])
	for i := range c {
		m, v := float64(mean[i]), float64(variance[i])
		if o.Training {
			m, v = channelMoments(x, outer, c, inner, i)
			p := float64(o.Momentum)
			of(&out[1])[i] = T(float64(float64(mean[i])*p) + float64(m*(1-p)))
			of(&out[2])[i] = T(float64(float64(variance[i])*p) + float64(v*(1-p)))
		}
		factor, add := batchLine(o, scale[i], bias[i], m, v)
		if inner == 1 {
			for at := i; at < len(x); at += c {
				y[at] = T(x[at]*factor) + add
			}
			continue
		}
		for b := range outer {
			at := (b*c + i) * inner
			src, dst := x[at:at+inner], y[at:at+inner]
			for j, v := range src {
				dst[j] = T(v*factor) + add
			}
		}
	}
}

// batchLine returns what y = x·factor + add is for a channel.
func batchLine[T nnReal](o BatchNormalization, scale, bias T, mean, variance float64) (factor, add T) {
	f := float64(scale) / math.Sqrt(variance+float64(o.Epsilon))
	return T(f), T(float64(bias) - float64(mean*f))
}

// channelMoments returns the mean and the variance of channel i.
func channelMoments[T nnReal](x []T, outer, c, inner, i int) (mean, variance float64) {
	n := float64(outer) * float64(inner)
	if n == 0 {
		return 0, 0
	}
	for b := range outer {
		for _, v := range x[(b*c+i)*inner:][:inner] {
			mean += float64(v)
		}
	}
	mean /= n
	for b := range outer {
		for _, v := range x[(b*c+i)*inner:][:inner] {
			d := float64(v) - mean
			variance += float64(d * d)
		}
	}
	return mean, variance / n
}

// Prepare uses kernels for float32 along the last axis.
func (o *BatchNormalization) Prepare(p *Prep) (Prepared, error) {
	x := p.In[0]
	axis, err := axisOf(o.Axis, x.Rank())
	if err != nil || x.DType != tensor.F32 || product(x.Shape[axis+1:]) != 1 {
		return byRef(o)
	}
	r := newChannelRows(p.Kernels, product(x.Shape[:axis]), x.Shape[axis])
	if o.Training {
		return o.prepareTrain(r), nil
	}
	return o.prepareRun(r), nil
}

// InPlace says that the output may replace the input; in training, the input
// is read first for the statistics, and then each element before it is written.
func (*BatchNormalization) InPlace(in, out []tensor.Type) []int { return []int{0} }

// normMoments returns the mean and the variance of x.
func normMoments[T nnReal](x []T) (mean, variance float64) {
	return channelMoments(x, 1, 1, len(x), 0)
}

// LayerNormalization normalises all that lies within the dimensions from Axis
// on together: (x − mean)/√(variance + Epsilon)·scale + bias. Input 0 is float32
// or float64; inputs 1 and 2, scale and bias, either of which may be left out,
// broadcast to it. Outputs 1 and 2, with Stats, are the mean and
// 1/√(variance + Epsilon), with the normalised dimensions as 1.
type LayerNormalization struct {
	Axis    int
	Epsilon float32
	// RMS leaves the mean where it is, and divides by √(mean square + Epsilon).
	RMS bool
	// Outside adds Epsilon to the root, instead of within.
	Outside bool
	Stats   tensor.DType // None: no outputs 1 and 2; else F32 or F64
}

// Name returns "LayerNormalization" or "RMSNormalization".
func (o *LayerNormalization) Name() string {
	if o.RMS {
		return "RMSNormalization"
	}
	return "LayerNormalization"
}

// Infer returns the input's type.
func (o *LayerNormalization) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 3); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	axis, err := o.axis(in[0].Rank())
	if err != nil {
		return nil, err
	}
	for i := 1; i < len(in); i++ {
		if in[i].Absent() {
			continue
		}
		if err := wantSame(in, 0, i); err != nil {
			return nil, err
		}
		if err := normFits(in[i].Shape, in[0].Shape); err != nil {
			return nil, errorf("input %d: %w", i, err)
		}
	}
	out := []tensor.Type{in[0].Type}
	if o.Stats == tensor.None {
		return out, nil
	}
	if o.Stats != tensor.F32 && o.Stats != tensor.F64 {
		return nil, Unsupported("%s as type of mean and deviation", o.Stats)
	}
	shape := append([]int{}, in[0].Shape...)
	for i := axis; i < len(shape); i++ {
		shape[i] = 1
	}
	return append(out, tensor.Of(o.Stats, shape...), tensor.Of(o.Stats, shape...)), nil
}

// axis resolves Axis, which may be the rank: each element is then by itself.
func (o *LayerNormalization) axis(rank int) (int, error) {
	if rank > maxRank {
		return 0, Unsupported("%d dimensions (at most %d are)", rank, maxRank)
	}
	if o.Axis == rank {
		return rank, nil
	}
	return axisOf(o.Axis, rank)
}

// normFits checks that shape broadcasts to that of the input.
func normFits(shape, to []int) error {
	if len(shape) > len(to) {
		return errorf("shape %v does not broadcast to %v", shape, to)
	}
	for i, d := range shape {
		if e := to[len(to)-len(shape)+i]; d != 1 && d != e && d != tensor.Dynamic && e != tensor.Dynamic {
			return errorf("shape %v does not broadcast to %v", shape, to)
		}
	}
	return nil
}

// Ref normalises.
func (o *LayerNormalization) Ref(in, out []tensor.View) error {
	if err := normLate(in); err != nil {
		return err
	}
	axis, err := o.axis(in[0].Rank())
	if err != nil {
		return err
	}
	if in[0].DType == tensor.F32 {
		n := newNormRows(*o, axis, in)
		n.run(plainNorm{}, in, out, 0, n.count)
	} else {
		layerPlain(*o, axis, in, out, (*tensor.View).F64)
	}
	return nil
}

// normLate checks shapes again that may have been Dynamic.
func normLate(in []tensor.View) error {
	for i := 1; i < len(in); i++ {
		if !in[i].Absent() {
			if err := normFits(in[i].Shape, in[0].Shape); err != nil {
				return dataf("input %d: %v", i, err)
			}
		}
	}
	return nil
}

func layerPlain[T nnReal](o LayerNormalization, axis int, in, out []tensor.View, of func(*tensor.View) []T) {
	x, y := of(&in[0]), of(&out[0])
	n := product(in[0].Shape[axis:])
	if len(x) == 0 {
		return
	}
	for i := range len(x) / n {
		src, dst := x[i*n:(i+1)*n], y[i*n:(i+1)*n]
		mean, variance := 0.0, 0.0
		if o.RMS {
			variance = normMeanSquare(src)
		} else {
			mean, variance = normMoments(src)
		}
		inverse := 1 / math.Sqrt(variance+float64(o.Epsilon))
		if o.Outside {
			inverse = 1 / (math.Sqrt(variance) + float64(o.Epsilon))
		}
		for j, v := range src {
			dst[j] = T((float64(v) - mean) * inverse)
		}
		if o.Stats != tensor.None {
			normSet(&out[1], i, mean)
			normSet(&out[2], i, inverse)
		}
	}
	if len(in) > 1 && !in[1].Absent() {
		scale := of(&in[1])
		normEach(in[1].Shape, in[0].Shape, func(i, j int) { y[i] *= scale[j] })
	}
	if len(in) > 2 && !in[2].Absent() {
		bias := of(&in[2])
		normEach(in[2].Shape, in[0].Shape, func(i, j int) { y[i] += bias[j] })
	}
}

func normMeanSquare[T nnReal](x []T) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(float64(v) * float64(v))
	}
	return sum / float64(len(x))
}

// normSet sets an element of a float32 or float64 tensor.
func normSet(v *tensor.View, i int, x float64) {
	if v.DType == tensor.F32 {
		v.F32()[i] = float32(x)
	} else {
		v.F64()[i] = x
	}
}

// normEach calls f for each index i of a tensor of shape to, with the index
// j that it has in one of a shape that broadcasts to it.
func normEach(shape, to []int, f func(i, j int)) {
	var stride, index [maxRank]int
	step := 1
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] != 1 {
			stride[len(to)-len(shape)+i] = step
		}
		step *= shape[i]
	}
	j := 0
	for i := range product(to) {
		f(i, j)
		for k := len(to) - 1; k >= 0; k-- {
			j += stride[k]
			if index[k]++; index[k] < to[k] {
				break
			}
			j -= stride[k] * to[k]
			index[k] = 0
		}
	}
}
