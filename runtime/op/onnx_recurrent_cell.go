package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// cellMath is what cells compute on slices: the functions of a direction,
// clipping included, and products and sums, of which y may be an operand.
type cellMath[T wideFloat] struct {
	functions []func(xs []T)
	mul, add  func(y, a, b []T)
}

// cellMath32 is for float32; set is nil for plain Go.
func cellMath32(fs []CellFunction, clip float32, set *kernels.Set) cellMath[float32] {
	m := cellMath[float32]{cellFunctions32(fs, clip, set), cellMultiply[float32], cellAdd[float32]}
	if set != nil {
		all := float32(math.Inf(1))
		m.mul = func(y, a, b []float32) { set.BinaryF32(kernels.BinaryMul, y, a, b, -all, all) }
		m.add = func(y, a, b []float32) { set.BinaryF32(kernels.BinaryAdd, y, a, b, -all, all) }
	}
	return m
}

func cellMath64(fs []CellFunction, clip float32) cellMath[float64] {
	return cellMath[float64]{cellFunctions64(fs, clip), cellMultiply[float64], cellAdd[float64]}
}

// recurrentCell is one direction of a recurrent operator at work on some
// sequences, all at the same step. Rows are sequences.
type recurrentCell[T wideFloat] struct {
	kind   cellKind
	option bool // GRU: linear_before_reset; LSTM: input_forget
	rows   int
	hidden int
	state  [2]cellState[T] // R of all gates; of a GRU, that of z and r, and that of h
	cellMath[T]
	p     []T // peepholes, or nil
	rb    []T // GRU with linear_before_reset: R's bias of h, readable past its end as add may
	h, c  []T // the states: rows of hidden values
	gates []T // rows of all gates
	tmp   []T // as h
}

// step moves the states on by one step. Row i of the products with the input,
// biases included, is at pre[i·ld:].
func (c *recurrentCell[T]) step(pre []T, ld int) {
	switch c.kind {
	case cellRNN:
		c.state[0].add(c.gates, c.hidden, c.h, c.rows, pre, ld)
		c.functions[0](c.gates[:len(c.h)])
		copy(c.h, c.gates)
	case cellGRU:
		c.stepGRU(pre, ld)
	case cellLSTM:
		c.state[0].add(c.gates, 4*c.hidden, c.h, c.rows, pre, ld)
		for i := range c.rows {
			c.lstm(i)
		}
	}
}

// stepGRU computes, with gates z, r, h in this order,
//
//	h' = (1 − z)·g(Wx + R(r·h)) + z·h, or with R(r·h) = r·(Rh) if linear_before_reset.
func (c *recurrentCell[T]) stepGRU(pre []T, ld int) {
	n, all := c.hidden, 3*c.hidden
	c.state[0].add(c.gates, all, c.h, c.rows, pre, ld)
	for i := range c.rows {
		gates, h, tmp := c.gates[i*all:(i+1)*all], c.h[i*n:(i+1)*n], c.tmp[i*n:(i+1)*n]
		c.functions[0](gates[:2*n])
		if !c.option {
			c.mul(tmp, gates[n:2*n], h)
		}
	}
	if c.option {
		c.state[1].add(c.tmp, n, c.h, c.rows, c.rb, 0)
	} else {
		c.state[1].add(c.gates[2*n:], all, c.tmp, c.rows, pre[2*n:], ld)
	}
	for i := range c.rows {
		gates, h, tmp := c.gates[i*all:(i+1)*all], c.h[i*n:(i+1)*n], c.tmp[i*n:(i+1)*n]
		z, r, g := gates[:n], gates[n:2*n], gates[2*n:]
		if c.option {
			c.mul(g, r, tmp)
			c.add(g, g, pre[i*ld+2*n:][:n])
		}
		c.functions[1](g)
		z = z[:len(h)]
		for j, v := range h {
			h[j] = T((1-z[j])*g[j]) + T(z[j]*v)
		}
	}
}

// lstm computes the states of row i from its gates, i, o, f and c in this
// order. The peepholes are those of i, o and f.
func (c *recurrentCell[T]) lstm(row int) {
	n := c.hidden
	gates, h, cell := c.gates[row*4*n:(row+1)*4*n], c.h[row*n:(row+1)*n], c.c[row*n:(row+1)*n]
	i, o, f, g := gates[:n], gates[n:2*n], gates[2*n:3*n], gates[3*n:]
	sigmoid := c.functions[0]
	switch {
	case c.p == nil && !c.option:
		sigmoid(gates[:3*n])
	case c.p == nil:
		sigmoid(gates[:2*n])
	default:
		tmp := c.tmp[row*n : (row+1)*n]
		c.addProduct(i, c.p[:n], cell, tmp)
		c.addProduct(f, c.p[2*n:], cell, tmp)
		sigmoid(i)
		if !c.option {
			sigmoid(f)
		}
	}
	if c.option {
		for j, v := range i {
			f[j] = 1 - v
		}
	}
	c.functions[1](g)
	c.mul(cell, f, cell)
	c.addProduct(cell, i, g, g)
	if c.p != nil {
		c.addProduct(o, c.p[n:2*n], cell, g)
		sigmoid(o)
	}
	copy(h, cell)
	c.functions[2](h)
	c.mul(h, o, h)
}

// addProduct adds a·b, rounded, to y; tmp is room for it.
func (c *recurrentCell[T]) addProduct(y, a, b, tmp []T) {
	c.mul(tmp, a, b)
	c.add(y, y, tmp)
}

func cellMultiply[T wideFloat](y, a, b []T) {
	a, b = a[:len(y)], b[:len(y)]
	for j := range y {
		y[j] = a[j] * b[j]
	}
}

func cellAdd[T wideFloat](y, a, b []T) {
	a, b = a[:len(y)], b[:len(y)]
	for j := range y {
		y[j] = a[j] + b[j]
	}
}
