// Package demo holds what the command's demo runs: a small int8 model that
// reads handwritten digits, and recorded samples that it was not trained on.
//
// The samples are the last 360 of "Optical Recognition of Handwritten Digits",
// E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, CC BY 4.0. Each
// is 8x8 pixels of 0 to 16. demo/gen trains the model on the 1,437 before.
package demo

import (
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strings"
)

// Model is a .tflite file: int8[1 8 8 1] in, int8[1 10] out, a probability
// for each digit.
//
//go:generate go run ./gen -data ../../shared/data/digits8x8/digits.csv.gz
//go:embed digits.tflite
var Model []byte

//go:embed samples.gz
var samples string

// Side is the width and height of a sample, and Levels its greatest pixel.
const (
	Side   = 8
	Levels = 16
)

// Sample is a picture of a digit.
type Sample struct {
	Pixels [Side * Side]uint8 // rows from the top, 0 to Levels
	Digit  int                // what the writer meant
}

// Samples returns the recorded samples.
func Samples() ([]Sample, error) {
	r, err := gzip.NewReader(strings.NewReader(samples))
	if err != nil {
		return nil, fmt.Errorf("embedded samples: %w", err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("embedded samples: %w", err)
	}
	const size = Side*Side + 1
	out := make([]Sample, len(b)/size)
	for i := range out {
		copy(out[i].Pixels[:], b[i*size:])
		out[i].Digit = int(b[i*size+size-1])
	}
	return out, nil
}

// Real returns the pixels as the numbers that the model was trained on, 0 to 1.
func (s *Sample) Real() []float32 {
	x := make([]float32, len(s.Pixels))
	for i, p := range s.Pixels {
		x[i] = float32(p) / Levels
	}
	return x
}
