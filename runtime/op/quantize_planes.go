package op

import (
	"slices"

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

// Prepare shares the work among threads where there is one scale.
func (o QuantizeLinear) Prepare(p *Prep) (Prepared, error) {
	if p.In[0].DType != tensor.F32 || p.In[1].Len() != 1 || o.Block != 0 || o.ZeroFirst || o.DType.Bits() != 8 || p.Out[0].Len() == 0 {
		return byRef(o)
	}
	q := planesQuantised{1, 1, p.Out[0].Len()}
	if o.ChannelsLast {
		q = newPlanesQuantised(p.In[0].Shape)
	}
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		size := m.Out[0].Len()
		n := bytesThreads(m, size)
		return onWorkers(m.Env.Workers, n, func(w int) {
			from, to := Share(size/q.c, w, n, 64)
			q.run(&m.Out[0], m.In, from*q.c, to*q.c)
		}), nil
	}}, nil
}

// Fuse takes over the transpose of [n c …] to [n … c].
func (o QuantizeLinear) Fuse(next graph.Op, out tensor.Type) graph.Op {
	t, ok := next.(Transpose)
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
