package main

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/metrics"
	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

const (
	motionEpochs = 25
	motionPack   = 4 // measurements that the GRU sees as one step
)

// openActivity trains for each user a network on all other users, and measures it on
// this one. The result is the mean over users.
func openActivity(b *bench) (func(uint64) (result, error), error) {
	set, err := data.IMU(b.path("imu-activity", "imu_50hz.npz"), "phone", 64, 32)
	if err != nil {
		return nil, err
	}
	return func(seed uint64) (result, error) {
		var all result
		var shares []float64
		total := metrics.NewConfusion(len(set.Classes()))
		for _, user := range data.Groups(set) {
			r, c, err := b.leaveOut(set, user, seed)
			if err != nil {
				return r, fmt.Errorf("user %s: %w", user, err)
			}
			shares = append(shares, r.value)
			all.value += r.value
			all.weights, all.hash = r.weights, r.hash
			for i, counts := range c.Counts {
				for k, n := range counts {
					total.Counts[i][k] += n
				}
			}
		}
		all.value /= float64(len(shares))
		all.note = fmt.Sprintf(", worst user %.2f %%, balanced %.2f %%", 100*slices.Min(shares), 100*total.Balanced())
		return all, nil
	}, nil
}

// leaveOut trains without one user and measures on that one.
func (b *bench) leaveOut(set data.Set, user string, seed uint64) (result, *metrics.Confusion, error) {
	others, one, err := data.SplitBy(set, user)
	if err != nil {
		return result{}, nil, err
	}
	steps := set.Shape()[0] / motionPack
	m := train.Sequential(
		train.Input(set.Shape()...),
		train.Reshape([]int{steps, motionPack * set.Shape()[1]}),
		train.Dense(48, train.ReLU),
		train.Dropout(.2),
		train.Bidirectional(train.GRU(32, train.ReturnSequences)),
		train.GlobalAveragePooling1D(),
		train.Dropout(.3),
		train.Dense(len(set.Classes()), train.Softmax),
	)
	m.Seed(seed)
	rate := train.LearningRateSchedule(train.CosineDecay(motionEpochs, .01))
	if err := m.Compile(train.AdamW(4e-3, rate, train.WeightDecay(.02)), train.CategoricalCrossentropy.Smoothing(.05), train.Accuracy); err != nil {
		return result{}, nil, err
	}
	augment := data.Augmenters{data.Turn(.3), data.Noise(.03)}
	r, err := b.fit(m, others, train.Epochs(motionEpochs), train.BatchSize(32), train.Augment(augment.Augment))
	if err != nil {
		return r, nil, err
	}
	e, err := m.Evaluate(one, b.options...)
	if err != nil {
		return r, nil, err
	}
	r.value, _ = e.Metrics.Get("accuracy")
	return r, e.Confusion, nil
}
