package edgeinfer_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
	"github.com/edgeinfer/edgeinfer/kernels/host"
)

var update = flag.Bool("update", false, "write testdata/verify.txt anew")

// hashed are the models of the data folder by name, with the shapes that some
// must be given.
func hashed(t *testing.T) (paths map[string]string, shapes map[string]map[string][]int) {
	paths = map[string]string{}
	for _, pattern := range []string{"tflite/models/*/model.tflite", "onnx-models/*/model.onnx", "onnx-models/mlperf/*.onnx"} {
		found, err := filepath.Glob(filepath.Join(shareddata.Shared(t), filepath.FromSlash(pattern)))
		require.NoError(t, err)
		require.NotEmpty(t, found)
		for _, path := range found {
			name := filepath.Base(filepath.Dir(path))
			if strings.HasPrefix(pattern, "onnx-models") {
				name = "onnx_" + name
			}
			if base := strings.TrimSuffix(filepath.Base(path), ".onnx"); !strings.HasPrefix(base, "model") {
				name += "_" + base
			}
			paths[name] = path
		}
	}
	return paths, map[string]map[string][]int{
		"onnx_silero_vad_16k_op15": {"input": {1, 576}},
		"onnx_silero_vad_op16_if":  {"input": {1, 288}}, // of 8 kHz: the seeded rate isn't 16000
		"onnx_tract_qtdnn":         {"input": {10, 10}},
	}
}

// TestSameHashEverywhere holds the hash that verify prints for every model, on
// every kernel set of this machine, against the one in testdata: the same file
// serves every CPU. Floats of ONNX have it wherever multiply-adds are fused.
func TestSameHashEverywhere(t *testing.T) {
	paths, shapes := hashed(t)
	want := map[string]string{}
	if b, err := os.ReadFile(filepath.Join("testdata", "verify.txt")); err == nil {
		for line := range strings.Lines(string(b)) {
			name, hash, _ := strings.Cut(strings.TrimSpace(line), " ")
			want[name] = hash
		}
	}
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		t.Run(name, func(t *testing.T) {
			m, err := edgeinfer.Load(paths[name])
			require.NoError(t, err)
			defer m.Close()
			o := edgeinfer.Options{Shapes: m.WithoutDynamic(shapes[name])}
			p, err := m.Plan(o)
			require.NoError(t, err)
			tooMuch(t, m, p.MACs())
			for _, set := range host.Sets() {
				if set.Name == "go" && p.MACs() > 20e6 && (testing.Short() || emulated.cases > 0) {
					continue // minutes, and the same code runs for smaller models
				}
				if !set.Fused && strings.HasPrefix(name, "onnx_") && isFloat(m) {
					continue
				}
				o.CPU = set.Name
				hash, err := m.Verify(context.Background(), o, 0, 1)
				require.NoError(t, err)
				require.NotEqual(t, nothing, hash, "no output has elements")
				if *update {
					want[name] = hash
				}
				require.Equal(t, want[name], hash, "%s kernels", set.Name)
			}
			fmt.Fprintf(&lines, "%s %s\n", name, want[name])
		})
	}
	if *update {
		require.NoError(t, os.WriteFile(filepath.Join("testdata", "verify.txt"), []byte(lines.String()), 0o644))
	}
}

// nothing is the hash of no bytes.
const nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// tooMuch skips the test of a model that is too much for an emulated CPU.
func tooMuch(t *testing.T, m *edgeinfer.Model, macs int64) {
	if emulated.maxMACs > 0 && macs > emulated.maxMACs {
		t.Skipf("%d MACs are too many for this emulated CPU", macs)
	}
	if emulated.noFloat && isFloat(m) {
		t.Skip("float models are not run on this emulated CPU")
	}
}
