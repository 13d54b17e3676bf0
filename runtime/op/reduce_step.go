package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Ref combines element by element in the order of the input. Sums of float32
// along the last axis are made in lanes, run by run.
func (o *Reduce) Ref(in, out []tensor.View) error {
	n, err := o.scratch(in[0].DType, out[0].Type)
	if err != nil {
		return err
	}
	scratch := make([]int64, (n+7)/8)
	step, err := o.bind(in, &out[0], tensor.Bytes(scratch), nil)
	if err != nil {
		return err
	}
	return step()
}

// Prepare asks for the memory of sums that don't fit in the output.
func (o *Reduce) Prepare(p *Prep) (Prepared, error) {
	n, err := o.scratch(p.In[0].DType, p.Out[0])
	return Prepared{Kernel: "go", Scratch: n, Bind: func(m *Mem) (Step, error) {
		if step := o.shared(m, p.Kernels); step != nil {
			return step, nil
		}
		return o.bind(m.In, &m.Out[0], m.Scratch, p.Kernels)
	}}, err
}

// shared returns sharedSums of float32 with known axes.
func (o *Reduce) shared(m *Mem, k *kernels.Set) Step {
	if m.In[0].DType != tensor.F32 || m.Out[0].Rank() == 0 && len(m.In) > 1 {
		return nil
	}
	reduced, known, err := o.axes(m.In)
	if err != nil || !known {
		return nil
	}
	return sharedSums(o.Kind, runsOf(m.In[0].Shape, reduced), m, m.In[0].F32(), m.Out[0].F32(), k)
}

// Work counts the input's elements.
func (o *Reduce) Work(in, out []tensor.Type) int64 { return int64(in[0].Len()) + int64(out[0].Len()) }

// scratch returns the bytes that bind needs.
func (o *Reduce) scratch(d tensor.DType, out tensor.Type) (int, error) {
	size := int64(0)
	switch {
	case quantised(d) && (o.Kind == ReduceMean || o.Kind == ReduceSum):
		size = 4
	case quantised(d) && o.Kind == ReduceProd:
		size = 8
	case d == tensor.I32:
		size = 8
	}
	if n := size * int64(out.Len()); n <= math.MaxInt32 {
		return int(n), nil
	}
	return 0, Unsupported("a reduction to %v", out.Shape)
}

// bind returns the step for x's type. Axes that are not constant are read now:
// the node is late then, and bound when they are known. Only where the output
// is a scalar the node isn't late, but then all axes are combined.
func (o *Reduce) bind(in []tensor.View, y *tensor.View, scratch []byte, k *kernels.Set) (Step, error) {
	if y.Rank() == 0 && len(in) > 1 && !in[1].Absent() && in[0].Rank() > 0 {
		return o.bindScalar(in, y, scratch, k)
	}
	reduced, known, err := o.axes(in)
	if err != nil {
		return nil, err
	}
	if !known {
		panic("BUG: a reduction is bound before its axes are known")
	}
	r := runsOf(in[0].Shape, reduced)
	switch x := &in[0]; x.DType {
	case tensor.F32:
		if step := reduceF32(o.Kind, r, x.F32(), y.F32(), k); step != nil {
			return step, nil
		}
		return o.bindF32(r, x.F32(), y.F32()), nil
	case tensor.I8:
		return bindNarrow(*o, r, x.I8(), y.I8(), x, y, scratch, k)
	case tensor.U8:
		return bindNarrow(*o, r, x.U8(), y.U8(), x, y, scratch, k)
	case tensor.I16:
		return bindNarrow(*o, r, x.I16(), y.I16(), x, y, scratch, k)
	case tensor.I32, tensor.I64:
		return aggregateIntegers(o.Kind, r, x, y, scratch), nil
	default:
		return o.bindBool(r, x.U8(), y.U8()), nil
	}
}

// bindScalar returns a step that combines all elements, after a look at the
// axes: data could name others.
func (o *Reduce) bindScalar(in []tensor.View, y *tensor.View, scratch []byte, k *kernels.Set) (Step, error) {
	o = new(*o)
	axes, rank := in[1], in[0].Rank()
	o.Axes = nil
	step, err := o.bind(in[:1], y, scratch, k)
	return func() error {
		if err := wantAllAxes(&axes, rank); err != nil {
			return err
		}
		return step()
	}, err
}

// wantAllAxes checks that axes name all dimensions.
func wantAllAxes(axes *tensor.View, rank int) error {
	for want := range rank {
		found := false
		for i := range axes.Len() {
			a, err := intAt(axes, i)
			if err == nil {
				a, err = axisOf(a, rank)
			}
			if err != nil {
				return dataf("%v", err)
			}
			found = found || a == want
		}
		if !found {
			return dataf("axis %d is not among those to reduce, but the output is a scalar", want)
		}
	}
	return nil
}

// gather returns a step that sets acc to init and then combines each run of x
// with it: line combines a run with one element, add with one each. done, if
// there, makes the output.
//
//go:noinline
func gather[T, A any](r *runs, x []T, acc []A, init A, line func(a A, x []T) A, add func(acc []A, x []T), done func()) Step {
	return func() error {
		for i := range acc {
			acc[i] = init
		}
		r.each(func(at, to int) {
			if r.combined {
				acc[to] = line(acc[to], x[at:at+r.inner])
			} else {
				add(acc[to:to+r.inner], x[at:at+r.inner])
			}
		})
		if done != nil {
			done()
		}
		return nil
	}
}

