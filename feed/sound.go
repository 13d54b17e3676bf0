package feed

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/media"
)

// sound cuts a recording into windows of the input's length, Hop samples apart.
// It is made mono, and brought to the sample rate that the model's metadata
// names. Samples are in [-1, 1), or int16 as the file has them for an int16
// input.
func (o *Options) sound(a *media.Audio, t *target) ([]item, error) {
	note := ""
	channels := 1
	if t.meta != nil && t.meta.Content.Audio != nil {
		want := t.meta.Content.Audio
		channels = max(1, int(want.Channels))
		if rate := int(want.SampleRate); rate != 0 && rate != a.Rate {
			note = fmt.Sprintf("resampled from %d to %d Hz", a.Rate, rate)
			var err error
			if a, err = a.Resample(rate); err != nil {
				return nil, err
			}
		}
	}
	switch {
	case a.Channels == channels:
	case channels == 1:
		a = a.Mono()
	default:
		return nil, fmt.Errorf("%d channels where the model wants %d", a.Channels, channels)
	}
	n := t.len()
	if n == 0 || n%channels != 0 {
		return nil, fmt.Errorf("an input of shape %v does not take sound", t.shape)
	}
	hop := o.Hop * channels
	if hop <= 0 {
		hop = n
	}
	windows := 1
	if extra := len(a.Samples) - n; extra > 0 {
		windows += extra / hop
	}
	return cut(a, t, n, hop, windows, note), nil
}

// cut returns the windows. The last one is filled up with silence if the
// recording is shorter than a window; a rest that fills none is left out.
func cut(a *media.Audio, t *target, n, hop, windows int, note string) []item {
	short := max(0, n-len(a.Samples))
	if short > 0 {
		note = join(note, fmt.Sprintf("filled up with %d samples of silence", short))
	} else if rest := len(a.Samples) - (windows-1)*hop - n; rest > 0 {
		note = join(note, fmt.Sprintf("the last %d samples fill no window and are left out", rest))
	}
	parts := make([]item, windows)
	whole := a.Samples
	if short > 0 {
		whole = append(whole[:len(whole):len(whole)], make([]float32, short)...)
	}
	for k := range parts {
		part := media.Audio{Rate: a.Rate, Channels: a.Channels, Samples: whole[k*hop : k*hop+n]}
		parts[k] = func(t *edgeinfer.Tensor) (string, error) {
			if t.DType() == edgeinfer.Int16 {
				copy(t.Int16(), part.Int16())
				return note, nil
			}
			return join(note, conversion(t)), t.SetFloats(part.Samples)
		}
	}
	return parts
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
