package train

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMeters compares every metric with numbers worked out by hand.
func TestMeters(t *testing.T) {
	three := &Rows{Classes: 3, Sparse: true, Targets: []float32{0, 1, 2, 2, 1}, Weights: []float32{1, 1, 1, 1, 0}, Predictions: []float32{
		.7, .2, .1, // right
		.5, .4, .1, // second
		.1, .2, .7, // right
		.6, .3, .1, // third
		1, 0, 0}} // does not count
	one := &Rows{Classes: 1, Targets: []float32{0, 0, 1, 1}, Weights: []float32{1, 1, 1, 1}, Predictions: []float32{.1, .6, .55, .9}}
	log := func(x ...float64) (sum float64) {
		for _, p := range x {
			sum -= math.Log(p)
		}
		return sum / float64(len(x))
	}
	for _, c := range []struct {
		metric Metric
		rows   *Rows
		want   float64
	}{
		{Accuracy, three, 2. / 4},
		{TopK(2), three, 3. / 4},
		{BalancedAccuracy, three, (1 + 0 + .5) / 3},
		{Recall, three, (1 + 0 + .5) / 3},
		{Precision, three, (1./3 + 0 + 1) / 3},
		{F1, three, (.5 + 0 + 2./3) / 3},
		// 0: .7 before .5 .1 .6; 1: .4 before .2 .2 .3; 2: .7 and .1 before .1 .1 (equal: a half)
		{AUC, three, (1 + 1 + (1+.5)/2) / 3},
		{Perplexity, three, math.Exp(log(.7, .4, .7, .1))},
		{MAE, three, (.3 + .2 + .1 + .5 + .6 + .1 + .1 + .2 + .3 + .6 + .3 + .9) / 12},
		{Accuracy, one, 3. / 4},
		{Precision, one, 2. / 3},
		{Recall, one, 1},
		{F1, one, 4. / 5},
		{AUC, one, 3. / 4}, // .55 and .9 before .1, .9 before .6
		{RMSE, one, math.Sqrt((.1*.1 + .6*.6 + .45*.45 + .1*.1) / 4)},
	} {
		m := NewMeters(c.rows.Classes, c.metric)
		m.Add(c.rows)
		got, ok := m.Values().Get(c.metric.String())
		assert.True(t, ok)
		assert.InDelta(t, c.want, got, 1e-6, "%s of %d numbers", c.metric, c.rows.Classes)
		again := c.metric.start(c.rows.Classes) // what a checkpoint keeps is all there is
		m2 := &Meters{metrics: []Metric{c.metric}, meters: []meter{again}}
		to := again.sums()
		for i, x := range m.meters[0].sums() {
			*to[i] = *x
		}
		assert.Equal(t, m.Values(), m2.Values())
	}
}

// Metrics of several classes have no meaning for a single number, which may be
// less than 0.
func TestMetricsOfSingleNumbers(t *testing.T) {
	for _, x := range []Metric{Perplexity, TopK(2)} {
		m := Sequential(Input(2), Dense(1))
		require.ErrorContains(t, m.Compile(Adam(1e-2), MeanSquaredError, x), x.String()+" needs predictions of at least 2 classes")
		meters := NewMeters(1, x)
		meters.Add(&Rows{Predictions: []float32{.5}, Targets: []float32{-3}, Weights: []float32{1}, Classes: 1})
		assert.Len(t, meters.Values(), 1)
	}
}
