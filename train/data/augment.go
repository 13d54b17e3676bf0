package data

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
)

// Augmenter changes a sample at random, in place, while a network is trained. What
// it does follows from key alone, so that a run can be repeated; it allocates
// nothing, several goroutines may call it, and the bits are the same everywhere. A
// shape that it isn't made for leaves the sample as it is; Fits tells before.
type Augmenter interface {
	Augment(x []float32, shape []int, key uint64)
	// Fits says why samples of a shape cannot be augmented.
	Fits(shape []int) error
}

// Key returns the key for a sample in an epoch of a run.
func Key(seed uint64, epoch, sample int) uint64 {
	return mix(mix(seed, uint64(epoch)), uint64(sample))
}

// Augmenters are applied one after the other, with keys of their own.
type Augmenters []Augmenter

// Augment applies all.
func (a Augmenters) Augment(x []float32, shape []int, key uint64) {
	for i, f := range a {
		f.Augment(x, shape, mix(key, uint64(i)))
	}
}

// Fits asks all.
func (a Augmenters) Fits(shape []int) error {
	for _, f := range a {
		if err := f.Fits(shape); err != nil {
			return err
		}
	}
	return nil
}

// draws are random numbers by counter.
type draws struct{ key, n uint64 }

func (d *draws) bits() uint64 {
	d.n++
	return mix(d.key, d.n)
}

// below returns a whole number from 0 to n−1; n is far below 2^32.
func (d *draws) below(n int) int { return int(d.bits() >> 32 * uint64(n) >> 32) }

// within returns a whole number from −n to n.
func (d *draws) within(n int) int {
	if n <= 0 {
		return 0
	}
	return d.below(2*n+1) - n
}

// unit returns a number in [0, 1).
func (d *draws) unit() float64 { return float64(d.bits()>>11) / (1 << 53) }

// spread returns a number from −a to a.
func (d *draws) spread(a float32) float32 { return float32(float64(a) * (float64(2*d.unit()) - 1)) }

// normal returns two independent numbers of the normal distribution (Box and
// Muller 1958).
func (d *draws) normal() (a, b float64) {
	r := math.Sqrt(-2 * quant.Log64(1-d.unit()))
	angle := float64(2 * math.Pi * d.unit())
	return float64(r * quant.Cos64(angle)), float64(r * quant.Sin64(angle))
}

// Noise adds normal noise of this standard deviation to samples of any shape.
type Noise float32

// Augment adds the noise.
func (n Noise) Augment(x []float32, _ []int, key uint64) {
	if n == 0 {
		return
	}
	d := draws{key: key}
	for i := 0; i < len(x); i += 2 {
		a, b := d.normal()
		x[i] += float32(float64(n) * a)
		if i+1 < len(x) {
			x[i+1] += float32(float64(n) * b)
		}
	}
}

// Fits takes any shape.
func (Noise) Fits([]int) error { return nil }

// Gain multiplies samples of any shape by a number from 1−g to 1+g.
type Gain float32

// Augment multiplies.
func (g Gain) Augment(x []float32, _ []int, key uint64) {
	d := draws{key: key}
	f := 1 + d.spread(float32(g))
	for i := range x {
		x[i] *= f
	}
}

// Fits takes any shape.
func (Gain) Fits([]int) error { return nil }
