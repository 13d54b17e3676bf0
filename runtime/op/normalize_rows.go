package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// normRows is a LayerNormalization of float32, in float32: of count rows of n.
type normRows struct {
	LayerNormalization
	count, n int
	// Whether scale and bias are a row. Others are multiplied and added after.
	rowScale, rowBias bool
}

func newNormRows(o LayerNormalization, axis int, in []tensor.View) normRows {
	r := normRows{LayerNormalization: o, n: product(in[0].Shape[axis:])}
	if r.n > 0 {
		r.count = product(in[0].Shape[:axis])
	}
	isRow := func(i int) bool {
		if i >= len(in) || in[i].Absent() {
			return true
		}
		s := in[i].Shape
		before := max(len(s)-len(in[0].Shape)+axis, 0) // dimensions of more than a row
		return product(s[:before]) == 1 && product(s) == r.n
	}
	// A bias is added after the product with the scale.
	r.rowScale = isRow(1)
	r.rowBias = r.rowScale && isRow(2)
	return r
}

// normMath is what a normRows needs: kernels or their definitions.
type normMath interface {
	reduce(f kernels.ReduceFn, x []float32, c float32) float32
	norm(y, x []float32, mean, factor float32, scale, bias []float32)
}

type kernelNorm struct{ *kernels.Set }

func (k kernelNorm) reduce(f kernels.ReduceFn, x []float32, c float32) float32 {
	return k.ReduceF32(f, x, c)
}

func (k kernelNorm) norm(y, x []float32, mean, factor float32, scale, bias []float32) {
	k.NormF32(y, x, mean, factor, scale, bias)
}

type plainNorm struct{}

func (plainNorm) reduce(f kernels.ReduceFn, x []float32, c float32) float32 {
	if f == kernels.ReduceSum {
		return sumLanes(x)
	}
	var s [kernels.Lanes]float32
	for i, v := range x {
		s[i%kernels.Lanes] += float32((v - c) * (v - c))
	}
	return kernels.Fold(&s)
}

func (plainNorm) norm(y, x []float32, mean, factor float32, scale, bias []float32) {
	for i, v := range x[:len(y)] {
		v = float32((v - mean) * factor)
		if scale != nil {
			v = float32(v * scale[i])
		}
		if bias != nil {
			v += bias[i]
		}
		y[i] = v
	}
}

// run normalises rows lo to hi.
func (r *normRows) run(by normMath, in, out []tensor.View, lo, hi int) {
	x, y := in[0].F32(), out[0].F32()
	var scale, bias []float32
	if r.rowScale {
		scale = floatsOf[float32](in, 1)
	}
	if r.rowBias {
		bias = floatsOf[float32](in, 2)
	}
	for i := lo; i < hi; i++ {
		row := x[i*r.n : (i+1)*r.n]
		mean, factor := r.moments(by, row)
		by.norm(y[i*r.n:(i+1)*r.n], row, mean, factor, scale, bias)
		if r.Stats != tensor.None {
			normSet(&out[1], i, float64(mean))
			normSet(&out[2], i, float64(factor))
		}
	}
	if !r.rowScale {
		r.after(in, y, lo*r.n, hi*r.n, 1, func(i int, v float32) { y[i] *= v })
	}
	if !r.rowBias {
		r.after(in, y, lo*r.n, hi*r.n, 2, func(i int, v float32) { y[i] += v })
	}
}

// moments returns the mean, 0 for RMS, and the factor.
func (r *normRows) moments(by normMath, x []float32) (mean, factor float32) {
	if !r.RMS {
		mean = by.reduce(kernels.ReduceSum, x, 0) / float32(r.n)
	}
	variance := by.reduce(kernels.ReduceSquares, x, mean) / float32(r.n)
	if r.Outside {
		return mean, 1 / (sqrt32(variance) + r.Epsilon)
	}
	return mean, 1 / sqrt32(variance+r.Epsilon)
}

// after calls do for elements lo to hi of y, with those of input j that lie under
// them, if it is there.
func (r *normRows) after(in []tensor.View, y []float32, lo, hi, j int, do func(i int, v float32)) {
	if j >= len(in) || in[j].Absent() {
		return
	}
	v := in[j].F32()
	for i := lo; i < hi; i++ {
		do(i, v[under(in[j].Shape, in[0].Shape, i)])
	}
}

// normWork is what a normalised element takes, as inShares has it.
const normWork = 4

// Prepare uses kernels for float32.
func (o *LayerNormalization) Prepare(p *Prep) (Prepared, error) {
	axis, err := o.axis(p.In[0].Rank())
	if err != nil || p.In[0].DType != tensor.F32 {
		return byRef(o)
	}
	r, k := newNormRows(*o, axis, p.views()), kernelNorm{p.Kernels}
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		return inShares(m, r.count, 1, normWork*r.n, func(lo, hi int) { r.run(k, m.In, m.Out, lo, hi) }), nil
	}}, nil
}
