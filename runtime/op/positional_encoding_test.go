package op_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/op"
)

func TestPositionalEncoding(t *testing.T) {
	for _, width := range []int{1, 2, 7, 128} {
		table, err := op.PositionalEncoding(300, width)
		require.NoError(t, err)
		require.Len(t, table, 300*width)
		for k, v := range table {
			p, j := k/width, k%width
			angle := float64(p) / math.Pow(10000, float64(j-j%2)/float64(width))
			want := math.Sin(angle)
			if j%2 == 1 {
				want = math.Cos(angle)
			}
			require.InDelta(t, want, float64(v), 1e-6, "position %d, element %d of %d", p, j, width)
		}
	}
	_, err := op.PositionalEncoding(1<<20, 1<<20)
	require.ErrorContains(t, err, "want at most")
	_, err = op.PositionalEncoding(-1, 4)
	require.Error(t, err)
}
