package train_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// blobs are points around centres, of as many classes.
func blobs(n, classes, width int) (x, y *data.Array) {
	xs, ys := make([]float32, n*width), make([]int32, n)
	state := uint64(9)
	for i := range n {
		ys[i] = int32(i % classes)
		for j := range width {
			state = state*6364136223846793005 + 1442695040888963407
			xs[i*width+j] = float32(state>>40)/float32(1<<24) + float32((i%classes)*(j%3))*.7
		}
	}
	return data.Of(xs, n, width), data.Of(ys)
}

func mlp() *train.Model {
	return train.Sequential(
		train.Input(8),
		train.Dense(16, train.ReLU),
		train.Dense(12, train.Tanh),
		train.Dense(3, train.Softmax),
	)
}

func TestIntroduction(t *testing.T) {
	x, y := blobs(310, 3, 8)
	m := mlp()
	require.NoError(t, m.Compile(train.Adam(1e-2), train.CategoricalCrossentropy, train.Accuracy))
	h, err := m.Fit(x, y, train.Epochs(10), train.BatchSize(32))
	require.NoError(t, err)
	require.Len(t, h.Epochs, 10)
	first, _ := h.Epochs[0].Metrics.Get("loss")
	last, _ := h.Epochs[9].Metrics.Get("loss")
	accuracy, _ := h.Epochs[9].Metrics.Get("accuracy")
	assert.Less(t, last, first/2)
	assert.Greater(t, accuracy, .9)
	p, err := m.Predict(x)
	require.NoError(t, err)
	require.Len(t, p, 310*3)
	assert.InDelta(t, 1, float64(p[0]+p[1]+p[2]), 1e-6)
}

func TestSameBytes(t *testing.T) {
	x, y := blobs(110, 3, 8)
	hash := ""
	for _, set := range host.Sets() {
		if !set.Fused {
			continue
		}
		for _, threads := range []int{1, 3} {
			for _, opts := range [][]train.FitOption{{}, {train.Recompute}} {
				m := mlp()
				m.Seed(5)
				require.NoError(t, m.Compile(train.Adam(1e-2, train.ClipNorm(1)), train.CategoricalCrossentropy))
				_, err := m.Fit(x, y, append(opts, train.Epochs(3), train.Kernels(&set), train.Threads(threads))...)
				require.NoError(t, err)
				if hash == "" {
					hash = m.Hash()
				}
				assert.Equal(t, hash, m.Hash(), "%s, %d threads", set.Name, threads)
			}
		}
	}
}

func TestLossOfNoNumber(t *testing.T) {
	x, y := blobs(64, 3, 8)
	m := train.Sequential(train.Input(8), train.Dense(4, train.ReLU, train.Name("wild")), train.Dense(3, train.Softmax))
	m.Params()[0].Data[0] = float32(math.Inf(1))
	require.NoError(t, m.Compile(train.SGD(.1), train.CategoricalCrossentropy))
	_, err := m.Fit(x, y)
	require.ErrorContains(t, err, `epoch 1, batch 1: weight "wild/kernel"`)
}
