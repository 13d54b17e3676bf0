package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// fourier computes discrete Fourier transforms of n complex numbers, in
// float64 for all types: by decimation in time, one prime factor of n after
// the other. A large prime factor p costs p products a number.
type fourier struct {
	n        int
	factors  []int     // primes, ascending
	cos, sin []float64 // of 2π·k/n
}

func newFourier(n int) *fourier {
	f := &fourier{n: n, factors: primeFactors(n), cos: make([]float64, n), sin: make([]float64, n)}
	for k := range n {
		a := 2 * math.Pi * float64(k) / float64(n)
		f.cos[k], f.sin[k] = quant.Cos64(a), quant.Sin64(a)
	}
	return f
}

func primeFactors(n int) (fs []int) {
	for p := 2; n > 1; p++ {
		if int64(p)*int64(p) > int64(n) {
			p = n
		}
		for n%p == 0 {
			fs, n = append(fs, p), n/p
		}
	}
	return fs
}

// fourierWork is the number of products of a transform.
func fourierWork(n int) int64 {
	work := int64(1)
	for _, p := range primeFactors(n) {
		work += int64(p)
	}
	return work * int64(n)
}

// fourierScratch is the number of floats of a fourierLine of n.
func fourierScratch(n int) int64 { return 6 * int64(n) }

// fourierLine is the memory of one transform: its numbers and its results.
type fourierLine struct {
	*fourier
	re, im     []float64 // what is transformed
	outR, outI []float64
	tmpR, tmpI []float64
}

// line divides fourierScratch(n) floats.
func (f *fourier) line(s []float64) *fourierLine {
	part := func(i int) []float64 { return s[i*f.n : (i+1)*f.n] }
	return &fourierLine{f, part(0), part(1), part(2), part(3), part(4), part(5)}
}

// transform computes out[k] = Σ in[t]·e^(∓2πi·kt/n); the inverse has + and
// divides by n.
func (l *fourierLine) transform(inverse bool) {
	if l.n == 0 {
		return
	}
	sign := -1.0
	if inverse {
		sign = 1
	}
	l.part(0, 0, 1, l.n, l.factors, sign)
	if inverse {
		for k := range l.outR {
			l.outR[k] /= float64(l.n)
			l.outI[k] /= float64(l.n)
		}
	}
}

// part transforms the n numbers from in[at] on that are stride apart to
// out[to:].
func (l *fourierLine) part(to, at, stride, n int, factors []int, sign float64) {
	if n == 1 {
		l.outR[to], l.outI[to] = l.re[at], l.im[at]
		return
	}
	p := factors[0]
	m := n / p
	for q := range p {
		l.part(to+q*m, at+q*stride, stride*p, m, factors[1:], sign)
	}
	for k := range m {
		for q := range p {
			l.tmpR[q], l.tmpI[q] = l.outR[to+q*m+k], l.outI[to+q*m+k]
		}
		for r := range p {
			l.outR[to+k+m*r], l.outI[to+k+m*r] = l.sum(p, (k+m*r)*stride, sign)
		}
	}
}

// sum returns Σ tmp[q]·w^(q·step) for q below p.
func (l *fourierLine) sum(p, step int, sign float64) (re, im float64) {
	turn := 0
	for q := range p {
		c, s := l.cos[turn], sign*l.sin[turn]
		x, y := l.tmpR[q], l.tmpI[q]
		re += float64(x*c) - float64(y*s)
		im += float64(x*s) + float64(y*c)
		if turn += step; turn >= l.n {
			turn -= l.n
		}
	}
	return re, im
}

// floatAt returns element i of a tensor of floats.
func floatAt(v *tensor.View, i int) float64 {
	switch v.DType {
	case tensor.F32:
		return float64(v.F32()[i])
	case tensor.F16:
		return float64(quant.Float16(v.F16()[i]))
	}
	return v.F64()[i]
}

