package data

// PictureOptions say how pictures become samples of shape [height width channels].
type PictureOptions struct {
	// Width and Height are what all pictures are brought to; 0 means the first's.
	Width, Height int
	// Channels is 1 for grey or 3 for red, green, blue; 0 means the first's.
	Channels int
}

// SoundOptions say how recordings become samples of shape [samples].
type SoundOptions struct {
	// Rate is the sample rate; 0 means the first recording's, and a recording of
	// another is an error then.
	Rate int
	// Samples is the length that recordings are cut or filled up to, at both ends
	// alike; 0 means one second.
	Samples int
}

// TextOptions say how text becomes sequences of characters.
type TextOptions struct {
	// Length is that of a sequence, 64 by default; of lines, the longest's by default.
	Length int
	// Stride is from one sequence's start to the next's; 0 means Length.
	Stride int
	// Lines makes a sequence of each line, instead of windows over all the text.
	Lines bool
}
