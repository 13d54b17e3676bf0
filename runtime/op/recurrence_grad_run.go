package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
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
	turnedX, turnedH           []float32 // x and the states before steps, a column per step
	ones, none                 []float32
	ld                         int // columns of turnedX: n·t, and some so that rows don't share cache lines' places
	panels                     []recurrencePanel
}

// recurrencePanel is a stripe of columns of da, and where it goes.
type recurrencePanel struct {
	from, to, width int  // columns of da; of the weights
	x, h            bool // whether kernel and recurrent have them
}

// recurrenceStripe is the width of a panel, in the kernels' own.
const recurrenceStripe = 2

// Prepare packs weights in each run: they change.
func (o RecurrenceGrad) Prepare(p *Prep) (Prepared, error) {
	r := recurrenceGradRun{recurrenceSize: o.Layer.size(p.In[0].Shape, p.In[2].Shape), set: p.Kernels}
	r.ld = kernels.RoundUp(r.n*r.t, 16) + 16
	stripe := recurrenceStripe * p.Kernels.GemmF32.NR
	r.panels = r.stripes(stripe)
	sizes := r.scratch(o.Want)
	bytes, err := scratchOf(4, sizes)
	if err != nil {
		return Prepared{}, err
	}
	per, err := sized(4 * int64(stripe) * int64(r.n) * int64(r.t))
	return Prepared{Kernel: p.Kernels.Name, Scratch: bytes, PerWorker: per, Bind: func(m *Mem) (Step, error) {
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
				bound.weights(panel, tensor.Cast[float32](m.PerWorker[w]))
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
	sizes := []int64{0, up(u) * cols, n * t * int64(r.kept), n * u, n * u, n * cols, n * u, n * u, 0, 0, n * t, up(max(u, in, cols))}
	if want[0] {
		sizes[0] = up(in) * cols
	}
	if want[1] {
		sizes[8] = in * int64(r.ld)
	}
	if want[2] {
		sizes[9] = u * int64(r.ld)
	}
	return sizes
}

func (r *recurrenceGradRun) bind(m *Mem, part [][]float32) {
	for i, to := range []*[]float32{&r.kernel, &r.recurrent, &r.da, &r.dh, &r.dc, &r.sums, &r.back, &r.tmp, &r.turnedX, &r.turnedH, &r.ones, &r.none} {
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
	for i := range r.ones {
		r.ones[i] = 1
	}
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
	r.turn(lo, hi)
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

// turn transposes x and the states before each step of sequences lo to hi−1.
func (r *recurrenceGradRun) turn(lo, hi int) {
	if r.to[1] != nil {
		r.transpose(r.turnedX[lo*r.t:], r.x[lo*r.t*r.in:], (hi-lo)*r.t, r.in)
	}
	if r.to[2] == nil {
		return
	}
	for i := lo; i < hi; i++ {
		first, at := i*r.t+r.at(0), i*r.t
		if !r.Reverse {
			at++ // the state before index 1 is that after index 0
		}
		from := r.y[i*r.t*r.u:]
		if r.Reverse {
			from = from[min(1, r.t-1)*r.u:]
		}
		r.transpose(r.turnedH[at:], from, r.t-1, r.u)
		for j, v := range r.before(r.y, r.h0, i, 0) {
			r.turnedH[j*r.ld+first] = v
		}
	}
}

// transpose stores rows of cols values as columns of rows that are r.ld apart.
func (r *recurrenceGradRun) transpose(y, x []float32, rows, cols int) {
	if rows > 0 {
		r.set.TransposeX4(tensor.Cast[int32](tensor.Bytes(y)), tensor.Cast[int32](tensor.Bytes(x)), rows, cols, r.ld, cols)
	}
}

// inputs computes rows lo to hi−1 of dx.
func (r *recurrenceGradRun) inputs(lo, hi int) {
	if all := float32(math.Inf(1)); r.to[0] != nil && lo < hi {
		r.set.GemmF32.Mul(r.to[0][lo*r.in:], r.in, r.da[lo*r.kept:], r.kept, r.kernel, r.none, hi-lo, r.in, r.cols, -all, all)
	}
}

// weights computes columns of dkernel, drecurrent and dbias; packed is room for
// the panel.
func (r *recurrenceGradRun) weights(p recurrencePanel, packed []float32) {
	k, g, all := r.n*r.t, &r.set.GemmF32, float32(math.Inf(1))
	if r.to[1] == nil && r.to[2] == nil && r.to[3] == nil {
		return
	}
	r.packPanel(p, packed)
	if p.x && r.to[1] != nil {
		g.Mul(r.to[1][p.to:], r.cols, r.turnedX, r.ld, packed, r.none, r.in, p.width, k, -all, all)
	}
	if p.h && r.to[2] != nil {
		g.Mul(r.to[2][p.to:], r.cols, r.turnedH, r.ld, packed, r.none, r.u, p.width, k, -all, all)
	}
	if r.to[3] == nil {
		return
	}
	if p.x { // 1·da fused with a sum is the sum
		g.Mul(r.to[3][p.to:], r.cols, r.ones, k, packed, r.none, 1, p.width, k, -all, all)
	}
	if p.h && r.Cell == GRUCell {
		g.Mul(r.to[3][r.cols+p.to:], r.cols, r.ones, k, packed, r.none, 1, p.width, k, -all, all)
	}
}

// packPanel is GemmF32.PackRowsF32 of some columns of da.
func (r *recurrenceGradRun) packPanel(p recurrencePanel, packed []float32) {
	k, nr := r.n*r.t, r.set.GemmF32.NR
	for j := 0; j < p.width; j += nr {
		n := min(nr, p.width-j)
		to, from := packed[j*k:][:nr*k], r.da[p.from+j:]
		if n < nr {
			clear(to)
		}
		for l := range k {
			copy(to[l*nr:][:n], from[l*r.kept:])
		}
	}
}
