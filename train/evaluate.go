package train

import (
	"errors"
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/metrics"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// Result is how well a model does on a set.
type Result struct {
	Metrics   Values             // "loss" first
	Confusion *metrics.Confusion // of classes; else nil
	Samples   int
}

// Evaluate measures the model on a set.
func (m *Model) Evaluate(set data.Set, opts ...FitOption) (*Result, error) {
	return m.EvaluateEach(set, nil, opts...)
}

// EvaluateEach is Evaluate that shows each sample's prediction, its shape that of
// the model's output.
func (m *Model) EvaluateEach(set data.Set, each func(i int, prediction, target []float32), opts ...FitOption) (*Result, error) {
	if m.err != nil {
		return nil, m.err
	}
	if !m.plan.ready {
		return nil, errors.New("train: Compile the model before Evaluate")
	}
	o, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	t, err := m.fits(set)
	if err != nil {
		return nil, err
	}
	tasks := []task{{doMeasure, min(o.batch, set.Len())}}
	if rest := set.Len() % o.batch; rest > 0 && set.Len() > o.batch {
		tasks = append(tasks, task{doMeasure, rest})
	}
	r, err := newRunner(m, t, setup{targets: t}, o, tasks)
	if err != nil {
		return nil, err
	}
	defer r.close()
	r.ctx = o.ctx
	return r.evaluate(set, o.batch, each)
}

// evaluate measures a set in batches.
func (r *runner) evaluate(set data.Set, batch int, each func(i int, prediction, target []float32)) (*Result, error) {
	weigh := r.weigh
	r.weigh = nil
	defer func() { r.weigh = weigh }()
	m := r.m
	meters := m.meters()
	classes := m.shape[len(m.shape)-1]
	out := &Result{Samples: set.Len()}
	if r.targets.sparse || m.plan.loss.name == BinaryCrossentropy.name && classes == 1 {
		out.Confusion = metrics.NewConfusion(max(classes, 2))
	}
	var sum, weight float64
	order := indices(0, set.Len())
	np, nt := length(m.shape), max(length(r.targets.shape), 1)
	for lo := 0; lo < len(order); lo += batch {
		if r.ctx != nil && r.ctx.Err() != nil {
			return nil, r.ctx.Err()
		}
		hi := min(lo+batch, len(order))
		rows, err := r.read(set, order[lo:hi], nil)
		if err != nil {
			return nil, err
		}
		loss, err := r.measure(rows, hi-lo)
		if err != nil {
			return nil, err
		}
		w := rows.weight()
		sum += float64(loss * w)
		weight += w
		for _, x := range meters {
			x.add(rows)
		}
		if out.Confusion != nil {
			countRows(out.Confusion, rows)
		}
		for i := lo; each != nil && i < hi; i++ {
			each(i, rows.Predictions[(i-lo)*np:(i-lo+1)*np], rows.Targets[(i-lo)*nt:(i-lo+1)*nt])
		}
	}
	for i, x := range m.plan.metrics {
		out.Metrics = append(out.Metrics, Value{x.name, meters[i].value()})
	}
	out.Metrics = append(Values{{"loss", quotient(sum, weight)}}, out.Metrics...)
	return out, nil
}

// Predict returns the predictions for samples x: their shape is [samples, …] with
// that of the model's output.
func (m *Model) Predict(x *data.Array, opts ...FitOption) ([]float32, error) {
	if m.err != nil {
		return nil, m.err
	}
	o, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	n, err := x.Samples()
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	in, _ := m.Shape()
	tasks := []task{{doPredict, min(o.batch, n)}}
	if rest := n % o.batch; rest > 0 && n > o.batch {
		tasks = append(tasks, task{doPredict, rest})
	}
	r, err := newRunner(m, targets{}, setup{}, o, tasks)
	if err != nil {
		return nil, err
	}
	defer r.close()
	out := make([]float32, 0, n*length(m.shape))
	for lo := 0; lo < n; lo += o.batch {
		hi := min(lo+o.batch, n)
		s := r.sets[task{doPredict, hi - lo}]
		for k := lo; k < hi; k++ {
			if err := x.Sample(k, r.x[:length(in)]); err != nil {
				return nil, fmt.Errorf("train: %w", err)
			}
			at := 0
			for i, node := range m.inputs {
				n := length(node.shape)
				put(s.In(i), (k-lo)*n, r.x[at:at+n])
				at += n
			}
		}
		if err := s.RunContext(o.ctx); err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
		out = append(out, s.Out(0).F32()...)
	}
	return out, nil
}

// diagnose finds where numbers stop to be finite, and says so.
func (f *fit) diagnose(rows *Rows, n int, loss float64) error {
	where := fmt.Sprintf("train: the loss is %v in epoch %d, batch %d", loss, f.Epoch+1, f.Batch+1)
	remedy := "lower the learning rate, clip gradients (ClipNorm), or look for such numbers in the data"
	s := f.m.scope(Predicting)
	at := f.m.buildAll(s, n)
	if s.Err() != nil {
		return fmt.Errorf("%s: %s", where, remedy)
	}
	for _, p := range f.m.params {
		if !finite(p.Data) {
			return fmt.Errorf("%s: weight %q has numbers that are not finite: %s", where, p.Name, remedy)
		}
	}
	for i, node := range f.m.inputs {
		_ = i
		if !finite(f.x[:n*length(node.shape)]) {
			return fmt.Errorf("%s: the samples themselves have numbers that are not finite", where)
		}
	}
	for _, node := range f.m.order {
		if !f.finiteAt(at[node], n) {
			return fmt.Errorf("%s: layer %q is the first whose output is not finite: %s", where, f.m.names.of[node.layer], remedy)
		}
	}
	return fmt.Errorf("%s: all layers are finite, it is the loss itself: %s", where, remedy)
}

// finite reports whether x are numbers.
func finite(x []float32) bool {
	for _, v := range x {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return false
		}
	}
	return true
}

// inputsOf returns the type of an input for n samples.
func inputsOf(node *Node, n int) tensor.Type {
	return tensor.Of(node.dtype, append([]int{n}, node.shape...)...)
}
