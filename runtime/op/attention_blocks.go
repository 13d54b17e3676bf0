package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// attentionRows is how many queries of a head are computed at once.
const attentionRows = 48

// attentionShared is how many products an Attention must take for its heads to
// be shared by workers.
const attentionShared = 1 << 17

// attentionBlocks is an Attention on float32 whose products are the kernels':
// the keys and values of a head are packed, then blocks of queries multiplied
// with them. It gives the bits that runAttention gives.
type attentionBlocks struct {
	Attention
	shape attentionShape
	gemm  *kernels.GemmF32
	set   *kernels.Set
	all   attention[float32] // the tensors of a run
	part  Step
}

// attentionMemory is what a worker packs and multiplies in.
type attentionMemory struct {
	packedKeys, packedValues []float32
	line                     []float32 // keys or values side by side
	block, sums              []float32 // of some queries
	row, zero                []float32
}

// attentionWorker is a worker with scores and bias of its own.
type attentionWorker struct {
	attention[float32]
	attentionMemory
	rows attentionMath[float32]
}

func prepareAttention(o Attention, p *Prep) (Prepared, error) {
	s, err := o.shape(attentionViews(p.In))
	if err != nil {
		return Prepared{}, err
	}
	if p.In[0].DType == tensor.F64 || s.d == 0 || s.dv == 0 || s.total == 0 || s.q == 0 {
		return byFloat(new(o), p)
	}
	a := &attentionBlocks{Attention: o, shape: s, gemm: &p.Kernels.GemmF32, set: p.Kernels}
	scratch, err := floatBytes(a, p.In, p.Out)
	if err != nil {
		return Prepared{}, err
	}
	per, err := sized(a.sizes()...)
	if err != nil {
		return Prepared{}, err
	}
	macs := o.MACs(p.In, p.Out)
	return Prepared{Kernel: p.Kernels.Name, Scratch: scratch, PerWorker: per, Bind: func(m *Mem) (Step, error) {
		bound, threads := *a, 1
		if macs >= attentionShared {
			threads = min(m.Env.Workers.Len(), s.batch*s.kvHeads)
		}
		bound.bind(m, max(threads, 1))
		return floatStep(&bound, m.In, m.Out, m.Scratch), nil
	}}, nil
}

// bind gives workers their memory and their heads.
func (a *attentionBlocks) bind(m *Mem, threads int) {
	workers := make([]attentionWorker, threads)
	for w := range workers {
		workers[w].attentionMemory, workers[w].rows = a.memory(m.PerWorker[w]), kernelAttention(a.set)
	}
	units := a.shape.batch * a.shape.kvHeads
	a.part = onWorkers(m.Env.Workers, threads, func(w int) {
		worker := &workers[w]
		worker.attention, worker.math = a.all, &worker.rows
		clear(worker.zero)
		lo, hi := Share(units, w, threads, 1)
		for unit := lo; unit < hi; unit++ {
			a.group(worker, unit/a.shape.kvHeads, unit%a.shape.kvHeads)
		}
	})
}

// sizes are the bytes of the parts of attentionMemory.
func (a *attentionBlocks) sizes() []int64 {
	s, nr := &a.shape, int64(a.gemm.NR)
	up := func(n int) int64 { return (int64(n) + nr - 1) / nr * nr }
	d, dv, total, rows := int64(s.d), int64(s.dv), int64(s.total), int64(min(s.q, attentionRows))
	return []int64{4 * up(s.total) * d, 4 * up(s.dv) * total, 4 * total * max(d, dv), 4 * rows * d, 4 * rows * total, 4 * total, 4 * max(up(s.total), up(s.dv))}
}

func (a *attentionBlocks) memory(b []byte) (m attentionMemory) {
	for i, to := range []*[]float32{&m.packedKeys, &m.packedValues, &m.line, &m.block, &m.sums, &m.row, &m.zero} {
		n := a.sizes()[i]
		*to, b = tensor.Cast[float32](b[:n]), b[n:]
	}
	return m
}

