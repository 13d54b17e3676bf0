package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// channelRows is a tensor of float32 as rows of c channels, of which the kernels
// compute several at a time: as many as the tiles repeat a channel's parameter.
type channelRows struct {
	k              *kernels.Set
	rows, c, group int
	count          []float32 // rows, as an operand
}

// channelBlock is about how many elements a call of a kernel gets.
const channelBlock = 1024

// channelGrain keeps threads, which share channels, to whole vectors.
const channelGrain = 16

func newChannelRows(k *kernels.Set, rows, c int) channelRows {
	return channelRows{k: k, rows: rows, c: c, group: max(1, min(rows, channelBlock/max(c, 1))), count: []float32{float32(rows)}}
}

// tile is how many float32 a tile has.
func (r *channelRows) tile() int { return r.group * r.c }

// takeFloats takes n float32 off the front of scratch.
func takeFloats(scratch *[]float32, n int) []float32 {
	v := (*scratch)[:n:n]
	*scratch = (*scratch)[n:]
	return v
}

// repeat writes a tile: v again and again.
func (r *channelRows) repeat(tile, v []float32) {
	for at := 0; at < len(tile); at += r.c {
		copy(tile[at:], v[:r.c])
	}
}

// moments sets the mean and the variance of channels lo to hi: each sum is one
// chain in the order of rows.
func (r *channelRows) moments(x, mean, variance []float32, lo, hi int) {
	mean, variance = mean[lo:hi], variance[lo:hi]
	clear(mean)
	clear(variance)
	if r.rows == 0 || lo == hi {
		return
	}
	r.k.ColumnsF32(kernels.ColumnSum, mean, x[lo:], nil, nil, r.rows, r.c)
	r.k.BinaryF32(kernels.BinaryDiv, mean, mean, r.count, infs[0], infs[1])
	r.k.ColumnsF32(kernels.ColumnSquares, variance, x[lo:], nil, mean, r.rows, r.c)
	r.k.BinaryF32(kernels.BinaryDiv, variance, variance, r.count, infs[0], infs[1])
}

// each returns a step that calls do for groups of rows, elements lo to hi, on
// worker w.
func (r *channelRows) each(m *Mem, do func(w, lo, hi int)) Step {
	return inSharesOf(m, r.rows, r.group, r.c*normWork, func(w, first, last int) {
		for i := first; i < last; i += r.group {
			do(w, i*r.c, min(i+r.group, last)*r.c)
		}
	})
}

// chainMoments is moments of one channel, for Ref.
func chainMoments(x []float32, outer, c, inner, i int) (mean, variance float32) {
	n := float32(outer) * float32(inner)
	if n == 0 {
		return 0, 0
	}
	for b := range outer {
		for _, v := range x[(b*c+i)*inner:][:inner] {
			mean += v
		}
	}
	mean /= n
	for b := range outer {
		for _, v := range x[(b*c+i)*inner:][:inner] {
			v -= mean
			variance += float32(v * v)
		}
	}
	return mean, variance / n
}

// batchTrain is Ref of float32 with Training.
func batchTrain(o BatchNormalization, axis int, in, out []tensor.View) {
	x, y := in[0].F32(), out[0].F32()
	scale, bias := in[1].F32(), in[2].F32()
	outer, c, inner := product(in[0].Shape[:axis]), in[0].Shape[axis], product(in[0].Shape[axis+1:])
	for i := range c {
		m, v := chainMoments(x, outer, c, inner, i)
		o.run(in, out, i, m, v)
		f := o.factor(v, scale[i])
		for b := range outer {
			at := (b*c + i) * inner
			for j, v := range x[at : at+inner] {
				y[at+j] = float32((v-m)*f) + bias[i]
			}
		}
	}
}

// run moves the running statistics of channel i towards those of a batch.
func (o *BatchNormalization) run(in, out []tensor.View, i int, mean, variance float32) {
	p := o.Momentum
	out[1].F32()[i] = float32(in[3].F32()[i]*p) + float32(mean*(1-p))
	out[2].F32()[i] = float32(in[4].F32()[i]*p) + float32(variance*(1-p))
}

// factor is what the differences from the mean are multiplied by.
func (o *BatchNormalization) factor(variance, scale float32) float32 {
	return scale / sqrt32(variance+o.Epsilon)
}

// prepareTrain prepares training along the last axis. The scratch holds mean,
// variance and factor, and tiles of mean, factor and bias.
func (o *BatchNormalization) prepareTrain(r channelRows) Prepared {
	return Prepared{Kernel: r.k.Name, Scratch: 4 * (3*r.c + 3*r.tile()), Bind: func(m *Mem) (Step, error) {
		scratch := tensor.Cast[float32](m.Scratch)
		mean, variance, factor := takeFloats(&scratch, r.c), takeFloats(&scratch, r.c), takeFloats(&scratch, r.c)
		tm, tf, tb := takeFloats(&scratch, r.tile()), takeFloats(&scratch, r.tile()), takeFloats(&scratch, r.tile())
		x, y, scale, bias := m.In[0].F32(), m.Out[0].F32(), m.In[1].F32(), m.In[2].F32()
		measure := inShares(m, r.c, channelGrain, 2*r.rows, func(lo, hi int) {
			r.moments(x, mean, variance, lo, hi)
			for i := lo; i < hi; i++ {
				o.run(m.In, m.Out, i, mean[i], variance[i])
				factor[i] = o.factor(variance[i], scale[i])
			}
		})
		normalise := r.each(m, func(_, lo, hi int) {
			n := hi - lo
			r.k.BinaryF32(kernels.BinarySub, y[lo:hi], x[lo:hi], tm[:n], infs[0], infs[1])
			r.k.NormF32(y[lo:hi], y[lo:hi], 0, 1, tf[:n], tb[:n])
		})
		return func() error {
			if err := measure(); err != nil {
				return err
			}
			r.repeat(tm, mean)
			r.repeat(tf, factor)
			r.repeat(tb, bias)
			return normalise()
		}, nil
	}}
}

// prepareRun prepares what isn't training, along the last axis. The scratch holds
// factor and addend, and tiles of them.
func (o *BatchNormalization) prepareRun(r channelRows) Prepared {
	return Prepared{Kernel: r.k.Name, Scratch: 4 * (2*r.c + 2*r.tile()), Bind: func(m *Mem) (Step, error) {
		scratch := tensor.Cast[float32](m.Scratch)
		factor, add := takeFloats(&scratch, r.c), takeFloats(&scratch, r.c)
		tf, ta := takeFloats(&scratch, r.tile()), takeFloats(&scratch, r.tile())
		x, y := m.In[0].F32(), m.Out[0].F32()
		normalise := r.each(m, func(_, lo, hi int) {
			r.k.NormF32(y[lo:hi], x[lo:hi], 0, 1, tf[:hi-lo], ta[:hi-lo])
		})
		return func() error {
			for i := range r.c {
				factor[i], add[i] = batchLine(*o, m.In[1].F32()[i], m.In[2].F32()[i], float64(m.In[3].F32()[i]), float64(m.In[4].F32()[i]))
			}
			r.repeat(tf, factor)
			r.repeat(ta, add)
			return normalise()
		}, nil
	}}
}
