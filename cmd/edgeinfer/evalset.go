package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/metrics"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
	"github.com/edgeinfer/edgeinfer/train/network"
)

// forTraining reports whether data is of a kind that package train/data reads and
// the readers of models' inputs do not: tables, pairs of .npy, text, zips and MNIST's files.
func forTraining(path string) bool {
	name := strings.TrimSuffix(strings.ToLower(path), ".gz")
	for _, end := range []string{".npy", ".csv", ".tsv", ".txt", ".zip", "-ubyte", ".idx"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	entries, _ := os.ReadDir(path)
	if !slices.ContainsFunc(entries, fs.DirEntry.IsDir) && slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return strings.HasSuffix(strings.TrimSuffix(e.Name(), ".gz"), ".csv")
	}) {
		return true // train.csv and test.csv
	}
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return strings.HasSuffix(strings.TrimSuffix(e.Name(), ".gz"), "-ubyte")
	})
}

// knows is what a model says of the data that it takes.
type knows struct {
	classes, symbols []string
	length           int // of a sequence
	numbers          *data.Numbers
}

// openSet opens data as train does, with the keys of a description: its test part
// if it has one, unless all is wanted.
func openSet(path string, f evalFlags, model knows) (data.Set, *network.Description, error) {
	net, all := f.net, f.all
	d := &network.Description{}
	if net != "" {
		var err error
		if d, err = network.ReadFile(net); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				err = fmt.Errorf("%s: %w: check the path", net, fs.ErrNotExist)
			}
			return nil, nil, err
		}
	}
	o := &d.Data.Options
	if f.label != "" {
		o.Label = f.label
	}
	if o.Classes == nil {
		o.Classes = model.classes
	}
	if model.numbers != nil {
		model.numbers.As(o)
	}
	if o.Text.Symbols = model.symbols; model.symbols != nil {
		o.Text.Length = model.length
	}
	first, test, err := d.Data.Open(path)
	switch {
	case err != nil:
		return nil, nil, err
	case all && test != nil:
		both, err := data.Concat(first, test)
		return both, d, err
	case all:
		return first, d, nil
	case test != nil:
		return test, d, nil
	case net != "" && o.Test >= 0 && first.Len() > 1: // as train sets them aside
		_, test = data.Split(first, heldOut, 0)
		return test, d, nil
	}
	return first, d, nil
}

// setRun is a run of a model over a set.
type setRun struct {
	*watcher
	counts     *metrics.Confusion
	x, y, p    []float32 // a sample, its targets, its prediction
	loss, rows float64
	off        *deviation    // of targets that are numbers; else nil
	meters     *train.Meters // of the metrics that the description names
	lossMeter  *train.Meters // of its loss; nil without a description
	batch      train.Rows    // of a sample, for meters
}

// newSetRun checks that set and model fit: the input takes the samples' numbers
// in their order, and output 0 has a row for each target.
func newSetRun(s *edgeinfer.Session, set data.Set, d *network.Description, e *evalInfo) (*setRun, error) {
	out := s.Output(0)
	n, targets := count(set.Shape()), count(set.TargetShape())
	classes := max(len(set.Classes()), len(data.Symbols(set)))
	if l, ok := d.Loss(true); classes == 0 && ok && out.Len() > targets && strings.HasSuffix(l.String(), "categorical_crossentropy") {
		classes = out.Len() / targets // a class for each step
	}
	switch {
	case inputLen(s) != n:
		return nil, fmt.Errorf("%s: samples of shape %v, and the model's input is %v", e.Data, set.Shape(), inputShapes(s))
	case out.Len()%targets != 0:
		return nil, fmt.Errorf("%s: %d targets for each sample, and the model's output is %v", e.Data, targets, out.Shape())
	case classes == 0 && out.Len() != targets:
		return nil, fmt.Errorf("%s: targets are %d numbers, and the model's output is %v", e.Data, targets, out.Shape())
	}
	width := out.Len() / targets
	r := &setRun{watcher: newWatcher(set, width, classes > 0), counts: metrics.NewConfusion(max(width, 2, classes)),
		x: make([]float32, n), y: make([]float32, targets), p: make([]float32, 0, out.Len())}
	r.batch = train.Rows{Classes: width, Sparse: width > 1, Weights: make([]float32, targets), Targets: r.y}
	if classes == 0 {
		r.off = &deviation{}
		last := 1
		if shape := out.Shape(); len(shape) > 0 {
			last = shape[len(shape)-1]
		}
		r.batch.Classes, r.batch.Sparse, r.batch.Weights = last, false, slices.Repeat([]float32{1}, targets/last)
	}
	r.meters = train.NewMeters(r.batch.Classes, d.Metrics(classes == 0)...)
	if l, ok := d.Loss(classes == 0); ok {
		r.lossMeter = train.NewMeters(r.batch.Classes, l.Metric())
	}
	return r, nil
}

