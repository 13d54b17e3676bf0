package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/tasks"
	"github.com/edgeinfer/edgeinfer/train/network"
)

// declared is a declaration and where it is from.
type declared struct {
	*tasks.Spec
	from       string
	dir        string // of its file; "" if it is in the model
	recognised bool   // nobody declared it
}

// declaration finds what is declared of the model: in --task-file, beside the
// model, in its metadata; nil if nothing is.
func (r *runner) declaration() (*declared, error) {
	path := r.taskFlags.file
	if path == "" {
		beside := strings.TrimSuffix(r.model, filepath.Ext(r.model)) + ".yaml"
		if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() && !describesNetwork(beside) {
			path = beside
		}
	}
	d := &declared{from: path, dir: filepath.Dir(path)}
	text, ok := "", path != ""
	if ok {
		data, err := readSmall(path)
		if err != nil {
			return nil, invalid(fmt.Errorf("%s: %w", path, err))
		}
		text = string(data)
	} else if text, ok = r.m.Property(tasks.Key); ok {
		d.from, d.dir = fmt.Sprintf("%s: metadata %q", r.model, tasks.Key), ""
	}
	if !ok {
		return nil, nil
	}
	var err error
	if d.Spec, err = tasks.Parse([]byte(text)); err != nil {
		hint := ""
		if path != "" && r.taskFlags.file == "" {
			hint = ": mend it, or give --task-file"
		}
		return nil, invalid(fmt.Errorf("%s: %w%s", d.from, err, hint))
	}
	if t := r.taskFlags.task; t != "" && t != string(d.Task) {
		return nil, usagef("--task %s: %s declares %s: leave --task out, or give another --task-file", t, d.from, d.Task)
	}
	return d, nil
}

// describesNetwork reports whether the file beside a model is what it was trained
// by, and so declares no task.
func describesNetwork(path string) bool {
	text, err := readSmall(path)
	if err != nil {
		return false
	}
	_, err = network.Read(path, text)
	return err == nil
}

// readSmall reads a declaration; what is too long fails in parsing.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: check the path", cause(err))
	} else if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 2<<20))
	return data, cause(err)
}

// describe returns the declaration, or what the model's outputs tell.
func (r *runner) describe() (*declared, error) {
	d, err := r.declaration()
	if err != nil || d != nil {
		return d, err
	}
	task := tasks.Task(r.taskFlags.task)
	if task != tasks.Detect {
		return &declared{Spec: tasks.New(task)}, nil
	}
	var ports []tasks.Port
	names := r.outputNames()
	for i, o := range r.m.Outputs() {
		ports = append(ports, tasks.Port{Name: names[i], Shape: o.Shape})
	}
	spec := tasks.Recognise(ports, r.inputSize())
	if spec == nil {
		return nil, invalid(fmt.Errorf("%s: the outputs are of no head that is known undeclared: write %s with the lines \"task: detect\" and \"detect: {head: yolov8}\", or another head of %s",
			r.model, strings.TrimSuffix(r.model, filepath.Ext(r.model))+".yaml", tasks.HeadNames()))
	}
	return &declared{Spec: spec, from: "the outputs, which are those of " + spec.Detector.Head.Name(), recognised: true}, nil
}

// outputNames returns the names of outputs as the file has them: where an output
// is another value too, the graph may call it by the other's name.
func (r *runner) outputNames() []string {
	outputs, file := r.m.Outputs(), r.m.Info().Outputs
	names := make([]string, len(outputs))
	for i := range outputs {
		names[i] = outputs[i].Name
		if len(file) == len(outputs) {
			names[i] = file[i].Name
		}
	}
	return names
}

// inputSize returns the size of the pictures that input 0 takes, as far as the
// file says.
func (r *runner) inputSize() tasks.Size {
	in := r.m.Inputs()
	if len(in) == 0 {
		return tasks.Size{}
	}
	p, err := feed.PictureSize(in[0].Shape)
	if err != nil {
		return tasks.Size{}
	}
	return tasks.Size{W: p.X, H: p.Y}
}

