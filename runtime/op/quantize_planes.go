package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// planesQuantised quantises images [n c pixels] of float32 to 8 bits with one
// scale, and writes them [n pixels c]; c is 1 if nothing is to be moved.
type planesQuantised struct{ n, c, pixels int }

func newPlanesQuantised(shape []int) planesQuantised {
	return planesQuantised{shape[0], shape[1], product(shape[2:])}
}

// planeTile is how many pixels are quantised channel by channel before the
// next: their outputs stay in the first-level cache.
const planeTile = 256

// run writes output elements from to to, both at the beginning of a pixel.
func (q planesQuantised) run(y *tensor.View, in []tensor.View, from, to int) {
	zeros := input(in, 2)
	scale, h := linearScale(&in[1], 0), newHalfEven(y.DType, linearZero(&zeros, 0))
	x, out := tensor.Cast[float32](in[0].Data), y.Data
	for at := from; at < to; {
		b, p := at/(q.pixels*q.c), at/q.c%q.pixels
		n := min(planeTile, q.pixels-p, (to-at)/q.c)
		for c := range q.c {
			plane := x[(b*q.c+c)*q.pixels+p:][:n]
			if q.c == 1 {
				line := out[at : at+n]
				for i, v := range plane {
					line[i] = byte(h.of(v / scale))
				}
				continue
			}
			i := at + c
			for _, v := range plane {
				out[i] = byte(h.of(v / scale))
				i += q.c
			}
		}
		at += n * q.c
	}
}

// kernel is run by kernels, with the parameters p. tile has planeTile bytes for
// each channel, if there are several.
func (q planesQuantised) kernel(k *kernels.Set, p *kernels.QuantF32, tile, out []int8, x []float32, from, to int) {
	if q.c == 1 {
		k.QuantF32(tensor.Bytes(out[from:to]), x[from:to], p)
		return
	}
	for at := from; at < to; {
		b, pixel := at/(q.pixels*q.c), at/q.c%q.pixels
		n := min(planeTile, q.pixels-pixel, (to-at)/q.c)
		for c := range q.c {
			k.QuantF32(tensor.Bytes(tile[c*n:(c+1)*n]), x[(b*q.c+c)*q.pixels+pixel:][:n], p)
		}
		k.TransposeX1(out[at:at+n*q.c], tile, q.c, n, q.c, n)
		at += n * q.c
	}
}

// linearQuant returns what kernels must know of QuantizeLinear's parameters.
func linearQuant(in []tensor.View, d tensor.DType, zeroFirst bool) kernels.QuantF32 {
	zeros := input(in, 2)
	zero := linearZero(&zeros, 0)
	lo, hi := d.Range()
	p := kernels.QuantF32{Scale: linearScale(&in[1], 0), Zero: zero, Lo: int32(lo), Hi: int32(hi)}
	if zeroFirst {
		p.Zero, p.Shift = 0, float32(zero)
	}
	return p
}

// quantWork is what a quantised element takes, as inShares has it.
const quantWork = 2

// Prepare uses kernels for float32 and 8 bits where there is one scale.
func (o *QuantizeLinear) Prepare(p *Prep) (Prepared, error) {
	size := p.Out[0].Len()
	if p.In[0].DType != tensor.F32 || p.In[1].Len() != 1 || o.Block != 0 || o.DType.Bits() != 8 || size == 0 {
		return byRef(o)
	}
	q, tile := planesQuantised{1, 1, size}, 0
	if o.ChannelsLast {
		q = newPlanesQuantised(p.In[0].Shape)
		tile = planeTile * q.c
	}
	k, scale, zero := p.Kernels, p.View(1), p.View(2)
	constant := scale.Known() && (zero.Absent() || zero.Known())
	return Prepared{Kernel: k.Name, PerWorker: tile, Bind: func(m *Mem) (Step, error) {
		params, out, x := new(kernels.QuantF32), tensor.Cast[int8](m.Out[0].Data), m.In[0].F32()
		quantise := inSharesOf(m, size/q.c, shareGrain, quantWork*q.c, func(w, from, to int) {
			q.kernel(k, params, tensor.Cast[int8](m.worker(w)), out, x, from*q.c, to*q.c)
		})
		if constant {
			*params = linearQuant(m.In, o.DType, o.ZeroFirst)
			return quantise, nil
		}
		return func() error {
			*params = linearQuant(m.In, o.DType, o.ZeroFirst)
			return quantise()
		}, nil
	}}, nil
}

// Fuse takes over the transpose of [n c …] to [n … c].
func (o *QuantizeLinear) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	t, ok := next.(*Transpose)
	if !ok || o.Block != 0 || o.ZeroFirst || o.ChannelsLast || len(t.Perm) < 3 || o.DType.Bits() != 8 {
		return nil
	}
	last := []int{0}
	for i := 2; i < len(t.Perm); i++ {
		last = append(last, i)
	}
	if !slices.Equal(t.Perm, append(last, 1)) {
		return nil
	}
	o.ChannelsLast = true
	return o
}
