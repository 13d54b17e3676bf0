//go:build amd64 || arm64

package arm64

import (
	"fmt"
	"os"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// TestStructLayout compares the offsets in src with Go's. They are the same on
// every 64-bit architecture.
func TestStructLayout(t *testing.T) {
	text, err := os.ReadFile("src/requant.inc")
	require.NoError(t, err)
	var q kernels.Requant
	for name, off := range map[string]uintptr{
		"Q_BIAS":  unsafe.Offsetof(q.Bias),
		"Q_MULT":  unsafe.Offsetof(q.Mult),
		"Q_LEFT":  unsafe.Offsetof(q.Left),
		"Q_RIGHT": unsafe.Offsetof(q.Right),
		"Q_SCALE": unsafe.Offsetof(q.Scale),
		"Q_ZERO":  unsafe.Offsetof(q.Zero),
	} {
		assert.Contains(t, string(text), fmt.Sprintf(".set %s, %d\n", name, off))
	}
	// add_s8_neon.S reads fifteen int32 in a row; the depthwise kernels two.
	var p kernels.AddS8
	order := []uintptr{
		unsafe.Offsetof(p.ZeroA), unsafe.Offsetof(p.ZeroB),
		unsafe.Offsetof(p.A), unsafe.Offsetof(p.A) + 4, unsafe.Offsetof(p.A) + 8,
		unsafe.Offsetof(p.B), unsafe.Offsetof(p.B) + 4, unsafe.Offsetof(p.B) + 8,
		unsafe.Offsetof(p.Out), unsafe.Offsetof(p.Out) + 4, unsafe.Offsetof(p.Out) + 8,
		unsafe.Offsetof(p.Shift), unsafe.Offsetof(p.Zero), unsafe.Offsetof(p.Lo), unsafe.Offsetof(p.Hi),
	}
	for i, off := range order {
		assert.EqualValues(t, 4*i, off)
	}
	var s kernels.Scale
	assert.Equal(t, [3]uintptr{0, 4, 8}, [3]uintptr{unsafe.Offsetof(s.Mult), unsafe.Offsetof(s.Left), unsafe.Offsetof(s.Right)})
	assert.Equal(t, [2]uintptr{4, 8}, [2]uintptr{unsafe.Offsetof(q.Lo) - unsafe.Offsetof(q.Zero), unsafe.Offsetof(q.Hi) - unsafe.Offsetof(q.Zero)})
	var sum kernels.LinearAddS8
	assert.Equal(t, [5]uintptr{4, 8, 12, 16, 20}, [5]uintptr{unsafe.Offsetof(sum.B), unsafe.Offsetof(sum.C),
		unsafe.Offsetof(sum.Lo), unsafe.Offsetof(sum.Hi), unsafe.Offsetof(sum.Offset)})
	var product kernels.LinearMulS8
	assert.Equal(t, [6]uintptr{4, 8, 12, 16, 20, 24}, [6]uintptr{unsafe.Offsetof(product.ZeroB), unsafe.Offsetof(product.M),
		unsafe.Offsetof(product.Zero), unsafe.Offsetof(product.Lo), unsafe.Offsetof(product.Hi), unsafe.Offsetof(product.Offset)})
	var mul kernels.MulS8
	assert.Equal(t, [6]uintptr{4, 8, 12, 16, 20, 28}, [6]uintptr{unsafe.Offsetof(mul.ZeroB), unsafe.Offsetof(mul.Out), unsafe.Offsetof(mul.Out.Left) + 8,
		unsafe.Offsetof(mul.Out.Right) + 8, unsafe.Offsetof(mul.Zero), unsafe.Offsetof(mul.Hi)})
	var quant kernels.QuantF32
	assert.Equal(t, [4]uintptr{4, 8, 12, 16}, [4]uintptr{unsafe.Offsetof(quant.Shift), unsafe.Offsetof(quant.Zero), unsafe.Offsetof(quant.Lo), unsafe.Offsetof(quant.Hi)})
	var tap kernels.Tap
	assert.Equal(t, [3]uintptr{0, 4, 8}, [3]uintptr{unsafe.Offsetof(tap.X), unsafe.Offsetof(tap.W), unsafe.Sizeof(tap)})
}
