package train

import (
	"errors"
	"fmt"

	"github.com/edgeinfer/edgeinfer/metrics"
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
	r, err := newRunner(m, t, setup{targets: t}, o, 0, tasks)
	if err != nil {
		return nil, err
	}
	defer r.close()
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
		if err := r.ctx.Err(); err != nil {
			return nil, err
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
	if err := x.Err(); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	set, err := data.Pair(x, data.Of(make([]float32, x.Shape()[0])))
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return m.PredictSet(set, opts...)
}

// PredictSet is Predict of a set's samples.
func (m *Model) PredictSet(set data.Set, opts ...FitOption) ([]float32, error) {
	if m.err != nil {
		return nil, m.err
	}
	o, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	in, _ := m.Shape()
	n := set.Len()
	if n == 0 || length(set.Shape()) != length(in) {
		return nil, fmt.Errorf("train: %d samples of shape %v, and the model's input is %v", n, set.Shape(), in)
	}
	tasks := []task{{doPredict, min(o.batch, n)}}
	if rest := n % o.batch; rest > 0 && n > o.batch {
		tasks = append(tasks, task{doPredict, rest})
	}
	t := targets{shape: set.TargetShape(), rows: m.shape[:len(m.shape)-1]}
	r, err := newRunner(m, t, setup{}, o, 0, tasks)
	if err != nil {
		return nil, err
	}
	defer r.close()
	out := make([]float32, 0, n*length(m.shape))
	order := indices(0, n)
	for lo := 0; lo < n; lo += o.batch {
		hi := min(lo+o.batch, n)
		if _, err := r.read(set, order[lo:hi], nil); err != nil {
			return nil, err
		}
		s := r.sets[task{doPredict, hi - lo}]
		r.fillInputs(s, 0, hi-lo)
		if err := s.RunContext(o.ctx); err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
		out = append(out, s.Out(0).F32()...)
	}
	return out, nil
}
