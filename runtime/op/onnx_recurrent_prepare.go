package op

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// recurrentSize is what attributes and shapes say about a recurrent operator.
type recurrentSize struct {
	kind                            cellKind
	option                          bool
	batchwise                       bool
	reverse                         []bool
	dirs, seq, batch, width, hidden int
	chunk                           int // steps that products with the input are computed for at once
	pad                             int // elements of a row of these: all gates, and what kernels read past them
}

// chunkRows is how many rows of products with the input are computed at once:
// enough for matrix kernels to pay, few enough to stay in the cache.
const chunkRows = 64

func newRecurrentSize(o *Recurrent, k cellKind, option bool, in []tensor.Type, hidden int, tile int) recurrentSize {
	s := recurrentSize{kind: k, option: option, batchwise: o.Batchwise, reverse: o.Reverse, dirs: len(o.Reverse),
		seq: in[0].Shape[0], batch: in[0].Shape[1], width: in[0].Shape[2], hidden: hidden}
	if s.batchwise {
		s.seq, s.batch = s.batch, s.seq
	}
	s.chunk = max(1, min(s.seq, chunkRows/max(s.batch, 1)/tile*tile))
	return s
}

// perRun is the number of elements that a run of one direction over all
// sequences works with.
func (s *recurrentSize) perRun() int64 {
	state := int64(s.batch) * int64(s.hidden)
	return int64(s.batch)*int64(s.chunk)*int64(s.pad) + 2*int64(s.pad) + (3+int64(s.kind))*state
}

// recurrentFloat is a recurrent operator on floats made ready: a floatOp.
type recurrentFloat struct {
	Referenced
	o    *Recurrent
	size recurrentSize
	gemm *kernels.GemmF32 // nil: nothing is packed
	set  *kernels.Set     // nil: as gemm
	made [3][]float32     // packed W, R and a GRU's R of h; nil if they are not constant

	per    [][]byte // scratch of workers
	gemms  [][3]*cellGemm
	plain  [][3]*cellPlain[float32]
	wide   [][3]*cellPlain[float64]
	run32  recurrentRun[float32]
	run64  recurrentRun[float64]
	part32 Step
	part64 Step
}

// parts are the matrices of a direction: W, R and a GRU's R of h.
// Each is rows from to to-1 of an input, of k values.
func (s *recurrentSize) parts() (parts [3]struct{ input, from, to, k int }) {
	all := int(s.kind) * s.hidden
	state := all
	if s.kind == cellGRU {
		state = 2 * s.hidden
	}
	parts[0].input, parts[0].to, parts[0].k = 1, all, s.width
	parts[1].input, parts[1].to, parts[1].k = 2, state, s.hidden
	parts[2].input, parts[2].from, parts[2].to, parts[2].k = 2, state, all, s.hidden
	return parts
}

// newRecurrentFloat describes an operator; set is nil if nothing is to be packed.
func newRecurrentFloat(r Referenced, o *Recurrent, k cellKind, option bool, in []tensor.Type, set *kernels.Set) *recurrentFloat {
	f := &recurrentFloat{Referenced: r, o: o, set: set}
	tile, columns := 1, 1
	if set != nil && in[0].DType != tensor.F64 {
		f.gemm = &set.GemmF32
		tile, columns = f.gemm.MR, f.gemm.NR
	}
	f.size = newRecurrentSize(o, k, option, in, in[2].Shape[2], tile)
	f.size.pad = int(min(int64(k)*int64(f.size.hidden)+int64(columns), math.MaxInt32))
	return f
}

// packedLen is the length of part i packed, of one direction; 0 if it has no
// elements, and isn't packed.
func (f *recurrentFloat) packedLen(i int) int64 {
	p := f.size.parts()[i]
	if p.k == 0 || p.from == p.to {
		return 0
	}
	return int64(kernels.RoundUp(p.to-p.from, f.gemm.NR)) * int64(p.k)
}

// pack packs part i of all directions.
func (f *recurrentFloat) pack(i int, dst, src []float32) {
	p, n := f.size.parts()[i], int(f.packedLen(i))
	for d := range f.size.dirs {
		if n > 0 {
			f.gemm.PackF32(dst[d*n:(d+1)*n], nth(src, d, f.size.dirs)[p.from*p.k:], p.to-p.from, p.k)
		}
	}
}

// prepareRecurrent packs constant weights.
func prepareRecurrent(r Referenced, o *Recurrent, k cellKind, option bool, p *Prep) (Prepared, error) {
	f := newRecurrentFloat(r, o, k, option, p.In, p.Kernels)
	if f.size.hidden == 0 {
		return nothing() // however long the sequences are
	}
	if err := f.packConstants(p); err != nil {
		return Prepared{}, err
	}
	scratch, err := floatBytes(f, p.In, p.Out)
	if err != nil {
		return Prepared{}, err
	}
	per, err := f.perWorker(p.In[0].DType)
	if err != nil {
		return Prepared{}, err
	}
	return Prepared{Kernel: f.kernel(), Scratch: scratch, PerWorker: per, Bind: func(m *Mem) (Step, error) {
		bound := *f
		bound.per = m.PerWorker
		bound.bind(m.Env.Workers, f.threads(m.Env.Workers))
		return floatStep(&bound, m.In, m.Out, m.Scratch), nil
	}}, nil
}

func (f *recurrentFloat) perWorker(d tensor.DType) (int, error) {
	width := int64(4)
	if d == tensor.F64 {
		width = 8
	}
	return sized(width * f.size.perRun())
}

func (f *recurrentFloat) packConstants(p *Prep) error {
	for i, part := range f.size.parts() {
		v := p.View(part.input)
		if f.gemm == nil || v.DType != tensor.F32 || !v.Known() {
			continue
		}
		n := f.packedLen(i) * int64(f.size.dirs)
		if n == 0 {
			continue
		}
		if n > math.MaxInt32/4 {
			return Unsupported("a packed matrix of %d floats", n)
		}
		form := fmt.Sprintf("recurrent f32 %d %d %d", f.gemm.NR, f.size.kind, i)
		packed, err := p.Pack(part.input, form, int(4*n), func(dst []byte) { f.pack(i, tensor.Cast[float32](dst), v.F32()) })
		if err != nil {
			return err
		}
		f.made[i] = tensor.Cast[float32](packed)
	}
	for i := 1; i <= 2; i++ {
		if f.made[i-1] != nil {
			p.Done(i)
		}
	}
	return nil
}

// floatScratch is room for weights that are packed while running.
func (f *recurrentFloat) floatScratch(_, _ []tensor.Type) int64 {
	n := int64(0)
	for i := range f.made {
		if f.gemm != nil && f.made[i] == nil {
			n += f.packedLen(i) * int64(f.size.dirs)
		}
	}
	return n
}

// refRecurrent runs the operator with nothing packed, on memory of its own.
func refRecurrent(r Referenced, o *Recurrent, k cellKind, option bool, in, out []tensor.View) error {
	f := newRecurrentFloat(r, o, k, option, viewTypes(in), nil)
	if f.size.hidden == 0 {
		return nil
	}
	per, err := f.perWorker(in[0].DType)
	if err != nil {
		return err
	}
	f.per = [][]byte{tensor.Bytes(make([]uint64, per/8+1))[:per]}
	f.bind(nil, 1)
	return refFloat(f, in, out)
}
