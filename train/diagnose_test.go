package train_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// TestDiagnose holds that a loss that is no number names the batch, and the layer,
// sample or target that it comes from.
func TestDiagnose(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		spoil func(x, y []float32)
		rate  float64
		want  []string
	}{
		{func(x, _ []float32) { x[2*5+1] = nan }, .1, []string{"NaN in epoch 1, batch 2: arrays: sample 5 has numbers that are not finite"}},
		{func(_, y []float32) { y[6] = float32(math.Inf(1)) }, .1, []string{"in epoch 1, batch 2: arrays: sample 6 has a target that is not finite"}},
		{func(_, _ []float32) {}, 1e30, []string{"in epoch 1, batch 2: layer \"", "is the first whose output is not finite"}},
	} {
		x, y := make([]float32, 16), make([]float32, 8)
		for i := range x {
			x[i] = float32(i%3) + 1
		}
		c.spoil(x, y)
		m := train.Sequential(train.Input(2), train.Dense(3, train.ReLU), train.Dense(1))
		require.NoError(t, m.Compile(train.SGD(c.rate), train.MeanSquaredError))
		_, err := m.Fit(data.Of(x, 8, 2), data.Of(y, 8), train.BatchSize(4), train.KeepOrder)
		for _, w := range c.want {
			assert.ErrorContains(t, err, w)
		}
	}
}
