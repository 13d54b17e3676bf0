package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// floatFFT transforms float32 numbers, in the same order as fixedFFT and
// without dividing: only the inverse is divided, by its length.
type floatFFT struct{ fftTable[float32] }

// floatMul multiplies without fusing: every product is rounded.
func floatMul(a, b complexOf[float32]) complexOf[float32] {
	return complexOf[float32]{
		float32(a.re*b.re) - float32(a.im*b.im),
		float32(a.re*b.im) + float32(a.im*b.re),
	}
}

// transform runs the stages over x, which is in the table's order.
func (f *floatFFT) transform(x []complexOf[float32]) {
	for _, s := range f.stages {
		for block := x; len(block) > 0; block = block[s.radix*s.m:] {
			switch s.radix {
			case 2:
				f.radix2(block, s.m, s.stride)
			case 3:
				f.radix3(block, s.m, s.stride)
			case 4:
				f.radix4(block, s.m, s.stride)
			case 5:
				f.radix5(block, s.m, s.stride)
			}
		}
	}
}

func (f *floatFFT) radix2(x []complexOf[float32], m, stride int) {
	x0, x1 := x[:m], x[m:2*m]
	for k := range x0 {
		a, b := x0[k], floatMul(x1[k], f.twiddle[k*stride])
		x0[k], x1[k] = a.add(b), a.sub(b)
	}
}

func (f *floatFFT) radix4(x []complexOf[float32], m, stride int) {
	x0, x1, x2, x3 := x[:m], x[m:2*m], x[2*m:3*m], x[3*m:4*m]
	tw := f.twiddle
	for k := range x0 {
		a, b := x0[k], floatMul(x1[k], tw[k*stride])
		c, d := floatMul(x2[k], tw[2*k*stride]), floatMul(x3[k], tw[3*k*stride])
		even, odd := a.add(c), a.sub(c)
		sum, turned := b.add(d), b.sub(d).turn(f.back)
		x0[k], x2[k] = even.add(sum), even.sub(sum)
		x1[k], x3[k] = odd.add(turned), odd.sub(turned)
	}
}

func (f *floatFFT) forward(dst, src, tmp []byte) {
	x, in, out := complexes[float32](tmp), tensor.Cast[float32](src), complexes[float32](dst)
	for i, from := range f.order {
		var c complexOf[float32]
		if k := 2 * int(from); k+1 < len(in) {
			c = complexOf[float32]{in[k], in[k+1]}
		} else if k < len(in) {
			c.re = in[k]
		}
		x[i] = c
	}
	f.transform(x)
	out[0], out[f.n] = complexOf[float32]{re: x[0].re + x[0].im}, complexOf[float32]{re: x[0].re - x[0].im}
	for k := 1; k <= f.n/2; k++ {
		a, b := x[k], x[f.n-k].conj()
		even, odd := a.add(b), floatMul(a.sub(b), f.split[k-1])
		p, q := even.add(odd), even.sub(odd).conj()
		out[k] = complexOf[float32]{p.re * 0.5, p.im * 0.5}
		out[f.n-k] = complexOf[float32]{q.re * 0.5, q.im * 0.5}
	}
}

func (f *floatFFT) inverse(dst, src, tmp []byte) {
	x, in, out := complexes[float32](tmp), complexes[float32](src), complexes[float32](dst)
	x[0] = complexOf[float32]{in[0].re + in[f.n].re, in[0].re - in[f.n].re}
	for k := 1; k <= f.n/2; k++ {
		a, b := in[k], in[f.n-k].conj()
		even, odd := a.add(b), floatMul(a.sub(b), f.split[k-1])
		x[k] = even.add(odd)
		x[f.n-k] = even.sub(odd).conj()
	}
	for i, from := range f.order {
		out[i] = x[from]
	}
	f.transform(out)
	length := float32(2 * f.n)
	for i, c := range out {
		out[i] = complexOf[float32]{c.re / length, c.im / length}
	}
}
