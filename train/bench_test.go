package train_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/train"
)

// contest is a network that bench/training compares with PyTorch's.
type contest struct {
	name    string
	in, out []int // shape of a sample and of its target
	whole   bool  // samples are whole numbers below classes
	classes int
	batch   int
	layers  []train.Layer
}

// contests are the networks of bench/training/torch_training.py.
func contests() []contest {
	pictures := func(batch int) contest {
		return contest{fmt.Sprintf("cnn%d", batch), []int{28, 28, 1}, nil, false, 10, batch, []train.Layer{
			train.Input(28, 28, 1), train.Conv2D(16, 3, 3, train.Same, train.ReLU), train.MaxPooling2D(2, 2),
			train.Conv2D(32, 3, 3, train.Same, train.ReLU), train.MaxPooling2D(2, 2), train.Flatten(), train.Dense(10, train.Softmax)}}
	}
	text := []train.Layer{train.Tokens(128), train.Embedding(65, 128), train.PositionEmbedding()}
	for range 4 {
		text = append(text, train.TransformerEncoder(4, 512, train.Causal))
	}
	text = append(text, train.LayerNormalization(), train.Dense(65, train.Softmax))
	return []contest{
		{"mlp", []int{784}, nil, false, 10, 32, []train.Layer{
			train.Input(784), train.Dense(128, train.ReLU), train.Dense(64, train.ReLU), train.Dense(10, train.Softmax)}},
		pictures(32), pictures(128),
		{"lstm", []int{64, 64}, nil, false, 10, 32, []train.Layer{
			train.Input(64, 64), train.LSTM(128, train.ReturnSequences), train.LSTM(128), train.Dense(10, train.Softmax)}},
		{"lstm-small", []int{64, 6}, nil, false, 6, 32, []train.Layer{
			train.Input(64, 6), train.LSTM(64), train.Dense(6, train.Softmax)}},
		{"transformer", []int{128}, []int{128}, true, 65, 16, text},
	}
}

// noise is a set of any length whose samples are random.
type noise struct {
	*contest
	n    int
	pool []float32
}

// poolSamples is how many different samples noise has.
const poolSamples = 64

func newNoise(c *contest, n int) *noise {
	s := &noise{c, n, make([]float32, poolSamples*elements(c.in))}
	state := uint64(7)
	for i := range s.pool {
		state = state*6364136223846793005 + 1442695040888963407
		s.pool[i] = float32(state>>40)/float32(1<<23) - 1
		if c.whole {
			s.pool[i] = float32(state >> 33 % uint64(c.classes))
		}
	}
	return s
}

func elements(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

func (s *noise) Len() int           { return s.n }
func (s *noise) Shape() []int       { return s.in }
func (s *noise) Classes() []string  { return nil }
func (s *noise) TargetShape() []int { return s.out }
func (s *noise) Name(i int) string  { return strconv.Itoa(i) }

func (s *noise) Read(i int, x, y []float32) error {
	copy(x, s.pool[i%poolSamples*len(x):])
	for j := range y {
		y[j] = float32((i%poolSamples + j) % s.classes)
	}
	return nil
}

// model returns the network, compiled.
func (c *contest) model(tb testing.TB) *train.Model {
	m := train.Sequential(c.layers...)
	require.NoError(tb, m.Compile(train.Adam(1e-3), train.CategoricalCrossentropy))
	return m
}

// lap is how long a stretch of steps takes at least that is timed.
const lap = 100 * time.Millisecond

// BenchmarkTraining takes whole steps of training: batch, forward, loss, backward,
// Adam. It reports the samples a second of the best lap, which other load on the
// machine disturbs least, and the most memory that the process has had.
func BenchmarkTraining(b *testing.B) {
	for _, c := range contests() {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/threads=%d", c.name, threads), func(b *testing.B) {
				m, best := c.model(b), 0.0
				ctx, stop := context.WithCancel(b.Context())
				defer stop()
				var since time.Time
				steps := 0
				step := func(train.Progress) {
					if !b.Loop() {
						stop()
					}
					now := time.Now()
					if steps++; since.IsZero() { // planned, and warm
						since, steps = now, 0
					} else if gone := now.Sub(since); gone >= lap || best == 0 {
						best = max(best, float64(steps*c.batch)/gone.Seconds())
						since, steps = now, 0
					}
				}
				_, err := m.FitSet(newNoise(&c, 64*c.batch), train.BatchSize(c.batch), train.Threads(threads), train.Epochs(1<<30), train.OnProgress(step), train.WithContext(ctx))
				require.ErrorIs(b, err, context.Canceled)
				b.ReportMetric(best, "samples/s")
				if mb, ok := peakMemory(); ok {
					b.ReportMetric(mb, "peak-MB")
				}
			})
		}
	}
}

// peakMemory returns the most memory that the process has had, in MB, where the
// system says so.
func peakMemory() (float64, bool) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	for line := range bytes.Lines(status) {
		if kb, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			n, err := strconv.ParseFloat(string(bytes.Fields(kb)[0]), 64)
			return n / 1024, err == nil
		}
	}
	return 0, false
}
