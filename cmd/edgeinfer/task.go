package main

import (
	"fmt"
	"image"
	"os"
	"slices"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/tasks"
)

// taskRun is a call of run --task.
type taskRun struct {
	*runner
	d      *declared
	names  []string // of outputs
	fit    func(picture image.Rectangle) (tasks.Fit, error)
	size   tasks.Size // of the model's input
	steps  int
	single bool // there is one file
	inputs []string
	drawn  map[string]bool // files that were written

	embeddings []embedding
}

// runTask runs the model on pictures and says what they show.
func (r *runner) runTask(model string, fo feed.Options, inputs []string) (err error) {
	t := &taskRun{runner: r, drawn: map[string]bool{}}
	var o edgeinfer.Options
	r.model = model
	if r.m, o, err = r.load(model, r.shapes); err != nil {
		return err
	}
	defer r.m.Close()
	if t.d, err = r.describe(); err != nil {
		return err
	}
	t.names = r.outputNames()
	if err := t.override(); err != nil {
		return err
	}
	if err := t.d.shape(r, o.Shapes); err != nil {
		return err
	}
	if err := r.open(model, o, inputs); err != nil {
		return err
	}
	defer r.s.Close()
	if len(inputs) == 0 {
		return usagef("%s: no pictures are given: it takes %s", model, inputList(r.m))
	}
	if r.s.Inputs() != 1 {
		return usagef("%s: --task wants a model with one input, a picture: this takes %s", model, inputList(r.m))
	}
	if inputs, err = feed.Expand(inputs); err != nil {
		return invalid(err)
	}
	if err := t.prepare(&fo, inputs); err != nil {
		return err
	}
	if fo.FrontEnd, err = r.openFrontEnd(r.m, o); err != nil {
		return err
	}
	in, err := feed.NewReader(r.m, r.s, fo)
	if err != nil {
		return invalid(fmt.Errorf("%s: %w", model, err))
	}
	t.inputs, t.single = inputs, len(inputs) == 1
	return t.all(in, inputs)
}

// override lets flags change what is declared.
func (t *taskRun) override() error {
	f, s := &t.taskFlags, t.d.Spec
	if d := s.Detector; d != nil {
		if f.changed("score") {
			d.Score = f.score
		}
		if f.changed("iou") {
			d.Suppression.IoU = f.iou
		}
		if t.top > 0 {
			d.Suppression.Top = t.top
		}
	} else if f.changed("score") || f.changed("iou") {
		return usagef("--score and --iou are for detect, not %s", s.Task)
	}
	if s.Classifier != nil && t.top > 0 {
		s.Classifier.Top = t.top
	}
	switch {
	case f.draw != "" && s.Task != tasks.Detect && s.Task != tasks.Segment:
		return usagef("--draw: %s has nothing to draw: detect and segment have", s.Task)
	case f.mask != "" && s.Task != tasks.Segment:
		return usagef("--mask: %s makes no mask: segment does", s.Task)
	}
	return nil
}

// prepare reads labels and settles how pictures are fed.
func (t *taskRun) prepare(fo *feed.Options, inputs []string) (err error) {
	if err := t.d.options(fo, t.runner); err != nil {
		return err
	}
	if t.d.Labels, err = t.d.labels(t); err != nil {
		return invalid(err)
	}
	t.guess()
	if p, err := feed.PictureSize(t.s.Input(0).Shape()); err == nil {
		t.size = tasks.Size{W: p.X, H: p.Y}
	} else {
		return invalid(fmt.Errorf("%s: %w", t.model, err))
	}
	t.fit = func(picture image.Rectangle) (tasks.Fit, error) {
		from, to, err := media.Place(picture, t.size.W, t.size.H, fo.Resize)
		return tasks.Fit{Source: from, Target: to}, err
	}
	for flag, to := range map[string]string{"draw": t.taskFlags.draw, "mask": t.taskFlags.mask} {
		if to != "" && len(inputs) > 1 && !isFolder(to) {
			return usagef("--%s %s: there are %d pictures: give a folder, such as %s/", flag, to, len(inputs), "results")
		}
	}
	return nil
}

// guess fills in what the model's graph tells: labels that say how many classes
// there are, and outputs that hold classes or probabilities.
func (t *taskRun) guess() {
	s := t.d.Spec
	if h, ok := headOf(s).(*tasks.YOLO); ok && h.Classes == 0 {
		h.Classes = len(s.Labels)
	}
	out := t.s.Output(t.output())
	if g := s.Segmenter; g != nil {
		g.Indices = g.Indices || !out.DType().Float() && out.Quant() == nil
		if len(s.Labels) == 1 { // what stands before a background
			s.Labels = []string{"background", s.Labels[0]}
		}
		if s.Background < 0 && len(s.Labels) > 0 && (s.Labels[0] == "background" || s.Labels[0] == "__background__") {
			s.Background = 0
		}
	}
	if c := s.Classifier; c != nil && c.Activation == tasks.Auto && fractions(out.Quant()) {
		c.Activation = tasks.None
	}
}

func headOf(s *tasks.Spec) tasks.Head {
	if s.Detector == nil {
		return nil
	}
	return s.Detector.Head
}

// output returns the index of the output that a task of one output reads.
func (t *taskRun) output() int {
	var names map[string]string
	switch s := t.d.Spec; {
	case s.Classifier != nil:
		names = s.Classifier.Names
	case s.Segmenter != nil:
		names = s.Segmenter.Names
	case s.Embedder != nil:
		names = s.Embedder.Names
	}
	for _, name := range names {
		if i := slices.Index(t.names, name); i >= 0 {
			return i
		}
	}
	return 0
}

// all runs the pictures one by one.
func (t *taskRun) all(in *feed.Reader, inputs []string) error {
	if t.d.Task == tasks.Embed {
		return t.embedAll(in, inputs)
	}
	for set, err := range in.Sets(inputs) {
		if err != nil {
			return invalid(err)
		}
		if err := t.picture(set); err != nil {
			return err
		}
		t.steps++
	}
	return nil
}

// run fills the input, runs, and returns the outputs as real numbers.
func (t *taskRun) run(set *feed.Set) (*taskResult, []tasks.Tensor, error) {
	t.s.Reset()
	res, err := t.infer(set)
	if err != nil {
		return nil, nil, err
	}
	out := &taskResult{Model: res.Model, Input: res.Input, Task: t.d.Task, MS: res.MS, Kernels: res.Kernels, Notes: res.Notes}
	var tensors []tasks.Tensor
	for j, name := range t.names {
		x := t.s.Output(j)
		tensors = append(tensors, tasks.Tensor{Name: name, Shape: x.Shape(), Data: x.AppendFloats(nil)})
	}
	if t.out != "" && t.d.Task != tasks.Embed {
		if err := t.write(t.folder(), res); err != nil {
			return nil, nil, err
		}
	}
	return out, tensors, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir() || os.IsPathSeparator(path[len(path)-1])
}
