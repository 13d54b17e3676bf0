package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// recurrence is one direction of a recurrent operator at work on one sequence.
type recurrence[T wideFloat] struct {
	kind        cellKind
	option      bool // GRU: linear_before_reset; LSTM: input_forget
	hidden      int
	w, r, b, p  []T // of the direction; b and p may be nil
	h, c        []T // the state; it ends in Y_h and Y_c
	wx, rh, tmp []T // scratch
	clip        float32
	functions   []CellFunction
}

// runRecurrent runs every direction over every sequence of the batch.
func runRecurrent[T wideFloat](o *Recurrent, kind cellKind, option bool, in, out []tensor.View, scratch []T) error {
	x, y, yh, yc := floatsOf[T](in, 0), floatsOf[T](out, 0), floatsOf[T](out, 1), floatsOf[T](out, 2)
	w, r, b, p := floatsOf[T](in, 1), floatsOf[T](in, 2), floatsOf[T](in, 3), floatsOf[T](in, 7)
	h0, c0 := floatsOf[T](in, 5), floatsOf[T](in, 6)
	seq, batch, width := in[0].Shape[0], in[0].Shape[1], in[0].Shape[2]
	if o.Batchwise {
		seq, batch = batch, seq
	}
	hidden, dirs := in[2].Shape[2], len(o.Reverse)
	if hidden == 0 {
		return nil // however long the sequences are
	}
	all := int(kind) * hidden
	clear(y)
	for d, reverse := range o.Reverse {
		n := kind.functions()
		c := recurrence[T]{kind: kind, option: option, hidden: hidden, clip: o.Clip, functions: o.Functions[d*n : (d+1)*n]}
		c.w, c.r, c.b, c.p = nth(w, d, dirs), nth(r, d, dirs), nth(b, d, dirs), nth(p, d, dirs)
		c.wx, c.rh, c.tmp = scratch[:all], scratch[all:2*all], scratch[2*all:2*all+hidden]
		for i := range batch {
			length, err := sequenceLen(in, i, seq)
			if err != nil {
				return err
			}
			state := d*batch + i
			if o.Batchwise {
				state = i*dirs + d
			}
			c.h, c.c = yh[state*hidden:(state+1)*hidden], nth(yc, state, batch*dirs)
			startState(c.h, nth(h0, state, batch*dirs))
			startState(c.c, nth(c0, state, batch*dirs))
			for s := range length {
				t := s
				if reverse {
					t = length - 1 - s
				}
				from, to := t*batch+i, (t*dirs+d)*batch+i
				if o.Batchwise {
					from, to = i*seq+t, (i*seq+t)*dirs+d
				}
				c.step(x[from*width : (from+1)*width])
				copy(y[to*hidden:], c.h)
			}
		}
	}
	return nil
}

// nth returns part i of n equal parts of xs, nil of nil.
func nth[T any](xs []T, i, n int) []T {
	each := len(xs) / n
	return xs[i*each : (i+1)*each]
}

// sequenceLen returns the length of sequence i.
func sequenceLen(in []tensor.View, i, seq int) (int, error) {
	if len(in) <= 4 || in[4].Absent() {
		return seq, nil
	}
	n := in[4].I32()[i]
	if n < 0 || int64(n) > int64(seq) {
		return 0, dataf("sequence_lens[%d] is %d, want 0 to %d", i, n, seq)
	}
	return int(n), nil
}

func startState[T wideFloat](state, initial []T) {
	clear(state)
	copy(state, initial)
}

// step reads one element of the sequence and moves the state on.
func (c *recurrence[T]) step(x []T) {
	rowsDot(c.wx, x, c.w, len(x))
	switch c.kind {
	case cellRNN:
		c.stepRNN()
	case cellGRU:
		c.stepGRU()
	case cellLSTM:
		c.stepLSTM()
	}
}

// gates adds the products with h, and both biases, to those with x of gates
// from to to-1.
func (c *recurrence[T]) gates(h []T, from, to int) {
	lo, hi := from*c.hidden, to*c.hidden
	rowsDot(c.rh[lo:hi], h, c.r[lo*c.hidden:], c.hidden)
	for i := lo; i < hi; i++ {
		c.wx[i] += c.rh[i]
	}
	c.bias(c.wx, 0, from, to)
	c.bias(c.wx, 1, from, to)
}

// bias adds half 0 (of W) or 1 (of R) of the biases to some gates of y.
func (c *recurrence[T]) bias(y []T, half, from, to int) {
	if c.b == nil {
		return
	}
	b := nth(c.b, half, 2)
	for i := from * c.hidden; i < to*c.hidden; i++ {
		y[i] += b[i]
	}
}

// gate returns gate i of wx.
func (c *recurrence[T]) gate(i int) []T { return c.wx[i*c.hidden : (i+1)*c.hidden] }

// apply applies function f, after clipping.
func (c *recurrence[T]) apply(f int, xs []T) { applyCell(c.functions[f], c.clip, xs) }

func (c *recurrence[T]) stepRNN() {
	c.gates(c.h, 0, 1)
	c.apply(0, c.wx)
	copy(c.h, c.wx)
}

// stepGRU computes, with gates z, r, h in this order,
//
//	h' = (1 − z)·g(Wx + R(r·h)) + z·h, or with R(r·h) = r·(Rh) if linear_before_reset.
func (c *recurrence[T]) stepGRU() {
	c.gates(c.h, 0, 2)
	c.apply(0, c.wx[:2*c.hidden])
	z, r, g := c.gate(0), c.gate(1), c.gate(2)
	if c.option {
		rh := c.rh[2*c.hidden:]
		rowsDot(rh, c.h, c.r[2*c.hidden*c.hidden:], c.hidden)
		c.bias(c.rh, 1, 2, 3)
		for i, v := range rh {
			g[i] += T(r[i] * v)
		}
		c.bias(c.wx, 0, 2, 3)
	} else {
		for i, v := range c.h {
			c.tmp[i] = r[i] * v
		}
		c.gates(c.tmp, 2, 3)
	}
	c.apply(1, g)
	for i, v := range c.h {
		c.h[i] = T((1-z[i])*g[i]) + T(z[i]*v)
	}
}

// stepLSTM has gates i, o, f, c in this order, and peepholes i, o, f.
func (c *recurrence[T]) stepLSTM() {
	c.gates(c.h, 0, 4)
	i, o, f, g := c.gate(0), c.gate(1), c.gate(2), c.gate(3)
	c.peep(i, 0)
	c.apply(0, i)
	if c.option {
		for j, v := range i {
			f[j] = 1 - v
		}
	} else {
		c.peep(f, 2)
		c.apply(0, f)
	}
	c.apply(1, g)
	for j, v := range c.c {
		c.c[j] = T(f[j]*v) + T(i[j]*g[j])
	}
	c.peep(o, 1)
	c.apply(0, o)
	copy(c.h, c.c)
	applyCell(c.functions[2], 0, c.h)
	for j := range c.h {
		c.h[j] *= o[j]
	}
}

// peep adds the cell's state through peephole k.
func (c *recurrence[T]) peep(gate []T, k int) {
	if c.p == nil {
		return
	}
	for j, p := range nth(c.p, k, 3) {
		gate[j] += T(p * c.c[j])
	}
}
