package main

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// openMLP is the network of the introduction, as it stands there.
func openMLP(b *bench) (func(uint64) (result, error), error) {
	set, test, err := data.Open(b.path("mnist"), data.Options{})
	if err != nil {
		return nil, err
	}
	return func(seed uint64) (result, error) {
		m := train.Sequential(
			train.Input(784),
			train.Dense(128, train.ReLU),
			train.Dense(64, train.ReLU),
			train.Dense(10, train.Softmax),
		)
		m.Seed(seed)
		if err := m.Compile(train.Adam(1e-3), train.CategoricalCrossentropy, train.Accuracy); err != nil {
			return result{}, err
		}
		r, err := b.fit(m, set, train.Epochs(10), train.BatchSize(32))
		if err != nil {
			return r, err
		}
		return b.measured(r, m, test, "accuracy")
	}, nil
}

// cnn is a small convolutional network of pictures of 28 by 28, with how it is
// trained.
type cnn struct {
	epochs  float64
	rate    float64
	dropout float64
	augment data.Augmenter
}

// Recipes. Clothes are mirrored, digits are not.
var (
	mnistCNN   = cnn{epochs: 8, rate: 2e-3, dropout: .3, augment: data.Shift{Y: 1, X: 1}}
	fashionCNN = cnn{epochs: 10, rate: 2e-3, dropout: .2, augment: data.Flip{}}
)

func (c *cnn) model() *train.Model {
	return train.Sequential(
		train.Input(28, 28, 1),
		train.Conv2D(24, 3, 3, train.NoBias, train.KernelInitializer(train.HeUniform)),
		train.BatchNormalization(train.Momentum(.9)), train.Activate(train.ReLU),
		train.MaxPooling2D(2, 2),
		train.Conv2D(48, 3, 3, train.NoBias, train.KernelInitializer(train.HeUniform)),
		train.BatchNormalization(train.Momentum(.9)), train.Activate(train.ReLU),
		train.MaxPooling2D(2, 2),
		train.Flatten(),
		train.Dropout(c.dropout),
		train.Dense(64, train.ReLU, train.KernelInitializer(train.HeUniform)),
		train.Dropout(c.dropout),
		train.Dense(10, train.Softmax),
	)
}

// openPictures trains a cnn on a folder in the format of MNIST.
func openPictures(folder string, c cnn) func(b *bench) (func(uint64) (result, error), error) {
	return func(b *bench) (func(uint64) (result, error), error) {
		set, test, err := data.Open(b.path(folder), data.Options{})
		if err != nil {
			return nil, fmt.Errorf("%w: `edgeinfer data get %s` gets it", err, folder)
		}
		return func(seed uint64) (result, error) {
			m := c.model()
			m.Seed(seed)
			rate := train.LearningRateSchedule(train.CosineDecay(c.epochs, .01))
			if err := m.Compile(train.Adam(c.rate, rate), train.CategoricalCrossentropy, train.Accuracy); err != nil {
				return result{}, err
			}
			r, err := b.fit(m, set, train.Epochs(int(c.epochs)), train.BatchSize(64), train.Augment(c.augment.Augment))
			if err != nil {
				return r, err
			}
			return b.measured(r, m, test, "accuracy")
		}, nil
	}
}
