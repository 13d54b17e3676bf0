//go:build arm.7

package arm

import (
	"fmt"
	"os"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/kerneltest"
	"github.com/edgeinfer/edgeinfer/kernels/ref"
)

// TestSets runs the tier against the Go kernels, on any CPU that CI emulates as
// ARMv7: all of them have NEON.
func TestSets(t *testing.T) {
	base := ref.Unfused()
	sets := Sets(base)
	require.Len(t, sets, 1)
	assert.Equal(t, "neon32", sets[0].Name)
	kerneltest.Run(t, sets[0], base)
}

// TestLayout compares the offsets in src with Go's.
func TestLayout(t *testing.T) {
	text, err := os.ReadFile("src/call.inc")
	require.NoError(t, err)
	var p call
	for name, off := range map[string]uintptr{
		"A": unsafe.Offsetof(p.a), "Y": unsafe.Offsetof(p.y), "C": unsafe.Offsetof(p.c), "B": unsafe.Offsetof(p.b),
		"PANELS": unsafe.Offsetof(p.panels), "K": unsafe.Offsetof(p.k), "FAST": unsafe.Offsetof(p.fast),
		"BIAS": unsafe.Offsetof(p.bias), "MULT": unsafe.Offsetof(p.mult), "LEFT": unsafe.Offsetof(p.left),
		"RIGHT": unsafe.Offsetof(p.right), "SCALE": unsafe.Offsetof(p.scale), "ZERO": unsafe.Offsetof(p.zero),
		"LO": unsafe.Offsetof(p.lo), "HI": unsafe.Offsetof(p.hi), "TAPS": unsafe.Offsetof(p.taps), "ZEROX": unsafe.Offsetof(p.zeroX),
	} {
		assert.Contains(t, string(text), fmt.Sprintf(".set C_%s, %d\n", name, off))
	}
	var tap kernels.Tap
	assert.Equal(t, [3]uintptr{0, 4, 8}, [3]uintptr{unsafe.Offsetof(tap.X), unsafe.Offsetof(tap.W), unsafe.Sizeof(tap)})
}
