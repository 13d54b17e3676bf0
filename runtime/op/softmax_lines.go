package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
)

// softmaxAxis is axisOf for a softmax. A flat one may begin behind the last
// dimension, where each element is alone.
func softmaxAxis(axis int, flat bool, rank int) (int, error) {
	if flat && axis == rank {
		return axis, nil
	}
	return axisOf(axis, rank)
}

// softmaxLines returns the lines of elements that share a sum. The axis has
// passed softmaxAxis.
func softmaxLines(axis int, flat bool, shape []int) lines {
	axis, _ = softmaxAxis(axis, flat, len(shape))
	if flat {
		return lines{product(shape[:axis]), product(shape[axis:]), 1}
	}
	return linesOf(shape, axis)
}

// topF64 is top for float64.
func (l lines) topF64(x []float64, at int) float64 {
	top := -math.MaxFloat64
	for i := range l.n {
		if v := x[at+i*l.inner]; v > top {
			top = v
		}
	}
	return top
}

func (l lines) softmaxF64(beta float64, x, y []float64) {
	l.each(func(at int) {
		top, sum := l.topF64(x, at), 0.0
		for i := range l.n {
			j := at + i*l.inner
			y[j] = quant.Exp64((x[j] - top) * beta)
			sum += y[j]
		}
		for i := range l.n {
			y[at+i*l.inner] /= sum
		}
	})
}

func (l lines) logSoftmaxF64(x, y []float64) {
	l.each(func(at int) {
		top, sum := l.topF64(x, at), 0.0
		for i := range l.n {
			sum += quant.Exp64(x[at+i*l.inner] - top)
		}
		log := quant.Log64(sum)
		for i := range l.n {
			y[at+i*l.inner] = x[at+i*l.inner] - top - log
		}
	})
}
