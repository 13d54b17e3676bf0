package main

import (
	"fmt"
	"strconv"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/tasks"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// about is what a trained model says of itself: how its input is made, and what its
// output means.
type about struct {
	classes, symbols []string
	outputs          int   // numbers of a prediction's row
	shape            []int // of a sample
	form             data.Form
}

func (t *training) about() *about {
	_, out := t.model.Shape()
	a := &about{classes: t.set.Classes(), symbols: data.Symbols(t.set), outputs: out[len(out)-1], shape: t.set.Shape(), form: data.FormOf(t.set)}
	if !a.named() {
		a.classes = nil
	}
	return a
}

// named says whether output and names of classes fit: one number decides between two.
func (a *about) named() bool {
	return len(a.classes) == a.outputs || len(a.classes) == 2 && a.outputs == 1
}

// onnx returns the properties of a .onnx model.
func (a *about) onnx() map[string]string {
	out := map[string]string{}
	if a.classes != nil {
		out[feed.NamesKey] = media.FormatNames(a.classes)
	}
	if a.symbols != nil {
		out[feed.SymbolsKey] = string(feed.FormatSymbols(a.symbols))
	}
	if a.form.Picture && a.classes != nil {
		out[tasks.Key] = a.task()
	}
	if a.form.LogMel != nil {
		out[spectraKey] = a.spectra()
	} else if a.form.Rate > 0 {
		out[edgeinfer.SampleRateKey] = strconv.Itoa(a.form.Rate)
	}
	return out
}

// task is the declaration of a classifier of pictures.
func (a *about) task() string {
	resize := map[media.Mode]string{media.Stretch: "stretch", media.Crop: "crop", media.Pad: "pad"}[a.form.Resize]
	return fmt.Sprintf("task: classify\ninput: {resize: %s, mean: 0, std: %g}\n", resize, a.form.Scale)
}

// Files behind a .tflite model.
const (
	labelsFile     = "labels.txt"
	vocabularyFile = "vocabulary.txt"
)

// tflite adds TensorFlow Lite's metadata, and the files that they name.
func (a *about) tflite(g *graph.Graph, o tflite.WriteOptions) (tflite.WriteOptions, error) {
	if a.classes == nil && a.symbols == nil && !a.form.Picture && a.form.Rate == 0 {
		return o, nil
	}
	ins := make([]tflite.TensorMetadata, len(g.In))
	for i, v := range g.In {
		ins[i].Name = g.Values[v].Name
	}
	in := &ins[0]
	out := tflite.TensorMetadata{Name: g.Values[g.Out[0]].Name}
	o.Files = map[string][]byte{}
	if a.classes != nil {
		kind := tflite.FileTensorAxisLabels
		if a.outputs == 1 {
			kind = tflite.FileTensorValueLabels
		}
		out.Files = []tflite.AssociatedFile{{Name: labelsFile, Description: "names of the classes", Type: kind}}
		o.Files[labelsFile] = media.FormatLabels(a.classes)
	}
	if a.symbols != nil {
		in.Files = []tflite.AssociatedFile{{Name: vocabularyFile, Description: "what the numbers of a sequence stand for", Type: tflite.FileVocabulary}}
		o.Files[vocabularyFile] = feed.FormatSymbols(a.symbols)
	}
	if len(ins) == 1 {
		a.content(in)
	}
	data, err := (&tflite.ModelMetadata{Name: o.Description, MinParserVersion: "1.0.0",
		Subgraphs: []tflite.SubgraphMetadata{{Inputs: ins, Outputs: []tflite.TensorMetadata{out}}}}).Encode()
	o.Metadata = map[string][]byte{tflite.MetadataName: data}
	if a.form.Picture && a.classes != nil {
		o.Metadata[tasks.Key] = []byte(a.task())
	}
	if a.form.LogMel != nil {
		o.Metadata[spectraKey] = []byte(a.spectra())
	}
	return o, err
}

// content says what the input holds.
func (a *about) content(in *tflite.TensorMetadata) {
	switch {
	case a.form.Picture:
		colour := tflite.ColorGrayscale
		if len(a.shape) == 3 && a.shape[2] == 3 {
			colour = tflite.ColorRGB
		}
		in.Content = tflite.Content{Kind: tflite.ContentImage, Image: &tflite.ImageProperties{ColorSpace: colour}}
		in.Units = []tflite.ProcessUnit{{Kind: tflite.UnitNormalization, Mean: []float32{0}, Std: []float32{a.form.Scale}}}
	case a.form.Rate > 0 && a.form.LogMel == nil:
		in.Content = tflite.Content{Kind: tflite.ContentAudio, Audio: &tflite.AudioProperties{SampleRate: uint32(a.form.Rate), Channels: 1}}
	default:
		in.Content.Kind = tflite.ContentFeature
	}
}
