package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
	"github.com/edgeinfer/edgeinfer/train/network"
)

// trainFlags are the flags of train. Those that are left out are as the
// description says.
type trainFlags struct {
	data, test, label           string
	out, checkpoints            string
	epochs, batch, limit, every int
	seed                        int64
	memory                      size
	summary                     bool
	given                       func(flag string) bool
}

func (a *app) newTrainCommand() *cobra.Command {
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "train NET.yaml --data PATH",
		Short: "Train a network that a file describes",
		Long: `Train a network that NET.yaml describes, measure it on the test part of the data, and write it.

The data are a file or folder: MNIST's four files, .npz, .csv, .txt, or folders of pictures or
sound, one for each class. --out FILE.onnx writes FILE.onnx and FILE.tflite, the weights to
FILE.safetensors, a line for each epoch to FILE.log.jsonl, and pictures to FILE.report.html.

Checkpoints are kept while it runs: the same command goes on after Ctrl-C or a crash, and ends
with the same bytes. The seed and the data decide every bit, whatever the CPU and the threads.
What NET.yaml may hold is in docs/training.md.`,
		Example: "  edgeinfer train examples/mlp.yaml --data mnist/ --out mlp.onnx\n  edgeinfer train examples/cnn.yaml --data mnist/ --summary",
		Args:    args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.train(args[0], &f)
		},
	}
	fs := cmd.Flags()
	f.given = fs.Changed
	fs.StringVar(&f.data, "data", "", "train on this file or folder, `PATH`")
	fs.StringVar(&f.test, "test", "", "measure on this file or folder, `PATH` (default: the data's own test part)")
	fs.StringVar(&f.label, "label", "", "the `COLUMN` of a table that is learnt, by its name or number (default: the last; of .npz, y)")
	fs.StringVar(&f.out, "out", "", "write the model to `FILE`.onnx and .tflite; the other files beside it")
	fs.IntVar(&f.epochs, "epochs", 0, "go `N` times through the data")
	fs.IntVar(&f.batch, "batch", 0, "take `N` samples a step")
	fs.Int64Var(&f.seed, "seed", -1, "`S`, from 0 on, decides all random numbers (default: as NET.yaml says, else 0)")
	fs.Lookup("seed").DefValue = "0" // as the text says
	fs.IntVar(&f.limit, "limit", 0, "train on `N` samples only: the first, or where these lack a class, some from everywhere")
	fs.StringVar(&f.checkpoints, "checkpoints", "", "keep checkpoints in `DIR` (default: FILE.checkpoints, removed at the end)")
	fs.IntVar(&f.every, "checkpoint-every", 0, "write a checkpoint after `N` batches, beside those after each epoch")
	fs.Var(&f.memory, "memory", "keep a training step within `BYTES`, such as 2MiB")
	fs.BoolVar(&f.summary, "summary", false, "print the layers and the memory plan, and train nothing")
	return cmd
}

// training is one call of train.
type training struct {
	*app
	f            *trainFlags
	path         string // of the description
	d            *network.Description
	set, test    data.Set
	held         string // what is tested on, where the data do not say
	model        *train.Model
	opts         []train.FitOption // of all of Fit, Evaluate and MemoryPlan
	plan         train.MemoryPlan
	base, format string // FILE without its extension, and that
	checkpoints  string
	result       *train.Result // on the test part; nil if there is none
	watched      *watcher
}

func (a *app) train(path string, f *trainFlags) error {
	t := &training{app: a, f: f, path: path}
	if err := t.prepare(); err != nil {
		return err
	}
	if f.summary {
		return t.summarise()
	}
	return t.run()
}

// prepare reads everything, and plans the memory.
func (t *training) prepare() error {
	if err := t.readFlags(); err != nil {
		return err
	}
	var err error
	if t.d, err = network.ReadFile(t.path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%s: %w: check the path", t.path, fs.ErrNotExist)
		}
		return invalid(err)
	}
	t.override()
	facts, err := t.facts()
	if err != nil {
		return invalid(err)
	}
	if t.model, err = t.d.Model(facts); err != nil {
		return invalid(err)
	}
	if t.model.Name == "" {
		t.model.Name = strings.TrimSuffix(filepath.Base(t.path), filepath.Ext(t.path))
	}
	t.model.Seed(t.d.Fit.Seed)
	set, err := t.kernels()
	if err != nil {
		return err
	}
	batch := t.d.Fit.Batch
	if t.set != nil {
		if t.opts, err = t.d.Fit.Options(t.set); err != nil {
			return invalid(err)
		}
		batch = min(batch, t.set.Len())
	}
	t.opts = append(t.opts, train.Threads(t.threads), train.Kernels(set))
	if t.plan, err = t.model.MemoryPlan(batch, t.opts...); err != nil {
		return invalid(fmt.Errorf("%s: %w", t.path, err))
	}
	if t.plan.Total > int64(t.maxMemory) && t.f.given("max-memory") {
		return fmt.Errorf("%s: %w", t.path, &edgeinfer.LimitError{What: "bytes of memory", Need: t.plan.Total, Limit: int64(t.maxMemory),
			Detail: t.plan.String(), Remedy: "raise --max-memory, or give --memory to compute it in parts"})
	}
	return nil
}

