package train_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// networks are small ones that use each layer.
var networks = map[string]struct {
	in    []int
	whole bool   // samples are whole numbers below 7
	hash  string // of the weights after training, on every CPU
	make  func() *train.Model
}{
	"image": {hash: "4fcf14426ba61994", in: []int{9, 8, 2}, make: func() *train.Model {
		return train.Sequential(train.Input(9, 8, 2),
			train.ZeroPadding2D(1, 0, 0, 1), train.Conv2D(6, 3, 3, train.Same, train.NoBias), train.BatchNormalization(train.Momentum(.9)), train.Activate(train.ReLU6),
			train.MaxPooling2D(2, 2), train.DepthwiseConv2D(3, 3, train.Same, train.DepthMultiplier(2), train.SiLU), train.SeparableConv2D(5, 3, 3, train.LeakyReLU),
			train.UpSampling2D(2, 2), train.Conv2DTranspose(4, 2, 2, train.Strides(2), train.ELU), train.AveragePooling2D(2, 2, train.Same),
			train.Conv2D(4, 3, 3, train.Groups(2), train.L2(1e-3), train.HardSwish), train.Dropout(.2), train.GlobalAveragePooling2D(), train.Dense(3, train.Softmax))
	}},
	"line": {hash: "2340080606958618", in: []int{12, 3}, make: func() *train.Model {
		return train.Sequential(train.Input(12, 3), train.ZeroPadding1D(1, 2), train.Conv1D(6, 3, train.Strides(2), train.GELU), train.MaxPooling1D(2), train.UpSampling1D(2),
			train.AveragePooling1D(2), train.LayerNormalization(), train.Permute([]int{2, 1}), train.Reshape([]int{-1, 2}), train.Flatten(), train.Dense(8, train.SELU, train.L1(1e-4)), train.Dense(3, train.Softmax))
	}},
	"recurrent": {hash: "74e89343e440197c", in: []int{6, 3}, make: func() *train.Model {
		return train.Sequential(train.Input(6, 3), train.Bidirectional(train.LSTM(5, train.ReturnSequences)), train.GRU(4, train.ReturnSequences, train.GoBackwards),
			train.SimpleRNN(6, train.ReLU), train.Dense(3, train.Softmax))
	}},
	"stateful": {hash: "0eddc1b3867e59a4", in: []int{5, 2}, make: func() *train.Model {
		return train.Sequential(train.Input(5, 2), train.LSTM(4, train.Stateful), train.Dense(3, train.Softmax))
	}},
	"transformer": {hash: "5b3468fdcd6d4e92", in: []int{7}, whole: true, make: func() *train.Model {
		tokens := train.Tokens(7)
		mask := train.Apply(train.PaddingMask(), tokens)
		x := train.Apply(train.Embedding(7, 8), tokens)
		x = train.Apply(train.PositionalEncoding(), x)
		x = train.Apply(train.PositionEmbedding(), x)
		memory := train.Apply(train.TransformerEncoder(2, 12, train.DropoutRate(.1)), x, mask)
		y := train.Apply(train.TransformerDecoder(4, 8), x, memory, mask)
		y = train.Apply(train.MultiHeadAttention(2, 4, train.Causal), y)
		y = train.Apply(train.GlobalAveragePooling1D(), y)
		return train.NewModel([]*train.Node{tokens}, train.Apply(train.Dense(3, train.Softmax), y))
	}},
	"branches": {hash: "9e1899d53e42bbba", in: []int{6}, make: func() *train.Model {
		a := train.Input(4).Named("left")
		b := train.Input(2).Named("right")
		shared := train.Dense(5, train.Sigmoid)
		x := train.Apply(shared, a)
		y := train.Apply(shared, train.Apply(train.Dense(4, train.Softplus), b))
		sum := train.Apply(train.Add(), x, y)
		product := train.Apply(train.Multiply(), x, train.Apply(train.Subtract(), sum, y))
		return train.NewModel([]*train.Node{a, b}, train.Apply(train.Dense(3, train.Softmax), train.Apply(train.Concatenate(), sum, product, x)))
	}},
}

// samples are n random samples of three classes.
func samples(n int, in []int, whole bool) (x, y *data.Array) {
	xs, ys := numbers(n, in, whole)
	return data.Of(xs, append([]int{n}, in...)...), data.Of(ys)
}

// numbers are those of samples.
func numbers(n int, in []int, whole bool) (xs []float32, ys []int32) {
	width := 1
	for _, d := range in {
		width *= d
	}
	xs, ys = make([]float32, n*width), make([]int32, n)
	state := uint64(3)
	for i := range xs {
		state = state*6364136223846793005 + 1442695040888963407
		xs[i] = float32(state>>40)/float32(1<<23) - 1
		if whole {
			xs[i] = float32(state >> 33 % 7)
		}
	}
	for i := range ys {
		ys[i] = int32(i*i%7) % 3
	}
	return xs, ys
}

