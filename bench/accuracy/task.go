package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// task is a data set with a network for it.
type task struct {
	name string
	what string
	goal float64
	nats bool // goal and results are nats per character, else a share of samples
	// seeds bounds how many seeds are run of a task that takes long; 0 is no bound.
	seeds int
	// open reads the data and returns what trains from a seed.
	open func(b *bench) (func(seed uint64) (result, error), error)
}

// tasks are all there are, the quick ones first.
var tasks = []task{
	{name: "mnist-mlp", what: "MLP 784-128-64-10", goal: .976, open: openMLP},
	{name: "mnist-cnn", what: "CNN of two convolutions", goal: .991, open: openPictures("mnist", mnistCNN)},
	{name: "fashion-cnn", what: "the same CNN", goal: .905, open: openPictures("fashion-mnist", fashionCNN)},
	{name: "fsdd", what: "CNN on log-mel", goal: .99, open: openDigits},
	{name: "commands", what: "CNN on log-mel, speaker-disjoint", goal: .86, open: openCommands},
	{name: "imu", what: "GRU on windows, each user left out", goal: .95, open: openActivity},
	{name: "names", what: "LSTM of characters", goal: 2.05, nats: true, open: openNames},
	{name: "shakespeare", what: "Transformer of characters", goal: 1.75, nats: true, seeds: 1, open: openShakespeare},
	{name: "cifar10", what: "residual network, 10,000 pictures", goal: .65, open: openCIFAR},
}

// result is what one run gave.
type result struct {
	value   float64
	weights int    // how many numbers were trained
	hash    string // of the weights
	note    string // what else is worth printing
}

// row is a task's results.
type row struct {
	task
	values, seconds []float64
	weights         int
}

// bench is what all runs have in common.
type bench struct {
	data    string
	options []train.FitOption // threads and log
}

// path returns where a file of the data folder is.
func (b *bench) path(parts ...string) string {
	return filepath.Join(append([]string{b.data}, parts...)...)
}

// fit trains m and returns what result there is of it but its value.
func (b *bench) fit(m *train.Model, set data.Set, opts ...train.FitOption) (result, error) {
	if _, err := m.FitSet(set, slices.Concat(b.options, opts)...); err != nil {
		return result{}, err
	}
	n, _ := m.Count()
	return result{weights: n, hash: m.Hash()}, nil
}

// measured completes r with a metric of m on a set.
func (b *bench) measured(r result, m *train.Model, set data.Set, metric string) (result, error) {
	e, err := m.Evaluate(set, slices.Concat(b.options, []train.FitOption{train.BatchSize(100)})...)
	if err != nil {
		return r, err
	}
	v, ok := e.Metrics.Get(metric)
	if !ok {
		return r, fmt.Errorf("metric %q was not measured", metric)
	}
	r.value = v
	return r, nil
}

// inMemory reads a set once, less a number, so that decoding and front ends don't
// run in each epoch.
func inMemory(s data.Set, zero float32) (data.Set, error) {
	n := 1
	for _, d := range s.Shape() {
		n *= d
	}
	x, y, row := make([]float32, s.Len()*n), make([]int32, s.Len()), make([]float32, 1)
	for i := range s.Len() {
		if err := s.Read(i, x[i*n:(i+1)*n], row); err != nil {
			return nil, err
		}
		y[i] = int32(row[0])
	}
	for i := range x {
		x[i] -= zero
	}
	return data.Pair(data.Of(x, append([]int{s.Len()}, s.Shape()...)...), data.Of(y), s.Classes()...)
}

// show writes a result as people read it.
func (t *task) show(v float64) string {
	if t.nats {
		return fmt.Sprintf("%.3f nats", v)
	}
	return fmt.Sprintf("%.2f %%", 100*v)
}

// reached reports whether v is as good as the goal.
func (t *task) reached(v float64) bool {
	if t.nats {
		return v <= t.goal
	}
	return v >= t.goal
}

// median returns the middle of an odd number of values, or the mean of the two in
// the middle.
func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}

// table prints medians.
func table(out io.Writer, rows []row) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\ntask\tnetwork\tweights\tmedian\tworst\tgoal\treached\tseconds a run")
	for _, r := range rows {
		worst := slices.Min(r.values)
		if r.nats {
			worst = slices.Max(r.values)
		}
		reached := "yes"
		if !r.reached(median(r.values)) {
			reached = "no"
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%.0f\n", r.name, r.what, r.weights, r.show(median(r.values)), r.show(worst), r.show(r.goal), reached, median(r.seconds))
	}
	w.Flush()
}
