package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// refRow is row i of rows of u elements, zeros if there are none.
func refRow(rows []float32, i, u int) []float32 {
	if rows == nil {
		return make([]float32, u)
	}
	return rows[i*u : (i+1)*u]
}

// refBefore is the state of sequence i before step k.
func (s *recurrenceSize) refBefore(after, initial []float32, i, k int) []float32 {
	if k > 0 {
		return refRow(after, i*s.t+s.at(k-1), s.u)
	}
	return refRow(initial, i, s.u)
}

// refBack takes sequence i back through all steps.
func (s *recurrenceSize) refBack(i int, da []float32, in []tensor.View, to [6][]float32) {
	u, of := s.u, func(i int) []float32 { return floatsOf[float32](in, i) }
	dh, dc := make([]float32, u), make([]float32, u)
	copy(dh, refRow(of(recurrenceGradDH), i, u))
	copy(dc, refRow(of(recurrenceGradDC), i, u))
	for k := s.t - 1; k >= 0; k-- {
		row := i*s.t + s.at(k)
		for j, v := range refRow(of(recurrenceGradDY), row, u) {
			dh[j] += v
		}
		d := da[row*s.kept:][:s.kept]
		s.refBackStep(d, dh, dc, i, k, of)
		sums := d
		if s.Cell == GRUCell {
			sums = append(append([]float32{}, d[:2*u]...), d[3*u:]...)
		}
		for j := range dh {
			back := refChain(sums, of(2)[j*s.cols:])
			if s.Cell == GRUCell {
				back = dh[j] + back
			}
			dh[j] = back
		}
	}
	copyWanted(to[4], i*u, dh)
	copyWanted(to[5], i*u, dc)
}

// refChain is Σ a·b, a chain.
func refChain(a, b []float32) (sum float32) {
	for l, v := range a {
		sum = kernels.FMA32(v, b[l], sum)
	}
	return sum
}

// refBackStep computes da of step k of sequence i.
func (s *recurrenceSize) refBackStep(d, dh, dc []float32, i, k int, of func(int) []float32) {
	u, row := s.u, i*s.t+s.at(k)
	y, g := refRow(of(recurrenceGradY), row, u), refRow(of(recurrenceGradGates), row, s.kept)
	h := s.refBefore(of(recurrenceGradY), of(recurrenceGradH), i, k)
	var c, was []float32
	if s.Cell == LSTMCell {
		c, was = refRow(of(recurrenceGradCells), row, u), s.refBefore(of(recurrenceGradCells), of(recurrenceGradC), i, k)
	}
	for j := range dh {
		switch {
		case s.Cell == LSTMCell:
			d[j], d[u+j], d[2*u+j], d[3*u+j], dc[j] = kernels.LSTMGradStep(g[j], g[u+j], g[2*u+j], g[3*u+j], c[j], was[j], dh[j], dc[j])
		case s.Cell == GRUCell:
			d[j], d[u+j], d[2*u+j], d[3*u+j], dh[j] = kernels.GRUGradStep(g[j], g[u+j], g[2*u+j], g[3*u+j], h[j], dh[j])
		case !s.Relu:
			d[j] = float32(dh[j] * (1 - float32(y[j]*y[j])))
		case y[j] > 0:
			d[j] = dh[j]
		default:
			d[j] = 0
		}
	}
}

// refWeights computes the gradients that follow from da.
func (s *recurrenceSize) refWeights(da []float32, in []tensor.View, to [6][]float32) {
	of := func(i int) []float32 { return floatsOf[float32](in, i) }
	add := func(to []float32, at int, x, d []float32) {
		for l, v := range x {
			for j, g := range d {
				if to != nil {
					to[l*s.cols+at+j] = kernels.FMA32(v, g, to[l*s.cols+at+j])
				}
			}
		}
	}
	for _, d := range to[1:4] {
		clear(d)
	}
	for i := range s.n {
		for p := range s.t {
			row, k := i*s.t+p, s.at(p) // the step of an index is that of a step: at is its own inverse
			x, d := refRow(of(0), row, s.in), da[row*s.kept:][:s.kept]
			for l := range x {
				if to[0] != nil {
					to[0][row*s.in+l] = refChain(d[:s.cols], of(1)[l*s.cols:])
				}
			}
			add(to[1], 0, x, d[:s.cols])
			add(to[3], 0, []float32{1}, d[:s.cols])
			h := s.refBefore(of(recurrenceGradY), of(recurrenceGradH), i, k)
			if s.Cell != GRUCell {
				add(to[2], 0, h, d)
				continue
			}
			for _, part := range []struct{ from, to, n int }{{0, 0, 2 * s.u}, {3 * s.u, 2 * s.u, s.u}} {
				add(to[2], part.to, h, d[part.from:][:part.n])
				if to[3] != nil {
					add(to[3][s.cols:], part.to, []float32{1}, d[part.from:][:part.n])
				}
			}
		}
	}
}
