package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// MaxPool takes the greatest of the taps inside an image [n c d1 d2 …]. With
// Indices, output 1 says where it found each, as int64: the place in the whole
// input; StorageOrder 1 counts the first spatial axis as the innermost.
type MaxPool struct {
	Window       []int
	Indices      bool
	StorageOrder int
	Spatial
}

// AveragePool averages the taps inside the image or, with CountPad, divides by
// the number of those that fall on its padding as well.
type AveragePool struct {
	Window   []int
	CountPad bool
	Spatial
}

// LpPool computes the P-norm of the taps inside the image.
type LpPool struct {
	Window []int
	P      int
	Spatial
}

// Infer returns [n c o1 o2 …], twice with Indices.
func (o *MaxPool) Infer(in []tensor.View) ([]tensor.Type, error) {
	if o.StorageOrder != 0 && o.StorageOrder != 1 {
		return nil, errorf("storage order %d, want 0 or 1", o.StorageOrder)
	}
	t, err := o.pooled(in, o.Window, tensor.F32, tensor.F64, tensor.I8, tensor.U8)
	if err == nil && o.Indices {
		t = append(t, tensor.Of(tensor.I64, t[0].Shape...))
	}
	return t, err
}

// Infer returns [n c o1 o2 …].
func (o *AveragePool) Infer(in []tensor.View) ([]tensor.Type, error) {
	return o.pooled(in, o.Window, tensor.F32, tensor.F64)
}

// Infer returns [n c o1 o2 …].
func (o *LpPool) Infer(in []tensor.View) ([]tensor.Type, error) {
	if o.P < 1 {
		return nil, errorf("p is %d, want at least 1", o.P)
	}
	return o.pooled(in, o.Window, tensor.F32, tensor.F64)
}

func (s Spatial) pooled(in []tensor.View, window []int, types ...tensor.DType) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, types...); err != nil {
		return nil, err
	}
	x := in[0].Shape
	if len(x) < 3 {
		return nil, errorf("input 0 has shape %v, want rank 3 or more", x)
	}
	a, err := s.axes(x[2:], window)
	if err != nil {
		return nil, err
	}
	return []tensor.Type{in[0].WithShape(a.shape(x[0], x[1])...)}, nil
}

// Ref takes maxima.
func (o *MaxPool) Ref(in, out []tensor.View) error {
	a, err := o.axes(in[0].Shape[2:], o.Window)
	if err != nil {
		return err
	}
	var where []int64
	if o.Indices {
		where = out[1].I64()
	}
	switch in[0].DType {
	case tensor.F32:
		maxPlain(&a, o.StorageOrder, in[0].F32(), out[0].F32(), where, -math.MaxFloat32)
	case tensor.F64:
		maxPlain(&a, o.StorageOrder, in[0].F64(), out[0].F64(), where, -math.MaxFloat64)
	case tensor.I8:
		maxPlain(&a, o.StorageOrder, in[0].I8(), out[0].I8(), where, math.MinInt8)
	case tensor.U8:
		maxPlain(&a, o.StorageOrder, in[0].U8(), out[0].U8(), where, 0)
	}
	return nil
}

func maxPlain[T nnReal | int8 | uint8](a *spatialAxes, order int, x, y []T, where []int64, least T) {
	pixels, outs, _ := a.counts()
	for i := range y {
		w := a.window(i % outs)
		base := i / outs * pixels
		best, at := least, 0
		if !w.empty { // all of it may be no greater than least
			best, at = x[base+w.pixel(0)], w.pixel(order)
		}
		for more := !w.empty; more; more = w.next() {
			if v := x[base+w.pixel(0)]; v > best || v != v {
				if best = v; where != nil {
					at = w.pixel(order)
				}
			}
		}
		if y[i] = best; where != nil {
			where[i] = int64(base) + int64(at)
		}
	}
}

// Ref averages.
func (o *AveragePool) Ref(in, out []tensor.View) error {
	a, err := o.axes(in[0].Shape[2:], o.Window)
	if err != nil {
		return err
	}
	if in[0].DType == tensor.F32 {
		averagePlain(&a, o.CountPad, in[0].F32(), out[0].F32())
		return nil
	}
	averagePlain(&a, o.CountPad, in[0].F64(), out[0].F64())
	return nil
}

func averagePlain[T nnReal](a *spatialAxes, countPad bool, x, y []T) {
	pixels, outs, _ := a.counts()
	for i := range y {
		w := a.window(i % outs)
		n := w.len()
		if countPad {
			n = w.padded
		}
		sum := 0.0
		for more := !w.empty; more; more = w.next() {
			sum += float64(x[i/outs*pixels+w.pixel(0)])
		}
		y[i] = T(sum / float64(max(n, 1)))
	}
}

// Ref computes norms.
func (o *LpPool) Ref(in, out []tensor.View) error {
	a, err := o.axes(in[0].Shape[2:], o.Window)
	if err != nil {
		return err
	}
	if in[0].DType == tensor.F32 {
		lpPlain(&a, o.P, in[0].F32(), out[0].F32())
		return nil
	}
	lpPlain(&a, o.P, in[0].F64(), out[0].F64())
	return nil
}

func lpPlain[T nnReal](a *spatialAxes, p int, x, y []T) {
	pixels, outs, _ := a.counts()
	for i := range y {
		w := a.window(i % outs)
		sum := 0.0
		for more := !w.empty; more; more = w.next() {
			sum += lpTerm(float64(x[i/outs*pixels+w.pixel(0)]), p)
		}
		y[i] = T(lpRoot(sum, p))
	}
}

// lpTerm is |x|^p.
func lpTerm(x float64, p int) float64 {
	switch p {
	case 1:
		return math.Abs(x)
	case 2:
		return float64(x * x)
	}
	return quant.Pow64(math.Abs(x), float64(p))
}

// lpRoot is sum^(1/p).
func lpRoot(sum float64, p int) float64 {
	switch p {
	case 1:
		return sum
	case 2:
		return math.Sqrt(sum)
	}
	return quant.Pow64(sum, 1/float64(p))
}

// Work is the number of taps at most.
func (o *MaxPool) Work(in, out []tensor.Type) int64 { return tapWork(out[0], o.Window) }

// Work is the number of taps at most.
func (o *AveragePool) Work(in, out []tensor.Type) int64 { return tapWork(out[0], o.Window) }

// Work is the number of taps at most.
func (o *LpPool) Work(in, out []tensor.Type) int64 { return tapWork(out[0], o.Window) }

func tapWork(out tensor.Type, window []int) int64 {
	return int64(out.Len()) * int64(product(window))
}
