package main

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
	"github.com/edgeinfer/edgeinfer/train/report"
)

// watcher looks at predictions of a classifier as they come: how sure it is, and
// what it is wrong about.
type watcher struct {
	set      data.Set
	names    []string
	outputs  int // numbers of a row
	classes  bool
	certain  report.Calibration
	mistakes []mistake // of the highest probability, that first
}

// mistake is a sample that was taken for another class, or whose number was missed.
type mistake struct {
	sample, truth, predicted int
	probability              float64 // or how far off the number is
	number, guess            float32
}

func newWatcher(set data.Set, outputs int, classes bool) *watcher {
	w := &watcher{set: set, outputs: outputs, classes: classes, names: set.Classes()}
	if symbols := data.Symbols(set); symbols != nil {
		w.names = make([]string, len(symbols))
		for i, s := range symbols {
			w.names[i] = strings.Trim(strconv.Quote(s), `"`)
		}
	}
	return w
}

// see looks at the prediction of sample i: rows of as many numbers as there are
// classes, and the class of each row.
func (w *watcher) see(i int, prediction, target []float32) {
	if !w.classes && len(target) == 1 && len(prediction) == 1 {
		if off := math.Abs(float64(prediction[0]) - float64(target[0])); off > 0 {
			w.keep(mistake{sample: i, probability: off, number: target[0], guess: prediction[0]})
		}
		return
	}
	if !w.classes || len(target)*w.outputs != len(prediction) {
		return
	}
	for k, t := range target {
		truth := int(math.Round(float64(t)))
		if truth < 0 {
			continue
		}
		class, probability := predicted(prediction[k*w.outputs : (k+1)*w.outputs])
		w.certain.Add(probability, class == truth)
		if class != truth && len(target) == 1 {
			w.keep(mistake{sample: i, truth: truth, predicted: class, probability: probability})
		}
	}
}

// predicted returns the class of a row, and its probability.
func predicted(row []float32) (int, float64) {
	if len(row) == 1 {
		if p := float64(row[0]); p < .5 {
			return 0, 1 - p
		}
		return 1, float64(row[0])
	}
	best := 0
	for j, x := range row {
		if x > row[best] {
			best = j
		}
	}
	return best, float64(row[best])
}

// keep keeps a mistake if it is among the surest.
func (w *watcher) keep(m mistake) {
	if n := len(w.mistakes); n == report.MaxMistakes && !(m.probability > w.mistakes[n-1].probability) {
		return
	}
	at, _ := slices.BinarySearchFunc(w.mistakes, m, func(a, b mistake) int {
		return cmp.Or(cmp.Compare(b.probability, a.probability), cmp.Compare(a.sample, b.sample))
	})
	w.mistakes = slices.Insert(w.mistakes, at, m)
	w.mistakes = w.mistakes[:min(len(w.mistakes), report.MaxMistakes)]
}

func (w *watcher) name(class int) string {
	if class < len(w.names) {
		return w.names[class]
	}
	return strconv.Itoa(class)
}

// samples reads the mistakes.
func (w *watcher) samples(kind report.Kind) ([]report.Sample, error) {
	n, ny := 1, 1
	for _, d := range w.set.Shape() {
		n *= d
	}
	for _, d := range w.set.TargetShape() {
		ny *= d
	}
	var out []report.Sample
	for _, m := range w.mistakes {
		x := make([]float32, n)
		if err := w.set.Read(m.sample, x, make([]float32, ny)); err != nil {
			return nil, err
		}
		s := report.Sample{Name: w.set.Name(m.sample), Truth: w.name(m.truth), Predicted: w.name(m.predicted),
			Probability: m.probability, Kind: kind, Shape: w.set.Shape(), Values: x}
		if !w.classes {
			s.Truth, s.Predicted, s.Probability = fmt.Sprintf("%.4g", m.number), fmt.Sprintf("%.4g", m.guess), math.NaN()
		}
		out = append(out, s)
	}
	return out, nil
}

// writeReport writes pictures of how training went.
func (t *training) writeReport(o *trained, h *train.History) error {
	r := &report.Report{Title: t.model.Name, Best: h.Best, Summary: fmt.Sprintf("Trained on %d samples of %s, measured on %d.", o.Samples, t.f.data, o.TestSamples)}
	for _, v := range o.Metrics {
		r.Headlines = append(r.Headlines, report.Fact{Name: v.Name, Value: fmt.Sprintf("%.4g", v.Value)})
	}
	r.Facts = []report.Fact{
		{Name: "network", Value: t.path}, {Name: "data", Value: t.f.data}, {Name: "seed", Value: fmt.Sprint(t.d.Fit.Seed)},
		{Name: "parameters", Value: fmt.Sprint(o.Parameters)}, {Name: "epochs", Value: fmt.Sprint(o.Epochs)}, {Name: "batch", Value: fmt.Sprint(t.d.Fit.Batch)},
		{Name: "speed", Value: fmt.Sprintf("%.0f samples/s", o.PerSecond)}, {Name: "memory of a step", Value: bytesText(o.Planned), Note: t.plan.String()},
		{Name: "weights", Value: o.Hash, Note: "SHA-256: the same data and seed give the same on every CPU"},
	}
	for _, e := range h.Epochs {
		x := report.Epoch{Epoch: e.Epoch, Rate: e.Rate, Seconds: e.Seconds}
		for _, v := range e.Metrics {
			x.Values = append(x.Values, report.Value(v))
		}
		r.Epochs = append(r.Epochs, x)
	}
	if err := t.addResult(r); err != nil {
		return err
	}
	layers, err := t.model.Layers()
	if err != nil {
		return err
	}
	for _, l := range layers {
		size := int64(4)
		for _, d := range l.Shape {
			size *= int64(d)
		}
		r.Layers = append(r.Layers, report.Layer{Name: l.Name, Kind: l.Kind, Shape: fmt.Sprint(l.Shape), Parameters: int64(l.Params), MACs: l.MACs, Bytes: size})
	}
	return t.writeHTML(o, r)
}

// addResult adds what the test has shown.
func (t *training) addResult(r *report.Report) error {
	if t.watched == nil {
		return nil
	}
	r.Calibration = &t.watched.certain
	if t.result.Confusion != nil {
		r.Confusion = t.result.Confusion.Counts
		r.Classes = t.watched.names[:min(len(t.watched.names), len(r.Confusion))]
	}
	kind := report.Auto
	if t.d.Data.LogMel() {
		kind = report.Spectrogram
	}
	var err error
	r.Mistakes, err = t.watched.samples(kind)
	return err
}

func (t *training) writeHTML(o *trained, r *report.Report) error {
	var page bytes.Buffer
	if err := report.Write(&page, r); err != nil {
		return err
	}
	path := t.base + ".report.html"
	if err := writeFile(path, page.Bytes()); err != nil {
		return err
	}
	o.Files = append(o.Files, path)
	return nil
}
