package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// linesGrad computes the gradient of filters from windows that are read where they
// lie: an image with zeros around it, of which a line of windows is rows that
// overlap. Each line of a filter is a product of its own, over a line of outputs.
type linesGrad struct {
	*filterGrad
	hp, wp int // the image with its padding, as far as windows reach
}

// From linesGradRun values in a line of a filter on, and linesGradOutputs in a line
// of outputs, that pays, as long as an image of at most linesGradImage elements
// stays in the CPU's cache.
const linesGradRun, linesGradOutputs, linesGradImage = 16, 4, 1 << 17

// lines returns g as products of lines, if windows have lines that are long enough.
func (g *filterGrad) lines() (l linesGrad, ok bool) {
	l = linesGrad{g, (g.oh-1)*g.sh + (g.kh-1)*g.dh + 1, (g.ow-1)*g.sw + g.kw}
	few := int64(l.hp)*int64(l.wp) <= linesGradImage && int64(l.hp)*int64(l.wp)*int64(l.c) <= linesGradImage
	return l, few && g.groups == 1 && g.dw == 1 && g.kh > 1 && g.kw*g.kc >= linesGradRun && g.ow >= linesGradOutputs && !g.windows
}

// scratch is the elements of a padded image.
func (l *linesGrad) scratch() int { return l.hp * l.wp * l.c }

// product computes rows [lo, hi) of the sums: outputs.
func (l *linesGrad) product(dw, x, dy, image []float32, lo, hi int) {
	k, run := l.k(), l.kw*l.kc
	for line := range l.n * l.oh {
		b, oy := line/l.oh, line%l.oh
		if oy == 0 {
			l.pad(image, x[b*l.h*l.w*l.c:])
		}
		d := dy[line*l.ow*l.oc+lo:]
		for ky := range l.kh {
			from := image[(oy*l.sh+ky*l.dh)*l.wp*l.c:]
			l.strided(dw[lo*k+ky*run:], k, d, 1, l.oc, from, l.sw*l.c, hi-lo, run, l.ow, line > 0)
		}
	}
}

// pad copies an image to where zeros are around it.
func (l *linesGrad) pad(to, x []float32) {
	line := l.wp * l.c
	left := l.left * l.c
	n := min(l.w, l.wp-l.left) * l.c
	for y := range l.hp {
		to := to[y*line : (y+1)*line]
		if at := y - l.top; at >= 0 && at < l.h && n > 0 {
			clear(to[:left])
			copy(to[left:left+n], x[at*l.w*l.c:])
			clear(to[left+n:])
		} else {
			clear(to)
		}
	}
}

// bind shares the outputs among workers.
func (l *linesGrad) bind(m *Mem) (Step, error) {
	x, dy, dw := m.In[0].F32(), m.In[1].F32(), m.Out[0].F32()
	workers := min(l.threads(m.Env.Workers), l.oc)
	return onWorkers(m.Env.Workers, workers, func(w int) {
		if lo, hi := Share(l.oc, w, workers, 1); lo < hi {
			l.product(dw, x, dy, tensor.Cast[float32](m.PerWorker[w]), lo, hi)
		}
	}), nil
}
