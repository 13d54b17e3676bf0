package data

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
)

// Turn rotates motion [samples 3k], whose channels are vectors x y z, about an axis
// drawn at random, by up to so many radians: a sensor is never worn twice alike.
type Turn float32

// Augment rotates all vectors alike.
func (t Turn) Augment(x []float32, shape []int, key uint64) {
	if t.Fits(shape) != nil {
		return
	}
	d := draws{key: key}
	m := rotation(d.axis(), float64(d.spread(float32(t))))
	for i := 0; i+3 <= len(x); i += 3 {
		a, b, c := float64(x[i]), float64(x[i+1]), float64(x[i+2])
		for k, row := range m {
			x[i+k] = float32(float64(row[0]*a) + float64(row[1]*b) + float64(row[2]*c))
		}
	}
}

// axis returns a direction, all equally likely.
func (d *draws) axis() [3]float64 {
	z := float64(2*d.unit()) - 1
	r := math.Sqrt(1 - float64(z*z))
	a := float64(2 * math.Pi * d.unit())
	return [3]float64{float64(r * quant.Cos64(a)), float64(r * quant.Sin64(a)), z}
}

// rotation is Rodrigues' formula as a matrix.
func rotation(u [3]float64, angle float64) (m [3][3]float64) {
	sin, cos := quant.Sin64(angle), quant.Cos64(angle)
	cross := [3][3]float64{{0, -u[2], u[1]}, {u[2], 0, -u[0]}, {-u[1], u[0], 0}}
	for i := range m {
		for j := range m[i] {
			m[i][j] = float64(float64(u[i]*u[j])*(1-cos)) + float64(sin*cross[i][j])
		}
		m[i][i] += cos
	}
	return m
}

// Fits takes [samples 3k].
func (Turn) Fits(shape []int) error {
	if len(shape) != 2 || shape[1]%3 != 0 {
		return fmt.Errorf("samples of shape %v are no vectors x y z: [samples 3k] are", shape)
	}
	return nil
}
