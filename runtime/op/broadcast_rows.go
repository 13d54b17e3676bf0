package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// spreadRows is a BroadcastTo as it writes: rows of the output that are a row of
// the input or one element of it again and again.
type spreadRows[T tensor.Element] struct {
	walk
	x, y []T
}

// bindSpread returns the step of a BroadcastTo; threads share rows, or parts of
// the only row.
func bindSpread[T tensor.Element](m *Mem) Step {
	s := &spreadRows[T]{x: tensor.Cast[T](m.In[0].Data), y: tensor.Cast[T](m.Out[0].Data)}
	if len(s.y) == 0 {
		return nil
	}
	s.walk = newWalk(m.Out[0].Shape, m.In[0].Shape)
	if s.loops == 0 {
		return inShares(m, s.row, shareGrain, 1, func(lo, hi int) { s.write(s.y[lo:hi], lo*s.by()) })
	}
	return inShares(m, len(s.y)/s.row, 1, s.row, s.rows)
}

// by is how far the input advances in a row.
func (s *spreadRows[T]) by() int {
	if s.still[0] {
		return 0
	}
	return 1
}

// write makes a row, or part of one, from the input at offset at.
func (s *spreadRows[T]) write(to []T, at int) {
	if !s.still[0] {
		copy(to, s.x[at:])
		return
	}
	if len(to) < 64 {
		fillWith(to, s.x[at])
		return
	}
	fillWith(to[:32], s.x[at])
	for n := 32; n < len(to); n *= 2 {
		copy(to[n:], to[:n])
	}
}

// rows makes rows lo to hi.
func (s *spreadRows[T]) rows(lo, hi int) {
	var index [maxRank]int
	at := 0
	for l, rest := 0, lo; l < s.loops; l++ {
		index[l] = rest % s.count[l]
		at += index[l] * s.step[0][l]
		rest /= s.count[l]
	}
	for i := lo; i < hi; i++ {
		s.write(s.y[i*s.row:(i+1)*s.row], at)
		for l := range s.loops {
			at += s.step[0][l]
			if index[l]++; index[l] < s.count[l] {
				break
			}
			at -= s.step[0][l] * s.count[l]
			index[l] = 0
		}
	}
}
