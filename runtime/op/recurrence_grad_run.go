package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// recurrenceGradRun is a RecurrenceGrad bound to memory.
type recurrenceGradRun struct {
	recurrenceSize
	set                        *kernels.Set
	to                         [6][]float32
	x, h0, c0, y, gates, cells []float32
	dy, lastDH, lastDC         []float32
	kernel, recurrent          []float32 // packed, to be multiplied from the right
	da                         []float32 // gradients of sums, [n t kept]
	dh, dc, sums, back, tmp    []float32 // of a step, a row per sequence
	ones, none                 []float32
	panels                     []recurrencePanel
}

// recurrencePanel is a stripe of columns of da, and where it goes.
type recurrencePanel struct {
	from, to, width int  // columns of da; of the weights
	x, h            bool // whether kernel and recurrent have them
}

// recurrenceStripe is the width of a panel: some of the kernels' own.
const recurrenceStripe = 64

// Prepare packs weights in each run: they change.
func (o *RecurrenceGrad) Prepare(p *Prep) (Prepared, error) {
	r := recurrenceGradRun{recurrenceSize: o.Layer.size(p.In[0].Shape, p.In[2].Shape), set: p.Kernels}
	r.panels = r.stripes(recurrenceStripe)
	sizes := r.scratch(o.Want)
	bytes, err := scratchOf(4, sizes)
	return Prepared{Kernel: p.Kernels.Name, Scratch: bytes, Bind: func(m *Mem) (Step, error) {
		bound := r
		bound.to = o.wanted(m.Out)
		bound.bind(m, split[float32](m.Scratch, sizes))
		threads := r.threads(m.Env.Workers)
		rows := onWorkers(m.Env.Workers, threads, func(w int) {
			if lo, hi := Share(r.n, w, threads, 1); lo < hi {
				bound.rows(lo, hi)
			}
		})
		products := onWorkers(m.Env.Workers, threads, func(w int) {
			bound.inputs(Share(r.n*r.t, w, threads, p.Kernels.GemmF32.MR))
			lo, hi := Share(len(bound.panels), w, threads, 1)
			for _, panel := range bound.panels[lo:hi] {
				bound.weights(panel)
			}
		})
		kernel, recurrent := m.In[1].F32(), m.In[2].F32()
		return func() error {
			bound.pack(kernel, recurrent)
			if err := rows(); err != nil {
				return err
			}
			return products()
		}, nil
	}}, err
}

// stripes divides the columns of da.
func (r *recurrenceGradRun) stripes(width int) (panels []recurrencePanel) {
	add := func(from, to, n int, x, h bool) {
		for j := 0; j < n; j += width {
			panels = append(panels, recurrencePanel{from + j, to + j, min(width, n-j), x, h})
		}
	}
	if r.Cell != GRUCell {
		add(0, 0, r.cols, true, true)
		return panels
	}
	add(0, 0, 2*r.u, true, true)
	add(2*r.u, 2*r.u, r.u, true, false)
	add(3*r.u, 2*r.u, r.u, false, true)
	return panels
}

// scratch lists elements in the order of bind.
func (r *recurrenceGradRun) scratch(want [6]bool) []int64 {
	n, t, u, in, cols, nr := int64(r.n), int64(r.t), int64(r.u), int64(r.in), int64(r.cols), int64(r.set.GemmF32.NR)
	up := func(x int64) int64 { return (x + nr - 1) / nr * nr }
	sizes := []int64{0, up(u) * cols, n * t * int64(r.kept), n * u, n * u, n * cols, n * u, n * u, 1, up(max(u, in, cols))}
	if want[0] {
		sizes[0] = up(in) * cols
	}
	return sizes
}

func (r *recurrenceGradRun) bind(m *Mem, part [][]float32) {
	for i, to := range []*[]float32{&r.kernel, &r.recurrent, &r.da, &r.dh, &r.dc, &r.sums, &r.back, &r.tmp, &r.ones, &r.none} {
		*to = part[i]
	}
	in := func(i int) []float32 { return floatsOf[float32](m.In, i) }
	r.x, r.h0, r.c0, r.y = in(0), in(recurrenceGradH), in(recurrenceGradC), in(recurrenceGradY)
	r.gates, r.cells = in(recurrenceGradGates), in(recurrenceGradCells)
	r.dy, r.lastDH, r.lastDC = in(recurrenceGradDY), in(recurrenceGradDH), in(recurrenceGradDC)
}

// pack lays out the weights' transposes, and sets what is constant in a run.
func (r *recurrenceGradRun) pack(kernel, recurrent []float32) {
	g := &r.set.GemmF32
	if r.to[0] != nil {
		g.PackF32(r.kernel, kernel, r.in, r.cols)
	}
	g.PackF32(r.recurrent, recurrent, r.u, r.cols)
	clear(r.none)
	r.ones[0] = 1
}

// rows takes sequences lo to hi−1 back through all steps.
func (r *recurrenceGradRun) rows(lo, hi int) {
	u, all, g := r.u, float32(math.Inf(1)), &r.set.GemmF32
	dh, back, sums := r.dh[lo*u:hi*u], r.back[lo*u:hi*u], r.sums[lo*r.cols:hi*r.cols]
	startState(dh, stateRows(r.lastDH, lo, hi, u))
	startState(r.dc[lo*u:hi*u], stateRows(r.lastDC, lo, hi, u))
	for k := r.t - 1; k >= 0; k-- {
		for i := lo; i < hi; i++ {
			r.step(i, k)
		}
		if r.Cell != GRUCell {
			g.Mul(dh, u, sums, r.cols, r.recurrent, r.none, hi-lo, u, r.cols, -all, all)
			continue
		}
		g.Mul(back, u, sums, r.cols, r.recurrent, r.none, hi-lo, u, r.cols, -all, all)
		r.set.BinaryF32(kernels.BinaryAdd, dh, dh, back, -all, all)
	}
	copyWanted(r.to[4], lo*u, dh)
	copyWanted(r.to[5], lo*u, r.dc[lo*u:hi*u])
}

