package train

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
)

// Metric returns a metric that is the loss of predictions which come from
// elsewhere. It knows probabilities only, where training knows what goes into a
// last softmax or sigmoid: those of categories count as at least 1e-30, those of
// BinaryCrossentropy as 1e-7 to 1 - 1e-7.
func (l Loss) Metric() Metric {
	return Metric{name: "loss", lower: true, start: func(classes int) meter {
		of := l.of
		if l.classes && classes == 1 {
			of = Loss{name: BinaryCrossentropy.name, smoothing: l.smoothing}.of
		}
		return &lossMeter{of: of}
	}}
}

// lossMeter is the weighted mean of rows' losses.
type lossMeter struct {
	of        func(r *Rows, i int) float64
	sum, rows float64
}

func (m *lossMeter) add(r *Rows) {
	for i, w := range r.Weights {
		if w != 0 {
			m.sum += float64(m.of(r, i) * float64(w))
			m.rows += float64(w)
		}
	}
}

func (m *lossMeter) value() float64 { return quotient(m.sum, m.rows) }

func (m *lossMeter) sums() []*float64 { return []*float64{&m.sum, &m.rows} }

// of returns the loss of row i: of categories the sum over classes, of others the
// mean over numbers.
func (l Loss) of(r *Rows, i int) (sum float64) {
	for j, p := range r.row(i) {
		t := 0.0
		if !r.Sparse {
			t = float64(r.Targets[i*r.Classes+j])
		} else if r.truth(i) == j {
			t = 1
		}
		sum += l.element(float64(p), t, r.Classes)
	}
	if l.classes {
		return sum
	}
	return sum / float64(r.Classes)
}

// element returns what prediction p adds for target t, one of n.
func (l Loss) element(p, t float64, n int) float64 {
	d := math.Abs(p - t)
	switch {
	case l.classes:
		t = float64(t*(1-l.smoothing)) + l.smoothing/float64(n)
		return -float64(t * quant.Log64(max(p, 1e-30)))
	case l.name == BinaryCrossentropy.name:
		t = float64(t*(1-l.smoothing)) + l.smoothing/2
		p = min(max(p, 1e-7), 1-1e-7)
		return -float64(t*quant.Log64(p)) - float64((1-t)*quant.Log64(1-p))
	case l.name == MeanAbsoluteError.name:
		return d
	case l.name == Huber.name && d > l.delta:
		return float64(l.delta*d) - float64(l.delta*l.delta)/2
	case l.name == Huber.name:
		return float64(d*d) / 2
	}
	return float64(d * d)
}
