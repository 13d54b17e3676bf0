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
}

// FormOf returns the form of a set's samples.
func FormOf(s Set) Form {
	shape := s.Shape()
	for {
		switch in := s.(type) {
		case *subset:
			s = in.Set
		case *concat:
			s = in.Set
		case *reshaped:
			s = in.Set
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
			if in.x.dtype == npy.Uint8 && in.mean == nil && isPicture(shape) {
				return Form{Picture: true, Scale: in.x.scale}
			}
			return Form{}
		default:
			return Form{}
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
	for {
		switch in := s.(type) {
		case *subset:
			s = in.Set
		case *concat:
			s = in.Set
		case *reshaped:
			s = in.Set
		case *mapped:
			s = in.Set
		case *files:
			switch d := in.decoder.(type) {
			case *pictures:
				o.Picture.Height, o.Picture.Width, o.Picture.Channels = d.h, d.w, d.c
			case *sounds:
				o.Sound.Samples, o.rate = d.n, d.rate
			}
			return o
		case *table:
			o.mean, o.std = in.mean, in.std
			return o
		default:
			return o
		}
	}
}

// isPicture says whether samples can be pixels of grey or of three colours.
func isPicture(shape []int) bool {
	return len(shape) == 2 || len(shape) == 3 && (shape[2] == 1 || shape[2] == 3)
}
