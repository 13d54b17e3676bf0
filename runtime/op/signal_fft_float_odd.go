package op

// floatScale multiplies with a real number.
func floatScale(a complexOf[float32], by float32) complexOf[float32] {
	return complexOf[float32]{float32(a.re * by), float32(a.im * by)}
}

func (f *floatFFT) radix3(x []complexOf[float32], m, stride int) {
	x0, x1, x2 := x[:m], x[m:2*m], x[2*m:3*m]
	tw := f.twiddle
	sine := tw[stride*m].im // of ∓2π/3
	for k := range x0 {
		a := x0[k]
		b := floatMul(x1[k], tw[k*stride])
		c := floatMul(x2[k], tw[2*k*stride])
		sum := b.add(c)
		mid := a.sub(complexOf[float32]{float32(sum.re * 0.5), float32(sum.im * 0.5)})
		off := floatScale(b.sub(c), sine).turn(false)
		x0[k], x1[k], x2[k] = a.add(sum), mid.sub(off), mid.add(off)
	}
}

func (f *floatFFT) radix5(x []complexOf[float32], m, stride int) {
	x0, x1, x2, x3, x4 := x[:m], x[m:2*m], x[2*m:3*m], x[3*m:4*m], x[4*m:5*m]
	tw := f.twiddle
	p, q := tw[stride*m], tw[2*stride*m] // at ∓2π/5 and ∓4π/5
	for k := range x0 {
		a := x0[k]
		b := floatMul(x1[k], tw[k*stride])
		c := floatMul(x2[k], tw[2*k*stride])
		d := floatMul(x3[k], tw[3*k*stride])
		e := floatMul(x4[k], tw[4*k*stride])
		be, cd, bme, cmd := b.add(e), c.add(d), b.sub(e), c.sub(d)
		x0[k] = a.add(be.add(cd))
		mid := a.add(floatScale(be, p.re)).add(floatScale(cd, q.re))
		off := floatScale(bme, p.im).add(floatScale(cmd, q.im)).turn(false)
		x1[k], x4[k] = mid.sub(off), mid.add(off)
		mid = a.add(floatScale(be, q.re)).add(floatScale(cd, p.re))
		off = floatScale(bme, q.im).sub(floatScale(cmd, p.im)).turn(false)
		x2[k], x3[k] = mid.sub(off), mid.add(off)
	}
}
