package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// LinearPool is an AveragePool2D of numbers that 8-bit integers stand for: sums
// of integers less their zero point, times the quotient of the scales over the
// number of taps in float32, rounded with ties to even. ONNX Runtime's
// QLinearGlobalAveragePool does the same. Inputs are those of LinearTable; the
// Pool's DType is that of the output, and its activation isn't used.
type LinearPool struct {
	CountPad bool
	Pool
}

// maxLinearTaps is the most taps of a window whose sum fits int32.
const maxLinearTaps = 1 << 22

// Infer returns [n oh ow c].
func (o *LinearPool) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := (&LinearTable{DType: o.DType}).Infer(in)
	if err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return nil, err
	}
	w, err := o.windows(in[0].Shape)
	if err != nil {
		return nil, err
	}
	if int64(w.kh)*int64(w.kw) > maxLinearTaps {
		return nil, Unsupported("a window of %d by %d", w.kh, w.kw)
	}
	return []tensor.Type{out[0].WithShape(w.n, w.oh, w.ow, w.c)}, nil
}

// linearPool is a LinearPool on known shapes, with parameters that are read
// while the model runs.
type linearPool struct {
	AveragePool2D
	windows
	xScale, yScale float32
	xZero          int32
	rounding       halfEven
}

func (o *LinearPool) on(in []tensor.View) (p linearPool, err error) {
	p.AveragePool2D = AveragePool2D(*o)
	p.windows, err = o.windows(in[0].Shape)
	return p, err
}

func (p *linearPool) read(in []tensor.View, d tensor.DType) {
	zx, zy := input(in, 2), input(in, 4)
	p.xScale, p.yScale, p.xZero = linearScale(&in[1], 0), linearScale(&in[3], 0), linearZero(&zx, 0)
	p.rounding = newHalfEven(d, linearZero(&zy, 0))
}

// multiplier is the factor of a sum of n taps.
func (p *linearPool) multiplier(n int) float32 {
	return p.xScale / float32(p.yScale*float32(p.divisor(n)))
}

// Ref averages.
func (o *LinearPool) Ref(in, out []tensor.View) error {
	p, err := o.on(in)
	if err != nil {
		return err
	}
	p.read(in, o.DType)
	x, y := in[0].Data, out[0].Data
	p.each(func(at, b int, ys, xs tapSpan) {
		m := p.multiplier(ys.len() * xs.len())
		for c := range p.c {
			sum := int32(0)
			for iy := ys.from; iy < ys.to; iy += ys.step {
				for ix := xs.from; ix < xs.to; ix += xs.step {
					sum += asInteger(x[((b*p.h+iy)*p.w+ix)*p.c+c], in[0].DType) - p.xZero
				}
			}
			y[at*p.c+c] = byte(p.rounding.of(float32(sum) * m))
		}
	})
	return nil
}

// Prepare sums channels side by side.
func (o *LinearPool) Prepare(p *Prep) (Prepared, error) {
	pool, err := o.on(p.views())
	if err != nil {
		return Prepared{}, err
	}
	if p.Out[0].Len() == 0 {
		return nothing() // of dimensions that may be vast
	}
	kernel, add := "go", p.Kernels.SumS8
	if p.In[0].DType == tensor.I8 {
		kernel = p.Kernels.Name
	}
	return Prepared{Kernel: kernel, Scratch: 4 * pool.c, Bind: func(m *Mem) (Step, error) {
		p := pool
		sums := tensor.Cast[int32](m.Scratch[:4*p.c])
		run := func() { linearSums(&p, m.In[0].I8(), m.Out[0].Data, sums, add) }
		if m.In[0].DType == tensor.U8 {
			run = func() { linearSums(&p, m.In[0].U8(), m.Out[0].Data, sums, addLinear) }
		}
		return func() error {
			p.read(m.In, o.DType)
			run()
			return nil
		}, nil
	}}, nil
}

// addLinear is kernels.Rows.SumS8 for uint8.
func addLinear(sums []int32, x []uint8) {
	for c, v := range x {
		sums[c] += int32(v)
	}
}

func linearSums[X int8 | uint8](p *linearPool, x []X, y []byte, sums []int32, add func(sums []int32, x []X)) {
	clear(sums)
	p.eachRow(func(row int) {
		add(sums, x[row:][:len(sums)])
	}, func(at, taps int) {
		m, zero, to := p.multiplier(taps), p.xZero*int32(taps), y[at:][:len(sums)]
		for c, s := range sums {
			to[c] = byte(p.rounding.of(float32(s-zero) * m))
		}
		clear(sums)
	})
}
