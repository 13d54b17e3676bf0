package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// recurrentDirection is what one direction multiplies with.
type recurrentDirection[T wideFloat] struct {
	input cellInput[T]
	state [2]cellState[T]
	cellMath[T]
}

// recurrentRun is a recurrent operator on tensors of T.
type recurrentRun[T wideFloat] struct {
	recurrentSize
	directions []recurrentDirection[T]

	b, p, h0, c0, y, yh, yc []T // inputs and outputs; nil for those that are not there
	lens                    []int32
	longest                 int
}

// read takes what the inputs and outputs hold at the beginning of a run.
func (r *recurrentRun[T]) read(in, out []tensor.View) error {
	r.b, r.p, r.h0, r.c0 = floatsOf[T](in, 3), floatsOf[T](in, 7), floatsOf[T](in, 5), floatsOf[T](in, 6)
	r.y, r.yh, r.yc = floatsOf[T](out, 0), floatsOf[T](out, 1), floatsOf[T](out, 2)
	r.lens, r.longest = nil, r.seq
	if lens := input(in, 4); !lens.Absent() {
		r.lens, r.longest = lens.I32(), 0
		for i, n := range r.lens {
			if n < 0 || int64(n) > int64(r.seq) {
				return dataf("sequence_lens[%d] is %d, want 0 to %d", i, n, r.seq)
			}
			r.longest = max(r.longest, int(n))
		}
		clear(r.y)
	}
	return nil
}

// length is the number of steps of sequence i.
func (r *recurrentRun[T]) length(i int) int {
	if r.lens == nil {
		return r.seq
	}
	return int(r.lens[i])
}

// run runs direction d over sequences lo to hi-1. scratch has perWorker elements.
func (r *recurrentRun[T]) run(d, lo, hi int, scratch []T) {
	take := func(n int) (part []T) {
		part, scratch = scratch[:n], scratch[n:]
		return part
	}
	rows, all := hi-lo, int(r.kind)*r.hidden
	pre, bias, rb := take(rows*r.chunk*r.pad), take(r.pad), take(r.pad)
	c := recurrentCell[T]{kind: r.kind, option: r.option, rows: rows, hidden: r.hidden, rb: rb,
		state: r.directions[d].state, cellMath: r.directions[d].cellMath,
		h: take(rows * r.hidden), c: take(rows * r.hidden), tmp: take(rows * r.hidden), gates: take(rows * all)}
	if r.p != nil {
		c.p = nth(r.p, d, r.dirs)
	}
	r.biases(d, bias, rb)
	for i := range rows {
		s := r.stateAt(d, lo+i)
		startState(c.h[i*r.hidden:][:r.hidden], nth(r.h0, s, r.batch*r.dirs))
		startState(c.c[i*r.hidden:][:r.hidden], nth(r.c0, s, r.batch*r.dirs))
		if r.length(lo+i) == 0 {
			r.end(d, lo+i, &c, i)
		}
	}
	for s := 0; s < r.longest; s += r.chunk {
		n := min(r.chunk, r.longest-s)
		for i := range rows {
			r.project(d, lo+i, s, n, pre[i*r.chunk*r.pad:], bias)
		}
		for k := range n {
			at := k
			if r.reverse[d] {
				at = n - 1 - k
			}
			c.step(pre[at*r.pad:], r.chunk*r.pad)
			for i := range rows {
				r.keep(d, lo+i, s+k, &c, i)
			}
		}
	}
}

// biases adds up W's and R's biases. Of a GRU with linear_before_reset, R's
// bias of h is rb.
func (r *recurrentRun[T]) biases(d int, bias, rb []T) {
	clear(bias)
	clear(rb)
	if r.b == nil {
		return
	}
	b, all := nth(r.b, d, r.dirs), int(r.kind)*r.hidden
	copy(bias, b[:all])
	b = b[all:]
	if r.kind == cellGRU && r.option {
		copy(rb, b[2*r.hidden:])
		b = b[:2*r.hidden]
	}
	for j, v := range b {
		bias[j] += v
	}
}

// project computes the products with the input of n steps from s on of sequence
// i. A reverse direction has its last step first, and what lacks at the end of a
// sequence lacks at the beginning of y.
func (r *recurrentRun[T]) project(d, i, s, n int, y, bias []T) {
	rows := max(0, min(n, r.length(i)-s))
	if rows == 0 {
		return
	}
	t := s
	if r.reverse[d] {
		t, y = r.length(i)-s-rows, y[(n-rows)*r.pad:]
	}
	step := r.batch
	if r.batchwise {
		step = 1
	}
	r.directions[d].input.project(y, r.pad, r.place(t, i), step, rows, bias)
}

// place is the row of X, or of a direction's Y, for step t of sequence i.
func (r *recurrentSize) place(t, i int) int {
	if r.batchwise {
		return i*r.seq + t
	}
	return t*r.batch + i
}

// stateAt is the row of Y_h for sequence i.
func (r *recurrentSize) stateAt(d, i int) int {
	if r.batchwise {
		return i*r.dirs + d
	}
	return d*r.batch + i
}

// keep stores the state of sequence i, in row of c, after step s.
func (r *recurrentRun[T]) keep(d, i, s int, c *recurrentCell[T], row int) {
	length := r.length(i)
	h := c.h[row*r.hidden:][:r.hidden]
	if s >= length {
		clear(h) // nothing that a range over all states would see
		return
	}
	t := s
	if r.reverse[d] {
		t = length - 1 - s
	}
	at := (t*r.dirs+d)*r.batch + i
	if r.batchwise {
		at = (i*r.seq+t)*r.dirs + d
	}
	copy(r.y[at*r.hidden:], h)
	if s+1 == length {
		r.end(d, i, c, row)
	}
}

// end stores the last state of sequence i.
func (r *recurrentRun[T]) end(d, i int, c *recurrentCell[T], row int) {
	at, from := r.stateAt(d, i)*r.hidden, c.h[row*r.hidden:][:r.hidden]
	copy(r.yh[at:], from)
	if r.yc != nil {
		copy(r.yc[at:], c.c[row*r.hidden:][:r.hidden])
	}
	if r.lens != nil {
		clear(from)
	}
}

// nth returns part i of n equal parts of xs, nil of nil.
func nth[T any](xs []T, i, n int) []T {
	each := len(xs) / n
	return xs[i*each : (i+1)*each]
}

func startState[T wideFloat](state, initial []T) {
	clear(state)
	copy(state, initial)
}
