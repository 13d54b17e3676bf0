package data

import (
	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// Form is how a device makes samples like those of a set. Its zero value says
// nothing: the numbers are the data's own, or features of a front-end.
type Form struct {
	// Picture says that samples are pixels, [height width channels] or [height
	// width], of 0 to 255 that were divided by Scale.
	Picture bool
	Scale   float32
	Resize  media.Mode // how pictures of another size were fitted
	// Rate says that samples are sound of so many samples a second; 0 if not.
	Rate int
	// LogMel says that samples are spectra of sound of that Rate and so many Samples.
	LogMel  *LogMelOptions
	Samples int
	// Numbers is what became of stored numbers; nil if they are as they were.
	Numbers *Numbers
}

// Numbers says that stored numbers were divided by Scale, and that each number of a
// sample then lost its mean, and was divided by its standard deviation, if there are.
type Numbers struct {
	Scale     float32
	Mean, Std []float32 `json:",omitempty"`
}

// Apply does it to a sample.
func (n *Numbers) Apply(x []float32) {
	for i := range x {
		x[i] /= n.Scale
	}
	for i, m := range n.Mean {
		x[i] = (x[i] - m) / n.Std[i]
	}
}

// As makes Options read other files in that way.
func (n *Numbers) As(o *Options) {
	o.Scale = n.Scale
	if n.Mean != nil {
		o.Standardise, o.mean, o.std = true, n.Mean, n.Std
	}
}

// FormOf returns the form of a set's samples.
func FormOf(s Set) Form {
	shape := s.Shape()
	switch in := origin(s).(type) {
	case *mapped:
		l, ok := in.f.(*LogMel)
		f := FormOf(in.Set)
		if !ok || f.Rate == 0 || count(shape) != count(in.shape) {
			return Form{}
		}
		return Form{Rate: f.Rate, LogMel: &l.o, Samples: count(in.Set.Shape())}
	case *files:
		return in.form(shape)
	case *table:
		f := Form{}
		if in.x.dtype == npy.Uint8 && in.mean == nil && isPicture(shape) {
			f = Form{Picture: true, Scale: in.x.scale}
		}
		if in.x.scale != 1 || in.mean != nil {
			f.Numbers = &Numbers{in.x.scale, in.mean, in.std}
		}
		return f
	}
	return Form{}
}

// origin returns the set under those that choose, join and rearrange its samples.
func origin(s Set) Set {
	for {
		switch in := s.(type) {
		case *subset:
			s = in.Set
		case *concat:
			s = in.Set
		case *reshaped:
			s = in.Set
		case *oneHot:
			s = in.Set
		default:
			return s
		}
	}
}

func (f *files) form(shape []int) Form {
	switch d := f.decoder.(type) {
	case *pictures:
		if isPicture(shape) {
			return Form{Picture: true, Scale: f.one.scale, Resize: d.mode}
		}
	case *sounds:
		return Form{Rate: d.rate}
	}
	return Form{}
}

// As returns the options with which other files become samples like those of s,
// which was opened with o: of its classes, its symbols, its size; standardised as it
// is. Nothing is held out.
func (o Options) As(s Set) Options {
	o.Test = -1
	if c := s.Classes(); c != nil {
		o.Classes = c
	}
	if o.Text.Symbols = Symbols(s); o.Text.Symbols != nil {
		o.Text.Length = s.Shape()[0]
	}
	s = origin(s)
	for m, ok := s.(*mapped); ok; m, ok = s.(*mapped) {
		s = origin(m.Set)
	}
	switch in := s.(type) {
	case *files:
		switch d := in.decoder.(type) {
		case *pictures:
			o.Picture.Height, o.Picture.Width, o.Picture.Channels = d.h, d.w, d.c
		case *sounds:
			o.Sound.Samples, o.rate = d.n, d.rate
		}
	case *table:
		o.mean, o.std = in.mean, in.std
	}
	return o
}

// isPicture says whether samples can be pixels of grey or of three colours.
func isPicture(shape []int) bool {
	return len(shape) == 2 || len(shape) == 3 && (shape[2] == 1 || shape[2] == 3)
}
