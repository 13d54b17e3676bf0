package kernels

import "math"

// CellsOf returns Cells that are made of rows, a pass over the elements for
// each operation: what a tier with fast rows has where it has nothing better.
func CellsOf(r Rows) Cells {
	c := cellRows{r}
	return Cells{LSTMF32: c.lstm, LSTMGradF32: c.lstmGrad, GRUF32: c.gru, GRUGradF32: c.gruGrad}
}

type cellRows struct{ Rows }

// oneF32 is what a number is subtracted from.
var oneF32 = []float32{1}

func (c *cellRows) binary(f BinaryFn, y, a, b []float32) {
	all := float32(math.Inf(1))
	c.BinaryF32(f, y, a, b, -all, all)
}

// times computes y = y·a·b, from left to right.
func (c *cellRows) times(y, a, b []float32) {
	c.binary(BinaryMul, y, y, a)
	c.binary(BinaryMul, y, y, b)
}

// slope computes y = (1 − x)·x, and bend 1 − x·x.
func (c *cellRows) slope(y, x []float32) {
	c.binary(BinarySub, y, oneF32, x)
	c.binary(BinaryMul, y, y, x)
}

func (c *cellRows) bend(y, x []float32) {
	c.binary(BinaryMul, y, x, x)
	c.binary(BinarySub, y, oneF32, y)
}

// fourF32 returns four gates of n elements each.
func fourF32(x []float32, n int) (a, b, c, d []float32) {
	return x[:n], x[n : 2*n], x[2*n : 3*n], x[3*n : 4*n]
}

func (c *cellRows) lstm(h, state, gates, r, was []float32) {
	n := len(h)
	i, f, g, o := fourF32(gates, n)
	state = state[:n]
	c.binary(BinaryAdd, gates[:4*n], gates, r)
	c.UnaryF32(UnarySigmoid, gates[:2*n], gates[:2*n], 0)
	c.UnaryF32(UnaryTanh, g, g, 0)
	c.UnaryF32(UnarySigmoid, o, o, 0)
	c.binary(BinaryMul, state, f, was[:n])
	c.binary(BinaryMul, h, i, g)
	c.binary(BinaryAdd, state, state, h)
	c.UnaryF32(UnaryTanh, h, state, 0)
	c.binary(BinaryMul, h, o, h)
}

func (c *cellRows) lstmGrad(dgates, dc, dh, gates, state, was []float32) {
	n := len(dh)
	i, f, g, o := fourF32(gates, n)
	di, df, dg, do := fourF32(dgates, n)
	dc, was = dc[:n], was[:n]
	c.UnaryF32(UnaryTanh, df, state[:n], 0)
	c.bend(di, df)
	c.times(di, o, dh)
	c.binary(BinaryAdd, dc, dc, di)
	c.slope(do, o)
	c.times(do, df, dh)
	c.slope(di, i)
	c.times(di, g, dc)
	c.slope(df, f)
	c.times(df, was, dc)
	c.bend(dg, g)
	c.times(dg, i, dc)
	c.binary(BinaryMul, dc, dc, f)
}

func (c *cellRows) gru(h, gates, r, was []float32) {
	n := len(h)
	z, a, g, q := fourF32(gates, n)
	was = was[:n]
	copy(q, r[2*n:3*n])
	c.binary(BinaryAdd, gates[:2*n], gates, r)
	c.UnaryF32(UnarySigmoid, gates[:2*n], gates[:2*n], 0)
	t := r[:n]
	c.binary(BinaryMul, t, a, q)
	c.binary(BinaryAdd, g, g, t)
	c.UnaryF32(UnaryTanh, g, g, 0)
	c.binary(BinarySub, t, oneF32, z)
	c.binary(BinaryMul, t, t, g)
	c.binary(BinaryMul, h, z, was)
	c.binary(BinaryAdd, h, h, t)
}

func (c *cellRows) gruGrad(dgates, dh, gates, was []float32) {
	n := len(dh)
	z, r, g, q := fourF32(gates, n)
	dz, dr, dg, dq := fourF32(dgates, n)
	c.bend(dg, g)
	c.binary(BinarySub, dq, oneF32, z)
	c.times(dg, dq, dh)
	c.slope(dz, z)
	c.binary(BinarySub, dq, was[:n], g)
	c.times(dz, dq, dh)
	c.slope(dr, r)
	c.times(dr, q, dg)
	c.binary(BinaryMul, dq, dg, r)
	c.binary(BinaryMul, dh, dh, z)
}
