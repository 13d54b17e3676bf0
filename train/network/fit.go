package network

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
	"go.yaml.in/yaml/v3"
)

// Fit is how a network is trained.
type Fit struct {
	Epochs, Batch   int
	Seed            uint64
	ValidationSplit float64
	KeepOrder       bool
	Stop            string // the metric of early stopping, "" for none
	Patience        int
	ClassWeights    []float64
	Balanced        bool // class weights are the inverse of how often a class occurs
	Augment         data.Augmenters
	Accumulate      int
	Recompute       bool
	MemoryBudget    int64
	CheckpointEvery int // batches

	augment *yaml.Node
	file    string
}

// read reads fit.
func (t *Fit) read(top *fields) {
	*t = Fit{file: top.file}
	n := top.get("fit")
	if n == nil {
		n = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: 1, Column: 1}
	}
	f := top.fields(n, "fit")
	t.Epochs = f.int("epochs", 10, 1, most)
	t.Batch = f.int("batch", 32, 1, most)
	t.Seed = uint64(f.int("seed", 0, 0, most))
	t.ValidationSplit = f.real("validation_split", 0, 0, .999999)
	t.KeepOrder = !f.flag("shuffle", true)
	t.Accumulate = f.int("accumulate", 1, 1, most)
	t.Recompute = f.flag("recompute", false)
	t.MemoryBudget = int64(f.int("memory_budget", 0, 1, math.MaxInt))
	t.CheckpointEvery = f.int("checkpoint_every", 0, 1, most)
	if n := f.get("early_stopping"); n != nil {
		s := f.argument(n, n, "early_stopping", "metric")
		t.Stop = s.text("metric", "val_loss")
		t.Patience = s.int("patience", 3, 1, most)
		s.done()
	}
	t.readWeights(f)
	t.readAugment(f)
	f.done()
}

// readWeights reads class_weights: a list, or "balanced".
func (t *Fit) readWeights(f *fields) {
	n := f.get("class_weights")
	switch {
	case n == nil:
	case n.Kind == yaml.ScalarNode && n.Value == "balanced":
		t.Balanced = true
	case n.Kind == yaml.SequenceNode:
		for _, e := range n.Content {
			t.ClassWeights = append(t.ClassWeights, f.realOf(e, "class_weights", 0, 1e9))
		}
	default:
		f.fail(n, "fit: class_weights is a list of numbers, one for each class, or balanced")
	}
}

// augmenter makes an augmenter from its keys; primary is the key that a value
// alone is of.
type augmenter struct {
	primary string
	make    func(f *fields) data.Augmenter
}

// augmenters are all of them, by name.
func augmenters() map[string]augmenter {
	return map[string]augmenter{
		"noise": {"deviation", func(f *fields) data.Augmenter { return data.Noise(f.real("deviation", .1, 0, 1e6)) }},
		"gain":  {"spread", func(f *fields) data.Augmenter { return data.Gain(f.real("spread", .1, 0, 1e6)) }},
		"shift": {"pixels", func(f *fields) data.Augmenter {
			p := f.pair("pixels", 2, 0)
			return data.Shift{Y: p[0], X: p[1]}
		}},
		"crop":  {"least", func(f *fields) data.Augmenter { return data.Crop(f.real("least", .8, .01, 1)) }},
		"flip":  {"", func(f *fields) data.Augmenter { return data.Flip{} }},
		"slide": {"samples", func(f *fields) data.Augmenter { return data.Slide(f.int("samples", 1, 0, 1<<28)) }},
		"mask": {"", func(f *fields) data.Augmenter {
			return data.Mask{Time: f.int("time", 0, 0, 1<<28), Bands: f.int("bands", 0, 0, 1<<28), Fill: float32(f.real("fill", 0, -1e30, 1e30))}
		}},
		"turn": {"radians", func(f *fields) data.Augmenter { return data.Turn(f.real("radians", .3, 0, 100)) }},
	}
}

// readAugment reads augment: a list of augmenters.
func (t *Fit) readAugment(f *fields) {
	t.augment = f.get("augment")
	for _, n := range f.list("augment") {
		name, at, value := f.item(n, "an augmentation")
		all := augmenters()
		a, ok := all[name]
		if !ok {
			var names []string
			for k := range all {
				names = append(names, k)
			}
			f.fail(at, "augmentation %q is not known%s", clip(name), suggest(name, names))
			return
		}
		o := f.argument(value, at, name, a.primary)
		t.Augment = append(t.Augment, a.make(o))
		o.done()
	}
}

// Options returns what Model.Fit is to do on set. Errors are of augmentation and
// weights that do not fit it.
func (t *Fit) Options(set data.Set) ([]train.FitOption, error) {
	out := []train.FitOption{train.Epochs(t.Epochs), train.BatchSize(t.Batch), train.ValidationSplit(t.ValidationSplit), train.Accumulate(t.Accumulate)}
	if t.KeepOrder {
		out = append(out, train.KeepOrder)
	}
	if t.Stop != "" {
		out = append(out, train.EarlyStopping(t.Stop, t.Patience))
	}
	if t.Recompute {
		out = append(out, train.Recompute)
	}
	if t.MemoryBudget > 0 {
		out = append(out, train.MemoryBudget(t.MemoryBudget))
	}
	if len(t.Augment) > 0 {
		if err := t.Augment.Fits(set.Shape()); err != nil {
			return nil, asError(t.file, t.augment, fmt.Errorf("augment: %w", err))
		}
		out = append(out, train.Augment(t.Augment.Augment))
	}
	weights := t.ClassWeights
	if t.Balanced {
		var err error
		if weights, err = balanced(set); err != nil {
			return nil, fmt.Errorf("%s: %w", t.file, err)
		}
	}
	if len(weights) > 0 {
		out = append(out, train.ClassWeights(weights...))
	}
	return out, nil
}

// balanced weighs classes so that each counts alike: samples/(classes·its samples).
func balanced(set data.Set) ([]float64, error) {
	counts := make([]float64, len(set.Classes()))
	if len(counts) == 0 {
		return nil, fmt.Errorf("fit: class_weights: the data have no classes to balance: leave it out")
	}
	x, y := make([]float32, length(set.Shape())), make([]float32, length(set.TargetShape()))
	for i := range set.Len() {
		if err := set.Read(i, x, y); err != nil {
			return nil, err
		}
		if c := int(y[0]); c >= 0 && c < len(counts) {
			counts[c]++
		}
	}
	for c, n := range counts {
		if n > 0 {
			counts[c] = float64(set.Len()) / (float64(len(counts)) * n)
		}
	}
	return counts, nil
}

// length returns how many elements a shape has.
func length(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
