package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Products of the recurrent layers: rows of values by a matrix of weights,
// which is packed for the kernels if it is constant, and else read where it
// is. Both ways give the same bits.

func viewTypes(views []tensor.View) []tensor.Type {
	out := make([]tensor.Type, len(views))
	for i := range views {
		out[i] = views[i].Type
	}
	return out
}

// differ reports whether dimension have, which may be Dynamic, cannot be want.
func differ(have, want int) bool {
	return have != want && have != tensor.Dynamic && want != tensor.Dynamic
}

func roundUp64(n int) int { return (n + 63) &^ 63 }

// dotF32 returns x·w, one chain of rounded products.
func dotF32(x, w []float32) (sum float32) {
	w = w[:len(x)]
	for i, v := range x {
		sum += float32(v * w[i])
	}
	return sum
}

// dotOffset returns Σ (x+offset)·w, wrapping.
func dotOffset[T int8 | int16, W int8 | int16](x []T, w []W, offset int32) (sum int32) {
	w = w[:len(x)]
	for i, v := range x {
		sum += (int32(v) + offset) * int32(w[i])
	}
	return sum
}

// matF32 is a matrix of weights [n,k] with a bias, or without, for rows of
// float32. The weights are float32, or int8 with a scale: each row is then
// quantised while running, as LiteRT's hybrid layers do.
type matF32 struct {
	n, k         int
	gemm         *kernels.GemmF32
	packed, bias []float32 // nil if weights or bias are not constant

	int8       *matS8 // of int8 weights
	scale      float32
	asymmetric bool    // rows get a zero point
	sums       []int32 // of the weights of each row, nil if they are not constant
}

// newMatF32 packs input w and, if b ≥ 0, the bias of input b. asymmetric
// matters for int8 weights only.
func newMatF32(p *Prep, w, b, n, k int, asymmetric bool) (*matF32, error) {
	if p.In[w].DType == tensor.I8 {
		return newMatHybrid(p, w, n, k, asymmetric)
	}
	m := &matF32{n: n, k: k}
	weights, bias := p.View(w), tensor.View{}
	if b >= 0 {
		bias = p.View(b)
	}
	if !weights.Known() || !bias.Absent() && !bias.Known() || n == 0 || k == 0 {
		return m, nil
	}
	m.gemm = &p.Kernels.GemmF32
	packed, err := p.Pack(w, "recurrent", 4*m.gemm.PackedF32Len(n, k), func(dst []byte) {
		m.gemm.PackF32(tensor.Cast[float32](dst), weights.F32(), n, k)
	})
	if err != nil {
		return nil, err
	}
	p.Done(w)
	m.packed, m.bias = tensor.Cast[float32](packed), make([]float32, kernels.RoundUp(n, m.gemm.NR))
	if b >= 0 && !bias.Absent() {
		copy(m.bias, bias.F32())
	}
	return m, nil
}

func newMatHybrid(p *Prep, w, n, k int, asymmetric bool) (m *matF32, err error) {
	m = &matF32{n: n, k: k, asymmetric: asymmetric}
	m.scale, _ = scaleZero(p.In[w])
	if v := p.View(w); v.Known() && asymmetric {
		m.sums = make([]int32, n)
		for j := range m.sums {
			m.sums[j] = rowSum(v.I8(), j, k)
		}
	}
	m.int8, err = newMatS8(p, w, -1, n, k, 0)
	return m, err
}

func rowSum(w []int8, j, k int) (sum int32) {
	for _, v := range w[j*k : (j+1)*k] {
		sum += int32(v)
	}
	return sum
}

// scratch is what rows and add need, in bytes.
func (m *matF32) scratch() int64 {
	if m == nil || m.int8 == nil {
		return 0
	}
	return int64(m.int8.stride()+63)&^63 + 4*int64(m.n)
}

// pad is the distance of rows that add can start from.
func (m *matF32) pad() int {
	if m.packed == nil {
		return m.n
	}
	return len(m.bias)
}

// rows computes y[r·ldy+j] = b[j] + Σ x[r·ldx+l]·w[j,l]; w and b are the
// inputs that the matrix was made of.
func (m *matF32) rows(y []float32, ldy int, x []float32, ldx, rows int, w, b *tensor.View, scratch []byte) {
	if rows == 0 || m.n == 0 {
		return
	}
	if m.packed != nil {
		m.gemm.Rounded(y, ldy, x, ldx, m.packed, m.bias, rows, m.n, m.k, float32(math.Inf(-1)), float32(math.Inf(1)))
		return
	}
	for r := range rows {
		for j := range m.n {
			y[r*ldy+j] = 0
			if !b.Absent() {
				y[r*ldy+j] = b.F32()[j]
			}
		}
		m.add(y[r*ldy:], y[r*ldy:], x[r*ldx:], w, scratch)
	}
}

