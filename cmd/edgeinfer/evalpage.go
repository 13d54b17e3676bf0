package main

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/edgeinfer/edgeinfer/train/data"
	"github.com/edgeinfer/edgeinfer/train/report"
)

// writeHTML writes what was measured as a page. w is nil if nothing was watched.
func (e *evalInfo) writeHTML(path string, w *watcher) error {
	r := &report.Report{Title: filepath.Base(e.Model), Summary: fmt.Sprintf("Measured on %d samples of %s.", e.Samples, e.Data),
		Facts: []report.Fact{{Name: "model", Value: e.Model}, {Name: "data", Value: e.Data}, {Name: "kernels", Value: e.Kernels}}}
	if e.numbers != nil {
		e.numbers.draw(r)
	} else {
		e.draw(r)
	}
	if w != nil {
		if w.classes {
			r.Calibration = &w.certain
		}
		kind := report.Auto
		if data.FormOf(w.set).LogMel != nil {
			kind = report.Spectrogram
		}
		var err error
		if r.Mistakes, err = w.samples(kind); err != nil {
			return invalid(err)
		}
	}
	var page bytes.Buffer
	if err := report.Write(&page, r); err != nil {
		return err
	}
	return writeFile(path, page.Bytes())
}

// draw adds a classifier's figures.
func (e *evalInfo) draw(r *report.Report) {
	r.Headlines = []report.Fact{headline("accuracy", e.Accuracy), headline("balanced accuracy", e.Balanced), headline("macro F1", e.MacroF1)}
	if e.Loss != nil {
		r.Headlines = append(r.Headlines, headline("loss", *e.Loss))
	}
	r.Confusion = e.Confusion
	for i, c := range e.Classes {
		name := c.Label
		if name == "" {
			name = fmt.Sprint(i)
		}
		r.Classes = append(r.Classes, name)
	}
}

// draw adds the figures of a model whose targets are numbers.
func (n *evalNumbers) draw(r *report.Report) {
	r.Headlines = []report.Fact{headline("mean absolute error", n.MAE), headline("root of the mean square", n.RMSE)}
}

func headline(name string, x float64) report.Fact {
	return report.Fact{Name: name, Value: fmt.Sprintf("%.4g", x)}
}
