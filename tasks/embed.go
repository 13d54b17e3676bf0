package tasks

import (
	"fmt"
	"math"
)

// Embedder reads an embedding: all numbers of one output.
type Embedder struct {
	Names map[string]string
}

// Embed returns the embedding.
func (e *Embedder) Embed(outputs []Tensor) ([]float32, error) {
	o := &Outputs{outputs, e.Names}
	t, err := o.sole("embedding")
	if err != nil {
		return nil, err
	}
	if len(t.Data) == 0 {
		return nil, fmt.Errorf("output %s: there is no number in it", t)
	}
	for i, v := range t.Data {
		if !finite(v) {
			return nil, fmt.Errorf("output %s: element %d is %g", t, i, v)
		}
	}
	return t.Data, nil
}

// Cosine returns the cosine of the angle between two embeddings, Σ aᵢbᵢ /
// √(Σ aᵢ²·Σ bᵢ²): 1 for the same direction, 0 for nothing in common.
func Cosine(a, b []float32) (float64, error) {
	if len(a) != len(b) {
		return 0, fmt.Errorf("embeddings of %d and %d numbers do not compare: are they of one model?", len(a), len(b))
	}
	ab, aa, bb := 0.0, 0.0, 0.0
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		ab += float64(x * y)
		aa += float64(x * x)
		bb += float64(y * y)
	}
	if !(aa > 0 && bb > 0) {
		return 0, fmt.Errorf("an embedding of zeros has no direction")
	}
	return max(-1, min(1, ab/(math.Sqrt(aa)*math.Sqrt(bb)))), nil
}

// Similarities returns the cosine of each pair.
func Similarities(list [][]float32) ([][]float64, error) {
	out := make([][]float64, len(list))
	for i := range list {
		out[i] = make([]float64, len(list))
		for j := range i + 1 {
			c, err := Cosine(list[i], list[j])
			if err != nil {
				return nil, fmt.Errorf("%d and %d: %w", j, i, err)
			}
			out[i][j], out[j][i] = c, c
		}
	}
	return out, nil
}
