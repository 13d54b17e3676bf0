package demo

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSamples(t *testing.T) {
	s, err := Samples()
	require.NoError(t, err)
	require.Len(t, s, 360)
	seen := map[int]int{}
	for _, x := range s {
		for _, p := range x.Pixels {
			require.LessOrEqual(t, p, uint8(Levels))
		}
		seen[x.Digit]++
	}
	require.Len(t, seen, 10)
	require.Len(t, s[0].Real(), Side*Side)
}