// add computes y[j] = from[j] + Σ x[l]·w[j,l]; from has pad values.
func (m *matF32) add(y, from, x []float32, w *tensor.View, scratch []byte) {
	switch {
	case m.n == 0:
	case m.int8 != nil:
		m.quantised(y, from, x[:m.k], w, scratch)
	case m.packed != nil:
		m.gemm.Rounded(y, m.n, x, m.k, m.packed, from, 1, m.n, m.k, float32(math.Inf(-1)), float32(math.Inf(1)))
	default:
		weights := w.F32()
		for j := range m.n {
			y[j] = dotF32(x[:m.k], weights[j*m.k:]) + from[j]
		}
	}
}

// quantised is add for int8 weights.
func (m *matF32) quantised(y, from, x []float32, w *tensor.View, scratch []byte) {
	at := (m.int8.stride() + 63) &^ 63
	row, sums := tensor.Cast[int8](scratch[:at]), tensor.Cast[int32](scratch[at:][:4*m.n])
	h := newHybrid(x, m.asymmetric)
	h.all(row, x)
	m.int8.rows(sums, row, 1, w, &noBias)
	scale := h.scale * m.scale
	for j, sum := range sums {
		if m.asymmetric && h.zero != 0 {
			if m.sums != nil {
				sum -= h.zero * m.sums[j]
			} else {
				sum -= h.zero * rowSum(w.I8(), j, m.k)
			}
		}
		y[j] = from[j] + float32(float32(sum)*scale)
	}
}

// matS8 is a matrix of int8 weights [n,k] for int8 rows of the given zero point.
type matS8 struct {
	n, k   int
	offset int32 // minus the zero point
	gemm   *kernels.GemmS8
	packed []int8  // nil if weights or bias are not constant
	bias   []int32 // the effect of the zero point included, padded
}

// newMatS8 packs input w and, if b ≥ 0, the bias of input b.
func newMatS8(p *Prep, w, b, n, k int, zero int32) (*matS8, error) {
	m := &matS8{n: n, k: k, offset: -zero}
	weights, bias := p.View(w), tensor.View{}
	if b >= 0 {
		bias = p.View(b)
	}
	if !weights.Known() || !bias.Absent() && !bias.Known() || n == 0 || k == 0 {
		return m, nil
	}
	m.gemm = &p.Kernels.GemmS8
	packed, err := p.Pack(w, "recurrent", m.gemm.PackedS8Len(n, k), func(dst []byte) {
		m.gemm.PackS8(tensor.Cast[int8](dst), weights.I8(), n, k)
	})
	if err != nil {
		return nil, err
	}
	p.Done(w)
	m.packed, m.bias = tensor.Cast[int8](packed), make([]int32, kernels.RoundUp(n, m.gemm.NR))
	for j := range n {
		for _, v := range weights.I8()[j*k : (j+1)*k] {
			m.bias[j] += m.offset * int32(v)
		}
		if b >= 0 && !bias.Absent() {
			m.bias[j] += bias.I32()[j]
		}
	}
	return m, nil
}

// stride is the distance of rows that the kernels can read.
func (m *matS8) stride() int {
	if m.packed == nil {
		return m.k
	}
	return kernels.RoundUp(m.k, m.gemm.KR)
}

// rows computes y[r·n+j] = b[j] + Σ (x[r·stride+l]−zero)·w[j,l], wrapping.
func (m *matS8) rows(y []int32, x []int8, rows int, w, b *tensor.View) {
	if rows == 0 || m.n == 0 {
		return
	}
	if m.packed != nil {
		m.gemm.Acc(y, x, m.stride(), m.packed, m.bias, rows, m.n, m.k)
		return
	}
	weights := w.I8()
	for r := range rows {
		for j := range m.n {
			y[r*m.n+j] = dotOffset(x[r*m.k:][:m.k], weights[j*m.k:], m.offset)
			if !b.Absent() {
				y[r*m.n+j] += b.I32()[j]
			}
		}
	}
}
