package draw

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/ref"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ladder returns the plan of a graph with n rungs: y = reshape(x), x = x + y,
// so that an edge skips a row at each.
func ladder(t *testing.T, n int) *runtime.Plan {
	t.Helper()
	b := graph.NewBuilder("ladder")
	typ := tensor.Of(tensor.F32, 1, 6)
	x := b.Input("x <&>", typ)
	for i := range n {
		y := b.Add(fmt.Sprintf("r%d", i), &op.Reshape{Shape: []int{1, 6}}, x)
		x = b.Add(fmt.Sprintf("a%d", i), &op.Add{To: op.To{DType: tensor.F32}}, x, y)
	}
	g, err := b.Graph(x)
	require.NoError(t, err)
	set := ref.Set()
	p, err := runtime.NewPlan(g, &set, runtime.Options{})
	require.NoError(t, err)
	return p
}

// TestLayers holds what a layered drawing must: edges go down row by row, and
// boxes of a row do not overlap.
func TestLayers(t *testing.T) {
	for _, n := range []int{0, 1, 2, 30} {
		l := newLayers(ladder(t, n))
		assert.Len(t, l.boxes, 2*n+2)
		for _, e := range l.edges {
			for i := 1; i < len(e); i++ {
				require.Equal(t, e[i-1].row+1, e[i].row)
			}
		}
		for _, row := range l.rows {
			for i := 1; i < len(row); i++ {
				a, b := row[i-1], row[i]
				require.GreaterOrEqual(t, b.x-b.w/2, a.x+a.w/2+gap-1e-6)
			}
			for _, b := range row {
				require.GreaterOrEqual(t, b.x-b.w/2, margin-1e-6)
				require.LessOrEqual(t, b.x+b.w/2, l.width-margin+1e-6)
			}
		}
	}
}

// TestMemory holds that rectangles of values do not overlap.
func TestMemory(t *testing.T) {
	m := newMemory(ladder(t, 5))
	require.NotEmpty(t, m.values)
	for i, a := range m.values {
		assert.LessOrEqual(t, a.offset+a.bytes, m.size)
		for _, b := range m.values[:i] {
			apart := a.last < b.first || b.last < a.first || a.offset+a.bytes <= b.offset || b.offset+b.bytes <= a.offset
			assert.True(t, apart, "%+v and %+v", a, b)
		}
	}
}

func TestPicturesAreWellFormed(t *testing.T) {
	p := ladder(t, 3)
	var svg, page strings.Builder
	require.NoError(t, SVG(&svg, p, "a <b> & c"))
	require.NoError(t, HTML(&page, p, "a <b> & c"))
	d := xml.NewDecoder(strings.NewReader(svg.String()))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else {
			require.NoError(t, err)
		}
	}
	for _, text := range []string{svg.String(), page.String()} {
		assert.Contains(t, text, "a &lt;b&gt; &amp; c")
		assert.Contains(t, text, "x &lt;&amp;&gt;", "names are escaped")
		assert.Contains(t, text, "prefers-color-scheme:dark")
		assert.NotContains(t, text, "<script")
	}
}

func TestText(t *testing.T) {
	assert.Equal(t, " 1×?×3", dims([]int{1, -1, 3}))
	assert.Equal(t, " scalar", dims(nil))
	assert.Equal(t, "9999 B", size(9999))
	assert.Equal(t, "2.00 MiB", size(2<<20))
	assert.Equal(t, "2.66 M", count(2_656_768))
	assert.Equal(t, "product", family("Conv2D", 5))
	assert.Equal(t, "shape", family("Reshape", 0))
	assert.Equal(t, "act", family("Softmax", 0))
	assert.Equal(t, "sum", family("Mean", 0))
}
