package main

import (
	"math"

	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// listener is a convolutional network of spectra [frames bands], with how it is
// trained.
type listener struct {
	shape   []int // of a spectrum
	classes int
	filters []int
	dropout float64
	epochs  float64
	batch   int
	augment data.Augmenter
}

func (l *listener) model() *train.Model {
	layers := []train.Layer{train.Input(l.shape...), train.Reshape(append(append([]int{}, l.shape...), 1)), train.BatchNormalization(train.Momentum(.9))}
	for i, n := range l.filters {
		layers = append(layers,
			train.Conv2D(n, 3, 3, train.Same, train.NoBias, train.KernelInitializer(train.HeNormal)),
			train.BatchNormalization(train.Momentum(.9)), train.Activate(train.ReLU))
		if i < len(l.filters)-1 {
			layers = append(layers, train.MaxPooling2D(2, 2))
		}
	}
	layers = append(layers, train.GlobalAveragePooling2D(), train.Dropout(l.dropout), train.Dense(l.classes, train.Softmax))
	return train.Sequential(layers...)
}

// runs returns what trains on set and measures on test.
func (l *listener) runs(b *bench, set, test data.Set) func(uint64) (result, error) {
	return func(seed uint64) (result, error) {
		m := l.model()
		m.Seed(seed)
		rate := train.LearningRateSchedule(train.WarmUp(1, train.CosineDecay(l.epochs-1, .01)))
		if err := m.Compile(train.AdamW(4e-3, rate, train.WeightDecay(.02)), train.CategoricalCrossentropy.Smoothing(.05), train.Accuracy); err != nil {
			return result{}, err
		}
		r, err := b.fit(m, set, train.Epochs(int(l.epochs)), train.BatchSize(l.batch), train.Augment(l.augment.Augment))
		if err != nil {
			return r, err
		}
		return b.measured(r, m, test, "accuracy")
	}
}

// openDigits has takes 5 to 49 of four speakers to train on, and 0 to 4 to test on.
func openDigits(b *bench) (func(uint64) (result, error), error) {
	o := data.Options{Pattern: `(?P<class>\d)_(?P<group>\w+)_(?P<split>\d+)\.wav`, SplitTest: "[0-4]"}
	set, test, err := data.Open(b.path("fsdd", "fsdd.zip"), o)
	if err != nil {
		return nil, err
	}
	front := data.SpokenDigits
	front.Centre = false
	mel, err := data.NewLogMel(front)
	if err != nil {
		return nil, err
	}
	if set, err = data.Map(set, mel); err != nil {
		return nil, err
	}
	if test, err = data.Map(test, mel); err != nil {
		return nil, err
	}
	// Silence becomes 0, which Slide and Mask put in.
	silence := float32(math.Log(front.Floor))
	if set, err = inMemory(set, silence); err != nil {
		return nil, err
	}
	if test, err = inMemory(test, silence); err != nil {
		return nil, err
	}
	l := listener{shape: set.Shape(), classes: 10, filters: []int{16, 32, 64, 64}, dropout: .3, epochs: 40, batch: 32,
		augment: data.Augmenters{data.Slide(6), data.Mask{Time: 6, Bands: 5}, data.Gain(.1)}}
	return l.runs(b, set, test), nil
}

// openCommands has the official front end's spectra, of speakers of whom those to
// test on are not among those to train on.
func openCommands(b *bench) (func(uint64) (result, error), error) {
	o := data.Options{Samples: "logmel_u8", Label: "label", Split: "is_test"}
	set, test, err := data.Open(b.path("speech-commands", "gsc12_logmel_49x40_u8.npz"), o)
	if err != nil {
		return nil, err
	}
	l := listener{shape: set.Shape(), classes: 12, filters: []int{16, 32, 48, 64}, dropout: .3, epochs: 30, batch: 32,
		augment: data.Augmenters{data.Slide(5), data.Mask{Time: 8, Bands: 6}}}
	return l.runs(b, set, test), nil
}