func (o *Reduce) bindF32(r *runs, x, y []float32) Step {
	sum := func(a float32, x []float32) float32 { return a + sumLanes(x) }
	switch o.Kind {
	case ReduceMax:
		return gather(r, x, y, -math.MaxFloat32, maxLine[float32], maxEach[float32], nil)
	case ReduceMin:
		return gather(r, x, y, math.MaxFloat32, minLine[float32], minEach[float32], nil)
	case ReduceProd:
		return gather(r, x, y, 1, prodLine[float32], prodEach[float32], nil)
	case ReduceSum:
		return gather(r, x, y, 0, sum, sumEach[float32, float32], nil)
	}
	return gather(r, x, y, 0, sum, sumEach[float32, float32], func() {
		n := float32(max(r.count, 1))
		for i := range y {
			y[i] /= n
		}
	})
}

func (o *Reduce) bindBool(r *runs, x, y []uint8) Step {
	if o.Kind == ReduceAny {
		return gather(r, x, y, 0, func(a uint8, x []uint8) uint8 {
			return min(maxLine(a, x), 1)
		}, func(acc, x []uint8) {
			for i, v := range x {
				acc[i] |= min(v, 1)
			}
		}, nil)
	}
	return gather(r, x, y, 1, func(a uint8, x []uint8) uint8 {
		return minLine(a, x)
	}, func(acc, x []uint8) {
		minEach(acc, x)
	}, nil)
}

// bindNarrow is for quantised elements.
func bindNarrow[T narrowInt](o Reduce, r *runs, x, y []T, in, out *tensor.View, scratch []byte, k *kernels.Set) (Step, error) {
	lo, hi := in.DType.Range()
	switch o.Kind {
	case ReduceMax:
		return gather(r, x, y, T(lo), maxLine[T], maxRowInt[T], nil), nil
	case ReduceMin:
		return gather(r, x, y, T(hi), minLine[T], minRowInt[T], nil), nil
	}
	if r.inner == 0 {
		return func() error { clear(y); return nil }, nil
	}
	zx, zy := in.Quant.Zero[0], out.Quant.Zero[0]
	if o.Kind == ReduceProd {
		return prodStep(r, in, out, tensor.Cast[int64](scratch[:8*len(y)]))
	}
	acc := tensor.Cast[int32](scratch[:4*len(y)])
	m := multiplier(in.Quant.Scale[0], 1, out.Quant.Scale[0])
	if o.Kind == ReduceMean {
		m = meanMultiplier(m, r.count)
	}
	offset := int32(int64(zx) * int64(r.count))
	each := sumEach[T, int32]
	if in.DType == tensor.I8 && k != nil {
		each = func(acc []int32, x []T) { k.SumS8(acc, tensor.Cast[int8](tensor.Bytes(x))) }
	}
	return gather(r, x, acc, 0, sumLine[T, int32], each, func() {
		for i, s := range acc {
			q := m.Apply(s-offset) + zy
			y[i] = T(min(max(q, int32(lo)), int32(hi)))
		}
	}), nil
}

// meanMultiplier returns m/n, cut after as many bits as fit.
func meanMultiplier(m quant.Multiplier, n int) quant.Multiplier {
	shift := 0
	for n>>(shift+1) > 0 {
		shift++
	}
	shift = min(shift, 32, 31+int(m.Shift))
	return quant.Multiplier{M: int32(int64(m.M) << shift / int64(n)), Shift: m.Shift - int8(shift)}
}

// prodStep multiplies quantised elements. To stay within 32 bits it scales
// after each product, by the input's scale over the n-th root of the output's.
func prodStep(r *runs, in, out *tensor.View, acc []int64) (Step, error) {
	lo, hi := in.DType.Range()
	zx, zy := in.Quant.Zero[0], out.Quant.Zero[0]
	root := quant.Pow64(float64(out.Quant.Scale[0]), 1/float64(r.count))
	m := quant.NewMultiplier(float64(in.Quant.Scale[0]) / root)
	if m.Shift > 7 {
		return nil, Unsupported("a product whose input has a scale of %v and whose output %v", in.Quant.Scale[0], out.Quant.Scale[0])
	}
	const nothing = math.MinInt64 // no product yet
	next := func(a, v int64) int64 {
		d := v - int64(zx)
		if a == nothing {
			return d
		}
		return int64(m.Apply64(a * d))
	}
	line := func(a int64, x []int64) int64 {
		for _, v := range x {
			a = next(a, v)
		}
		return a
	}
	each := func(acc, x []int64) {
		for i, v := range x {
			acc[i] = next(acc[i], v)
		}
	}
	step := widened(r, in).gather(acc, nothing, line, each, func(a int64) int64 {
		return min(max(int64(m.Apply64(a)+zy), lo), hi)
	})
	return func() error {
		err := step()
		truncate(out.Data, acc, in.DType)
		return err
	}, nil
}
