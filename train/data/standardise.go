package data

import (
	"errors"
	"math"
)

// standardise takes out the mean and standard deviation of each column over the
// given rows, computed in float64 in two passes. A column that does not vary
// becomes 0. If Options have those of another set, they are taken instead.
func (t *table) standardise(rows []int, o *Options) error {
	if len(o.mean) == t.x.width {
		t.mean, t.std = o.mean, o.std
		return nil
	}
	if len(rows) == 0 {
		return errors.New("no rows to standardise by")
	}
	n := t.x.width
	x, mean, sum := make([]float32, n), make([]float64, n), make([]float64, n)
	for pass := range 2 {
		for _, i := range rows {
			if err := t.x.read(i, x); err != nil {
				return err
			}
			for k, v := range x {
				d := float64(v) - mean[k]
				if pass == 1 {
					d = float64(d * d)
				}
				sum[k] += d
			}
		}
		for k := range sum {
			sum[k] /= float64(len(rows))
			if pass == 0 {
				mean[k], sum[k] = sum[k], 0
			}
		}
	}
	t.mean, t.std = make([]float32, n), make([]float32, n)
	for k := range mean {
		t.mean[k], t.std[k] = float32(mean[k]), float32(math.Sqrt(sum[k]))
		if t.std[k] == 0 {
			t.std[k] = 1
		}
	}
	return nil
}
