package op

// fixedScale multiplies with a real number, rounding.
func fixedScale[T int16 | int32](a complexOf[T], by T) complexOf[T] {
	return complexOf[T]{narrow[T](int64(a.re) * int64(by)), narrow[T](int64(a.im) * int64(by))}
}

func (f *fixedFFT[T]) radix3(x []complexOf[T], m, stride int) {
	x0, x1, x2 := x[:m], x[m:2*m], x[2*m:3*m]
	tw := f.twiddle
	sine := tw[stride*m].im // of ∓2π/3
	for k := range x0 {
		a := fixedDiv(x0[k], 3)
		b := fixedMul(fixedDiv(x1[k], 3), tw[k*stride])
		c := fixedMul(fixedDiv(x2[k], 3), tw[2*k*stride])
		sum := b.add(c)
		mid := a.sub(complexOf[T]{sum.re >> 1, sum.im >> 1})
		off := fixedScale(b.sub(c), sine).turn(false)
		x0[k], x1[k], x2[k] = a.add(sum), mid.sub(off), mid.add(off)
	}
}

func (f *fixedFFT[T]) radix5(x []complexOf[T], m, stride int) {
	x0, x1, x2, x3, x4 := x[:m], x[m:2*m], x[2*m:3*m], x[3*m:4*m], x[4*m:5*m]
	tw := f.twiddle
	p, q := tw[stride*m], tw[2*stride*m] // at ∓2π/5 and ∓4π/5
	for k := range x0 {
		a := fixedDiv(x0[k], 5)
		b := fixedMul(fixedDiv(x1[k], 5), tw[k*stride])
		c := fixedMul(fixedDiv(x2[k], 5), tw[2*k*stride])
		d := fixedMul(fixedDiv(x3[k], 5), tw[3*k*stride])
		e := fixedMul(fixedDiv(x4[k], 5), tw[4*k*stride])
		be, cd, bme, cmd := b.add(e), c.add(d), b.sub(e), c.sub(d)
		x0[k] = a.add(be.add(cd))
		mid := a.add(fixedScale(be, p.re)).add(fixedScale(cd, q.re))
		off := fixedScale(bme, p.im).add(fixedScale(cmd, q.im)).turn(false)
		x1[k], x4[k] = mid.sub(off), mid.add(off)
		mid = a.add(fixedScale(be, q.re)).add(fixedScale(cd, p.re))
		off = fixedScale(bme, q.im).sub(fixedScale(cmd, p.im)).turn(false)
		x2[k], x3[k] = mid.sub(off), mid.add(off)
	}
}
