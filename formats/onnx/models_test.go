package onnx_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// modelTolerance is what the outputs of whole models may be off by, beyond a
// thousandth of each: they were computed in another order.
const modelTolerance = 1e-4

// TestModels runs whole models on stored inputs and compares with stored outputs.
// Those that testdata/failing_models.txt lists, with the reason, can't run yet,
// and must be taken off when they do: the list may only shrink.
func TestModels(t *testing.T) {
	known := map[string]string{}
	for _, l := range lines(t, "testdata/failing_models.txt") {
		name, why, ok := strings.Cut(l, "\t")
		require.True(t, ok && why != "", "%s has no reason", name)
		known[name] = why
	}
	dirs, err := filepath.Glob(filepath.Join(shareddata.Shared(t), "onnx-models", "*", "model.onnx"))
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	var names, report []string
	for _, path := range dirs {
		dir := filepath.Dir(path)
		name := filepath.Base(dir)
		names = append(names, name)
		err := runNode(dir, modelTolerance)
		switch {
		case err == nil && *update:
		case err == nil:
			assert.NotContains(t, known, name, "%s runs: take it off the list", name)
		case *update:
			report = append(report, name+"\t"+strings.ReplaceAll(firstLine(err.Error()), "\t", " ")+"\n")
		default:
			assert.Contains(t, known, name, "%s: %v", name, err)
		}
	}
	for name := range known {
		assert.True(t, slices.Contains(names, name), "there is no %s", name)
	}
	if *update && !t.Failed() {
		slices.Sort(report)
		require.NoError(t, os.WriteFile("testdata/failing_models.txt", []byte(strings.Join(report, "")), 0o644))
	}
}