// shape gives an input whose size the model leaves open the declared one.
func (d *declared) shape(r *runner, shapes map[string][]int) error {
	in := r.m.Inputs()
	if len(in) == 0 {
		return fmt.Errorf("%s: the model has no input for a picture", r.model)
	}
	shape := append([]int{}, in[0].Shape...)
	if !slices.ContainsFunc(shape, func(n int) bool { return n < 0 }) || shapes[in[0].Name] != nil {
		return nil
	}
	if len(shape) == 4 {
		fill := []int{1, d.Input.Height, d.Input.Width, 0} // [1 h w c]
		if shape[1] > 0 && shape[1] <= 4 {
			fill = []int{1, 0, d.Input.Height, d.Input.Width} // [1 c h w]
		}
		for i, n := range fill {
			if shape[i] < 0 {
				shape[i] = n
			}
		}
		if !slices.Contains(shape, 0) {
			shapes[in[0].Name] = shape
			return nil
		}
	}
	return usagef("%s: the input's shape is %v: declare input.width and input.height, or give --shape", r.model, in[0].Shape)
}

// options fills in what the declaration says of inputs, where flags don't.
func (d *declared) options(o *feed.Options, r *runner) error {
	in := d.Input
	if d.recognised && r.ownNormalisation() {
		in.Mean, in.Std = nil, nil
	}
	return r.feedFlags.declare(in, cmp.Or(d.from, "the declaration"), o)
}

// declare puts what is declared of a picture in the place of flags that are not
// given. from says who declares it.
func (f *feedFlags) declare(in tasks.Input, from string, o *feed.Options) error {
	changed := f.changed
	if in.Resize != "" && !changed("resize") {
		f.resize = in.Resize
	}
	if in.Channels != "" && !changed("channels") {
		f.colour = in.Channels
	}
	fo, err := f.options(o.Stdin)
	if err != nil {
		return err
	}
	o.Resize, o.Colour, o.Fill = fo.Resize, fo.Colour, in.Fill
	if (in.Mean != nil || in.Std != nil) && !changed("mean") && !changed("std") {
		o.Mean, o.Std, o.Origin = in.Mean, in.Std, from
	}
	return nil
}

// declareOwn is declare of what the model's own metadata declare, if they do.
func (f *feedFlags) declareOwn(m *edgeinfer.Model, o *feed.Options) error {
	text, ok := m.Property(tasks.Key)
	if !ok {
		return nil
	}
	spec, err := tasks.Parse([]byte(text))
	if err != nil {
		return invalid(fmt.Errorf("metadata %q: %w", tasks.Key, err))
	}
	return f.declare(spec.Input, "the model's metadata", o)
}

// ownNormalisation reports whether the model itself says how pixels become its
// input: in its metadata, or as it takes integers without a scale.
func (r *runner) ownNormalisation() bool {
	meta, err := r.m.InputMetadata(0)
	mean, std := edgeinfer.Normalisation(meta)
	t := r.s.Input(0)
	return err == nil && (mean != nil || std != nil) || !t.DType().Float() && t.Quant() == nil
}

// labels returns the names of classes: those of --labels, of the declaration, or
// of the model.
func (d *declared) labels(t *taskRun) ([]string, error) {
	switch {
	case t.labelFile != "":
		return feed.Labels(t.m, 0, t.labelFile)
	case d.Labels == nil && d.LabelFile == "":
		return t.ownLabels()
	case d.LabelFile == "":
		return d.Labels, nil
	case !filepath.IsLocal(d.LabelFile):
		return nil, fmt.Errorf("%s: labels: %q leads out of the folder: put the file beside the declaration", d.from, d.LabelFile)
	case d.dir != "":
		return feed.Labels(t.m, 0, filepath.Join(d.dir, d.LabelFile))
	}
	files, err := t.m.AssociatedFiles()
	if err != nil {
		return nil, err
	}
	if files[d.LabelFile] == nil {
		return nil, fmt.Errorf("%s: labels: the model brings no file %q: list the labels themselves", d.from, d.LabelFile)
	}
	return media.ReadLabels(strings.NewReader(string(files[d.LabelFile])), media.Limits{})
}

// ownLabels returns those that the model has for the output that the task reads.
// Detectors have them for one of several.
func (t *taskRun) ownLabels() ([]string, error) {
	if t.d.Detector == nil {
		return feed.Labels(t.m, t.output(), "")
	}
	for i := range t.names {
		if labels, err := feed.Labels(t.m, i, ""); labels != nil || err != nil {
			return labels, err
		}
	}
	return nil, nil
}
