package main

import (
	"math"
	"math/rand/v2"
)

// layer is a 3x3 convolution with "same" padding, or a dense layer (side 1),
// followed by ReLU unless it is the last. Images are h,w,c.
type layer struct {
	side, in, out, kernel, stride int
	relu                          bool
	w, b                          param
	x, y, dx                      []float64 // of the current sample
}

// param is a weight vector with its gradient and Adam's moments.
type param struct{ v, g, m, s []float64 }

func newParam(n int, scale float64, r *rand.Rand) param {
	p := param{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
	for i := range p.v {
		p.v[i] = r.NormFloat64() * scale
	}
	return p
}

func newLayer(side, in, out, kernel, stride int, relu bool, r *rand.Rand) *layer {
	k := kernel * kernel * in
	l := &layer{side: side, in: in, out: out, kernel: kernel, stride: stride, relu: relu,
		w: newParam(out*k, math.Sqrt(2/float64(k)), r), b: newParam(out, 0, r)}
	l.y, l.dx = make([]float64, l.outSide()*l.outSide()*out), make([]float64, side*side*in)
	return l
}

func (l *layer) outSide() int { return (l.side + l.stride - 1) / l.stride }

// pad is the padding before the image, as TFLite's SAME gives it.
func (l *layer) pad() int { return max((l.outSide()-1)*l.stride+l.kernel-l.side, 0) / 2 }

// taps calls f for each product of the layer: output o, weight w, input x.
func (l *layer) taps(f func(o, w, x int)) {
	n, p := l.outSide(), l.pad()
	for oy := range n {
		for ox := range n {
			for ky := range l.kernel {
				for kx := range l.kernel {
					y, x := oy*l.stride+ky-p, ox*l.stride+kx-p
					if y < 0 || x < 0 || y >= l.side || x >= l.side {
						continue
					}
					for c := range l.out {
						for i := range l.in {
							f((oy*n+ox)*l.out+c, ((c*l.kernel+ky)*l.kernel+kx)*l.in+i, (y*l.side+x)*l.in+i)
						}
					}
				}
			}
		}
	}
}

func (l *layer) forward(x []float64) []float64 {
	l.x = x
	for i := range l.y {
		l.y[i] = l.b.v[i%l.out]
	}
	l.taps(func(o, w, i int) { l.y[o] += l.w.v[w] * x[i] })
	if l.relu {
		for i, v := range l.y {
			l.y[i] = max(v, 0)
		}
	}
	return l.y
}

// backward adds up gradients, given dy, and returns that of the input.
func (l *layer) backward(dy []float64) []float64 {
	clear(l.dx)
	for i := range dy {
		if l.relu && l.y[i] <= 0 {
			dy[i] = 0
		}
		l.b.g[i%l.out] += dy[i]
	}
	l.taps(func(o, w, i int) {
		l.w.g[w] += dy[o] * l.x[i]
		l.dx[i] += dy[o] * l.w.v[w]
	})
	return l.dx
}

// adam takes step t on p with the mean of n gradients.
func (p *param) adam(t, n int, rate float64) {
	const b1, b2 = 0.9, 0.999
	for i, g := range p.g {
		g /= float64(n)
		p.m[i] = b1*p.m[i] + (1-b1)*g
		p.s[i] = b2*p.s[i] + (1-b2)*g*g
		m, s := p.m[i]/(1-math.Pow(b1, float64(t))), p.s[i]/(1-math.Pow(b2, float64(t)))
		p.v[i] -= rate * m / (math.Sqrt(s) + 1e-8)
		p.g[i] = 0
	}
}

func softmax(x []float64) []float64 {
	top, sum := x[0], 0.0
	for _, v := range x {
		top = max(top, v)
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = math.Exp(v - top)
		sum += y[i]
	}
	for i := range y {
		y[i] /= sum
	}
	return y
}