func copyWanted(to []float32, at int, from []float32) {
	if to != nil {
		copy(to[at:], from)
	}
}

// step computes da of step k of sequence i, and what of it is multiplied by
// recurrent.
func (r *recurrenceGradRun) step(i, k int) {
	u, row, all := r.u, i*r.t+r.at(k), float32(math.Inf(1))
	dh, da, sums := r.dh[i*u:(i+1)*u], r.da[row*r.kept:][:r.kept], r.sums[i*r.cols:(i+1)*r.cols]
	if r.dy != nil {
		r.set.BinaryF32(kernels.BinaryAdd, dh, dh, r.dy[row*u:], -all, all)
	}
	switch r.Cell {
	case SimpleRNNCell:
		r.simple(da, dh, r.y[row*u:][:u], r.tmp[i*u:(i+1)*u])
		copy(sums, da)
	case GRUCell:
		r.set.GRUGradF32(da, dh, r.gates[row*r.kept:][:r.kept], r.before(r.y, r.h0, i, k))
		copy(sums, da[:2*u])
		copy(sums[2*u:], da[3*u:])
	case LSTMCell:
		r.set.LSTMGradF32(da, r.dc[i*u:(i+1)*u], dh, r.gates[row*r.kept:][:r.kept], r.cells[row*u:][:u], r.before(r.cells, r.c0, i, k))
		copy(sums, da)
	}
}

// before is the state of sequence i before step k, of those after steps.
func (r *recurrenceGradRun) before(after, initial []float32, i, k int) []float32 {
	switch {
	case k > 0:
		return after[(i*r.t+r.at(k-1))*r.u:][:r.u]
	case initial != nil:
		return initial[i*r.u : (i+1)*r.u]
	}
	return r.none[:r.u]
}

// simple is a step of a SimpleRNNCell: dh·(1 − y²), or dh where y is above 0.
func (r *recurrenceGradRun) simple(da, dh, y, tmp []float32) {
	if r.Relu {
		for j, v := range dh[:len(da)] {
			if !(y[j] > 0) {
				v = 0
			}
			da[j] = v
		}
		return
	}
	all := float32(math.Inf(1))
	r.set.BinaryF32(kernels.BinaryMul, tmp, y, y, -all, all)
	r.set.BinaryF32(kernels.BinarySub, tmp, r.ones[:1], tmp, -all, all)
	r.set.BinaryF32(kernels.BinaryMul, da, dh, tmp, -all, all)
}

// inputs computes rows lo to hi−1 of dx.
func (r *recurrenceGradRun) inputs(lo, hi int) {
	if all := float32(math.Inf(1)); r.to[0] != nil && lo < hi {
		r.set.GemmF32.Mul(r.to[0][lo*r.in:], r.in, r.da[lo*r.kept:], r.kept, r.kernel, r.none, hi-lo, r.in, r.cols, -all, all)
	}
}

// weights adds to columns of dkernel, drecurrent and dbias, one sequence after the
// other, so that what is read lies in the cache.
func (r *recurrenceGradRun) weights(p recurrencePanel) {
	dkernel, drecurrent, dbias := r.to[1], r.to[2], r.to[3]
	for i := range r.n {
		row, add := i*r.t, i > 0
		da := r.da[row*r.kept+p.from:]
		if p.x && dkernel != nil {
			r.set.GemmF32.Strided(dkernel[p.to:], r.cols, r.x[row*r.in:], 1, r.in, da, r.kept, r.in, p.width, r.t, add)
		}
		if p.h && drecurrent != nil {
			r.states(drecurrent[p.to:], i, p)
		}
		if p.x && dbias != nil { // 1·da fused with a sum is the sum
			r.set.GemmF32.Strided(dbias[p.to:], 0, r.ones, 0, 0, da, r.kept, 1, p.width, r.t, add)
		}
		if p.h && dbias != nil && r.Cell == GRUCell {
			r.set.GemmF32.Strided(dbias[r.cols+p.to:], 0, r.ones, 0, 0, da, r.kept, 1, p.width, r.t, add)
		}
	}
}

// states adds the products of sequence i's states before steps, in order of
// indices: that before the first step is not in y.
func (r *recurrenceGradRun) states(to []float32, i int, p recurrencePanel) {
	u, row, mul := r.u, i*r.t, r.set.GemmF32.Strided
	at := func(index int) []float32 { return r.da[(row+index)*r.kept+p.from:] }
	initial := r.before(r.y, r.h0, i, 0)
	if !r.Reverse {
		mul(to, r.cols, initial, 1, u, at(0), r.kept, u, p.width, 1, i > 0)
	}
	if r.t > 1 && r.Reverse {
		mul(to, r.cols, r.y[(row+1)*u:], 1, u, at(0), r.kept, u, p.width, r.t-1, i > 0)
	} else if r.t > 1 {
		mul(to, r.cols, r.y[row*u:], 1, u, at(1), r.kept, u, p.width, r.t-1, true)
	}
	if r.Reverse {
		mul(to, r.cols, initial, 1, u, at(r.t-1), r.kept, u, p.width, 1, i > 0 || r.t > 1)
	}
}
