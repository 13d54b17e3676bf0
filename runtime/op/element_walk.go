package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// elementWalk visits the indices of a shape in row-major order, and follows
// them in another tensor: at is the byte of the element that has the same
// index there, but for one dimension, axis, which is left at 0.
type elementWalk struct {
	rank  int
	dim   [maxRank]int
	by    [maxRank]int // bytes in the other tensor
	index [maxRank]int
	at    int
	step  int // bytes along the axis
}

// newElementWalk walks shape along a tensor of type t, of the same rank.
func newElementWalk(shape []int, t tensor.Type, axis int) elementWalk {
	w := elementWalk{rank: len(shape), by: byteStrides(t)}
	copy(w.dim[:], shape)
	w.step, w.by[axis] = w.by[axis], 0
	return w
}

// next moves on by one element.
func (w *elementWalk) next() {
	for k := w.rank - 1; k >= 0; k-- {
		w.index[k]++
		w.at += w.by[k]
		if w.index[k] < w.dim[k] {
			return
		}
		w.at -= w.by[k] * w.dim[k]
		w.index[k] = 0
	}
}
