package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Prepare weighs two rows of the image once for each row of the output; then
// only columns are left to be mixed.
func (o *ResizeBilinear) Prepare(p *Prep) (Prepared, error) {
	if p.Out[0].Len() == 0 {
		return Prepared{Kernel: "go", Bind: func(*Mem) (Step, error) { return nil, nil }}, nil
	}
	s := imagesOf(&p.In[0], &p.Out[0])
	bind := func(m *Mem) (Step, error) { return o.bindF32(s, m), nil }
	scratch := 2 * 4 * s.w * s.c
	switch p.In[0].DType {
	case tensor.U8:
		bind = func(m *Mem) (Step, error) { return o.bindU8(s, m), nil }
	case tensor.I8:
		bind = func(m *Mem) (Step, error) { return bindBilinear[int8, int32](*o, s, m), nil }
	case tensor.I16:
		bind = func(m *Mem) (Step, error) { return bindBilinear[int16, int64](*o, s, m), nil }
		scratch *= 2
	}
	return Prepared{Kernel: "go", PerWorker: scratch, Bind: bind}, nil
}

// rows returns a step that calls row for each row of the output, on workers.
func (s images) rows(m *Mem, row func(worker, image, oy int)) Step {
	n := s.threads(m.Env.Workers, 4)
	return onWorkers(m.Env.Workers, n, func(w int) {
		from, to := Share(s.n*s.oh, w, n, 1)
		for i := from; i < to; i++ {
			row(w, i/s.oh, i%s.oh)
		}
	})
}

func (o *ResizeBilinear) bindF32(s images, m *Mem) Step {
	x, y := m.In[0].F32(), m.Out[0].F32()
	xs, line := o.mixesF32(s.w, s.ow), s.w*s.c
	return s.rows(m, func(w, image, oy int) {
		my := o.f32(oy, s.h, s.oh)
		rows := tensor.Cast[float32](m.PerWorker[w])
		a, b := rows[:line], rows[line:2*line]
		weigh(a, x[(image*s.h+my.lo)*line:], my.a)
		weigh(b, x[(image*s.h+my.hi)*line:], my.b)
		s.mixRow(y[(image*s.oh+oy)*s.ow*s.c:], a, b, xs)
	})
}

func (o *ResizeBilinear) bindU8(s images, m *Mem) Step {
	x, y := m.In[0].U8(), m.Out[0].U8()
	xs, line := o.mixesF32(s.w, s.ow), s.w*s.c
	return s.rows(m, func(w, image, oy int) {
		my := o.f32(oy, s.h, s.oh)
		rows := tensor.Cast[float32](m.PerWorker[w])
		a, b := rows[:line], rows[line:2*line]
		weigh(a, x[(image*s.h+my.lo)*line:], my.a)
		weigh(b, x[(image*s.h+my.hi)*line:], my.b)
		dst := y[(image*s.oh+oy)*s.ow*s.c:]
		for ox, mx := range xs {
			lo, hi := mx.lo*s.c, mx.hi*s.c
			for ch := range s.c {
				v := float32(a[lo+ch]*mx.a) + float32(b[lo+ch]*mx.a)
				v += float32(a[hi+ch] * mx.b)
				v += float32(b[hi+ch] * mx.b)
				dst[ox*s.c+ch] = uint8(v + 0.5)
			}
		}
	})
}

func (o *ResizeBilinear) mixesF32(n, out int) []mixF32 {
	xs := make([]mixF32, out)
	for i := range xs {
		xs[i] = o.f32(i, n, out)
	}
	return xs
}

func weigh[T tensor.Element](dst []float32, x []T, by float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = float32(v) * by
	}
}

// mixRow mixes the columns of two weighed rows.
func (s *images) mixRow(dst, a, b []float32, xs []mixF32) {
	for ox, mx := range xs {
		a0, b0 := a[mx.lo*s.c:][:s.c], b[mx.lo*s.c:][:s.c]
		a1, b1 := a[mx.hi*s.c:][:s.c], b[mx.hi*s.c:][:s.c]
		y := dst[ox*s.c:][:s.c]
		for ch := range y {
			v := float32(a0[ch]*mx.a) + float32(b0[ch]*mx.a)
			v += float32(a1[ch] * mx.b)
			v += float32(b1[ch] * mx.b)
			y[ch] = v + 0
		}
	}
}

// bindBilinear mixes integers. S holds sums: weights of a pixel add up to 2 at
// most in size along an axis, so that those of int8 stay below 2^30.
func bindBilinear[T int8 | int16, S int32 | int64](o ResizeBilinear, s images, m *Mem) Step {
	x, y := tensor.Cast[T](m.In[0].Data), tensor.Cast[T](m.Out[0].Data)
	line, xs := s.w*s.c, make([]mixInt, s.ow)
	for i := range xs {
		xs[i] = o.int(i, s.w, s.ow)
	}
	return s.rows(m, func(w, image, oy int) {
		my := o.int(oy, s.h, s.oh)
		rows := tensor.Cast[S](m.PerWorker[w])
		a, b := rows[:line], rows[line:2*line]
		top, bottom := x[(image*s.h+my.lo)*line:][:line], x[(image*s.h+my.hi)*line:][:line]
		for i := range a {
			a[i], b[i] = S(top[i])*S(my.a), S(bottom[i])*S(my.b)
			a[i] += b[i] // exact, unlike floats: one row is enough
		}
		dst := y[(image*s.oh+oy)*s.ow*s.c:]
		for ox, mx := range xs {
			a0, a1 := a[mx.lo*s.c:][:s.c], a[mx.hi*s.c:][:s.c]
			y := dst[ox*s.c:][:s.c]
			for ch := range y {
				v := a0[ch]*S(mx.a) + a1[ch]*S(mx.b)
				if v > 0 {
					y[ch] = T((v + 1<<19) >> 20)
				} else {
					y[ch] = T((v - 1<<19) / (1 << 20))
				}
			}
		}
	})
}
