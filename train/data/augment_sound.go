package data

import "fmt"

// Slide moves sound [samples], or windows [samples channels], by up to so many
// samples in time. What moves in is 0.
type Slide int

// Augment moves the samples.
func (s Slide) Augment(x []float32, shape []int, key uint64) {
	if s.Fits(shape) != nil {
		return
	}
	d := draws{key: key}
	slide(x, x, d.within(int(s))*len(x)/shape[0])
}

// Fits takes [samples] and [samples channels].
func (Slide) Fits(shape []int) error {
	if len(shape) != 1 && len(shape) != 2 {
		return fmt.Errorf("samples of shape %v do not move in time: [samples] and [samples channels] do", shape)
	}
	return nil
}

// Mask hides a span of up to Time frames and one of up to Bands bands of a spectrum
// [frames bands] (SpecAugment: Park et al. 2019).
type Mask struct {
	Time, Bands int
	Fill        float32
}

// Augment hides the spans.
func (m Mask) Augment(x []float32, shape []int, key uint64) {
	if m.Fits(shape) != nil {
		return
	}
	frames, bands := shape[0], shape[1]
	d := draws{key: key}
	t0, t1 := d.span(frames, m.Time)
	b0, b1 := d.span(bands, m.Bands)
	for t := range frames {
		for b := range bands {
			if t >= t0 && t < t1 || b >= b0 && b < b1 {
				x[t*bands+b] = m.Fill
			}
		}
	}
}

// span returns a span of n places of at most longest.
func (d *draws) span(n, longest int) (from, to int) {
	size := d.below(min(max(longest, 0), n) + 1)
	from = d.below(n - size + 1)
	return from, from + size
}

// Fits takes [frames bands], and [frames bands 1].
func (Mask) Fits(shape []int) error {
	if len(shape) != 2 && !(len(shape) == 3 && shape[2] == 1) {
		return fmt.Errorf("samples of shape %v are no spectra: [frames bands] are", shape)
	}
	return nil
}
