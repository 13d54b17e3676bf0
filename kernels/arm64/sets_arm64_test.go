package arm64_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/arm64"
	"github.com/edgeinfer/edgeinfer/kernels/kerneltest"
	"github.com/edgeinfer/edgeinfer/kernels/ref"
)

// TestSets runs each tier of this CPU against the Go kernels. CI names the
// tiers that must have run on the CPU it emulates.
func TestSets(t *testing.T) {
	base := ref.Set()
	names := []string{base.Name}
	for _, s := range arm64.Sets(base) {
		names = append(names, s.Name)
		t.Run(s.Name, func(t *testing.T) { kerneltest.Run(t, s, base) })
	}
	require.Contains(t, names, "neon", "every 64-bit ARM has NEON")
	if want := os.Getenv("EDGEINFER_WANT_TIERS"); want != "" {
		assert.Equal(t, strings.Split(want, ","), names)
	}
}
