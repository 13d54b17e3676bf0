package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// DFT is ONNX's discrete Fourier transform along one axis. The last dimension
// of input 0 is 1 (real) or 2 (real and imaginary parts). Input 1 is the
// length, to which the axis is cut or filled with zeros; input 2 the axis,
// which is Axis if it is left out. Onesided: only the first n/2+1 results; or,
// of the inverse, these are given, and the result is real.
type DFT struct {
	Inverse, Onesided bool
	Axis              int
}

// resolve returns the axis and the length, Dynamic where they aren't known.
func (o *DFT) resolve(in []tensor.View) (axis, n int, err error) {
	axis = o.Axis
	if v := input(in, 2); !v.Absent() {
		if !v.Known() {
			return tensor.Dynamic, tensor.Dynamic, nil
		}
		if axis, err = intAt(&v, 0); err != nil {
			return 0, 0, err
		}
	}
	if axis, err = axisOf(axis, in[0].Rank()); err != nil {
		return 0, 0, err
	}
	if axis == in[0].Rank()-1 {
		return 0, 0, errorf("axis %d of %v holds real and imaginary parts", axis, in[0].Shape)
	}
	if n = in[0].Shape[axis]; n != tensor.Dynamic && o.Inverse && o.Onesided {
		n = max(2*(n-1), 0)
	}
	if n, err = scalarOf(in, 1, n, 1); err == nil && n == 0 {
		err = errorf("axis %d of %v has no numbers to transform", axis, in[0].Shape)
	}
	return axis, n, err
}

// Infer checks the inputs.
func (o *DFT) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 3); err != nil {
		return nil, err
	}
	if err := wantFloats(in, 0); err != nil {
		return nil, err
	}
	if err := wantScalars(in, 1, 2); err != nil {
		return nil, err
	}
	rank := in[0].Rank()
	if rank < 2 {
		return nil, errorf("input 0 has shape %v, want rank 2 or more", in[0].Shape)
	}
	if d := in[0].Shape[rank-1]; d != 1 && d != 2 && d != tensor.Dynamic {
		return nil, errorf("input 0 has shape %v, want a last dimension of 1 or 2", in[0].Shape)
	}
	axis, n, err := o.resolve(in)
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(in[0].Shape)
	if axis == tensor.Dynamic {
		shape = dynamicShape(rank)
	} else if shape[axis] = n; o.Onesided && !o.Inverse && n != tensor.Dynamic {
		shape[axis] = n/2 + 1
	}
	if shape[rank-1] = 2; o.Inverse && o.Onesided {
		shape[rank-1] = 1
	}
	return []tensor.Type{tensor.Of(in[0].DType, shape...)}, nil
}

func (o *DFT) length(in []tensor.View) (int, error) {
	_, n, err := o.resolve(in)
	return n, err
}

// Ref transforms one line after the other.
func (o *DFT) Ref(in, out []tensor.View) error { return refFourier(o, in, out) }

// Prepare tabulates sines and cosines.
func (o *DFT) Prepare(p *Prep) (Prepared, error) { return prepareFourier(o, p) }

// Work counts products, supposing that the longest axis is the one.
func (o *DFT) Work(_, out []tensor.Type) int64 {
	most := int64(0)
	for _, d := range out[0].Shape[:out[0].Rank()-1] {
		n := d
		if o.Onesided && !o.Inverse {
			n = 2 * d
		}
		most = max(most, fourierWork(n)/int64(max(n, 1)))
	}
	return 4 * most * int64(out[0].Len())
}

func (o *DFT) transform(l *fourierLine, in, out []tensor.View) error {
	axis, _, err := o.resolve(in)
	if err != nil {
		return err
	}
	x, y := &in[0], &out[0]
	inner := product(x.Shape[axis+1 : x.Rank()-1])
	for i := range product(x.Shape[:axis]) {
		for j := range inner {
			l.load(x, i*x.Shape[axis]*inner+j, inner, x.Shape[axis])
			if o.Inverse && o.Onesided {
				l.mirror()
			}
			l.transform(o.Inverse)
			l.store(y, i*y.Shape[axis]*inner+j, inner, y.Shape[axis])
		}
	}
	return nil
}

// load reads n numbers from number at of x on, which are step apart, and
// fills up with zeros.
func (l *fourierLine) load(x *tensor.View, at, step, n int) {
	clear(l.re)
	clear(l.im)
	parts := lastDim(x.Shape)
	for t := range min(n, l.n) {
		l.re[t] = floatAt(x, at*parts)
		if parts == 2 {
			l.im[t] = floatAt(x, at*parts+1)
		}
		at += step
	}
}

// store writes the first n results.
func (l *fourierLine) store(y *tensor.View, at, step, n int) {
	parts := lastDim(y.Shape)
	for k := range n {
		setNumber(y, at*parts, l.outR[k])
		if parts == 2 {
			setNumber(y, at*parts+1, l.outI[k])
		}
		at += step
	}
}

// mirror makes the numbers those of a real signal, given the first half.
func (l *fourierLine) mirror() {
	l.im[0] = 0
	for k := 1; k <= l.n-k; k++ {
		if k == l.n-k {
			l.im[k] = 0
		}
		l.re[l.n-k], l.im[l.n-k] = l.re[k], -l.im[k]
	}
}
