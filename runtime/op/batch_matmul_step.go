package op

import (
	"fmt"
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Prepare packs the right side for the kernels: once if it is constant, else a
// matrix at a time while running. The left side is copied where it is stored
// transposed. Fused products of what is computed need neither.
func (o *BatchMatMul) Prepare(p *Prep) (Prepared, error) {
	m, err := o.product(p.In[0].Shape, p.In[1].Shape)
	if err != nil {
		return Prepared{}, err
	}
	if m.count() == 0 {
		return nothing() // of dimensions that may be vast
	}
	switch p.In[0].DType {
	case tensor.F32:
		return o.prepareF32(p, m)
	case tensor.I8:
		return o.prepareS8(p, m)
	case tensor.I16:
		return o.prepareS16(p, m)
	}
	return preparePlainMatmul(p.In[0].DType, &m), nil
}

// preparePlainMatmul prepares Ref's loops for numbers without kernels.
func preparePlainMatmul(d tensor.DType, m *matmul) Prepared {
	return Prepared{Kernel: "go", Bind: func(mem *Mem) (Step, error) {
		x, y, z := &mem.In[0], &mem.In[1], &mem.Out[0]
		switch d {
		case tensor.F64:
			return plainMatmulStep(m, x.F64(), y.F64(), z.F64()), nil
		case tensor.I32:
			return plainMatmulStep(m, x.I32(), y.I32(), z.I32()), nil
		case tensor.U32:
			return plainMatmulStep(m, x.U32(), y.U32(), z.U32()), nil
		case tensor.I64:
			return plainMatmulStep(m, x.I64(), y.I64(), z.I64()), nil
		}
		return plainMatmulStep(m, x.U64(), y.U64(), z.U64()), nil
	}}
}

func plainMatmulStep[T number](m *matmul, x, y, z []T) Step {
	return func() error { matmulPlain(m, x, y, z); return nil }
}

func (o *BatchMatMul) prepareS16(p *Prep, m matmul) (Prepared, error) {
	q := o.scheme(p.In[0], p.In[1])
	return Prepared{Kernel: "go", Bind: func(mem *Mem) (Step, error) {
		x, y, z := mem.In[0].I16(), mem.In[1].I16(), mem.Out[0].I16()
		return func() error { matmulRef(&m, x, y, z, q, quant.Multiplier.Apply64); return nil }, nil
	}}, nil
}

// merge makes one product of many that share their right side: their left
// sides, of n elements in all, lie side by side.
func (p *matmul) merge(n int) {
	matrices := p.count()
	if p.adjX || int64(n) != int64(matrices)*int64(p.m)*int64(p.k) || slices.ContainsFunc(p.ys, func(s int) bool { return s != 0 }) {
		return
	}
	p.m *= matrices
	p.batch, p.xs, p.ys = nil, nil, nil
}

// packing is how the right side reaches a kernel.
type packing[T float32 | int8] struct {
	matmul
	per  int // elements of a packed matrix
	pack func(dst, src []T)
	made []T // all matrices, if they are constant
}

// fits checks that a packed matrix is one that memory could hold.
func (p *matmul) fits(nr, kr int) error {
	if n := int64(p.n+nr) * int64(p.k+kr); n > math.MaxInt32 {
		return Unsupported("a matrix of %d by %d on the right", p.k, p.n)
	}
	return nil
}

// constant packs a constant right side.
func (k *packing[T]) constant(p *Prep, set string) error {
	if p.Const[1] == nil {
		return nil
	}
	each, size := k.k*k.n, p.In[1].DType.Size()
	total := 0
	if each > 0 {
		total = p.In[1].Len() / each
	}
	n := int64(total) * int64(k.per) * int64(size)
	if n > math.MaxInt32 {
		return Unsupported("a packed matrix of %d bytes", n)
	}
	form := fmt.Sprintf("matmul %s %dx%d %v", set, k.k, k.n, k.adjY)
	b, err := p.Pack(1, form, int(n), func(dst []byte) {
		to, from := cast[T](dst), cast[T](p.Const[1])
		for i := range total {
			k.pack(to[i*k.per:(i+1)*k.per], from[i*each:(i+1)*each])
		}
	})
	if err == nil {
		p.Done(1)
		k.made = cast[T](b)
	}
	return err
}

// right returns matrix i packed; y is the whole right side.
func (k *packing[T]) right(y, scratch []T, i int) []T {
	if k.made != nil {
		return k.made[i*k.per : (i+1)*k.per]
	}
	k.pack(scratch[:k.per], y[i*k.k*k.n:(i+1)*k.k*k.n])
	return scratch[:k.per]
}

// left copies matrix src to rows of lda values.
func (k *packing[T]) left(dst, src []T, lda int) {
	if !k.adjX {
		for i := range k.m {
			copy(dst[i*lda:], src[i*k.k:(i+1)*k.k])
		}
		return
	}
	for l := range k.k {
		for i, v := range src[l*k.m : (l+1)*k.m] {
			dst[i*lda+l] = v
		}
	}
}

// cast is tensor.Cast for the elements that packing knows.
func cast[T float32 | int8](b []byte) []T { return tensor.Cast[T](b) }

func (o *BatchMatMul) prepareF32(p *Prep, m matmul) (Prepared, error) {
	g := p.Kernels.GemmF32
	m.merge(p.In[0].Len())
	if o.Fused && p.Const[1] == nil {
		s := newStridedMatmul(m, p.Kernels, false, Bounds{})
		return Prepared{Kernel: p.Kernels.Name, PerWorker: s.perWorker() * 4, Bind: func(mem *Mem) (Step, error) {
			return s.step(mem, nil), nil
		}}, nil
	}
	if err := m.fits(g.NR, 1); err != nil {
		return Prepared{}, err
	}
	k := &packing[float32]{matmul: m, per: g.PackedF32Len(m.n, m.k)}
	k.pack = func(dst, src []float32) {
		if k.adjY {
			g.PackF32(dst, src, k.n, k.k)
		} else {
			g.PackRowsF32(dst, src, k.n, k.k)
		}
	}
	if err := k.constant(p, fmt.Sprintf("f32 %d", g.NR)); err != nil {
		return Prepared{}, err
	}
	sizes := []int64{int64(kernels.RoundUp(m.n, g.NR)), 0, 0} // zero bias, right, left
	if k.made == nil {
		sizes[1] = int64(k.per)
	}
	if m.adjX {
		sizes[2] = int64(m.m) * int64(m.k)
	}
	bytes, err := scratchOf(4, sizes)
	mul := g.Rounded
	if o.Fused {
		mul = g.Mul
	}
	if k.several() {
		return Prepared{Kernel: p.Kernels.Name, PerWorker: bytes, Bind: func(mem *Mem) (Step, error) {
			return stepsF32(k, mul, mem, sizes), nil
		}}, err
	}
	return Prepared{Kernel: p.Kernels.Name, Scratch: bytes, Bind: func(mem *Mem) (Step, error) {
		return stepF32(k, mul, g.MR, mem, sizes), nil
	}}, err
}

// matmulShared is how many products a matrix must take for its rows to be
// shared by workers.
const matmulShared = 1 << 17

// matmulF32 is one product of a step: y = left·right.
type matmulF32 struct{ y, left, right, bias []float32 }

// several says whether there are enough matrices to share these among workers:
// each packs its own, and they need to meet only once.
func (p *matmul) several() bool {
	return p.count() >= leastMatrices && int64(p.count())*int64(p.m)*int64(p.n)*int64(p.k) >= matmulShared
}

// leastMatrices is how many can be shared without a worker being left idle for long.
const leastMatrices = 8

// stepsF32 multiplies, matrices shared among workers.
func stepsF32(k *packing[float32], mul mulF32, mem *Mem, sizes []int64) Step {
	x, y, z := mem.In[0].F32(), mem.In[1].F32(), mem.Out[0].F32()
	n, all := mem.Env.Workers.Len(), float32(math.Inf(1))
	return onWorkers(mem.Env.Workers, n, func(w int) {
		var room [3][]float32 // bias, right, left
		rest := cast[float32](mem.PerWorker[w])
		for i, size := range sizes {
			room[i], rest = rest[:size], rest[size:]
		}
		clear(room[0])
		lo, hi := Share(k.count(), w, n, 1)
		for b := lo; b < hi; b++ {
			i, j := k.pair(b)
			left := x[i*k.m*k.k : (i+1)*k.m*k.k]
			if k.adjX {
				k.left(room[2], left, k.k)
				left = room[2]
			}
			mul(z[b*k.m*k.n:(b+1)*k.m*k.n], k.n, left, k.k, k.right(y, room[1], j), room[0], k.m, k.n, k.k, -all, all)
		}
	})
}

// stepF32 multiplies, one matrix after the other.
func stepF32(k *packing[float32], mul mulF32, mr int, mem *Mem, sizes []int64) Step {
	x, y, z := mem.In[0].F32(), mem.In[1].F32(), mem.Out[0].F32()
	part, workers := split[float32](mem.Scratch, sizes), mem.Env.Workers
	var now matmulF32
	rows := func(lo, hi int) {
		all := float32(math.Inf(1))
		mul(now.y[lo*k.n:], k.n, now.left[lo*k.k:], k.k, now.right, now.bias, hi-lo, k.n, k.k, -all, all)
	}
	shared := workers.Len() > 1 && int64(k.m)*int64(k.n)*int64(k.k) >= matmulShared
	work := func(w int) {
		if lo, hi := Share(k.m, w, workers.Len(), mr); lo < hi {
			rows(lo, hi)
		}
	}
	return func() error {
		clear(part[0])
		now.bias = part[0]
		for b := range k.count() {
			i, j := k.pair(b)
			now.left = x[i*k.m*k.k : (i+1)*k.m*k.k]
			if k.adjX {
				k.left(part[2], now.left, k.k)
				now.left = part[2]
			}
			now.y, now.right = z[b*k.m*k.n:(b+1)*k.m*k.n], k.right(y, part[1], j)
			if shared {
				workers.Run(work)
			} else {
				rows(0, k.m)
			}
		}
		return nil
	}
}

// scratchOf adds up sizes, in elements of so many bytes, rounded for alignment.
func scratchOf(size int64, sizes []int64) (int, error) {
	total := int64(0)
	for i := range sizes {
		if sizes[i] > math.MaxInt32 {
			return 0, Unsupported("a product that needs %d elements of scratch memory", sizes[i])
		}
		sizes[i] = (sizes[i] + 15) / 16 * 16
		total += sizes[i] * size
	}
	if total > math.MaxInt32 {
		return 0, Unsupported("a product that needs %d bytes of scratch memory", total)
	}
	return int(total), nil
}

// split divides memory that scratchOf measured.
func split[T float32 | int8](b []byte, sizes []int64) [][]T {
	parts, rest := make([][]T, len(sizes)), cast[T](b)
	for i, n := range sizes {
		parts[i], rest = rest[:n:n], rest[n:]
	}
	return parts
}
