package op

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// recurrenceShared is how many products a Recurrence must take for its sequences
// to be shared by workers.
const recurrenceShared = 1 << 17

// threads is how many workers share the sequences: each takes its own through all
// steps, and so waits for nobody.
func (s *recurrenceSize) threads(w Workers) int {
	if w == nil || s.macs() < recurrenceShared {
		return 1
	}
	return max(1, min(w.Len(), s.n))
}

// at returns which index of the sequence step k reads.
func (s *recurrenceSize) at(k int) int {
	if s.Reverse {
		return s.t - 1 - k
	}
	return k
}

// recurrenceRun is a Recurrence bound to memory. Slices that have a row per
// sequence, or per step of a sequence, are shared by workers.
type recurrenceRun struct {
	recurrenceSize
	set                  *kernels.Set
	chunk                int // steps whose products with the input are computed at once
	x, bias, h0, c0      []float32
	y, lastH, lastC      []float32
	gates                []float32 // kept, [n t kept]; or of a chunk, [n chunk kept]
	cells                []float32 // kept, [n t u]; or nil
	kernel, recurrent    []float32 // packed
	inputBias, stateBias []float32 // as the products read them
	h, c, sums, none     []float32 // states and h·recurrent of a step; none is 0
}

// Prepare packs constant weights, and others in each run.
func (o *Recurrence) Prepare(p *Prep) (Prepared, error) {
	s := o.size(p.In[0].Shape, p.In[2].Shape)
	g := p.Kernels.GemmF32
	r := recurrenceRun{recurrenceSize: s, set: p.Kernels, chunk: min(s.t, kernels.RoundUp(recurrenceChunk, g.MR))}
	for i, to := range []*[]float32{1: &r.kernel, 2: &r.recurrent} {
		if i == 0 || p.Const[i] == nil {
			continue
		}
		k := p.In[i].Shape[0]
		bytes, err := p.Pack(i, fmt.Sprintf("recurrence %d", g.NR), 4*g.PackedF32Len(s.cols, k), func(dst []byte) {
			g.PackRowsF32(tensor.Cast[float32](dst), tensor.Cast[float32](p.Const[i]), s.cols, k)
		})
		if err != nil {
			return Prepared{}, err
		}
		*to = tensor.Cast[float32](bytes)
		p.Done(i)
	}
	sizes := r.scratch()
	bytes, err := scratchOf(4, sizes)
	return Prepared{Kernel: p.Kernels.Name, Scratch: bytes, Bind: func(m *Mem) (Step, error) {
		bound := r
		bound.bind(m, split[float32](m.Scratch, sizes))
		threads := s.threads(m.Env.Workers)
		rows := onWorkers(m.Env.Workers, threads, func(w int) {
			if lo, hi := Share(s.n, w, threads, 1); lo < hi {
				bound.rows(lo, hi)
			}
		})
		kernel, recurrent := m.In[1].F32(), m.In[2].F32()
		return func() error {
			bound.pack(r.kernel == nil, kernel, r.recurrent == nil, recurrent)
			return rows()
		}, nil
	}}, err
}

// recurrenceChunk is about how many steps' products with the input are computed
// at once: enough for the kernels, few enough for a cache.
const recurrenceChunk = 16

// scratch lists elements: packed weights, biases, states, sums, and of gates
// what is not kept.
func (r *recurrenceRun) scratch() []int64 {
	n, u, cols, nr := int64(r.n), int64(r.u), int64(r.cols), int64(r.set.GemmF32.NR)
	wide := (cols + nr - 1) / nr * nr
	sizes := []int64{wide * int64(r.in), wide * u, wide, wide, n * u, n * u, n * cols, u, 0}
	if r.kernel != nil {
		sizes[0] = 0
	}
	if r.recurrent != nil {
		sizes[1] = 0
	}
	if !r.Keep || r.Cell == SimpleRNNCell {
		sizes[8] = n * int64(r.chunk) * int64(r.kept)
	}
	return sizes
}

func (r *recurrenceRun) bind(m *Mem, part [][]float32) {
	r.x, r.bias, r.h0, r.c0 = m.In[0].F32(), floatsOf[float32](m.In, 3), floatsOf[float32](m.In, 4), floatsOf[float32](m.In, 5)
	r.y, r.lastH = m.Out[0].F32(), m.Out[1].F32()
	if r.kernel == nil {
		r.kernel = part[0]
	}
	if r.recurrent == nil {
		r.recurrent = part[1]
	}
	r.inputBias, r.stateBias, r.h, r.c, r.sums, r.none, r.gates = part[2], part[3], part[4], part[5], part[6], part[7], part[8]
	if r.Cell == LSTMCell {
		r.lastC = m.Out[2].F32()
	}
	if first := 1 + r.states(); r.Keep && r.Cell != SimpleRNNCell {
		r.gates, r.chunk = m.Out[first].F32(), min(r.chunk, r.t)
		r.cells = floatsOf[float32](m.Out, first+1)
	}
}

