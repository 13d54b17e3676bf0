package train

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/edgeinfer/edgeinfer/metrics"
	"github.com/edgeinfer/edgeinfer/quant"
)

// Metric measures predictions.
type Metric struct {
	name  string
	start func(classes int) meter
	// Lower says that less is better.
	lower bool
	// several says that rows have a number for each of at least two classes.
	several bool
}

// String returns the metric's name.
func (m Metric) String() string { return m.name }

// Rows are predictions and their targets: a batch, as a meter sees it.
type Rows struct {
	Predictions []float32 // [rows classes]
	Targets     []float32 // [rows] of classes if Sparse, or [rows classes]
	Weights     []float32 // [rows]; rows of weight 0 do not count
	Classes     int       // numbers of a row
	Sparse      bool
}

// meter adds up what a metric needs.
type meter interface {
	add(r *Rows)
	value() float64
	// sums returns what it has added up, to be changed in place: a checkpoint
	// keeps it.
	sums() []*float64
}

// The metrics. Those of classes take the class of the greatest number of a row;
// of a single number, class 1 from 0.5 on. Precision, Recall and F1 are means over
// classes, or of class 1 where there are only two.
var (
	Accuracy         = Metric{name: "accuracy", start: func(int) meter { return &share{hit: func(r *Rows, i int) bool { return r.class(i) == r.truth(i) }} }}
	BalancedAccuracy = confusionMetric("balanced_accuracy", (*metrics.Confusion).Balanced)
	Precision        = confusionMetric("precision", func(c *metrics.Confusion) float64 {
		return ofClasses(c, func(x metrics.Class) float64 { return x.Precision })
	})
	Recall = confusionMetric("recall", func(c *metrics.Confusion) float64 {
		return ofClasses(c, func(x metrics.Class) float64 { return x.Recall })
	})
	F1 = confusionMetric("f1", func(c *metrics.Confusion) float64 {
		return ofClasses(c, func(x metrics.Class) float64 { return x.F1 })
	})
	AUC        = Metric{name: "auc", start: newAUC}
	MAE        = Metric{name: "mae", lower: true, start: func(int) meter { return &errorMeter{of: math.Abs, end: func(x float64) float64 { return x }} }}
	RMSE       = Metric{name: "rmse", lower: true, start: func(int) meter { return &errorMeter{of: func(x float64) float64 { return x * x }, end: math.Sqrt} }}
	Perplexity = Metric{name: "perplexity", lower: true, several: true, start: func(int) meter { return &perplexity{} }}
)

// TopK is the share of rows whose class is among the k greatest numbers.
func TopK(k int) Metric {
	return Metric{name: fmt.Sprintf("top_%d", k), several: true, start: func(int) meter { return &share{hit: func(r *Rows, i int) bool { return r.rank(i) < k }} }}
}

// ParseMetric returns the metric of the given name: "top_3" is TopK(3).
func ParseMetric(name string) (Metric, error) {
	for _, m := range []Metric{Accuracy, BalancedAccuracy, Precision, Recall, F1, AUC, MAE, RMSE, Perplexity} {
		if m.name == name {
			return m, nil
		}
	}
	if text, ok := strings.CutPrefix(name, "top_"); ok {
		if k, err := strconv.Atoi(text); err == nil && k > 0 {
			return TopK(k), nil
		}
	}
	return Metric{}, fmt.Errorf("train: metric %q is not known: want accuracy, top_K, balanced_accuracy, precision, recall, f1, auc, mae, rmse or perplexity", name)
}

// Meters measure predictions that come from elsewhere, such as from a model that
// was exported.
type Meters struct {
	metrics []Metric
	meters  []meter
}

// NewMeters returns meters of the given metrics, for rows of so many classes.
func NewMeters(classes int, metrics ...Metric) *Meters {
	m := &Meters{metrics: metrics}
	for _, x := range metrics {
		m.meters = append(m.meters, x.start(classes))
	}
	return m
}

// Add adds rows to what has been measured. Classes of rows that count must be
// within 0 to the number of classes.
func (m *Meters) Add(r *Rows) {
	for _, x := range m.meters {
		x.add(r)
	}
}

// Values returns the metrics of all rows.
func (m *Meters) Values() (out Values) {
	for i, x := range m.metrics {
		out = append(out, Value{x.name, m.meters[i].value()})
	}
	return out
}

// row returns prediction i.
func (r *Rows) row(i int) []float32 { return r.Predictions[i*r.Classes : (i+1)*r.Classes] }

// class returns the class that row i is taken for.
func (r *Rows) class(i int) int { return classOf(r.row(i)) }

// truth returns the class of row i.
func (r *Rows) truth(i int) int {
	if r.Sparse || r.Classes == 1 {
		return int(math.Round(float64(r.Targets[i])))
	}
	return classOf(r.Targets[i*r.Classes : (i+1)*r.Classes])
}

func classOf(row []float32) int {
	if len(row) == 1 {
		if row[0] >= .5 {
			return 1
		}
		return 0
	}
	best := 0
	for j, x := range row {
		if x > row[best] {
			best = j
		}
	}
	return best
}

// rank returns how many numbers of row i are greater than that of its class.
func (r *Rows) rank(i int) (n int) {
	row, t := r.row(i), r.truth(i)
	if t < 0 || t >= len(row) {
		return len(row)
	}
	for j, x := range row {
		if x > row[t] || x == row[t] && j < t {
			n++
		}
	}
	return n
}

// share is the weighted share of rows that hit.
type share struct {
	hit        func(r *Rows, i int) bool
	hits, rows float64
}

