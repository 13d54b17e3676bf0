package train

import (
	"context"
	"fmt"
	"io"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// settings are what options of Fit, Evaluate and Predict say.
type settings struct {
	ctx             context.Context
	epochs, batch   int
	noShuffle       bool
	validation      data.Set
	validationSplit float64
	classWeights    []float64
	sampleWeights   []float32
	augment         func(x []float32, shape []int, key uint64)
	parts           int
	recompute       bool
	budget          int64
	stop            *stopping
	checkpoints     string
	every           int
	key             string
	log             io.Writer
	progress        func(Progress)
	threads         int
	set             *kernels.Set
	limits          op.Limits
}

// FitOption sets something about Fit, Evaluate or Predict.
type FitOption func(o *settings)

// newSettings reads options. Training is not bounded in work, and in memory by
// MemoryBudget only.
func newSettings(opts []FitOption) (*settings, error) {
	o := &settings{ctx: context.Background(), epochs: 1, batch: 32, parts: 1, threads: host.Threads()}
	for _, f := range opts {
		f(o)
	}
	const unbounded = 1 << 62
	o.limits = op.Limits{MaxMemory: unbounded, MaxMACs: unbounded, MaxSteps: unbounded}
	for _, c := range []struct {
		what string
		n    int
	}{{"epochs", o.epochs}, {"batch size", o.batch}, {"parts of a batch", o.parts}} {
		if c.n < 1 {
			return nil, fmt.Errorf("train: %s %d, want at least 1", c.what, c.n)
		}
	}
	if !(o.validationSplit >= 0 && o.validationSplit < 1) {
		return nil, fmt.Errorf("train: validation split %v, want at least 0 and below 1", o.validationSplit)
	}
	return o, nil
}

// Epochs sets how many times training goes through the data: once by default.
func Epochs(n int) FitOption { return func(o *settings) { o.epochs = n } }

// BatchSize sets how many samples a step sees: 32 by default.
func BatchSize(n int) FitOption { return func(o *settings) { o.batch = n } }

// KeepOrder leaves samples in their order. By default each epoch has an order of
// its own, which follows from the seed.
func KeepOrder(o *settings) { o.noShuffle = true }

// ValidationSplit keeps the last share of the samples to validate with.
func ValidationSplit(share float64) FitOption {
	return func(o *settings) { o.validationSplit = share }
}

// ValidationData sets what is measured after each epoch.
func ValidationData(set data.Set) FitOption { return func(o *settings) { o.validation = set } }

// ClassWeights sets what samples of each class count.
func ClassWeights(w ...float64) FitOption { return func(o *settings) { o.classWeights = w } }

// SampleWeights sets what each sample counts.
func SampleWeights(w []float32) FitOption { return func(o *settings) { o.sampleWeights = w } }

// Augment changes samples before they are trained on. The same key, which follows
// from seed, epoch and sample, must make the same changes.
func Augment(f func(x []float32, shape []int, key uint64)) FitOption {
	return func(o *settings) { o.augment = f }
}

// Accumulate runs each batch in n parts, whose gradients are added up: as much
// memory as a part takes.
func Accumulate(n int) FitOption { return func(o *settings) { o.parts = n } }

// Recompute keeps fewer results of layers for the gradients, and computes them
// again: less memory for about a third more time.
func Recompute(o *settings) { o.recompute = true }

// MemoryBudget keeps a training step within so many bytes, by Recompute and
// Accumulate as far as needed.
func MemoryBudget(bytes int64) FitOption { return func(o *settings) { o.budget = bytes } }

// Checkpoints writes a checkpoint to a folder after each epoch, after every ten
// seconds and, if every is over 0, after so many batches; the last two are kept,
// and the best. Fit goes on from the last that is there.
func Checkpoints(dir string, every int) FitOption {
	return func(o *settings) { o.checkpoints, o.every = dir, every }
}

// CheckpointKey stands for what else must be the same for Fit to go on from a
// checkpoint: the contents of the data, and functions that are given to it.
func CheckpointKey(key string) FitOption { return func(o *settings) { o.key = key } }

// LogTo writes a line of JSON for each epoch.
func LogTo(w io.Writer) FitOption { return func(o *settings) { o.log = w } }

// OnProgress is called after each batch.
func OnProgress(f func(Progress)) FitOption { return func(o *settings) { o.progress = f } }

// Threads sets how many threads compute: by default the number of physical cores,
// up to 4. It changes no result.
func Threads(n int) FitOption { return func(o *settings) { o.threads = n } }

// Kernels sets the kernels, which must be fused ones for results to be the same
// everywhere.
func Kernels(set *kernels.Set) FitOption { return func(o *settings) { o.set = set } }

// WithContext stops training after the batch during which ctx ends, with a
// checkpoint if there are Checkpoints.
func WithContext(ctx context.Context) FitOption { return func(o *settings) { o.ctx = ctx } }

// stopping is when to stop early.
type stopping struct {
	metric   string
	patience int
}

// EarlyStopping ends training when the metric, such as "val_loss", has not become
// better for so many epochs, and restores the weights of the best.
func EarlyStopping(metric string, patience int) FitOption {
	return func(o *settings) { o.stop = &stopping{metric, patience} }
}
