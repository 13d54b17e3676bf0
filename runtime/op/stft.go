package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// STFT is ONNX's short-time Fourier transform: frames of input 0, the signal
// [batch n parts], parts being 1 or 2, that begin frame_step (input 1) apart,
// times the window (input 2, [frame_length], optional), are transformed.
// Input 3 is frame_length, if there is no window. The output is
// [batch frames bins 2], bins being frame_length, or frame_length/2+1 if Onesided.
type STFT struct{ Onesided bool }

// resolve returns frame_step and frame_length, Dynamic where not known.
func (*STFT) resolve(in []tensor.View) (step, length int, err error) {
	if step, err = scalarOf(in, 1, 0, 1); err != nil {
		return 0, 0, err
	}
	length = in[0].Shape[1]
	w := input(in, 2)
	if !w.Absent() {
		length = w.Shape[0]
	}
	given, err := scalarOf(in, 3, length, 1)
	if err != nil {
		return 0, 0, err
	}
	if !w.Absent() && differ(given, length) {
		return 0, 0, errorf("frame_length is %d, and the window has shape %v", given, w.Shape)
	}
	return step, given, nil
}

// Infer checks the inputs.
func (o *STFT) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 4); err != nil {
		return nil, err
	}
	if err := wantFloats(in, 0, 2); err != nil {
		return nil, err
	}
	if err := wantScalars(in, 1, 3); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 3); err != nil {
		return nil, err
	}
	if w := input(in, 2); !w.Absent() && w.Rank() != 1 {
		return nil, errorf("the window has shape %v, want rank 1", w.Shape)
	}
	x := in[0].Shape
	if differ(x[2], 1) && differ(x[2], 2) {
		return nil, errorf("input 0 has shape %v, want a last dimension of 1 or 2", x)
	}
	step, length, err := o.resolve(in)
	if err != nil {
		return nil, err
	}
	frames, bins := tensor.Dynamic, length
	if step != tensor.Dynamic && length != tensor.Dynamic && x[1] != tensor.Dynamic {
		if length < 1 || length > x[1] {
			return nil, errorf("frames of %d of a signal of %d", length, x[1])
		}
		frames = 1 + (x[1]-length)/step
	}
	if o.Onesided && bins != tensor.Dynamic {
		bins = bins/2 + 1
	}
	return []tensor.Type{tensor.Of(in[0].DType, x[0], frames, bins, 2)}, nil
}

func (o *STFT) length(in []tensor.View) (int, error) {
	_, n, err := o.resolve(in)
	return n, err
}

// Ref transforms one frame after the other.
func (o *STFT) Ref(in, out []tensor.View) error { return refFourier(o, in, out) }

// Prepare tabulates sines and cosines.
func (o *STFT) Prepare(p *Prep) (Prepared, error) { return prepareFourier(o, p) }

// Work counts products.
func (o *STFT) Work(_, out []tensor.Type) int64 {
	n := out[0].Shape[2]
	if o.Onesided {
		n *= 2
	}
	return 4 * fourierWork(n) * int64(out[0].Shape[0]) * int64(out[0].Shape[1])
}

func (o *STFT) transform(l *fourierLine, in, out []tensor.View) error {
	step, _, err := o.resolve(in)
	if err != nil {
		return err
	}
	x, w, y := &in[0], input(in, 2), &out[0]
	frames, bins := y.Shape[1], y.Shape[2]
	for b := range x.Shape[0] {
		for f := range frames {
			l.load(x, b*x.Shape[1]+f*step, 1, l.n)
			for t := range l.n {
				if !w.Absent() {
					gain := floatAt(&w, t)
					l.re[t] *= gain
					l.im[t] *= gain
				}
			}
			l.transform(false)
			l.store(y, (b*frames+f)*bins, 1, bins)
		}
	}
	return nil
}
