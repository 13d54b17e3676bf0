// Package metrics measures classifiers.
//
// A confusion matrix counts samples: row true class, column predicted class.
// Everything else follows from it.
package metrics

import "fmt"

// Confusion counts predictions: Counts[t][p] samples of class t were taken for
// class p.
type Confusion struct {
	Counts [][]int
}

// NewConfusion returns an empty matrix of n classes.
func NewConfusion(n int) *Confusion {
	c := &Confusion{Counts: make([][]int, n)}
	for i := range c.Counts {
		c.Counts[i] = make([]int, n)
	}
	return c
}

// Add counts one sample.
func (c *Confusion) Add(truth, predicted int) error {
	if n := len(c.Counts); truth < 0 || truth >= n || predicted < 0 || predicted >= n {
		return fmt.Errorf("class %d predicted as %d: there are %d classes", truth, predicted, n)
	}
	c.Counts[truth][predicted]++
	return nil
}

// Class is how well one class is recognised. A ratio of 0 to 0 is 0.
type Class struct {
	Precision float64 // of those predicted as it, the share that are
	Recall    float64 // of those that are, the share predicted as it
	F1        float64 // harmonic mean of both
	Support   int     // samples of the class
}

// Class returns the figures of class i.
func (c *Confusion) Class(i int) Class {
	predicted, support, right := 0, 0, c.Counts[i][i]
	for k := range c.Counts {
		predicted += c.Counts[k][i]
		support += c.Counts[i][k]
	}
	return Class{ratio(right, predicted), ratio(right, support), ratio(2*right, predicted+support), support}
}

// Samples returns how many samples were counted.
func (c *Confusion) Samples() (n int) {
	for _, row := range c.Counts {
		for _, k := range row {
			n += k
		}
	}
	return n
}

// Accuracy returns the share of samples that were predicted right.
func (c *Confusion) Accuracy() float64 {
	right := 0
	for i := range c.Counts {
		right += c.Counts[i][i]
	}
	return ratio(right, c.Samples())
}

// Balanced returns the mean recall of the classes that have samples: accuracy
// as it would be if all had the same number.
func (c *Confusion) Balanced() float64 {
	return c.mean(func(x Class) float64 { return x.Recall })
}

// MacroF1 returns the mean F1 of the classes that have samples.
func (c *Confusion) MacroF1() float64 {
	return c.mean(func(x Class) float64 { return x.F1 })
}

func (c *Confusion) mean(of func(Class) float64) float64 {
	sum, n := 0.0, 0
	for i := range c.Counts {
		if x := c.Class(i); x.Support > 0 {
			sum += of(x)
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