// facts opens the data, if there are, and says what the network takes from them.
func (t *training) facts() (network.Facts, error) {
	if t.f.data == "" {
		return t.d.Facts()
	}
	if err := t.open(); err != nil {
		return network.Facts{}, err
	}
	return network.FactsOf(t.set), nil
}

// readFlags checks flags that need nothing else.
func (t *training) readFlags() error {
	f := t.f
	if _, err := t.options(); err != nil {
		return err
	}
	for _, n := range []struct {
		name  string
		value int
	}{{"epochs", f.epochs}, {"batch", f.batch}, {"limit", f.limit}, {"checkpoint-every", f.every}} {
		if n.value < 1 && f.given(n.name) {
			return usagef("--%s %d: give a number from 1 on", n.name, n.value)
		}
	}
	if f.seed < 0 && f.given("seed") {
		return usagef("--seed %d: give a number from 0 on", f.seed)
	}
	if f.data == "" && !f.summary {
		return usagef("nothing to train on: give --data PATH")
	}
	t.format = strings.ToLower(filepath.Ext(f.out))
	t.base = strings.TrimSuffix(f.out, filepath.Ext(f.out))
	if f.out != "" && t.format != ".onnx" && t.format != ".tflite" {
		return usagef("--out %s: end the name in .onnx or .tflite", f.out)
	}
	for _, ext := range []string{".onnx", ".tflite"} { // rather than after hours
		if info, err := os.Stat(t.base + ext); f.out != "" && err == nil && info.IsDir() {
			return usagef("--out %s: %s is a folder: give another name", f.out, t.base+ext)
		}
	}
	t.checkpoints = f.checkpoints
	if t.checkpoints == "" && f.out != "" {
		t.checkpoints = t.base + ".checkpoints"
	}
	return nil
}

// override puts flags in the place of what the description says.
func (t *training) override() {
	f, d := t.f, t.d
	if f.epochs > 0 {
		d.Fit.Epochs = f.epochs
	}
	if f.batch > 0 {
		d.Fit.Batch = f.batch
	}
	if f.seed >= 0 {
		d.Fit.Seed = uint64(f.seed)
	}
	if f.label != "" {
		d.Data.Options.Label = f.label
	}
	if f.every > 0 {
		d.Fit.CheckpointEvery = f.every
	}
	if f.memory > 0 {
		d.Fit.MemoryBudget = int64(f.memory)
	}
}

// heldOut is the share of the samples that is set aside for tests if the data
// have no part for them.
const heldOut = .1

// open reads the data.
func (t *training) open() (err error) {
	if t.set, t.test, err = t.d.Data.Open(t.f.data); err != nil {
		return err
	}
	if c := t.set.Classes(); len(c) == 1 {
		return fmt.Errorf("%s: %q is the only class: give samples of two or more", t.f.data, c[0])
	}
	switch {
	case t.f.test != "":
		if t.test, err = t.d.Data.OpenTest(t.f.test, t.set); err != nil {
			return err
		}
	case t.test == nil && t.d.Data.Options.Test >= 0 && t.set.Len() > 1:
		t.set, t.test = data.Split(t.set, heldOut, 0)
		t.held = fmt.Sprintf("the data have no test part: %d samples, drawn at random, are set aside", t.test.Len())
		t.note("%s", t.held)
	}
	if t.f.limit > 0 {
		t.set, err = data.Sample(t.set, t.f.limit)
	}
	return err
}

// kernels returns those that --cpu asks for, or the fastest that compute alike
// everywhere.
func (a *app) kernels() (*kernels.Set, error) {
	var set kernels.Set
	if a.cpu != "" {
		s, err := host.ByName(a.cpu)
		if err != nil {
			return nil, usagef("--cpu: %v", err)
		}
		return &s, fusedOnly(&s)
	}
	for _, s := range host.Sets() {
		if s.Fused {
			set = s
		}
	}
	return &set, nil
}

