package main

import (
	"slices"

	"github.com/spf13/pflag"

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
