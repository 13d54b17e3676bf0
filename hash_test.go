package edgeinfer_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
	"github.com/edgeinfer/edgeinfer/kernels/host"
)

var update = flag.Bool("update", false, "write testdata/verify.txt anew")

// TestSameHashEverywhere holds the hash that verify prints for every model, on
// every kernel set of this machine, against the one in testdata: the same file
// serves every CPU.
func TestSameHashEverywhere(t *testing.T) {
	models, err := filepath.Glob(filepath.Join(shareddata.Shared(t), "tflite", "models", "*", "model.tflite"))
	require.NoError(t, err)
	require.NotEmpty(t, models)
	want := map[string]string{}
	if b, err := os.ReadFile(filepath.Join("testdata", "verify.txt")); err == nil {
		for line := range strings.Lines(string(b)) {
			name, hash, _ := strings.Cut(strings.TrimSpace(line), " ")
			want[name] = hash
		}
	}
	var lines strings.Builder
	for _, path := range models {
		name := filepath.Base(filepath.Dir(path))
		t.Run(name, func(t *testing.T) {
			m, err := edgeinfer.Load(path)
			require.NoError(t, err)
			defer m.Close()
			p, err := m.Plan(edgeinfer.Options{})
			require.NoError(t, err)
			tooMuch(t, m, p.MACs())
			for _, set := range host.Sets() {
				if set.Name == "go" && p.MACs() > 20e6 && (testing.Short() || emulated.cases > 0) {
					continue // minutes, and the same code runs for smaller models
				}
				hash, err := m.Verify(context.Background(), edgeinfer.Options{CPU: set.Name}, 0, 1)
				require.NoError(t, err)
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

// tooMuch skips the test of a model that is too much for an emulated CPU.
func tooMuch(t *testing.T, m *edgeinfer.Model, macs int64) {
	if emulated.maxMACs > 0 && macs > emulated.maxMACs {
		t.Skipf("%d MACs are too many for this emulated CPU", macs)
	}
	if emulated.noFloat && isFloat(m) {
		t.Skip("float models are not run on this emulated CPU")
	}
}
