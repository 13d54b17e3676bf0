package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/internal/atomicfile"
	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/network"
)

// trained is the JSON object of train.
type trained struct {
	Metrics     train.Values `json:"metrics"` // on the test part
	Seconds     float64      `json:"seconds"`
	PerSecond   float64      `json:"samples_per_s"`
	Planned     int64        `json:"planned_bytes"`
	Hash        string       `json:"weights_sha256"`
	Epochs      int          `json:"epochs"`
	Stopped     bool         `json:"stopped_early"`
	Samples     int          `json:"samples"`
	TestSamples int          `json:"test_samples"`
	Parameters  int          `json:"parameters"`
	Files       []string     `json:"files"`
	Notes       []string     `json:"notes,omitempty"`
}

// rate says how fast the steps were, without what validation took.
func (o *trained) rate(h *train.History) {
	n, seconds := 0, 0.0
	for _, e := range h.Epochs {
		n += e.Samples
		seconds += e.Seconds
	}
	if seconds > 0 {
		o.PerSecond = float64(n) / seconds
	}
}

// measure evaluates the model on the test part, if there is one.
func (t *training) measure(o *trained) error {
	trainable, other := t.model.Count()
	o.Parameters = trainable + other
	o.Metrics = train.Values{}
	if t.held != "" {
		o.Notes = append(o.Notes, t.held)
	}
	if t.test == nil {
		o.Notes = append(o.Notes, "nothing is measured: there is no test part")
		return nil
	}
	facts := network.FactsOf(t.set)
	_, out := t.model.Shape()
	t.watched = newWatcher(t.test, out[len(out)-1], !facts.Numbers)
	t.model.ResetStates() // that training left: the test data do not go on from it
	r, err := t.model.EvaluateEach(labelled{t.test}, t.watched.see, append(t.opts, train.WithContext(t.ctx))...)
	if err != nil {
		return t.trainingError(err, false)
	}
	t.result = r
	o.TestSamples = r.Samples
	o.Metrics = inOrder(r.Metrics)
	return nil
}

// inOrder puts accuracy and loss first.
func inOrder(v train.Values) train.Values {
	out := train.Values{}
	for _, first := range []string{"accuracy", "loss"} {
		if x, ok := v.Get(first); ok {
			out = append(out, train.Value{Name: first, Value: x})
		}
	}
	for _, x := range v {
		if _, ok := out.Get(x.Name); !ok {
			out = append(out, x)
		}
	}
	return out
}

// write writes all files.
func (t *training) write(o *trained, h *train.History, s *trainShow) error {
	if t.base == "" {
		return nil
	}
	g, err := t.model.ExportGraph(1)
	if err != nil {
		return fmt.Errorf("%s: %w", t.f.out, err)
	}
	about := t.about()
	tfliteOptions, err := about.tflite(g, tflite.WriteOptions{DynamicBatch: true, Description: t.model.Name})
	if err != nil {
		return err
	}
	for _, f := range []struct {
		ext   string
		write func(w io.Writer) error
	}{
		{".onnx", func(w io.Writer) error {
			return onnx.Write(w, g, onnx.WriteOptions{DynamicBatch: true, Metadata: about.onnx()})
		}},
		{".tflite", func(w io.Writer) error { return tflite.Write(w, g, tfliteOptions) }},
	} {
		var buf bytes.Buffer
		path := t.base + f.ext
		if err := f.write(&buf); err != nil {
			if f.ext == t.format {
				return fmt.Errorf("%s: %w", path, err)
			}
			o.Notes = append(o.Notes, fmt.Sprintf("%s is not written: %s", path, oneLine(err.Error())))
			t.note("%s", o.Notes[len(o.Notes)-1])
			continue
		}
		if err := writeFile(path, buf.Bytes()); err != nil {
			return err
		}
		o.Files = append(o.Files, path)
	}
	if err := t.model.SaveWeights(t.base + ".safetensors"); err != nil {
		return err
	}
	o.Files = append(o.Files, t.base+".safetensors")
	if err := t.writeLog(o, h); err != nil {
		return err
	}
	return t.writeReport(o, h)
}

// writeLog writes a line of JSON for each epoch.
func (t *training) writeLog(o *trained, h *train.History) error {
	path := t.base + ".log.jsonl"
	err := atomicfile.Write(path, func(w io.Writer) error {
		for _, e := range h.Epochs {
			if err := json.NewEncoder(w).Encode(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	o.Files = append(o.Files, path)
	return nil
}

func (o *trained) print(w io.Writer) {
	fmt.Fprintf(w, "test: %s  on %d samples\n", valuesText(o.Metrics), o.TestSamples)
	fmt.Fprintf(w, "%d epochs on %d samples in %.1f s, %.0f samples/s; %s planned\n", o.Epochs, o.Samples, o.Seconds, o.PerSecond, bytesText(o.Planned))
	fmt.Fprintf(w, "weights: %s\n", o.Hash)
	for _, f := range o.Files {
		fmt.Fprintf(w, "wrote %s\n", f)
	}
}
