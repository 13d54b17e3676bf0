package metrics

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConfusion(t *testing.T) {
	c := NewConfusion(3)
	for _, s := range [][2]int{{0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}} {
		require.NoError(t, c.Add(s[0], s[1]))
	}
	assert.Equal(t, [][]int{{3, 1, 0}, {1, 1, 0}, {0, 0, 0}}, c.Counts)
	assert.Equal(t, 6, c.Samples())
	assert.InDelta(t, 4.0/6, c.Accuracy(), 1e-15)
	assert.Equal(t, Class{Precision: 0.75, Recall: 0.75, F1: 0.75, Support: 4}, c.Class(0))
	assert.Equal(t, Class{Precision: 0.5, Recall: 0.5, F1: 0.5, Support: 2}, c.Class(1))
	assert.Equal(t, Class{}, c.Class(2), "a class without samples")
	assert.InDelta(t, (0.75+0.5)/2, c.Balanced(), 1e-15, "of the classes with samples")
	assert.InDelta(t, (0.75+0.5)/2, c.MacroF1(), 1e-15)
}

func TestConfusionEmpty(t *testing.T) {
	c := NewConfusion(2)
	assert.Zero(t, c.Accuracy())
	assert.Zero(t, c.Balanced())
	require.ErrorContains(t, c.Add(2, 0), "class 2 predicted as 0: there are 2 classes")
	require.Error(t, c.Add(0, -1))
}