// pack reads weights and biases.
func (r *recurrenceRun) pack(packKernel bool, kernel []float32, packRecurrent bool, recurrent []float32) {
	g := &r.set.GemmF32
	if packKernel {
		g.PackRowsF32(r.kernel, kernel, r.cols, r.in)
	}
	if packRecurrent {
		g.PackRowsF32(r.recurrent, recurrent, r.cols, r.u)
	}
	clear(r.inputBias)
	clear(r.stateBias)
	clear(r.none)
	if r.bias != nil {
		copy(r.inputBias, r.bias[:r.cols])
		copy(r.stateBias, r.bias[r.cols:])
	}
}

// rows takes sequences lo to hi−1 through all steps.
func (r *recurrenceRun) rows(lo, hi int) {
	n, u, all, g := hi-lo, r.u, float32(math.Inf(1)), &r.set.GemmF32
	h, sums := r.h[lo*u:hi*u], r.sums[lo*r.cols:hi*r.cols]
	startState(h, stateRows(r.h0, lo, hi, u))
	startState(r.c[lo*u:hi*u], stateRows(r.c0, lo, hi, u))
	for from := 0; from < r.t; from += r.chunk {
		steps := min(r.chunk, r.t-from)
		r.project(lo, hi, from, steps)
		for k := from; k < from+steps; k++ {
			g.Mul(sums, r.cols, h, u, r.recurrent, r.stateBias, n, r.cols, u, -all, all)
			for i := lo; i < hi; i++ {
				r.step(i, k, r.gatesAt(i, k, from, steps))
			}
		}
	}
	copy(r.lastH[lo*u:], h)
	if r.lastC != nil {
		copy(r.lastC[lo*u:], r.c[lo*u:hi*u])
	}
}

// stateRows is rows lo to hi−1 of a state, nil of nil.
func stateRows(state []float32, lo, hi, u int) []float32 {
	if state == nil {
		return nil
	}
	return state[lo*u : hi*u]
}

// project computes the products with the input of some steps, which lie one
// after the other whichever way they are taken.
func (r *recurrenceRun) project(lo, hi, from, steps int) {
	first, all := min(r.at(from), r.at(from+steps-1)), float32(math.Inf(1))
	for i := lo; i < hi; i++ {
		to := r.gates[r.place(i, first, first)*r.kept:]
		r.set.GemmF32.Mul(to, r.kept, r.x[(i*r.t+first)*r.in:], r.in, r.kernel, r.inputBias, steps, r.cols, r.in, -all, all)
	}
}

// place is the row of gates for index t of sequence i, in a chunk whose first
// index is first.
func (r *recurrenceRun) place(i, t, first int) int {
	if r.Keep && r.Cell != SimpleRNNCell {
		return i*r.t + t
	}
	return i*r.chunk + t - first
}

// gatesAt is the row of gates for step k of sequence i, in the chunk of steps
// that begins with from.
func (r *recurrenceRun) gatesAt(i, k, from, steps int) []float32 {
	first := min(r.at(from), r.at(from+steps-1))
	return r.gates[r.place(i, r.at(k), first)*r.kept:][:r.kept]
}

// step moves sequence i on by step k.
func (r *recurrenceRun) step(i, k int, gates []float32) {
	u := r.u
	h, c, sums := r.h[i*u:(i+1)*u], r.c[i*u:(i+1)*u], r.sums[i*r.cols:(i+1)*r.cols]
	row := i*r.t + r.at(k)
	switch r.Cell {
	case SimpleRNNCell:
		lo, all := float32(math.Inf(-1)), float32(math.Inf(1))
		if r.Relu {
			lo = 0
		}
		r.set.BinaryF32(kernels.BinaryAdd, h, gates, sums, lo, all)
		if !r.Relu {
			r.set.UnaryF32(kernels.UnaryTanh, h, h, 0)
		}
	case GRUCell:
		r.set.GRUF32(h, gates, sums, h)
	case LSTMCell:
		r.set.LSTMF32(h, c, gates, sums, c)
		if r.cells != nil {
			copy(r.cells[row*u:], c)
		}
	}
	copy(r.y[row*u:], h)
}
