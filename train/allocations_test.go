package train

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/train/data"
)

// TestStepAllocations takes steps as FitSet does: batches are read, trained on,
// measured and reported, in one part and in several, on one thread and on two.
func TestStepAllocations(t *testing.T) {
	xs, ys := make([]float32, 40*12*3), make([]int32, 40)
	for i := range xs {
		xs[i] = float32(i*i%17) / 17
	}
	for i := range ys {
		ys[i] = int32(i % 3)
	}
	set, err := data.Pair(data.Of(xs, 40, 12, 3), data.Of(ys))
	require.NoError(t, err)
	for name, opts := range map[string][]FitOption{
		"plain":      {Threads(1)},
		"2 threads":  {Threads(2)},
		"parts":      {Threads(1), Accumulate(2)},
		"recomputed": {Threads(1), Recompute},
		"weighted":   {Threads(1), ClassWeights(1, 2, 3), SampleWeights(make([]float32, 40))},
		"augmented":  {Threads(1), Augment(func(x []float32, _ []int, key uint64) { x[0] += float32(key & 1) })},
	} {
		t.Run(name, func(t *testing.T) {
			m := Sequential(Input(12, 3), Conv1D(8, 3, Same), BatchNormalization(), Activate(ReLU), MaxPooling1D(2), LSTM(6, ReturnSequences),
				TransformerEncoder(2, 8, DropoutRate(.1)), Flatten(), Dense(3, Softmax))
			require.NoError(t, m.Compile(Adam(1e-3, ClipNorm(1)), CategoricalCrossentropy, Accuracy))
			o, err := newSettings(append(opts, BatchSize(8)))
			require.NoError(t, err)
			f, err := newFit(m, set, o)
			require.NoError(t, err)
			defer f.close()
			f.startMeters()
			step := func() {
				require.NoError(t, f.batch(f.order[:8], 5))
				require.NoError(t, f.between())
			}
			step()
			assert.Zero(t, testing.AllocsPerRun(10, step))
		})
	}
}