// setNumber stores x, rounded if v holds floats, and towards 0 if integers.
func setNumber(v *tensor.View, i int, x float64) {
	switch v.DType {
	case tensor.F32:
		v.F32()[i] = float32(x)
	case tensor.F16:
		v.F16()[i] = quant.Float16Bits(float32(x))
	case tensor.F64:
		v.F64()[i] = x
	case tensor.I8:
		v.I8()[i] = int8(int64(x))
	case tensor.U8, tensor.Bool:
		v.U8()[i] = uint8(int64(x))
	case tensor.I16:
		v.I16()[i] = int16(int64(x))
	case tensor.U16:
		v.U16()[i] = uint16(int64(x))
	case tensor.I32:
		v.I32()[i] = int32(x)
	case tensor.U32:
		v.U32()[i] = uint32(int64(x))
	case tensor.I64:
		v.I64()[i] = int64(x)
	case tensor.U64:
		v.U64()[i] = uint64(int64(x))
	}
}

// wantScalars checks that inputs which hold one integer each do, or are left out.
func wantScalars(in []tensor.View, at ...int) error {
	for _, i := range at {
		v := input(in, i)
		if v.Absent() {
			continue
		}
		if err := wantType(in, i, tensor.I64, tensor.I32); err != nil {
			return err
		}
		if v.Static() && v.Len() != 1 {
			return dataf("input %d has shape %v, want one number", i, v.Shape)
		}
	}
	return nil
}

// scalarOf returns the number that input i holds: def if it is left out,
// tensor.Dynamic if it isn't known. Below least it is an error.
func scalarOf(in []tensor.View, i, def, least int) (int, error) {
	v := input(in, i)
	if v.Absent() {
		return def, nil
	}
	if !v.Known() {
		return tensor.Dynamic, nil
	}
	x, err := intAt(&v, 0)
	if err == nil && x < least {
		err = dataf("input %d is %d, want %d or more", i, x, least)
	}
	return x, err
}

// transformer is an operator that transforms lines of a length that its inputs tell.
type transformer interface {
	// length returns that length, tensor.Dynamic if it isn't known. It
	// doesn't allocate.
	length(in []tensor.View) (int, error)
	transform(l *fourierLine, in, out []tensor.View) error
}

// refFourier runs o on memory of its own.
func refFourier(o transformer, in, out []tensor.View) error {
	n, err := o.length(in)
	if err != nil || out[0].Len() == 0 {
		return err
	}
	return o.transform(newFourier(n).line(make([]float64, fourierScratch(n))), in, out)
}

// prepareFourier tabulates sines and cosines: now if the length is known, else
// when it is, and again when it changes.
func prepareFourier(o transformer, p *Prep) (Prepared, error) {
	if p.Out[0].Len() == 0 {
		return nothing()
	}
	in := make([]tensor.View, len(p.In))
	for i := range in {
		in[i] = p.View(i)
	}
	n, err := o.length(in)
	if err != nil {
		return Prepared{}, err
	}
	var f *fourier
	bytes := 0
	if n != tensor.Dynamic {
		if bytes, err = scratchOf(8, []int64{fourierScratch(n)}); err != nil {
			return Prepared{}, err
		}
		f = newFourier(n)
	}
	return Prepared{Kernel: "go", Scratch: bytes, Bind: func(m *Mem) (Step, error) {
		var l *fourierLine
		if f != nil {
			l = f.line(tensor.Cast[float64](m.Scratch))
		}
		return func() error {
			n, err := o.length(m.In)
			if err != nil {
				return err
			}
			if l == nil || l.n != n {
				if fourierScratch(n) > math.MaxInt32/8 {
					return dataf("a transform of %d numbers is too long", n)
				}
				l = newFourier(n).line(make([]float64, fourierScratch(n)))
			}
			return o.transform(l, m.In, m.Out)
		}, nil
	}}, nil
}