// TestLayers trains each network on every set of kernels, with one thread and
// three, and with less memory: the same bytes each time, and a smaller loss.
func TestLayers(t *testing.T) {
	for name, c := range networks {
		t.Run(name, func(t *testing.T) {
			x, y := samples(22, c.in, c.whole)
			for _, set := range host.Sets() {
				if !set.Fused {
					continue
				}
				for what, opts := range map[string][]train.FitOption{"": nil, "3 threads": {train.Threads(3)}, "recomputed": {train.Recompute}} {
					m := c.make()
					m.Seed(2)
					require.NoError(t, m.Compile(train.Adam(1e-2), train.CategoricalCrossentropy, train.Accuracy))
					h, err := m.Fit(x, y, append(opts, train.Epochs(4), train.BatchSize(8), train.Kernels(&set))...)
					require.NoError(t, err)
					first, _ := h.Epochs[0].Metrics.Get("loss")
					last, _ := h.Epochs[3].Metrics.Get("loss")
					assert.Less(t, last, first)
					assert.Equal(t, c.hash, m.Hash()[:16], fmt.Sprint(set.Name, " ", what))
				}
			}
		})
	}
}

func TestAccumulate(t *testing.T) {
	x, y := samples(21, []int{12, 3}, false)
	var one, parts *train.Model
	for i, m := range []**train.Model{&one, &parts} {
		*m = networks["line"].make()
		require.NoError(t, (*m).Compile(train.SGD(.05, train.ClipNorm(1)), train.CategoricalCrossentropy))
		opts := []train.FitOption{train.Epochs(3), train.BatchSize(8)}
		if i == 1 {
			opts = append(opts, train.Accumulate(3))
		}
		_, err := (*m).Fit(x, y, opts...)
		require.NoError(t, err)
	}
	for i, p := range one.Params() {
		for k, w := range p.Data {
			require.InDelta(t, w, parts.Params()[i].Data[k], 1e-5, p.Name)
		}
	}
}

// Parts of a batch would go on from each other where batches shall.
func TestStatefulInParts(t *testing.T) {
	m := networks["stateful"].make()
	require.NoError(t, m.Compile(train.Adam(1e-2), train.CategoricalCrossentropy))
	x, y := samples(16, []int{5, 2}, false)
	_, err := m.Fit(x, y, train.BatchSize(8), train.Accumulate(2))
	require.ErrorContains(t, err, "batches of a network with a Stateful layer do not come in parts")
	whole, err := m.MemoryPlan(8, train.Recompute)
	require.NoError(t, err)
	_, err = m.Fit(x, y, train.BatchSize(8), train.MemoryBudget(whole.Total*3/4))
	require.ErrorContains(t, err, "over the limit of")
}

func TestMemoryBudget(t *testing.T) {
	m := networks["image"].make()
	require.NoError(t, m.Compile(train.Adam(1e-2), train.CategoricalCrossentropy))
	plain, err := m.MemoryPlan(16)
	require.NoError(t, err)
	less, err := m.MemoryPlan(16, train.MemoryBudget(plain.Total*2/3))
	require.NoError(t, err)
	assert.LessOrEqual(t, less.Total, plain.Total*2/3)
	assert.True(t, less.Recompute || less.Parts > 1)
	_, err = m.MemoryPlan(16, train.MemoryBudget(1000))
	require.ErrorContains(t, err, "over the limit of 1000")
	x, y := samples(20, []int{9, 8, 2}, false)
	_, err = m.Fit(x, y, train.BatchSize(16), train.MemoryBudget(less.Total))
	require.NoError(t, err)
}

// A budget decides how batches are split, which decides bits: so it must not do so
// by kernels or threads, of which each has its own need of memory.
func TestMemoryBudgetSplitsAlike(t *testing.T) {
	m := networks["image"].make()
	require.NoError(t, m.Compile(train.Adam(1e-2), train.CategoricalCrossentropy))
	plain, err := m.MemoryPlan(16)
	require.NoError(t, err)
	var splits int
	for budget := plain.Total; budget > plain.Total/4; budget -= plain.Total / 20 {
		var first *train.MemoryPlan
		for _, set := range host.Sets() {
			for _, threads := range []int{1, 2, 4} {
				p, err := m.MemoryPlan(16, train.MemoryBudget(budget), train.Kernels(&set), train.Threads(threads))
				if err != nil {
					require.ErrorContains(t, err, "over the limit of")
					continue
				}
				require.LessOrEqual(t, p.Total, budget)
				if first == nil {
					first = &p
				}
				require.Equal(t, []any{first.Parts, first.Recompute}, []any{p.Parts, p.Recompute}, "%s, %d threads, %d bytes", set.Name, threads, budget)
			}
		}
		if first != nil && (first.Recompute || first.Parts > 1) {
			splits++
		}
	}
	assert.Greater(t, splits, 5)
}

func TestSummary(t *testing.T) {
	m := networks["branches"].make()
	require.NoError(t, m.Compile(train.Adam(1e-2), train.CategoricalCrossentropy))
	assert.Equal(t, `layer        kind         output  parameters  MACs  inputs
`, m.Summary()[:len("layer        kind         output  parameters  MACs  inputs\n")])
	assert.Contains(t, m.Summary(), "dense ")
	assert.Contains(t, m.Summary(), "training: ")
}
