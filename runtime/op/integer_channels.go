package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// integerChannels runs a convolution that filters each channel by itself.
type integerChannels struct {
	*integerJob
	sizes []int64 // of scratch: weights less their zero point, starts, factors
}

func (j *integerJob) prepareChannels() (Prepared, error) {
	oc := 4 * int64(j.oc)
	d := &integerChannels{integerJob: j, sizes: []int64{2 * int64(j.oc) * int64(j.k()), oc, oc}}
	bytes, err := scratchOf(1, d.sizes)
	return Prepared{Kernel: "go", Scratch: bytes, PerWorker: int(oc), Bind: d.bind}, err
}

func (d *integerChannels) bind(m *Mem) (Step, error) {
	s := split[int8](m.Scratch, d.sizes)
	weights, start := tensor.Cast[int16](tensor.Bytes(s[0])), tensor.Cast[int32](tensor.Bytes(s[1]))[:d.oc]
	e := &integerEpilogue{form: d.form, dequant: d.dequant, alpha: d.alpha, Saturation: d.Saturation, mult: tensor.Cast[float32](tensor.Bytes(s[2]))[:d.oc]}
	threads, zero := d.threads(m.Env.Workers), int32(0)
	filter := onWorkers(m.Env.Workers, threads, func(w int) {
		acc := tensor.Cast[int32](m.PerWorker[w])[:d.oc]
		from, to := Share(d.pixels(), w, threads, 1)
		for p := from; p < to; p++ {
			copy(acc, start)
			if x := &m.In[isX]; x.DType == tensor.I8 {
				channelSums(&d.filter, acc, x.I8(), weights, p, zero)
			} else {
				channelSums(&d.filter, acc, x.U8(), weights, p, zero)
			}
			e.row(&m.Out[0], p*d.oc, acc, p, 0, 0)
		}
	})
	return func() error {
		xz := input(m.In, isXZero)
		zero = linearZero(&xz, 0)
		d.numbers(m.In, weights, start)
		e.read(m.In)
		e.start(m.Out[0].DType, 0)
		return filter()
	}, nil
}

// numbers reads weights, tap by tap, less their zero points, and biases.
func (d *integerChannels) numbers(in []tensor.View, weights []int16, start []int32) {
	wz, bias := input(in, isWZero), input(in, isBias)
	for o := range d.oc {
		zero := linearZero(&wz, integerCycle(&wz, o))
		for t := range d.k() {
			weights[t*d.oc+o] = int16(linearZero(&in[isW], o*d.wo+t*d.wt) - zero)
		}
		if start[o] = 0; !bias.Absent() {
			start[o] = bias.I32()[integerCycle(&bias, o)]
		}
	}
}

// channelSums adds the window of output pixel p to the sums.
func channelSums[X int8 | uint8](f *filter, acc []int32, x []X, weights []int16, p int, zero int32) {
	ox, line := p%f.ow, p/f.ow
	oy, batch := line%f.oh, line/f.oh
	top, bottom := taps(oy, f.kh, f.h, f.sh, f.dh, f.top)
	left, right := taps(ox, f.kw, f.w, f.sw, f.dw, f.left)
	spread := f.oc / f.c
	for ky := top; ky < bottom; ky++ {
		for kx := left; kx < right; kx++ {
			y0, x0 := oy*f.sh-f.top+ky*f.dh, ox*f.sw-f.left+kx*f.dw
			pixel := x[((batch*f.h+y0)*f.w+x0)*f.c:][:f.c]
			w := weights[(ky*f.kw+kx)*f.oc:][:f.oc]
			if spread == 1 {
				acc, w := acc[:len(pixel)], w[:len(pixel)]
				for i, v := range pixel {
					acc[i] += (int32(v) - zero) * int32(w[i])
				}
				continue
			}
			for o := range acc {
				acc[o] += (int32(pixel[o/spread]) - zero) * int32(w[o])
			}
		}
	}
}
