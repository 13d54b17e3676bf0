package network

import (
	"fmt"
	"os"
	"slices"

	"github.com/edgeinfer/edgeinfer/train"
	"go.yaml.in/yaml/v3"
)

// Description is what a document says.
type Description struct {
	Name  string
	Fit   Fit
	Data  Data
	file  string
	text  []byte
	facts Facts
	loss  *train.Loss // nil: as the data need
	// metrics are those that are named.
	metrics   []train.Metric
	optimizer train.Optimizer
	inputs    []input
	tokens    map[string]bool // inputs that an embedding reads
	model     *train.Model
}

// input is an input of the network. A shape of nil is that of the data.
type input struct {
	name  string
	shape []int
}

// Facts are what a network takes from the data.
type Facts struct {
	Shape   []int // of a sample
	Outputs int   // classes, symbols, or numbers of a target: "classes"
	Symbols int   // of a text: "symbols"
	Numbers bool  // targets are numbers, not classes
}

// ReadFile reads a description.
func ReadFile(path string) (*Description, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxText {
		return nil, &Error{File: path, What: fmt.Sprintf("%d bytes are more than the %d that a description may have", info.Size(), maxText)}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Read(path, text)
}

// Read reads a description. Errors name file as where text comes from.
func Read(file string, text []byte) (*Description, error) {
	d := &Description{file: file, text: text, tokens: map[string]bool{}}
	// Sizes that the data decide are checked again when they are known.
	if err := d.read(Facts{Shape: nil, Outputs: 2, Symbols: 2}); err != nil {
		return nil, err
	}
	return d, nil
}

// Facts are those that the description knows without data: the shape of samples.
func (d *Description) Facts() (Facts, error) {
	if len(d.inputs) != 1 {
		return Facts{Shape: []int{1}}, nil
	}
	if d.inputs[0].shape == nil {
		return Facts{}, &Error{File: d.file, What: "the shape of samples is not known: give data, or write input: [28, 28, 1]"}
	}
	return Facts{Shape: d.inputs[0].shape}, nil
}

// Model returns a model made for data with the given facts, ready to be trained.
func (d *Description) Model(facts Facts) (*train.Model, error) {
	c := *d // the caller may have changed Fit
	if err := c.read(facts); err != nil {
		return nil, err
	}
	return c.model, nil
}

// read reads all keys. It makes the model if facts have a shape.
func (d *Description) read(facts Facts) error {
	r := &reader{file: d.file, words: map[string]int{"classes": facts.Outputs, "symbols": facts.Symbols}}
	top := r.parse(d.text)
	if top == nil {
		return r.err
	}
	d.facts = facts
	f := r.fields(top, "the description")
	d.Name = f.text("name", "")
	d.readInputs(f)
	d.Fit.read(f)
	d.Data.read(f)
	d.readOptimizer(f)
	d.readLoss(f)
	d.readMetrics(f)
	layers := f.list("layers")
	f.done()
	if r.err == nil && len(layers) == 0 {
		f.fail(top, "the description has no layers: write layers: and a line such as - dense: {units: 10}")
	}
	b := &builder{reader: r, d: d, nodes: map[string]*train.Node{}}
	b.begin(facts.Shape)
	out := b.layers(layers, b.first())
	if r.err != nil {
		return r.err
	}
	if facts.Shape == nil {
		return nil
	}
	return d.compile(b, out, layers[len(layers)-1])
}

// readInputs reads input: a shape, or a name and shape for each of several.
func (d *Description) readInputs(f *fields) {
	d.inputs = []input{{name: "input"}}
	n := f.get("input")
	if n == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.inputs[0].shape = f.ints("input", 1, most)
		return
	}
	d.inputs = nil
	in := f.fields(n, "input")
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := whole(n.Content[i]).Value
		d.inputs = append(d.inputs, input{name, in.ints(name, 1, most)})
	}
	if len(d.inputs) == 0 {
		f.fail(n, "input has no names: write input: [28, 28, 1], or input: {left: [8], right: [8]}")
	}
}

// compile makes the model.
func (d *Description) compile(b *builder, out *train.Node, last *yaml.Node) error {
	m := train.NewModel(b.inputs, out)
	m.Name = d.Name
	if err := m.Err(); err != nil {
		return asError(d.file, b.place(err, last), err)
	}
	loss := d.lossFor(d.facts.Numbers)
	if err := m.Compile(d.optimizer, loss, d.measured(loss)...); err != nil {
		return asError(d.file, last, err)
	}
	d.model = m
	return nil
}

// Metrics are what is measured of data with classes, or with targets that are
// numbers.
func (d *Description) Metrics(numbers bool) []train.Metric { return d.measured(d.lossFor(numbers)) }

// Loss returns the loss of data with classes, or with targets that are numbers: the
// one that is named, or what suits them. ok is false for the zero Description.
func (d *Description) Loss(numbers bool) (l train.Loss, ok bool) {
	return d.lossFor(numbers), d.file != ""
}

// lossFor returns the loss that is named, or what suits the targets.
func (d *Description) lossFor(numbers bool) train.Loss {
	switch {
	case d.loss != nil:
		return *d.loss
	case numbers:
		return train.MeanSquaredError
	}
	return train.CategoricalCrossentropy
}

// measured returns the metrics: accuracy first where there are classes.
func (d *Description) measured(loss train.Loss) []train.Metric {
	out := slices.Clone(d.metrics)
	switch loss.String() {
	case train.MeanSquaredError.String(), train.MeanAbsoluteError.String(), train.Huber.String():
		return out
	}
	is := func(m train.Metric) bool { return m.String() == train.Accuracy.String() }
	return append([]train.Metric{train.Accuracy}, slices.DeleteFunc(out, is)...)
}
