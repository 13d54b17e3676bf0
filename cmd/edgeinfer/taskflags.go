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

	"github.com/spf13/pflag"

	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/tasks"
)

// taskFlags say what a model does with pictures.
type taskFlags struct {
	task, file, draw, mask string
	score, iou             float32
	changed                func(name string) bool
}

func (f *taskFlags) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.task, "task", "", "classify, detect, segment or embed pictures (`TASK`), as MODEL.yaml, the model's metadata or its outputs say")
	fs.StringVar(&f.file, "task-file", "", "the declaration is in this `FILE`, not MODEL.yaml")
	fs.StringVar(&f.draw, "draw", "", "draw boxes or masks into `OUT.png`; several pictures into a folder")
	fs.StringVar(&f.mask, "mask", "", "write the classes of pixels as a picture, `OUT.png` or a folder")
	fs.Float32Var(&f.score, "score", 0, "leave out boxes with a score below `X`")
	fs.Float32Var(&f.iou, "iou", 0, "of boxes that overlap by more than `X` keep the best")
	fs.Lookup("score").DefValue, fs.Lookup("iou").DefValue = "", ""
	f.changed = fs.Changed
	group(fs, "Tasks", "task", "task-file", "draw", "mask", "score", "iou")
}

// on reports whether a task is asked for.
func (f *taskFlags) on() bool { return f.task != "" || f.file != "" }

// check looks for flags that do not go together.
func (f *taskFlags) check(r *runner) error {
	if !f.on() {
		for _, name := range []string{"draw", "mask", "score", "iou"} {
			if f.changed(name) {
				return usagef("--%s: give --task as well", name)
			}
		}
		return nil
	}
	switch {
	case f.task != "" && !slices.Contains(tasks.Tasks, tasks.Task(f.task)):
		return usagef("--task %s: choose classify, detect, segment or embed", f.task)
	case r.sequence || len(r.state) > 0:
		return usagef("--task takes pictures one by one: leave --sequence and --state out")
	case !(f.score >= 0 && f.score <= 1):
		return usagef("--score %g: give a number from 0 to 1", f.score)
	case !(f.iou >= 0 && f.iou <= 1):
		return usagef("--iou %g: give a number from 0 to 1", f.iou)
	}
	return nil
}

// declared is a declaration and where it is from.
type declared struct {
	*tasks.Spec
	from string
	dir  string // of its file; "" if it is in the model
}

// declaration finds what is declared of the model: in --task-file, beside the
// model, in its metadata; nil if nothing is.
func (r *runner) declaration() (*declared, error) {
	path := r.taskFlags.file
	if path == "" {
		beside := strings.TrimSuffix(r.model, filepath.Ext(r.model)) + ".yaml"
		if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() {
			path = beside
		}
	}
	d := &declared{from: path, dir: filepath.Dir(path)}
	text, ok := "", path != ""
	if ok {
		data, err := readSmall(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
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
		return nil, fmt.Errorf("%s: %w%s", d.from, err, hint)
	}
	if t := r.taskFlags.task; t != "" && t != string(d.Task) {
		return nil, usagef("--task %s: %s declares %s: leave --task out, or give another --task-file", t, d.from, d.Task)
	}
	return d, nil
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
	for _, o := range r.m.Outputs() {
		ports = append(ports, tasks.Port{Name: o.Name, Shape: o.Shape})
	}
	spec := tasks.Recognise(ports, r.inputSize())
	if spec == nil {
		return nil, fmt.Errorf("%s: the outputs are of no head that is known undeclared: write %s with the lines \"task: detect\" and \"detect: {head: yolov8}\", or another head of ultraface, yunet, blazeface, ssd, yolov3, yolov5, yolov5raw, yolox, selected",
			r.model, strings.TrimSuffix(r.model, filepath.Ext(r.model))+".yaml")
	}
	return &declared{Spec: spec, from: "the outputs, which are those of " + spec.Detector.Head.Name()}, nil
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
		h, c := 1, shape[3] // [1 h w c]
		if shape[1] > 0 && shape[1] <= 4 {
			h, c = 2, shape[1] // [1 c h w]
		}
		for i, n := range map[int]int{0: 1, h: d.Input.Height, h + 1: d.Input.Width} {
			if shape[i] < 0 && n > 0 {
				shape[i] = n
			}
		}
		if c > 0 && shape[h] > 0 && shape[h+1] > 0 && shape[0] > 0 {
			shapes[in[0].Name] = shape
			return nil
		}
	}
	return usagef("%s: the input's shape is %v: declare input.width and input.height, or give --shape", r.model, in[0].Shape)
}

// options fills in what the declaration says of inputs, where flags don't.
func (d *declared) options(o *feed.Options, f *feedFlags, changed func(string) bool) error {
	in := d.Input
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
		o.Mean, o.Std, o.Origin = in.Mean, in.Std, cmp.Or(d.from, "the declaration")
	}
	return nil
}

// names returns the labels of output i.
func (d *declared) names(r *runner, i int) ([]string, error) {
	switch {
	case r.labelFile != "" || d.Labels == nil && d.LabelFile == "":
		labels, err := feed.Labels(r.m, i, r.labelFile)
		return labels, err
	case d.LabelFile == "":
		return d.Labels, nil
	case !filepath.IsLocal(d.LabelFile):
		return nil, fmt.Errorf("%s: labels: %q leads out of the folder: put the file beside the declaration", d.from, d.LabelFile)
	case d.dir != "":
		return feed.Labels(r.m, i, filepath.Join(d.dir, d.LabelFile))
	}
	files, err := r.m.AssociatedFiles()
	if err != nil {
		return nil, err
	}
	if files[d.LabelFile] == nil {
		return nil, fmt.Errorf("%s: labels: the model brings no file %q: list the labels themselves", d.from, d.LabelFile)
	}
	return media.ReadLabels(strings.NewReader(string(files[d.LabelFile])), media.Limits{})
}
