package main

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/spf13/cobra"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/feed"
)

// runner is one call of run.
type runner struct {
	*app
	feedFlags
	outputFlags
	taskFlags
	shapes, state   []string
	batch, sequence bool
	repeat          int

	model    string // path
	m        *edgeinfer.Model
	s        *edgeinfer.Session
	labels   []string
	seenNote map[string]bool
}

func (a *app) newRunCommand() *cobra.Command {
	r := &runner{app: a, seenNote: map[string]bool{}}
	cmd := &cobra.Command{
		Use:   "run MODEL INPUT...",
		Short: "Run a model on files",
		Long: `Run a model on .npy, .npz, pictures, .wav, .csv or raw files, one for each input in the
model's order; - reads standard input. A .npz can hold all inputs, by name or in order.

Numbers  An array of the input's own type is fed as it is. Real numbers for an integer input
         are quantised with its scale. Arrays of any shape with the right number of elements fit.
         Tables hold real numbers; for an integer input without scale, or with --stored, they are
         stored as they are. Raw files hold the input's bytes.
Pictures PNG, JPEG, BMP, GIF, WebP: resized to the input ([1 h w c], [1 c h w], [1 h w] or [h w]),
         then normalised by --mean and --std, else as the model's metadata says. Without either:
         uint8 takes pixels as they are, int8 pixel-128, other types pixel/255.
Sound    .wav: mono, resampled if the metadata names a rate, cut into windows of the input's length.
         int16 inputs take samples as they are, others numbers in [-1, 1). With a front-end, which
         the model brings along or --frontend names, the windows are its input's, and the model
         takes the features of as many as it has room for.

Tasks    --task says what a model does with pictures. What it is, and how its outputs are read, is
         declared in MODEL.yaml beside the model (or --task-file, or the metadata edgeinfer.task):
           task: detect            # classify, detect, segment, embed
           labels: [person, car]   # or a file, a label a line
           input: {resize: pad, mean: 0, std: 255}
           detect: {head: yolov8, score: 0.25, iou: 0.45}
         Heads: ultraface, corners, yunet, blazeface, ssd, yolov3, yolov5, yolov5raw, yolov8,
         yolox, and selected, for models that suppress by themselves. UltraFace, YuNet, BlazeFace and
         TFLite_Detection_PostProcess are known without. Boxes are in the picture's pixels.
         --top bounds classes and boxes. embed compares pictures, and the .npy that --out wrote.

A file can hold several sets of inputs: an array with a further dimension in front, a table with
a set in each row, windows of sound. They take --batch (each on its own) or --sequence (each
after the other on one state).`,
		Example: `  edgeinfer run kws.tflite features.npy --top 3 --labels words.txt
  edgeinfer run model.tflite a.npy b.npy --out results
  edgeinfer run person.tflite --batch photos/ > scores.csv
  edgeinfer run speech.tflite yes.wav --frontend preprocessor.tflite --hop 320
  edgeinfer run ultraface.onnx photo.jpg --task detect --draw faces.png
  edgeinfer run selfie.tflite a.jpg b.jpg --task segment --draw masks/
  edgeinfer run mobilenet.tflite a.jpg b.jpg --task embed --out kept
  cat image.png | edgeinfer run --json person.tflite -`,
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return r.run(args[0], args[1:]) },
	}
	fs := cmd.Flags()
	r.outputFlags.add(fs)
	fs.BoolVar(&r.batch, "batch", false, "run many sets, or folders of files, each on a fresh state: a CSV or JSON line each")
	fs.BoolVar(&r.sequence, "sequence", false, "take the inputs in groups, one a step, on one session that keeps its state; outputs go to DIR/STEP/output_J.npy")
	fs.IntVar(&r.repeat, "repeat", 1, "run each set `N` times in a row on one state; the last outputs count")
	fs.StringArrayVar(&r.state, "state", nil, "after each run, the output `OUT=IN` becomes the input, which is zeros at first and is not given any more")
	group(fs, "Several sets", "batch", "sequence", "repeat", "state")
	r.taskFlags.add(fs)
	_ = cmd.RegisterFlagCompletionFunc("task", cobra.FixedCompletions([]string{"classify", "detect", "segment", "embed"}, cobra.ShellCompDirectiveNoFileComp))
	r.feedFlags.add(fs)
	fs.StringArrayVar(&r.shapes, "shape", nil, "resize an input: `NAME=1,96,96,3`")
	group(fs, "Inputs", "shape")
	return cmd
}

