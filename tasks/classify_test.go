package tasks

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestClassify(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		name   string
		c      Classifier
		shape  []int
		x      []float32
		class  []int
		scores []float32
	}{
		{"distribution", Classifier{}, []int{1, 3}, []float32{0.2, 0.7, 0.1}, []int{1, 0, 2}, []float32{0.7, 0.2, 0.1}},
		{"logits", Classifier{}, []int{1, 1, 1, 3}, []float32{0, 2, 1}, []int{1, 2, 0}, []float32{0.665241, 0.244728, 0.090031}},
		{"large logits", Classifier{Top: 1}, []int{3}, []float32{1000, 2000, -1000}, []int{1}, []float32{1}},
		{"sigmoid", Classifier{Activation: Sigmoid, Top: 2}, []int{3, 1}, []float32{0, 2, -1}, []int{1, 0}, []float32{0.880797, 0.5}},
		{"as it is", Classifier{Activation: None}, []int{1, 2}, []float32{3, 5}, []int{1, 0}, []float32{5, 3}},
		{"ties go to the first", Classifier{Top: 2}, []int{1, 4}, []float32{0.1, 0.3, 0.3, 0.3}, []int{1, 2}, []float32{0.3, 0.3}},
		{"one score", Classifier{}, []int{1, 1}, []float32{0.8}, []int{0}, []float32{0.8}},
		{"one logit", Classifier{}, []int{1, 1}, []float32{2}, []int{0}, []float32{0.880797}},
		{"NaN comes last", Classifier{Activation: None}, []int{1, 3}, []float32{nan, 1, 2}, []int{2, 1, 0}, []float32{2, 1}},
	} {
		got, err := c.c.Classify([]Tensor{{"p", c.shape, c.x}})
		require.NoError(t, err, c.name)
		require.Len(t, got, len(c.class), c.name)
		for i := range got {
			assert.Equal(t, c.class[i], got[i].Index, c.name)
			if i < len(c.scores) {
				assert.InDelta(t, c.scores[i], got[i].Score, 1e-6, c.name)
			}
		}
	}
}

func TestClassifyOtherOutputs(t *testing.T) {
	outputs := []Tensor{tensorOf("map", 0, 1, 4, 4, 2), {"p", []int{1, 2}, []float32{0, 1}}}
	_, err := (&Classifier{}).Classify(outputs)
	assert.EqualError(t, err, `output "map" [1 4 4 2]: classify wants one score a class, [1 classes]: give another --task, or name another output`)
	got, err := (&Classifier{Names: map[string]string{"scores": "p"}}).Classify(outputs)
	require.NoError(t, err)
	assert.Equal(t, 1, got[0].Index)
	_, err = (&Classifier{Names: map[string]string{"scores": "q"}}).Classify(outputs)
	assert.ErrorContains(t, err, `there is no output "q": the outputs are "map" [1 4 4 2], "p" [1 2]`)
	_, err = (&Classifier{}).Classify(nil)
	assert.ErrorContains(t, err, "no outputs")
	_, err = (&Classifier{}).Classify([]Tensor{{"p", []int{1 << 30, 1 << 30}, []float32{1}}})
	assert.ErrorContains(t, err, "does not hold 1 numbers")
}

func TestCosine(t *testing.T) {
	for _, c := range []struct {
		a, b []float32
		want float64
	}{
		{[]float32{1, 0}, []float32{0, 1}, 0},
		{[]float32{1, 2}, []float32{2, 4}, 1},
		{[]float32{1, 2}, []float32{-3, -6}, -1},
		{[]float32{1, 1}, []float32{1, 0}, math.Sqrt2 / 2},
		{[]float32{1e38, 1e38}, []float32{1e38, 1e38}, 1},
	} {
		got, err := Cosine(c.a, c.b)
		require.NoError(t, err)
		assert.InDelta(t, c.want, got, 1e-12)
	}
	_, err := Cosine([]float32{1}, []float32{1, 2})
	assert.ErrorContains(t, err, "1 and 2 numbers")
	_, err = Similarities([][]float32{{1}, {0}})
	assert.ErrorContains(t, err, "zeros")
	m, err := Similarities([][]float32{{1, 0}, {0, 2}, {1, 1}})
	require.NoError(t, err)
	assert.Equal(t, 1.0, m[1][1])
	assert.Equal(t, m[0][2], m[2][0])
	_, err = (&Embedder{}).Embed([]Tensor{{"e", []int{2}, []float32{1, float32(math.Inf(1))}}})
	assert.ErrorContains(t, err, `output "e" [2]: element 1 is +Inf`)
}
