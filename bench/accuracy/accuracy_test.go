package main

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// TestRun runs a task from two seeds and prints its table.
func TestRun(t *testing.T) {
	open := func(b *bench) (func(uint64) (result, error), error) {
		xs, ys := make([]float32, 40), make([]int32, 40)
		for i := range xs {
			xs[i], ys[i] = float32(i%4)-1.5, int32(i%4/2)
		}
		set, err := data.Pair(data.Of(xs, 40, 1), data.Of(ys))
		if err != nil {
			return nil, err
		}
		if set, err = inMemory(set, .25); err != nil {
			return nil, err
		}
		return func(seed uint64) (result, error) {
			m := train.Sequential(train.Input(1), train.Dense(2, train.Softmax))
			m.Seed(seed)
			if err := m.Compile(train.Adam(.1), train.CategoricalCrossentropy, train.Accuracy); err != nil {
				return result{}, err
			}
			r, err := b.fit(m, set, train.Epochs(40))
			if err != nil {
				return r, err
			}
			return b.measured(r, m, set, "accuracy")
		}, nil
	}
	var out bytes.Buffer
	r, err := (&bench{}).run(task{name: "sign", what: "line", goal: .9, open: open}, []uint64{1, 2}, &out)
	require.NoError(t, err)
	assert.Equal(t, []float64{1, 1}, r.values)
	assert.Equal(t, 4, r.weights)
	table(&out, []row{r})
	assert.Contains(t, out.String(), "sign seed 2: 100.00 % in")
	assert.Regexp(t, `sign +line +4 +100.00 % +100.00 % +90.00 % +yes`, out.String())
}

func TestArguments(t *testing.T) {
	for want, args := range map[string][]string{
		`task "mnist" is not known`:   {"-task", "mnist"},
		`seed "x" is no whole numbe`:  {"-seeds", "1,x"},
		`no/mnist: file does not exi`: {"-task", "mnist-mlp", "-data", "no"},
	} {
		require.ErrorContains(t, command(args, io.Discard, io.Discard), want)
	}
}

func TestMedian(t *testing.T) {
	assert.Equal(t, 2.0, median([]float64{3, 1, 2}))
	assert.Equal(t, 1.5, median([]float64{2, 1}))
	nats := task{nats: true, goal: 2}
	assert.True(t, nats.reached(1.9))
	assert.False(t, nats.reached(2.1))
}
