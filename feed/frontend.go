package feed

import (
	"errors"
	"fmt"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// soundParts returns what t takes of a recording: samples, or features if there
// is a front-end.
func (o *Options) soundParts(a *media.Audio, t *target) ([]item, error) {
	if o.Features != nil && o.FrontEnd == nil {
		return o.featureParts(a, t)
	}
	if o.FrontEnd == nil {
		return o.sound(a, t)
	}
	if o.FrontEnd.Inputs() != 1 || o.FrontEnd.Outputs() == 0 {
		return nil, errors.New("the front-end must have one input, for sound, and an output")
	}
	in := newTarget(o.FrontEnd.Input(0), nil)
	windows, err := o.sound(a, &in)
	if err != nil {
		return nil, fmt.Errorf("front-end: %w", err)
	}
	x, err := o.features(windows)
	if err != nil {
		return nil, fmt.Errorf("front-end: %w", err)
	}
	if err := convertible(x.DType, t); err != nil {
		return nil, fmt.Errorf("front-end: %w", err)
	}
	n := t.len()
	if n == 0 || x.Len() < n {
		return nil, fmt.Errorf("front-end: %d windows make %d features, the input takes %d: give a longer recording or a shorter --hop", len(windows), x.Len(), n)
	}
	note := fmt.Sprintf("%d windows of sound became %d features", len(windows), x.Len())
	parts := arrayItems(x, t, x.Len()/n)
	for i, p := range parts {
		parts[i] = func(t *edgeinfer.Tensor) (string, error) {
			more, err := p(t)
			return join(note, more), err
		}
	}
	return parts, nil
}

// features runs the front-end, from its first state, on each window, and
// returns its outputs one after the other.
func (o *Options) features(windows []item) (*npy.Array, error) {
	fe := o.FrontEnd
	out := fe.Output(0)
	x := &npy.Array{DType: npy.DType(out.DType().String()), Shape: []int{len(windows) * out.Len()}}
	if int64(len(windows))*int64(len(out.Bytes())) > o.Limit {
		return nil, fmt.Errorf("%d windows of %d features are more than the limit of %d bytes", len(windows), out.Len(), o.Limit)
	}
	fe.Reset()
	for _, w := range windows {
		if _, err := w(fe.Input(0)); err != nil {
			return nil, err
		}
		if err := fe.Run(); err != nil {
			return nil, err
		}
		x.Data = append(x.Data, out.Bytes()...)
	}
	return x, nil
}

// Features is a front-end in Go.
type Features struct {
	Rate    int                              // of the sound, in Hz
	Samples int                              // that Make takes
	Make    func(out, sound []float32)       // fills the input's numbers
	Fits    func(samples, numbers int) error // says whether Make gives so many numbers
}

// featureParts makes the input's numbers of a recording: of its middle if it is
// shorter than two windows, as in training, else of each window.
func (o *Options) featureParts(a *media.Audio, t *target) ([]item, error) {
	f := o.Features
	if err := f.Fits(f.Samples, t.len()); err != nil {
		return nil, err
	}
	rate := a.Rate
	a, err := a.Mono().Resample(f.Rate)
	if err != nil {
		return nil, err
	}
	if n := len(a.Samples); n < 2*f.Samples {
		middle := make([]float32, f.Samples)
		skip := (n - f.Samples) / 2 // less than 0: silence at both ends
		for i := range middle {
			if k := i + skip; k >= 0 && k < n {
				middle[i] = a.Samples[k]
			}
		}
		a.Samples = middle
	}
	hop := o.Hop
	if hop <= 0 {
		hop = f.Samples
	}
	note := "sound became the features that the model was trained on"
	if rate != f.Rate {
		note = join(fmt.Sprintf("resampled from %d to %d Hz", rate, f.Rate), note)
	}
	parts := make([]item, (len(a.Samples)-f.Samples)/hop+1)
	for k := range parts {
		window := a.Samples[k*hop:][:f.Samples]
		parts[k] = func(to *edgeinfer.Tensor) (string, error) {
			x := make([]float32, t.len())
			f.Make(x, window)
			return join(note, conversion(to)), to.SetFloats(x)
		}
	}
	return parts, nil
}