// fusedOnly refuses kernels without fused multiply-adds.
func fusedOnly(s *kernels.Set) error {
	if s.Fused {
		return nil
	}
	return usagef("--cpu %s: these kernels round each product, so that training would end with other weights than on other CPUs: choose %s", s.Name, strings.Join(fusedLevels(), ", "))
}

// fusedLevels names the kernels that can train.
func fusedLevels() (names []string) {
	for _, s := range host.Sets() {
		if s.Fused {
			names = append(names, s.Name)
		}
	}
	return names
}

// summary is the JSON object of train --summary.
type summary struct {
	Name       string            `json:"name"`
	Parameters int               `json:"parameters"`
	Planned    int64             `json:"planned_bytes"`
	Memory     train.MemoryPlan  `json:"memory"`
	Layers     []train.LayerInfo `json:"layers"`
}

// summarise prints what would be trained.
func (t *training) summarise() error {
	if t.json {
		layers, err := t.model.Layers()
		if err != nil {
			return err
		}
		trainable, other := t.model.Count()
		return t.printJSON(summary{t.model.Name, trainable + other, t.plan.Total, t.plan, layers})
	}
	return t.text(func(w io.Writer) {
		text := t.model.Summary()
		fmt.Fprint(w, text)
		if plan := t.plan.String() + "\n"; !strings.HasSuffix(text, " "+plan) {
			fmt.Fprintf(w, "this run: %s", plan)
		}
	})
}

// run trains, measures and writes.
func (t *training) run() error {
	begin := time.Now()
	show := t.newTrainShow(t.base)
	defer show.close()
	opts := append(t.opts, train.WithContext(t.ctx), train.OnProgress(show.progress), train.LogTo(show))
	if t.base == "" {
		t.note("nothing is written: give --out FILE.onnx to keep the model")
	}
	if t.checkpoints != "" {
		if old, _ := filepath.Glob(filepath.Join(t.checkpoints, "step-*")); old != nil {
			t.note("going on from the checkpoint in %s", t.checkpoints)
		}
		key, err := t.d.Key(t.set)
		if err != nil {
			return invalid(network.InKeys(err))
		}
		opts = append(opts, train.Checkpoints(t.checkpoints, t.d.Fit.CheckpointEvery), train.CheckpointKey(key))
	}
	t.grace.Store(int64(batchGrace))
	history, err := t.model.FitSet(labelled{t.set}, opts...)
	seconds := time.Since(begin).Seconds()
	show.close()
	if err != nil {
		if t.checkpoints != "" && t.f.checkpoints == "" {
			_ = os.Remove(t.checkpoints) // where nothing was written
		}
		if t.ctx.Err() != nil && t.checkpoints != "" {
			t.note("the same command goes on from %s", t.checkpoints)
		}
		return t.trainingError(err, show.epochs > 0)
	}
	o := &trained{Files: []string{}, Seconds: seconds, Planned: t.plan.Total, Hash: t.model.Hash(), Samples: t.set.Len(), Stopped: history.Stopped, Epochs: len(history.Epochs)}
	o.rate(history)
	if err := t.measure(o); err != nil {
		return err
	}
	if err := t.write(o, history, show); err != nil {
		return err
	}
	if t.checkpoints != "" && t.f.checkpoints == "" {
		if err := os.RemoveAll(t.checkpoints); err != nil {
			t.note("checkpoints stay: %v", err)
		}
	}
	if t.json {
		return t.printJSON(o)
	}
	return t.text(o.print)
}

// trainingError tells what was read from what failed: what stops training before
// its first batch is that network and data do not fit.
func (t *training) trainingError(err error, began bool) error {
	switch {
	case t.ctx.Err() != nil:
		return t.ctx.Err()
	case !began && !is[*fs.PathError](err):
		return invalid(fmt.Errorf("%s: %w", t.path, err))
	}
	return fmt.Errorf("%s: %w", t.path, err)
}

// labelled is a set whose errors are those of what was read.
type labelled struct{ data.Set }

func (s labelled) Read(i int, x, y []float32) error {
	err := s.Set.Read(i, x, y)
	if err != nil {
		return invalid(network.InKeys(err))
	}
	return nil
}

// batchGrace is how long a batch may take to end after Ctrl-C.
const batchGrace = time.Minute