func (m *share) add(r *Rows) {
	for i, w := range r.Weights {
		if w != 0 {
			m.rows += float64(w)
			if m.hit(r, i) {
				m.hits += float64(w)
			}
		}
	}
}

func (m *share) sums() []*float64 { return []*float64{&m.hits, &m.rows} }

func (m *share) value() float64 { return quotient(m.hits, m.rows) }

func quotient(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// confused counts predictions in a matrix.
type confused struct {
	counts  []float64 // [truth predicted]
	classes int
	of      func(c *metrics.Confusion) float64
}

func confusionMetric(name string, of func(c *metrics.Confusion) float64) Metric {
	return Metric{name: name, start: func(classes int) meter {
		n := max(classes, 2)
		return &confused{make([]float64, n*n), n, of}
	}}
}

func (m *confused) add(r *Rows) {
	for i, w := range r.Weights {
		if t := r.truth(i); w != 0 && t >= 0 && t < m.classes {
			m.counts[t*m.classes+r.class(i)]++
		}
	}
}

func (m *confused) value() float64 {
	c := metrics.NewConfusion(m.classes)
	for i, n := range m.counts {
		c.Counts[i/m.classes][i%m.classes] = int(n)
	}
	return m.of(c)
}

func (m *confused) sums() []*float64 { return pointers(m.counts) }

// pointers returns the addresses of x's elements.
func pointers(x []float64) []*float64 {
	out := make([]*float64, len(x))
	for i := range x {
		out[i] = &x[i]
	}
	return out
}

// countRows counts each row once, whatever its weight.
func countRows(c *metrics.Confusion, r *Rows) {
	for i, w := range r.Weights {
		if w != 0 {
			_ = c.Add(r.truth(i), r.class(i)) // the loss has refused classes that are not there
		}
	}
}

// ofClasses is the mean over classes that have samples, or class 1's of two.
func ofClasses(c *metrics.Confusion, of func(metrics.Class) float64) float64 {
	if len(c.Counts) == 2 {
		return of(c.Class(1))
	}
	sum, n := 0.0, 0
	for i := range c.Counts {
		if x := c.Class(i); x.Support > 0 {
			sum += of(x)
			n++
		}
	}
	return quotient(sum, float64(n))
}

// auc is the area under the receiver operating characteristic of class 1, of more
// than two classes the mean over those of each class against the others. It comes
// from counts of scores in buckets: scores closer together than one count as equal.
type auc struct{ counts [][2][]float64 } // for each class: of the others' rows, of its own

func newAUC(classes int) meter {
	curves, buckets := 1, 10000
	if classes > 2 {
		curves, buckets = classes, 1000
	}
	m := &auc{make([][2][]float64, curves)}
	for c := range m.counts {
		m.counts[c] = [2][]float64{make([]float64, buckets), make([]float64, buckets)}
	}
	return m
}

func (m *auc) add(r *Rows) {
	for i, w := range r.Weights {
		truth := r.truth(i)
		if w == 0 || truth < 0 {
			continue
		}
		if len(m.counts) == 1 {
			m.count(0, r.row(i)[r.Classes-1], min(truth, 1), w)
			continue
		}
		for c, score := range r.row(i) {
			own := 0
			if c == truth {
				own = 1
			}
			m.count(c, score, own, w)
		}
	}
}

func (m *auc) count(c int, score float32, own int, w float32) {
	b := m.counts[c][own]
	b[int(min(max(float64(score), 0), 1)*float64(len(b)-1))] += float64(w)
}

func (m *auc) sums() (out []*float64) {
	for _, c := range m.counts {
		out = append(append(out, pointers(c[0])...), pointers(c[1])...)
	}
	return out
}

func (m *auc) value() float64 {
	sum, n := 0.0, 0.0
	for _, c := range m.counts {
		var area, below, own float64
		for b := range c[0] {
			area += float64(c[1][b] * (below + float64(c[0][b]/2)))
			below += c[0][b]
			own += c[1][b]
		}
		if own > 0 && below > 0 { // else there is no curve
			sum += area / float64(own*below)
			n++
		}
	}
	return quotient(sum, n)
}

// errorMeter is the mean of a function of errors.
type errorMeter struct {
	of, end   func(float64) float64
	sum, rows float64
}

func (m *errorMeter) add(r *Rows) {
	for i, w := range r.Weights {
		if w == 0 {
			continue
		}
		for j, p := range r.row(i) {
			t := 0.0
			if !r.Sparse {
				t = float64(r.Targets[i*r.Classes+j])
			} else if r.truth(i) == j {
				t = 1
			}
			m.sum += float64(m.of(float64(p)-t) * float64(w))
		}
		m.rows += float64(w) * float64(r.Classes)
	}
}

func (m *errorMeter) sums() []*float64 { return []*float64{&m.sum, &m.rows} }

func (m *errorMeter) value() float64 { return m.end(quotient(m.sum, m.rows)) }

// perplexity is the exponential of the mean cross-entropy, in nats.
type perplexity struct{ sum, rows float64 }

func (m *perplexity) add(r *Rows) {
	for i, w := range r.Weights {
		if t := r.truth(i); w != 0 && t >= 0 && t < r.Classes {
			m.sum -= float64(quant.Log64(max(float64(r.row(i)[t]), 1e-30)) * float64(w))
			m.rows += float64(w)
		}
	}
}

func (m *perplexity) sums() []*float64 { return []*float64{&m.sum, &m.rows} }

func (m *perplexity) value() float64 { return quant.Exp64(quotient(m.sum, m.rows)) }
