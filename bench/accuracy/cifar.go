package main

import (
	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// cifarEpochs is how long the residual network is trained.
const cifarEpochs = 16

// openCIFAR trains a residual network (He et al., 2016) with three stages of one
// block each, as in MLPerf Tiny, on pictures that are moved and mirrored.
func openCIFAR(b *bench) (func(uint64) (result, error), error) {
	set, test, err := data.Open(b.path("cifar10-jpg", "cifar10_jpg_10k_2k.zip"), data.Options{})
	if err != nil {
		return nil, err
	}
	if set, err = inMemory(set, 0); err != nil {
		return nil, err
	}
	if test, err = inMemory(test, 0); err != nil {
		return nil, err
	}
	augment := data.Augmenters{data.Shift{Y: 4, X: 4}, data.Flip{}}
	return func(seed uint64) (result, error) {
		m := residual()
		m.Seed(seed)
		rate := train.LearningRateSchedule(train.WarmUp(1, train.CosineDecay(cifarEpochs-1, .01)))
		if err := m.Compile(train.AdamW(4e-3, rate, train.WeightDecay(.02)), train.CategoricalCrossentropy.Smoothing(.1), train.Accuracy); err != nil {
			return result{}, err
		}
		r, err := b.fit(m, set, train.Epochs(cifarEpochs), train.BatchSize(64), train.Augment(augment.Augment))
		if err != nil {
			return r, err
		}
		return b.measured(r, m, test, "accuracy")
	}, nil
}

// residual has blocks of 16, 32 and 64 channels.
func residual() *train.Model {
	in := train.Input(32, 32, 3)
	x := train.Apply(train.BatchNormalization(train.Momentum(.9)), in)
	x = normConv(x, 16, 3, 1, true)
	for i, filters := range []int{16, 32, 64} {
		stride, short := 1, x
		if i > 0 {
			stride = 2
			short = normConv(x, filters, 1, stride, false)
		}
		y := normConv(x, filters, 3, stride, true)
		y = normConv(y, filters, 3, 1, false)
		x = train.Apply(train.Activate(train.ReLU), train.Apply(train.Add(), short, y))
	}
	x = train.Apply(train.GlobalAveragePooling2D(), x)
	return train.NewModel([]*train.Node{in}, train.Apply(train.Dense(10, train.Softmax), x))
}

// normConv is a convolution, a batch normalisation and perhaps a ReLU.
func normConv(x *train.Node, filters, size, stride int, relu bool) *train.Node {
	x = train.Apply(train.Conv2D(filters, size, size, train.Same, train.NoBias, train.Strides(stride), train.KernelInitializer(train.HeNormal)), x)
	x = train.Apply(train.BatchNormalization(train.Momentum(.9)), x)
	if relu {
		x = train.Apply(train.Activate(train.ReLU), x)
	}
	return x
}
