package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Det computes the determinants of matrices [… n n].
type Det struct{}

// Infer drops the last two dimensions.
func (*Det) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	shape := in[0].Shape
	r := len(shape) - 2
	if r < 0 || shape[r] != shape[r+1] && shape[r] != tensor.Dynamic && shape[r+1] != tensor.Dynamic {
		return nil, errorf("input %v, want square matrices", shape)
	}
	return []tensor.Type{tensor.Of(in[0].DType, shape[:r:r]...)}, nil
}

// Ref eliminates.
func (o *Det) Ref(in, out []tensor.View) error {
	n := lastDim(in[0].Shape)
	o.run(&in[0], &out[0], make([]float64, n*n))
	return nil
}

// Prepare asks for room for one matrix.
func (o *Det) Prepare(p *Prep) (Prepared, error) {
	if p.Out[0].Len() == 0 {
		return nothing() // of matrices that may be vast
	}
	n := int64(lastDim(p.In[0].Shape))
	if n > 1<<13 {
		return Prepared{}, Unsupported("the determinant of a matrix of %d rows", n)
	}
	return Prepared{Kernel: "go", Scratch: int(8 * n * n), Bind: func(m *Mem) (Step, error) {
		scratch := tensor.Cast[float64](m.Scratch[:8*n*n])
		return func() error { o.run(&m.In[0], &m.Out[0], scratch); return nil }, nil
	}}, nil
}

// Work is that of the elimination.
func (*Det) Work(in, out []tensor.Type) int64 {
	return int64(in[0].Len()) * int64(lastDim(in[0].Shape))
}

func (*Det) run(x, y *tensor.View, m []float64) {
	n := lastDim(x.Shape)
	for i := range y.Len() {
		if x.DType == tensor.F64 {
			copy(m, x.F64()[i*n*n:(i+1)*n*n])
			y.F64()[i] = det(m, n)
			continue
		}
		for j, v := range x.F32()[i*n*n : (i+1)*n*n] {
			m[j] = float64(v)
		}
		y.F32()[i] = float32(det(m, n))
	}
}

// det eliminates in m, with the greatest element of each column as pivot.
func det(m []float64, n int) float64 {
	d := 1.0
	for c := range n {
		best := c
		for r := c + 1; r < n; r++ {
			if math.Abs(m[r*n+c]) > math.Abs(m[best*n+c]) {
				best = r
			}
		}
		pivot := m[best*n+c]
		if d *= pivot; pivot == 0 {
			return 0
		}
		top := m[c*n : (c+1)*n]
		if best != c {
			d = -d
			for i, v := range m[best*n : (best+1)*n] {
				top[i], m[best*n+i] = v, top[i]
			}
		}
		for r := c + 1; r < n; r++ {
			f := m[r*n+c] / pivot
			for i := c; i < n; i++ {
				m[r*n+i] -= float64(f * top[i])
			}
		}
	}
	return d
}
