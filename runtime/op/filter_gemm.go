package op

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// part is one worker's part of a matrix product: pixels [from, to) and, where
// there are few of those, columns [col, col+cols) of each group.
type part struct{ from, to, col, cols int }

// colGrain is the multiple at which columns can be split: kernels load the
// parameters of 16 columns at a time.
const colGrain = 16

// spans splits the work among n workers.
func (f *filter) spans(n, mr, nr int) []part {
	parts := make([]part, n)
	cols := f.oc / f.groups
	for i := range parts {
		if f.pixels() < n*mr && f.groups == 1 {
			lo, hi := Share(cols, i, n, lcm(colGrain, nr))
			parts[i] = part{0, f.pixels(), lo, hi - lo}
		} else {
			lo, hi := Share(f.pixels(), i, n, mr)
			parts[i] = part{lo, hi, 0, cols}
		}
	}
	return parts
}

func lcm(a, b int) int {
	n := a
	for n%b != 0 {
		n += a
	}
	return n
}

// packForm names packed weights; those of a depthwise convolution of one
// channel are transposed.
func (f *filter) packForm(slot string, p *Prep) string {
	if f.wi == 0 {
		slot += "/channels"
	}
	return slot + "/" + p.Kernels.Name
}

// packS8 packs the constant weights, input 1, for products: group after group.
func (f *filter) packS8(p *Prep) ([]int8, error) {
	g, n, k := p.Kernels.GemmS8, f.oc/f.groups, f.k()
	size := g.PackedS8Len(n, k)
	form := f.packForm("gemm_s8", p)
	if f.groups > 1 {
		form += "/groups"
	}
	b, err := p.Pack(1, form, size*f.groups, func(dst []byte) {
		w := p.View(1)
		src, rows := weightsS8(&w), make([]int8, n*k)
		for group := range f.groups {
			for o := range n {
				rowMajor(f, rows[o*k:(o+1)*k], src, group*n+o)
			}
			g.PackS8(tensor.Cast[int8](dst)[group*size:], rows, n, k)
		}
	})
	return tensor.Cast[int8](b), err
}

// foldedBias returns for each output the bias less the zero point times the
// sum of the weights, wrapping in 32 bits.
func (f *filter) foldedBias(p *Prep, zero int32) []int32 {
	w, b := p.View(1), p.View(2)
	src, bias, row := weightsS8(&w), make([]int32, f.oc), make([]int8, f.k())
	for o := range bias {
		if !b.Absent() {
			bias[o] = int32(intElement(&b, o))
		}
		rowMajor(f, row, src, o)
		for _, x := range row {
			bias[o] -= zero * int32(x)
		}
	}
	return bias
}

// gemmS8 is a convolution or dense layer on int8 as a matrix product.
type gemmS8 struct {
	patches[int8]
	kernels.GemmS8
	b []int8             // packed
	q []*kernels.Requant // of each group
}

func (f filter) prepareGemmS8(p *Prep, e *Epilogue, narrow bool) (Prepared, error) {
	g := &gemmS8{GemmS8: p.Kernels.GemmS8}
	zero := p.In[0].Quant.Zero[0]
	g.patches = newPatches(f, int8(zero), kernels.RoundUp(f.k(), g.KR), g.MR, 1)
	q := e.requant(p.In[0].Quant, p.In[1].Quant, f.oc, narrow)
	copy(q.Bias, f.foldedBias(p, zero))
	for group := range f.groups {
		g.q = append(g.q, columns(q, group*f.oc/f.groups, f.oc/f.groups))
	}
	var err error
	if g.b, err = f.packS8(p); err != nil {
		return Prepared{}, err
	}
	p.Done(1)
	return Prepared{Kernel: p.Kernels.Name, PerWorker: g.scratch(), Bind: g.bind}, nil
}

// columns returns a copy of q for n columns from j on.
func columns(q *kernels.Requant, j, n int) *kernels.Requant {
	c := kernels.NewRequant(n)
	c.Zero, c.Lo, c.Hi = q.Zero, q.Lo, q.Hi
	copy(c.Bias[:n], q.Bias[j:])
	copy(c.Mult[:n], q.Mult[j:])
	copy(c.Left[:n], q.Left[j:])
	copy(c.Right[:n], q.Right[j:])
	return c
}