func (r *runner) run(model string, inputs []string) error {
	fo, err := r.feedFlags.options(r.stdin)
	switch {
	case err != nil:
		return err
	case r.repeat < 1:
		return usagef("--repeat %d: give a positive number", r.repeat)
	case r.batch && r.sequence:
		return usagef("--batch and --sequence exclude each other: does the state go from one set to the next?")
	case len(r.dump) > 0 && r.out == "":
		return usagef("--dump writes files: give --out DIR as well")
	}
	if err := r.taskFlags.check(r); err != nil {
		return err
	}
	if r.taskFlags.on() {
		return r.runTask(model, fo, inputs)
	}
	var o edgeinfer.Options
	if r.m, o, err = r.load(model, r.shapes); err != nil {
		return err
	}
	defer r.m.Close()
	if r.m, err = withState(r.m, r.state, o.Shapes); err != nil {
		return err
	}
	if err := r.open(model, o, inputs); err != nil {
		return err
	}
	defer r.s.Close()
	if len(r.m.Inputs()) > 0 && len(inputs) == 0 {
		return usagef("%s: no inputs are given: it takes %s", model, inputList(r.m))
	}
	if r.batch {
		if inputs, err = feed.Expand(inputs); err != nil {
			return invalid(err)
		}
	}
	if err := r.declareOwn(r.m, &fo); err != nil {
		return err
	}
	if fo.Features, err = spectraOf(r.m); err != nil {
		return invalid(fmt.Errorf("%s: %w", model, err))
	}
	if fo.FrontEnd, err = r.openFrontEnd(r.m, o); err != nil {
		return err
	}
	in, err := feed.NewReader(r.m, r.s, fo)
	if err != nil {
		return invalid(fmt.Errorf("%s: %w", model, err))
	}
	if r.batch || r.sequence {
		return r.many(in.Sets(inputs), len(inputs)/max(1, r.s.Inputs()))
	}
	return r.one(in.Sets(inputs))
}

// open makes the session.
func (r *runner) open(model string, o edgeinfer.Options, inputs []string) (err error) {
	r.model, o.Keep = model, r.dump
	if err := r.dynamicShapes(o.Shapes, inputs); err != nil {
		return err
	}
	if r.s, err = session(r.m, o); err != nil {
		return invalid(err)
	}
	if r.labels, err = classNames(r.m, r.s, r.labelFile); err != nil {
		return invalid(err)
	}
	return nil
}

// dynamicShapes gives inputs whose shape the model leaves open that of the
// first arrays. A batch alone that is open is 1 unless an array has one.
func (r *runner) dynamicShapes(shapes map[string][]int, inputs []string) error {
	for i, in := range r.m.Inputs() {
		if shapes[in.Name] != nil || !slices.Contains(in.Shape, -1) || i >= len(inputs) {
			continue
		}
		shape, err := feed.ArrayShape(inputs[i], in.Name)
		if err != nil {
			return invalid(err)
		}
		if !slices.Contains(in.Shape[1:], -1) { // only the batch is open
			single := append([]int{1}, in.Shape[1:]...)
			if r.batch || r.sequence || len(shape) != len(single) || !slices.Equal(shape[1:], single[1:]) {
				shape = single
			}
		}
		if shape != nil {
			shapes[in.Name] = shape
		}
	}
	return nil
}

// one runs a single set.
func (r *runner) one(sets iter.Seq2[*feed.Set, error]) error {
	next, stop := iter.Pull2(sets)
	defer stop()
	set := &feed.Set{}
	if r.s.Inputs() > 0 {
		var err error
		if set, err, _ = next(); err != nil {
			return invalid(err)
		}
		if _, err, more := next(); err != nil {
			return invalid(err)
		} else if more {
			return usagef("%s: there is more than one set of inputs: give --batch to run each on its own, or --sequence to run them after each other", set.Name)
		}
	}
	res, err := r.infer(set)
	if err != nil {
		return err
	}
	if r.out != "" {
		if err := r.write(r.out, res); err != nil {
			return err
		}
	}
	if r.json {
		return r.printJSON(res)
	}
	return r.text(res.print)
}

// infer runs a set, as often as --repeat says.
func (r *runner) infer(set *feed.Set) (*result, error) {
	notes, ms, err := r.runSet(set)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		if about := afterFile(n); !r.seenNote[about] {
			r.seenNote[about] = true
			r.note("%s", n)
		}
	}
	return r.result(set, notes, ms), nil
}

func (r *runner) runSet(set *feed.Set) (notes []string, ms float64, err error) {
	for range r.repeat {
		if notes, err = set.Fill(r.s); err != nil {
			return nil, 0, invalid(err)
		}
		if ms, err = timed(func() error { return r.s.RunContext(r.ctx) }); err != nil {
			return nil, 0, r.runError(set, err)
		}
	}
	return notes, ms, nil
}

// runError places an error of a run.
func (r *runner) runError(set *feed.Set, err error) error {
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	if errors.Is(err, edgeinfer.ErrData) {
		err = invalid(err)
	}
	if set.Name == "" {
		return fmt.Errorf("%s: %w", r.model, err)
	}
	return fmt.Errorf("%s: on %s: %w", r.model, set.Name, err)
}