// inputLen returns how many numbers a model takes: those of its inputs, one after
// the other.
func inputLen(s *edgeinfer.Session) (n int) {
	for i := range s.Inputs() {
		n += s.Input(i).Len()
	}
	return n
}

// inputShapes returns the shape of the input, or those of several.
func inputShapes(s *edgeinfer.Session) any {
	if s.Inputs() == 1 {
		return s.Input(0).Shape()
	}
	var all [][]int
	for i := range s.Inputs() {
		all = append(all, s.Input(i).Shape())
	}
	return all
}

// setInputs fills the inputs with a sample.
func setInputs(s *edgeinfer.Session, x []float32) error {
	for i := range s.Inputs() {
		n := s.Input(i).Len()
		if err := s.Input(i).SetFloats(x[:n]); err != nil {
			return err
		}
		x = x[n:]
	}
	return nil
}

// evalSet measures a model on a set.
func (a *app) evalSet(s *edgeinfer.Session, set data.Set, d *network.Description, e *evalInfo) (*setRun, error) {
	r, err := newSetRun(s, set, d, e)
	if err != nil {
		return nil, invalid(err)
	}
	bar := a.newProgress(set.Len())
	defer bar.close()
	for i := range set.Len() {
		if err := set.Read(i, r.x, r.y); err != nil {
			return nil, invalid(err)
		}
		s.Reset()
		if err := setInputs(s, r.x); err != nil {
			return nil, invalid(fmt.Errorf("%s: %w", set.Name(i), err))
		}
		if err := s.RunContext(a.ctx); err != nil {
			if a.ctx.Err() != nil {
				return nil, a.ctx.Err()
			}
			return nil, fmt.Errorf("%s: on %s: %w", e.Model, set.Name(i), err)
		}
		r.p = s.Output(0).AppendFloats(r.p[:0])
		if err := r.count(i); err != nil {
			return nil, invalid(fmt.Errorf("%s: %w", set.Name(i), err))
		}
		bar.add(1)
	}
	loss := r.loss / max(r.rows, 1)
	if r.off != nil {
		loss = r.off.square / max(r.off.n, 1)
	}
	if r.lossMeter != nil {
		loss = r.lossMeter.Values()[0].Value
	}
	e.Loss = &loss
	e.Metrics = inOrder(append(train.Values{{Name: "loss", Value: loss}}, r.meters.Values()...))
	return r, nil
}

// count counts the predictions for sample i.
func (r *setRun) count(i int) error {
	r.batch.Predictions = r.p
	r.see(i, r.p, r.y)
	if r.off != nil {
		r.off.add(r.p, r.y)
		r.measure()
		return nil
	}
	for k, t := range r.y {
		if r.batch.Weights[k] = 0; t < 0 {
			continue
		}
		r.batch.Weights[k] = 1
		row := r.p[k*r.outputs : (k+1)*r.outputs]
		class, _ := predicted(row)
		if err := r.counts.Add(int(t), class); err != nil {
			return err
		}
		r.loss += surprise(row, int(t))
		r.rows++
	}
	r.measure()
	return nil
}

// measure adds a sample to the meters.
func (r *setRun) measure() {
	r.meters.Add(&r.batch)
	if r.lossMeter != nil {
		r.lossMeter.Add(&r.batch)
	}
}

// surprise is the cross-entropy of a row of probabilities, in nats.
func surprise(row []float32, class int) float64 {
	p, least := 0.0, 1e-7
	switch {
	case len(row) == 1 && class == 0:
		p = 1 - float64(row[0])
	case len(row) == 1:
		p = float64(row[0])
	case class < len(row):
		p, least = float64(row[class]), 1e-30
	}
	return -quant.Log64(min(max(p, least), 1))
}

// count multiplies a shape out.
func count(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
