package edgeinfer_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
	"github.com/edgeinfer/edgeinfer/kernels/host"
)

// TestSeanet runs the 99 one-operator models with 16-bit activations.
func TestSeanet(t *testing.T) {
	models, err := filepath.Glob(filepath.Join(shareddata.Shared(t), "tflite", "seanet", "*", "*.tflite"))
	require.NoError(t, err)
	require.Len(t, models, 99)
	for i, model := range models {
		if emulated.cases > 0 && i%10 != 0 {
			continue
		}
		stem := strings.TrimSuffix(model, ".tflite")
		t.Run(filepath.Base(stem), func(t *testing.T) {
			m, err := edgeinfer.Load(model)
			require.NoError(t, err)
			defer m.Close()
			want, err := npy.ReadFile(stem+"_tflm_out.npy", 1<<30)
			require.NoError(t, err)
			for _, set := range host.Sets() {
				s, err := m.NewSession(edgeinfer.Options{CPU: set.Name})
				require.NoError(t, err)
				for k := range s.Inputs() {
					fillCSV(t, s.Input(k), fmt.Sprintf("%s_input%d_*.csv", stem, k))
				}
				require.NoError(t, s.Run())
				require.Empty(t, differs(want, s.Output(0), 1e-5, 0), set.Name)
				s.Close()
			}
		})
	}
}

// fillCSV fills an integer tensor from the one file that pattern matches.
func fillCSV(t *testing.T, in *edgeinfer.Tensor, pattern string) {
	files, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.Len(t, files, 1, pattern)
	f, err := os.Open(files[0])
	require.NoError(t, err)
	defer f.Close()
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, 1<<26)
	size, n := len(in.Bytes())/in.Len(), 0
	for scan.Scan() {
		for word := range strings.SplitSeq(scan.Text(), ",") {
			if word = strings.TrimSpace(word); word == "" {
				continue
			}
			v, err := strconv.ParseInt(word, 10, 64)
			require.NoError(t, err)
			for b := range size {
				in.Bytes()[n*size+b] = byte(v >> (8 * b))
			}
			n++
		}
	}
	require.NoError(t, scan.Err())
	require.Equal(t, in.Len(), n)
}
