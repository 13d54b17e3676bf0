package data

import (
	"cmp"

	"github.com/edgeinfer/edgeinfer/formats/media"
)

// PictureOptions say how pictures become samples of shape [height width channels].
type PictureOptions struct {
	// Width and Height are what all pictures are brought to; 0 means the first's.
	Width, Height int
	// Channels is 1 for grey or 3 for red, green, blue; 0 means the first's.
	Channels int
	// Resize says how pictures of another aspect are fitted.
	Resize media.Mode
}

// SoundOptions say how recordings become samples of shape [samples], in [−1, 1).
// Several channels become their mean.
type SoundOptions struct {
	// Rate is the sample rate to bring recordings to. 0 means the first recording's,
	// and a recording of another is an error then.
	Rate int
	// Samples is the length that recordings are cut or filled up to, at both ends
	// alike; 0 means one second.
	Samples int
}

// TextOptions say how text becomes sequences of characters.
type TextOptions struct {
	// Length is that of a sequence: 0 means 64, or, of lines, what the longest needs.
	Length int
	// Stride is from one sequence's start to the next's; 0 means Length.
	Stride int
	// Lines makes a sequence of each line, instead of windows over all the text.
	Lines bool
	// Symbols are all that the text may have, by number, as Symbols returns those of
	// a set; nil means those that it has.
	Symbols []string
}

func orElse(n, byDefault int) int { return cmp.Or(n, byDefault) }
