package host

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/kerneltest"
	"github.com/edgeinfer/edgeinfer/kernels/ref"
)

// TestSets runs every tier that this machine has. EDGEINFER_WANT_TIERS=go,avx2
// makes it fail if one of those is missing, so that a skip cannot hide a kernel.
func TestSets(t *testing.T) {
	ran := map[string]bool{}
	for _, s := range Sets() {
		want := ref.Set()
		if !s.Fused {
			want = ref.Unfused()
		}
		ran[s.Name] = t.Run(s.Name, func(t *testing.T) { kerneltest.Run(t, s, want) })
	}
	for name := range strings.SplitSeq(os.Getenv("EDGEINFER_WANT_TIERS"), ",") {
		assert.Truef(t, name == "" || ran[name], "tier %q did not run, or failed", name)
	}
}

// TestOrder says which tiers there may be: a machine with none in assembly has
// gofast, and only such a machine.
func TestOrder(t *testing.T) {
	sets := Sets()
	require.GreaterOrEqual(t, len(sets), 2)
	assert.Equal(t, "go", sets[0].Name)
	fused := archSets(ref.Set())
	if len(fused) == 0 {
		assert.Equal(t, "gofast", sets[1].Name)
	}
	for i, s := range fused {
		assert.Equal(t, s.Fused, fused[0].Name != "gofast", "%s: float32 is rounded alike in all tiers", s.Name)
		assert.True(t, i == 0 || s.Name != "gofast")
	}
}

func TestBest(t *testing.T) {
	t.Setenv(EnvCPU, "")
	sets := Sets()
	s, err := Best()
	require.NoError(t, err)
	assert.Equal(t, sets[len(sets)-1].Name, s.Name)

	t.Setenv(EnvCPU, "go")
	s, err = Best()
	require.NoError(t, err)
	assert.Equal(t, "go", s.Name)

	t.Setenv(EnvCPU, "mmx")
	_, err = Best()
	require.ErrorContains(t, err, `environment variable EDGEINFER_CPU: host: this machine has no kernels for CPU tier "mmx"; choose one of go, `)
}

func TestThreads(t *testing.T) {
	for _, c := range []struct{ processors, perCore, want int }{
		{1, 1, 1}, {1, 2, 1}, {2, 1, 2}, {4, 2, 2}, {4, 1, 4}, {64, 2, 4}, {3, 0, 3}, // 0: not known
	} {
		assert.Equal(t, c.want, threads(c.processors, c.perCore), "%+v", c)
	}
	assert.Positive(t, Threads())
}
