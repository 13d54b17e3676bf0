package edgeinfer_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// manifest describes a model's reference outputs.
type manifest struct {
	Model, Oracle, Semantics, Compare, Note string
	Cases                                   []struct {
		K               int
		Inputs, Outputs []struct{ File string }
	}
}

func (m *manifest) sequence() bool {
	return strings.Contains(m.Semantics, "sequence") && !strings.Contains(m.Semantics, "fresh")
}

// tolerance returns how far float outputs may be off, as a share of the
// largest, and integer ones, in steps.
func (m *manifest) tolerance() (share float64, steps int) {
	share = 1e-5
	if strings.Contains(m.Model, "hybrid") || strings.Contains(m.Note, "dynamic-range") {
		share = 1e-2
	}
	if strings.Contains(m.Oracle+m.Compare, "LiteRT") {
		steps = 1
	}
	return share, steps
}

// emulated limits the model tests where they run on an emulated CPU: the
// number of cases, the MACs of a model, and whether float models are run.
var emulated = struct {
	cases   int
	maxMACs int64
	noFloat bool
}{envInt("EDGEINFER_TEST_CASES"), int64(envInt("EDGEINFER_TEST_MACS")), os.Getenv("EDGEINFER_TEST_NOFLOAT") != ""}

func envInt(name string) int {
	n, _ := strconv.Atoi(os.Getenv(name))
	return n
}

// TestGolden runs every model that has reference outputs, on every kernel set.
func TestGolden(t *testing.T) {
	root := filepath.Join(shareddata.Shared(t), "tflite")
	dirs, err := filepath.Glob(filepath.Join(root, "golden", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	for _, dir := range dirs {
		name := filepath.Base(dir)
		t.Run(name, func(t *testing.T) {
			var man manifest
			b, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(b, &man))
			m, err := edgeinfer.Load(filepath.Join(root, "models", name, "model.tflite"))
			require.NoError(t, err)
			defer m.Close()
			for _, set := range host.Sets() {
				runGolden(t, m, dir, &man, set.Name)
			}
		})
	}
}

func runGolden(t *testing.T, m *edgeinfer.Model, dir string, man *manifest, cpu string) {
	s, err := m.NewSession(edgeinfer.Options{CPU: cpu})
	require.NoError(t, err)
	defer s.Close()
	tooMuch(t, m, s.Plan().MACs())
	cases := man.Cases
	if testing.Short() || emulated.cases > 0 {
		cases = cases[:min(len(cases), max(emulated.cases, 1))]
	} else if cpu == "go" && s.Plan().MACs() > 20e6 {
		cases = cases[:1]
	}
	for _, c := range cases {
		if !man.sequence() {
			s.Reset()
		}
		for i, in := range c.Inputs {
			a, err := npy.ReadFile(filepath.Join(dir, in.File), 1<<30)
			require.NoError(t, err)
			require.Len(t, a.Data, len(s.Input(i).Bytes()), "input %d", i)
			copy(s.Input(i).Bytes(), a.Data)
		}
		require.NoError(t, s.Run())
		for i, out := range c.Outputs {
			want, err := npy.ReadFile(filepath.Join(dir, out.File), 1<<30)
			require.NoError(t, err)
			share, steps := man.tolerance()
			require.Empty(t, differs(want, s.Output(i), share, steps), "%s: case %d, output %d", cpu, c.K, i)
		}
	}
}

func isFloat(m *edgeinfer.Model) bool { return hasFloats(m.Graph()) }

func hasFloats(g *graph.Graph) bool {
	for _, v := range g.Values {
		if v.Type.DType == edgeinfer.Float32 && v.Const != nil && v.Type.Len() > 64 {
			return true
		}
	}
	for _, n := range g.Nodes {
		if c, ok := n.Op.(op.Controller); ok && slices.ContainsFunc(c.Subgraphs(), hasFloats) {
			return true
		}
	}
	return false
}

// differs says where got isn't want within the tolerance; "" if it is.
func differs(want *npy.Array, got *edgeinfer.Tensor, share float64, steps int) string {
	if string(want.DType) != got.DType().String() || want.Len() != got.Len() {
		return fmt.Sprintf("%s%v, want %s%v", got.DType(), got.Shape(), want.DType, want.Shape)
	}
	if got.DType() == edgeinfer.Float32 {
		w, _ := want.Float32s()
		return differFloats(w, got.Float32(), share)
	}
	for i := range want.Len() {
		w, g := intAt(want.Data, want.DType.Size(), string(want.DType)[0] == 'u', i), intAt(got.Bytes(), want.DType.Size(), string(want.DType)[0] == 'u', i)
		if d := w - g; d > int64(steps) || -d > int64(steps) {
			return fmt.Sprintf("element %d is %d, want %d", i, g, w)
		}
	}
	return ""
}

func differFloats(want, got []float32, share float64) string {
	most := 0.0
	for _, w := range want {
		most = max(most, math.Abs(float64(w)))
	}
	for i, w := range want {
		if d := math.Abs(float64(w) - float64(got[i])); !(d <= share*most) {
			return fmt.Sprintf("element %d is %v, want %v (largest %v)", i, got[i], w, most)
		}
	}
	return ""
}

// intAt returns little-endian integer i of size bytes.
func intAt(b []byte, size int, unsigned bool, i int) int64 {
	var x uint64
	for k := range size {
		x |= uint64(b[i*size+k]) << (8 * k)
	}
	if shift := 64 - 8*size; !unsigned {
		return int64(x<<shift) >> shift
	}
	return int64(x)
}