func (a *attentionBlocks) floatScratch(_, _ []tensor.Type) int64 { return 0 }

func (a *attentionBlocks) runFloat32(in, out []tensor.View, _ []float32) error {
	a.all = attention[float32]{Attention: &a.Attention, attentionShape: a.shape}
	a.all.read(in, out)
	a.all.present()
	return a.part()
}

// group computes the heads that share the keys and values of head kv.
func (a *attentionBlocks) group(w *attentionWorker, b, kv int) {
	s := &a.shape
	a.gather(w.line, w.pastKeys, w.keys, b, kv, s.d)
	packColumns(w.packedKeys, w.line, s.total, s.d, a.gemm.NR)
	a.gather(w.line, w.pastValues, w.values, b, kv, s.dv)
	values := w.line[:s.total*s.dv]
	a.gemm.PackRowsF32(w.packedValues, values, s.dv, s.total)
	plainly := !finite(values)
	each := s.heads / s.kvHeads
	for h := kv * each; h < (kv+1)*each; h++ {
		for i := 0; i < s.q; i += attentionRows {
			a.block(w, b, h, i, min(attentionRows, s.q-i), plainly)
		}
	}
}

// block computes some queries of a head from i on. Plainly, values whose
// probability is 0 are not even multiplied by it.
func (a *attentionBlocks) block(w *attentionWorker, b, h, i, rows int, plainly bool) {
	s, all := &a.shape, float32(math.Inf(1))
	for r := range rows {
		w.scaleQuery(w.block[r*s.d:(r+1)*s.d], w.queries[w.at(b, h, i+r, s.heads, s.q)*s.d:])
	}
	keys := s.total
	if a.Outputs < 4 {
		_, keys = w.span(b, i+rows-1) // what the last query doesn't see, nobody does
	}
	if keys > 0 {
		a.gemm.Mul(w.sums, s.total, w.block, s.d, w.packedKeys, w.zero, rows, keys, s.d, -all, all)
	}
	w.bias = w.row
	for r := range rows {
		w.scores = w.sums[r*s.total : (r+1)*s.total]
		w.probabilities(b, h, i+r)
		if !plainly {
			continue
		}
		y := w.y[w.place(b, h, i+r):][:s.dv]
		clear(y)
		for j, p := range w.scores {
			addFused(y, p, w.line[j*s.dv:])
		}
	}
	if !plainly {
		a.gemm.Mul(w.y[w.place(b, h, i):], w.stride(s.heads)*s.dv, w.sums, s.total, w.packedValues, w.zero, rows, s.dv, s.total, -all, all)
	}
}

// gather copies past and new rows of d values of head kv to one place.
func (a *attentionBlocks) gather(to, past, new []float32, b, kv, d int) {
	s := &a.shape
	from := (b*s.kvHeads + kv) * s.past * d
	to = to[copy(to, past[from:from+s.past*d]):]
	first, stride := a.all.at(b, kv, 0, s.kvHeads, s.kv)*d, a.all.stride(s.kvHeads)*d
	for i := range s.kv {
		at := first + i*stride
		to = to[copy(to, new[at:at+d]):]
	}
}

// packColumns is kernels.PackF32 without a division per element.
func packColumns(dst, src []float32, n, k, nr int) {
	for j := 0; j < n; j += nr {
		panel := dst[j*k : (j+nr)*k]
		if n-j < nr {
			clear(panel)
		}
		for c := range min(nr, n-j) {
			to := panel[c:]
			for l, v := range src[(j+c)*k : (j+c+1)*k] {
				to[l*nr] = v
			}
		}
	}
}

// finite reports whether no number is infinite or NaN.
func finite(xs []float32) bool {
	sum := float32(0)
	for _, x := range xs {
		sum += x - x
	}
	return sum == 0
}
