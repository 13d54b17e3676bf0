package op

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// gemmF32 is gemmS8 for float32.
type gemmF32 struct {
	patches[float32]
	kernels.GemmF32
	b      []float32   // packed; nil if the model computes the weights
	bias   [][]float32 // of each group
	lo, hi float32
	mul    mulF32
	turn   func(y, x []int32, rows, cols, ldy, ldx int) // Rows.TransposeX4
}

// mulF32 is GemmF32.Mul or Rounded.
type mulF32 func(y []float32, ldy int, a []float32, lda int, b, bias []float32, m, n, k int, lo, hi float32)

func (f filter) prepareGemmF32(p *Prep, e *Epilogue) (Prepared, error) {
	g := &gemmF32{GemmF32: p.Kernels.GemmF32, turn: p.Kernels.TransposeX4}
	if g.mul = g.Rounded; e.Fused {
		g.mul = g.Mul
	}
	g.patches = newPatches(f, float32(0), f.k(), g.MR, 4)
	g.lo, g.hi = e.Bounds.floats()
	g.tile = g.rowsAtOnce()
	d := Prepared{Kernel: p.Kernels.Name, PerWorker: g.scratch() * 4, Bind: g.bind}
	if l := newLines(g, p.Kernels.GemmF32, e.Fused); l != nil {
		d.PerWorker, d.Bind = l.perWorker(), l.bind
	}
	if p.computedFilter() {
		d.Scratch = g.PackedF32Len(f.oc/f.groups, f.k()) * f.groups * 4
		return d, nil
	}
	g.bias = g.biases()
	g.setBias(g.bias, p.View(2))
	var err error
	if g.b, err = f.packF32(p); err != nil {
		return Prepared{}, err
	}
	p.Done(1)
	return d, nil
}

// whole reports whether every row lies in the image as the kernel wants it.
func (g *gemmF32) whole() bool {
	return g.direct && g.top == 0 && (g.oh-1)*g.sh < g.h && g.from == 0 && g.to == g.ow
}

// rowsAtOnce is how many rows the kernel gets: all, if none is copied, else as
// many as stay in the second cache.
func (g *gemmF32) rowsAtOnce() int {
	if g.whole() {
		return g.pixels()
	}
	n := max(tileBytes*4/(4*g.kp), 48)
	return min((n+g.MR-1)/g.MR*g.MR, g.pixels())
}

// scratch is the number of values that copied rows need room for.
func (g *gemmF32) scratch() int {
	if g.whole() {
		return 0
	}
	return g.patches.scratch()
}

// biases returns zeros for each group, as long as the kernel wants them.
func (g *gemmF32) biases() [][]float32 {
	b := make([][]float32, g.groups)
	for i := range b {
		b[i] = make([]float32, kernels.RoundUp(g.oc/g.groups, lcm(colGrain, g.NR)))
	}
	return b
}

// setBias copies the bias to dst, -0 as 0, which changes no rounded sum.
func (g *gemmF32) setBias(dst [][]float32, b tensor.View) {
	if b.DType == tensor.None {
		return
	}
	n := g.oc / g.groups
	for i, v := range b.F32()[:g.oc] {
		dst[i/n][i%n] = v + 0
	}
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
		for group := range f.groups {
			f.packGroup(g, tensor.Cast[float32](dst)[group*size:][:size], w.F32(), group*n, n)
		}
	})
	return tensor.Cast[float32](b), err
}

// packGroup packs n outputs' weights from output first on, a panel at a time
// where they don't lie in rows or columns.
func (f *filter) packGroup(g kernels.GemmF32, dst, src []float32, first, n int) {
	k := f.k()
	switch {
	case f.wo == k && f.wt == f.kc && f.wi == 1:
		g.PackF32(dst, src[first*k:(first+n)*k], n, k)
		return
	case f.wo == 1 && f.kc == k && f.wi == n:
		g.PackRowsF32(dst, src, n, k)
		return
	}
	rows := make([]float32, min(g.NR, n)*k)
	for ; n > 0; n -= g.NR {
		m := min(g.NR, n)
		for o := range m {
			rowMajor(f, rows[o*k:(o+1)*k], src, first+o)
		}
		g.PackF32(dst, rows, m, k)
		dst, first = dst[g.NR*k:], first+m
	}
}

// packed returns the weights and biases, and a step that makes them if the
// model computes them.
func (g *gemmF32) packed(m *Mem) (b []float32, bias [][]float32, pack Step) {
	if g.b != nil {
		return g.b, g.bias, nil
	}
	b, bias = tensor.Cast[float32](m.Scratch), g.biases()
	return b, bias, g.packer(m, b, bias)
}

func (g *gemmF32) bind(m *Mem) (Step, error) {
	x, y := m.In[0].F32(), m.Out[0].F32()
	parts := g.spans(g.threads(m.Env.Workers), g.MR, g.NR)
	b, bias, pack := g.packed(m)
	size := g.PackedF32Len(g.oc/g.groups, g.k())
	return after(pack, onWorkers(m.Env.Workers, len(parts), func(w int) {
		s, scratch := parts[w], tensor.Cast[float32](m.PerWorker[w])
		if s.cols == 0 {
			return
		}
		for pixel := s.from; pixel < s.to; {
			var rows int
			for group := range g.groups {
				a, lda, n := g.rows(x, scratch, pixel, s.to, group)
				at := pixel*g.oc + group*(g.oc/g.groups) + s.col
				b, bias := b[group*size+s.col*g.kp:], bias[group][s.col:]
				g.mul(y[at:], g.oc, a, lda, b, bias, n, s.cols, g.k(), g.lo, g.hi)
				rows = n
			}
			pixel += rows
		}
	})), nil
}
