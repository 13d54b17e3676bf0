package train

import (
	"context"
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// runner runs graphs of one model on batches of a set, whole ones and last ones.
// Their sessions share memory.
type runner struct {
	m       *Model
	targets targets
	set     *kernels.Set
	threads int
	limits  op.Limits
	sets    map[task]*runtime.Session
	weigh   func(r *Rows) // changes the weights of a batch's rows; nil: all are 1
	ctx     context.Context

	// A batch as it is read, and the part of it that a session has run.
	x, y, weights []float32
	rows, some    Rows
	in, out       []int // shapes of a sample and of its prediction
}

// task is something to be done with a batch of n samples.
type task struct {
	does verb
	n    int
}

type verb uint8

const (
	doTrain   verb = iota // a step, or a part of one
	doApply               // the step after parts
	doMeasure             // predictions and their loss
	doPredict
)

// newRunner plans all tasks, for batches of at most the given size.
func newRunner(m *Model, t targets, u setup, o *settings, batch int, tasks []task) (*runner, error) {
	r := &runner{m: m, targets: t, set: o.set, threads: o.threads, limits: o.limits, ctx: o.ctx, sets: map[task]*runtime.Session{}}
	if r.set == nil {
		r.set = fastest()
	}
	var plans []*runtime.Plan
	var parts *graph.Graph
	most := batch
	for _, k := range tasks {
		var g *graph.Graph
		var err error
		switch k.does {
		case doTrain:
			g, err = m.trainGraph(k.n, u)
			parts = g
		case doApply:
			g, err = m.applyGraph(parts)
		case doMeasure:
			g, err = m.lossGraph(k.n, t)
		case doPredict:
			g, err = m.predictGraph(k.n)
		}
		if err != nil {
			return nil, err
		}
		p, err := planned(g, r.set, r.limits)
		if err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
		plans, most = append(plans, p), max(most, k.n)
	}
	sessions, err := runtime.NewSessions(max(o.threads, 1), m.vars, plans...)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	for i, k := range tasks {
		r.sets[k] = sessions[i]
	}
	r.in, r.out = m.Shape()
	r.x = make([]float32, most*length(r.in))
	r.y = make([]float32, most*max(length(t.shape), 1))
	r.weights = make([]float32, most*length(t.rows))
	return r, nil
}

// close ends the threads.
func (r *runner) close() {
	for _, s := range r.sets {
		s.Close()
		return
	}
}

// read reads samples, which order names, as a batch: the runner's, until the next.
// change, if it is there, augments a sample.
func (r *runner) read(set data.Set, order []int, change func(i int, x []float32)) (*Rows, error) {
	nx, ny := length(r.in), max(length(r.targets.shape), 1)
	for k, i := range order {
		x, y := r.x[k*nx:(k+1)*nx], r.y[k*ny:(k+1)*ny]
		if err := set.Read(i, x, y); err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
		if change != nil {
			change(i, x)
		}
	}
	rows := &r.rows
	*rows = Rows{Targets: r.y[:len(order)*ny], Weights: r.weights[:len(order)*length(r.targets.rows)], Classes: r.out[len(r.out)-1], Sparse: r.targets.sparse}
	for i := range rows.Weights {
		rows.Weights[i] = 1
		if rows.Sparse && rows.Targets[i] < 0 {
			rows.Weights[i] = 0
		}
	}
	if r.weigh != nil {
		r.weigh(rows)
	}
	return rows, nil
}

// fill copies samples lo to hi of a batch to a session's inputs, with weights that
// are divided by their sum, total. It returns the index of the next input.
func (r *runner) fill(s *runtime.Session, rows *Rows, lo, hi int, total float64, step int) (next int) {
	ny, nw := max(length(r.targets.shape), 1), length(r.targets.rows)
	r.fillInputs(s, lo, hi)
	next = len(r.m.inputs)
	if step >= 0 {
		s.In(next).I32()[0] = int32(step)
		next++
	}
	put(s.In(next), 0, r.y[lo*ny:hi*ny])
	w := s.In(next + 1).F32()
	for i, x := range rows.Weights[lo*nw : hi*nw] {
		w[i] = float32(float64(x) / total)
	}
	return next + 2
}

// fillInputs copies samples lo to hi of a batch to the inputs of the model.
func (r *runner) fillInputs(s *runtime.Session, lo, hi int) {
	nx, at := length(r.in), 0
	for i, node := range r.m.inputs {
		n := length(node.shape)
		for k := lo; k < hi; k++ {
			put(s.In(i), (k-lo)*n, r.x[k*nx+at:k*nx+at+n])
		}
		at += n
	}
}

// put stores numbers from element at on.
func put(v *tensor.View, at int, x []float32) {
	if v.DType == tensor.F32 {
		copy(v.F32()[at:], x)
		return
	}
	to := v.I32()[at:]
	for i, f := range x {
		to[i] = int32(f)
	}
}

// weight returns the sum of a batch's weights, at least a tiny number.
func (rows *Rows) weight() (sum float64) {
	for _, w := range rows.Weights {
		sum += float64(w)
	}
	return max(sum, 1e-12)
}

// measure predicts the samples of a batch and returns their mean loss. The
// predictions are in rows until the next run.
func (r *runner) measure(rows *Rows, n int) (float64, error) {
	s := r.sets[task{doMeasure, n}]
	r.fill(s, rows, 0, n, rows.weight(), -1)
	if err := s.Run(); err != nil {
		return 0, fmt.Errorf("train: %w", err)
	}
	rows.Predictions = s.Out(1).F32()
	return float64(s.Out(0).F32()[0]), nil
}

// step trains on a batch of n samples, in parts of at most part. It returns the
// loss, of which predictions are measured as they come.
func (r *runner) step(rows *Rows, n, part, step int, hyper []float32, seen func(*Rows)) (loss float64, err error) {
	total := rows.weight()
	nw := length(r.targets.rows)
	ny := max(length(r.targets.shape), 1)
	inParts := r.sets[task{doApply, 0}] != nil
	for lo, k := 0, 0; lo < n; k++ {
		hi := min(lo+part, n)
		s := r.sets[task{doTrain, hi - lo}]
		next := r.fill(s, rows, lo, hi, total, step)
		if inParts {
			s.In(next).I32()[0] = int32(k)
		} else {
			copy(s.In(next).F32(), hyper)
		}
		if err := s.Run(); err != nil {
			return 0, fmt.Errorf("train: %w", err)
		}
		loss += float64(s.Out(0).F32()[0])
		some := &r.some
		*some = *rows
		some.Predictions, some.Targets, some.Weights = s.Out(1).F32(), rows.Targets[lo*ny:hi*ny], rows.Weights[lo*nw:hi*nw]
		seen(some)
		lo = hi
	}
	if inParts && !math.IsNaN(loss) && !math.IsInf(loss, 0) {
		s := r.sets[task{doApply, 0}]
		copy(s.In(0).F32(), hyper)
		if err := s.Run(); err != nil {
			return 0, fmt.Errorf("train: %w", err)
		}
		if len(s.Plan().Graph().Out) > 0 {
			loss += float64(s.Out(0).F32()[0])
		}
	}
	return loss, nil
}
