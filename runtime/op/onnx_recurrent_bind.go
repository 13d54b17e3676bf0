package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// recurrentShared is how many products a recurrent operator must take for its
// directions and sequences to be shared by workers.
const recurrentShared = 1 << 17

// threads is how many workers share the operator.
func (f *recurrentFloat) threads(w Workers) int {
	s := &f.size
	units := int64(s.dirs) * int64(s.batch)
	if int64(s.seq)*units*int64(s.kind)*int64(s.hidden)*int64(s.width+s.hidden) < recurrentShared {
		return 1
	}
	return int(min(int64(w.Len()), units))
}

// bind makes what all runs share.
func (f *recurrentFloat) bind(workers Workers, threads int) {
	s := f.size
	f.run32, f.run64 = recurrentRun[float32]{recurrentSize: s}, recurrentRun[float64]{recurrentSize: s}
	f.gemms, f.plain, f.wide = make([][3]*cellGemm, s.dirs), make([][3]*cellPlain[float32], s.dirs), make([][3]*cellPlain[float64], s.dirs)
	for d := range s.dirs {
		var to32 recurrentDirection[float32]
		var to64 recurrentDirection[float64]
		for i, p := range s.parts() {
			n := p.to - p.from
			plain, wide := newCellPlain32(nil, nil, n, p.k), newCellPlain64(nil, nil, n, p.k)
			f.plain[d][i], f.wide[d][i] = plain, wide
			to32.set(i, plain, plain)
			to64.set(i, wide, wide)
			if f.gemm != nil && f.packedLen(i) > 0 {
				g := &cellGemm{set: f.set, n: n, k: p.k, zero: make([]float32, kernels.RoundUp(n, f.gemm.NR))}
				if threads == 1 && workers != nil {
					g.share(workers, workers.Len())
				}
				f.gemms[d][i] = g
				to32.set(i, g, g)
			}
		}
		to32.cellMath = cellMath32(nth(f.o.Functions, d, s.dirs), f.o.Clip, f.set)
		to64.cellMath = cellMath64(nth(f.o.Functions, d, s.dirs), f.o.Clip)
		f.run32.directions, f.run64.directions = append(f.run32.directions, to32), append(f.run64.directions, to64)
	}
	f.part32 = onWorkers(workers, threads, func(w int) { f.run32.share(w, threads, tensor.Cast[float32](f.per[w])) })
	f.part64 = onWorkers(workers, threads, func(w int) { f.run64.share(w, threads, tensor.Cast[float64](f.per[w])) })
}

// set takes part i of the weights.
func (d *recurrentDirection[T]) set(i int, input cellInput[T], state cellState[T]) {
	if i == 0 {
		d.input = input
	} else {
		d.state[i-1] = state
	}
}

func (f *recurrentFloat) kernel() string {
	if f.gemm == nil {
		return "go"
	}
	return f.set.Name
}

// share runs worker w's directions and sequences, of total workers.
func (r *recurrentRun[T]) share(w, total int, scratch []T) {
	lo, hi := Share(r.dirs*r.batch, w, total, 1)
	for d := range r.dirs {
		first := d * r.batch
		if from, to := max(lo-first, 0), min(hi-first, r.batch); from < to {
			r.run(d, from, to, scratch)
		}
	}
}

func (f *recurrentFloat) runFloat32(in, out []tensor.View, scratch []float32) error {
	if err := f.run32.read(in, out); err != nil {
		return err
	}
	for i, p := range f.size.parts() {
		w, packed := floatsOf[float32](in, p.input), f.made[i]
		if f.gemm != nil && packed == nil {
			n := int(f.packedLen(i)) * f.size.dirs
			packed, scratch = scratch[:n], scratch[n:]
			f.pack(i, packed, w)
		}
		for d := range f.size.dirs {
			if g := f.gemms[d][i]; g != nil {
				g.packed, g.x = nth(packed, d, f.size.dirs), floatsOf[float32](in, 0)
			} else if p.from < p.to {
				f.plain[d][i].w, f.plain[d][i].x = partOf(&f.size, i, d, w), floatsOf[float32](in, 0)
			}
		}
	}
	return f.part32()
}

// partOf is part i of direction d of an input of weights.
func partOf[T wideFloat](s *recurrentSize, i, d int, w []T) []T {
	p := s.parts()[i]
	return nth(w, d, s.dirs)[p.from*p.k : p.to*p.k]
}

func (f *recurrentFloat) runFloat64(in, out []tensor.View, _ []float64) error {
	if err := f.run64.read(in, out); err != nil {
		return err
	}
	for i, p := range f.size.parts() {
		for d := range f.size.dirs {
			to := f.wide[d][i]
			to.w, to.x = partOf(&f.size, i, d, floatsOf[float64](in, p.input)), floatsOf[float64](in, 0)
		}
	}
	return f.part64()
}
