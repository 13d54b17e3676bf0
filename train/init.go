package train

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Initializer fills a new weight. Its last dimension counts outputs; fan-in and
// fan-out are as Keras computes them.
type Initializer struct {
	name string
	fill func(w []float32, shape []int, s *stream)
}

// String returns Keras' name.
func (i Initializer) String() string { return i.name }

// The initialisers, by Keras' definitions.
var (
	Zeros = constant("zeros", 0)
	Ones  = constant("ones", 1)
	// GlorotUniform is uniform in ±√(6/(fan-in + fan-out)) (Glorot and Bengio, 2010).
	GlorotUniform = scaled("glorot_uniform", func(in, out float64) float64 { return math.Sqrt(6 / (in + out)) }, false)
	// HeUniform is uniform in ±√(6/fan-in) (He et al., 2015).
	HeUniform = scaled("he_uniform", func(in, out float64) float64 { return math.Sqrt(6 / in) }, false)
	// HeNormal is normal with deviation √(2/fan-in), truncated at two deviations.
	HeNormal = scaled("he_normal", func(in, out float64) float64 { return math.Sqrt(2/in) / .87962566103423978 }, true)
	// LecunNormal is normal with deviation √(1/fan-in), truncated at two deviations.
	LecunNormal = scaled("lecun_normal", func(in, out float64) float64 { return math.Sqrt(1/in) / .87962566103423978 }, true)
	// Orthogonal makes rows or columns orthonormal (Saxe et al., 2014).
	Orthogonal = Initializer{"orthogonal", orthogonal}
	// RandomUniform is uniform in ±0.05: Keras' default of embeddings.
	RandomUniform = Uniform(.05)
)

// Uniform is uniform in [-limit, limit].
func Uniform(limit float64) Initializer {
	return Initializer{"random_uniform", func(w []float32, _ []int, s *stream) {
		for i := range w {
			w[i] = float32((float64(2*s.uniform()) - 1) * limit)
		}
	}}
}

// Normal is normal with the given deviation.
func Normal(deviation float64) Initializer {
	return Initializer{"random_normal", func(w []float32, _ []int, s *stream) {
		for i := range w {
			w[i] = float32(s.normal() * deviation)
		}
	}}
}

func constant(name string, v float32) Initializer {
	return Initializer{name, func(w []float32, _ []int, _ *stream) {
		for i := range w {
			w[i] = v
		}
	}}
}

// scaled returns an initialiser whose limit or deviation depends on the fans.
func scaled(name string, scale func(in, out float64) float64, normal bool) Initializer {
	return Initializer{name, func(w []float32, shape []int, s *stream) {
		k := scale(fans(shape))
		for i := range w {
			x := float64(2*s.uniform()) - 1
			if normal {
				for x = s.normal(); math.Abs(x) > 2; x = s.normal() {
				}
			}
			w[i] = float32(x * k)
		}
	}}
}

// fans returns how many inputs an output has, and the other way round. Filters
// of convolutions are [oc kh kw kc], all other weights [in out].
func fans(shape []int) (in, out float64) {
	switch len(shape) {
	case 0:
		return 1, 1
	case 1:
		return float64(shape[0]), float64(shape[0])
	case 4:
		field := float64(shape[1]) * float64(shape[2])
		return float64(shape[3]) * field, float64(shape[0]) * field
	}
	rest := 1.0
	for _, d := range shape[:len(shape)-2] {
		rest *= float64(d)
	}
	return rest * float64(shape[len(shape)-2]), rest * float64(shape[len(shape)-1])
}

// orthogonal fills a matrix, the last dimension against all others, by
// Gram-Schmidt (twice, for accuracy) on normal numbers.
func orthogonal(w []float32, shape []int, s *stream) {
	cols := shape[len(shape)-1]
	rows := tensor.Of(tensor.F32, shape...).Len() / max(cols, 1)
	n, k := min(rows, cols), max(rows, cols) // n vectors of k numbers
	q := make([][]float64, n)
	for i := range q {
		q[i] = make([]float64, k)
		for j := range q[i] {
			q[i][j] = s.normal()
		}
		for range 2 {
			for _, p := range q[:i] {
				axpy(q[i], p, -dot(p, q[i]))
			}
		}
		scaleTo1(q[i])
	}
	for r := range rows {
		for c := range cols {
			if rows < cols {
				w[r*cols+c] = float32(q[r][c])
			} else {
				w[r*cols+c] = float32(q[c][r])
			}
		}
	}
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += float64(a[i] * b[i])
	}
	return sum
}

func axpy(y, x []float64, a float64) {
	for i := range y {
		y[i] += float64(a * x[i])
	}
}

func scaleTo1(x []float64) {
	k := 1 / math.Sqrt(dot(x, x))
	for i := range x {
		x[i] *= k
	}
}
