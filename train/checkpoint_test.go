package train_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/train"
)

// resumable trains the network of all kinds of state.
func resumable(t *testing.T, dir string, opts ...train.FitOption) (*train.Model, *train.History, error) {
	x, y := samples(45, []int{9, 8, 2}, false)
	m := networks["image"].make()
	m.Seed(8)
	require.NoError(t, m.Compile(train.Adam(3e-3, train.LearningRateSchedule(train.CosineDecay(3, .1))), train.CategoricalCrossentropy, train.Accuracy, train.F1))
	if dir != "" {
		opts = append(opts, train.Checkpoints(dir, 2))
	}
	h, err := m.Fit(x, y, append(opts, train.Epochs(4), train.BatchSize(8), train.ValidationSplit(.2), train.EarlyStopping("val_loss", 3))...)
	return m, h, err
}

func TestResume(t *testing.T) {
	whole, wholeHistory, err := resumable(t, "")
	require.NoError(t, err)
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		ctx, cancel := context.WithCancel(context.Background())
		left := r.IntN(4)
		m, h, err := resumable(t, dir, train.WithContext(ctx), train.OnProgress(func(train.Progress) {
			if left--; left < 0 {
				cancel()
			}
		}))
		cancel()
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
			continue
		}
		assert.Equal(t, whole.Hash(), m.Hash())
		for i, e := range wholeHistory.Epochs {
			assert.Equal(t, e.Metrics, h.Epochs[i].Metrics)
		}
		files, err := os.ReadDir(dir)
		require.NoError(t, err)
		assert.LessOrEqual(t, len(files), 3, "two checkpoints and the best")
		return
	}
	t.Fatal("training never ends")
}

// TestKilled loses what was done since an earlier checkpoint, as a kill does.
func TestKilled(t *testing.T) {
	whole, _, err := resumable(t, "")
	require.NoError(t, err)
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	seen := 0
	_, _, err = resumable(t, dir, train.WithContext(ctx), train.OnProgress(func(train.Progress) {
		if seen++; seen == 9 {
			cancel()
		}
	}))
	require.ErrorIs(t, err, context.Canceled)
	files, err := filepath.Glob(filepath.Join(dir, "step-*"))
	require.NoError(t, err)
	require.Len(t, files, 2)
	last, err := os.ReadFile(files[1])
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(files[1], last[:len(last)-3], 0o666), "cut short")
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".step-0000000011.safetensors.x.tmp"), []byte("half"), 0o666))
	m, _, err := resumable(t, dir)
	require.NoError(t, err)
	assert.Equal(t, whole.Hash(), m.Hash())
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestResumeRefuses(t *testing.T) {
	dir := t.TempDir()
	_, _, err := resumable(t, dir)
	require.NoError(t, err)
	x, y := blobs(30, 3, 8)
	m := mlp()
	require.NoError(t, m.Compile(train.SGD(.1), train.CategoricalCrossentropy))
	_, err = m.Fit(x, y, train.Checkpoints(dir, 0))
	require.ErrorContains(t, err, "is of another network")
	files, err := filepath.Glob(filepath.Join(dir, "step-*"))
	require.NoError(t, err)
	for _, f := range files {
		require.NoError(t, os.WriteFile(f, []byte("nothing"), 0o666))
	}
	_, _, err = resumable(t, dir)
	require.ErrorContains(t, err, "cut short")
}

func TestWeights(t *testing.T) {
	m, _, err := resumable(t, "")
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, m.SaveWeights(path))
	again := networks["image"].make()
	require.NoError(t, again.LoadWeights(path))
	assert.Equal(t, m.Hash(), again.Hash())
	require.ErrorContains(t, mlp().LoadWeights(path), `"dense/kernel" is F32 [4 3] there, want F32 [8 16]`)
}

func TestLog(t *testing.T) {
	var b bytes.Buffer
	_, h, err := resumable(t, "", train.LogTo(&b))
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	require.Len(t, lines, len(h.Epochs))
	var e train.Epoch
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &e))
	assert.Equal(t, h.Epochs[0], e)
}
