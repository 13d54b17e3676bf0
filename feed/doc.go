// Package feed turns files into the inputs of a model: .npy and .npz arrays,
// pictures, sound, tables and raw bytes.
//
// An *argument* is the name of a file, or "-" for standard input. A *set* is
// what one run needs: something for each input, in the model's order. One
// argument can hold several: the windows of a recording, the rows of a table,
// the arrays of a .npz.
//
// What becomes of the numbers is the same for all kinds. Those of the input's
// own type are taken as they are. Real numbers for an integer input are
// quantised with the input's scale, and a [Set] says so in its notes. Integers
// of another type are refused, since nobody can tell what they mean.
package feed

import (
	"io"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/media"
)

// Colour says which channels a picture is turned into.
type Colour int

// The channels of a picture. Grey repeats the luma where three are wanted; an
// input with one channel is grey in any case.
const (
	RGB Colour = iota
	BGR
	Grey
)

// Options say how files become inputs. The zero value is a good choice.
type Options struct {
	Kind   Kind       // of all files; Auto looks at each
	Resize media.Mode // how pictures are fitted
	Fill   uint8      // the grey around padded ones
	Colour Colour
	// Mean and Std normalise pixels of 0 to 255: (pixel-mean)/std. One number,
	// or one for each channel. nil leaves it to the model.
	Mean, Std []float32
	// Origin says in notes who gives Mean and Std; "" means flags.
	Origin string
	// Hop is the distance, in samples, of the windows that sound is cut into;
	// 0 means their length.
	Hop int
	// FrontEnd turns each window of sound into features, such as a spectrum; the
	// input takes those of as many windows as it has room for. Nil feeds the
	// samples themselves.
	FrontEnd *edgeinfer.Session
	// Features does so without a model, if FrontEnd is nil.
	Features *Features
	// Stored says that the numbers of tables are an integer input's stored
	// values, not real numbers to be quantised.
	Stored bool
	// Limit bounds the bytes of each file, unpacked; 0 means 1 GiB.
	Limit int64
	Stdin io.Reader
}

func (o *Options) limits() media.Limits { return media.Limits{Bytes: o.Limit} }

// defaultLimit bounds the bytes of a file.
const defaultLimit = 1 << 30
