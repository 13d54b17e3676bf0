package tasks

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
)

// Class is a class and its probability.
type Class struct {
	Index int
	Score float32
}

// Classifier reads one vector of scores.
type Classifier struct {
	// Activation; Auto takes numbers that are a distribution as they are, one
	// number as a sigmoid's or its argument, and of others the softmax.
	Activation Activation
	Top        int // how many classes; 0 means all
	Names      map[string]string
}

// distribution bounds how far the sum of probabilities may be from 1: an int8
// softmax rounds each to 1/256.
const distribution = 0.05

// Classify returns the most probable classes, the best first, of equal ones the
// first first. The output is [1 c], or anything of that many elements with one
// dimension that is not 1.
func (c *Classifier) Classify(outputs []Tensor) ([]Class, error) {
	o := &Outputs{outputs, c.Names}
	t, err := o.sole("scores")
	if err != nil {
		return nil, err
	}
	if !t.vector() {
		return nil, fmt.Errorf("output %s: classify wants one score a class, [1 classes]: give another --task, or name another output", t)
	}
	scores := make([]float32, len(t.Data))
	c.Activation.orDetected(t.Data).apply(scores, t.Data)
	var out []Class
	for i, s := range scores {
		out = append(out, Class{i, s})
	}
	sort.SliceStable(out, func(i, j int) bool { return cmp.Less(out[j].Score, out[i].Score) }) // NaN last
	if c.Top > 0 {
		out = out[:min(c.Top, len(out))]
	}
	return out, nil
}

// vector reports whether at most one dimension is not 1, and there is an
// element.
func (t *Tensor) vector() bool {
	return len(t.Data) == 1 || len(t.Data) > 0 && slices.Contains(t.Shape, len(t.Data))
}

// orDetected replaces Auto by what the numbers look like.
func (a Activation) orDetected(x []float32) Activation {
	if a != Auto {
		return a
	}
	if len(x) == 1 {
		if within01(x) {
			return None
		}
		return Sigmoid
	}
	sum := 0.0
	for _, v := range x {
		sum += float64(v)
	}
	if within01(x) && sum > 1-distribution && sum < 1+distribution {
		return None
	}
	return Softmax
}