func (g *gemmS8) bind(m *Mem) (Step, error) {
	x, y := m.In[0].I8(), m.Out[0].I8()
	parts := g.spans(g.threads(m.Env.Workers), g.MR, g.NR)
	q := make([][]kernels.Requant, len(parts))
	for i, s := range parts {
		for _, group := range g.q {
			q[i] = append(q[i], group.From(s.col))
		}
	}
	size := g.PackedS8Len(g.oc/g.groups, g.k())
	return onWorkers(m.Env.Workers, len(parts), func(w int) {
		s, scratch := parts[w], tensor.Cast[int8](m.PerWorker[w])
		if s.cols == 0 {
			return
		}
		for pixel := s.from; pixel < s.to; {
			var rows int
			for group := range g.groups {
				a, lda, n := g.rows(x, scratch, pixel, s.to, group)
				at := pixel*g.oc + group*(g.oc/g.groups) + s.col
				g.Mul(y[at:], g.oc, a, lda, g.b[group*size+s.col*g.kp:], n, s.cols, g.k(), &q[w][group])
				rows = n
			}
			pixel += rows
		}
	}), nil
}

// gemmF32 is gemmS8 for float32.
type gemmF32 struct {
	patches[float32]
	kernels.GemmF32
	b      []float32
	bias   [][]float32 // of each group
	lo, hi float32
}

func (f filter) prepareGemmF32(p *Prep, e *Epilogue) (Prepared, error) {
	g := &gemmF32{GemmF32: p.Kernels.GemmF32}
	g.patches = newPatches(f, float32(0), f.k(), g.MR, 4)
	g.lo, g.hi = e.Bounds.floats()
	n := f.oc / f.groups
	bias := biasF32(p.View(2), f.oc, 1)
	for group := range f.groups {
		b := make([]float32, kernels.RoundUp(n, lcm(colGrain, g.NR)))
		copy(b, bias[group*n:(group+1)*n])
		g.bias = append(g.bias, b)
	}
	var err error
	if g.b, err = f.packF32(p); err != nil {
		return Prepared{}, err
	}
	p.Done(1)
	return Prepared{Kernel: p.Kernels.Name, PerWorker: g.scratch() * 4, Bind: g.bind}, nil
}

func (f *filter) packF32(p *Prep) ([]float32, error) {
	g, n, k := p.Kernels.GemmF32, f.oc/f.groups, f.k()
	size := g.PackedF32Len(n, k)
	form := f.packForm("gemm_f32", p)
	if f.groups > 1 {
		form += "/groups"
	}
	b, err := p.Pack(1, form, size*f.groups*int(unsafe.Sizeof(float32(0))), func(dst []byte) {
		w := p.View(1)
		src, rows := w.F32(), make([]float32, n*k)
		for group := range f.groups {
			for o := range n {
				rowMajor(f, rows[o*k:(o+1)*k], src, group*n+o)
			}
			g.PackF32(tensor.Cast[float32](dst)[group*size:], rows, n, k)
		}
	})
	return tensor.Cast[float32](b), err
}

func (g *gemmF32) bind(m *Mem) (Step, error) {
	x, y := m.In[0].F32(), m.Out[0].F32()
	parts := g.spans(g.threads(m.Env.Workers), g.MR, g.NR)
	size := g.PackedF32Len(g.oc/g.groups, g.k())
	return onWorkers(m.Env.Workers, len(parts), func(w int) {
		s, scratch := parts[w], tensor.Cast[float32](m.PerWorker[w])
		if s.cols == 0 {
			return
		}
		for pixel := s.from; pixel < s.to; {
			var rows int
			for group := range g.groups {
				a, lda, n := g.rows(x, scratch, pixel, s.to, group)
				at := pixel*g.oc + group*(g.oc/g.groups) + s.col
				b, bias := g.b[group*size+s.col*g.kp:], g.bias[group][s.col:]
				if g.dense {
					for i := range n {
						g.Gemv(y[at+i*g.oc:], a[i*lda:], b, bias, s.cols, g.k(), g.lo, g.hi)
					}
				} else {
					g.Mul(y[at:], g.oc, a, lda, b, bias, n, s.cols, g.k(), g.lo, g.hi)
				}
				rows = n
			}
			pixel += rows
		}
	}), nil
}
