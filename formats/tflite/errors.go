package tflite

import (
	"errors"
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats"
	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

// The errors of loading, those of all formats.
type (
	// FormatError says that a file breaks the format: no reader could read it.
	FormatError = formats.FormatError
	// UnsupportedError says that a file is well formed but uses something that
	// this package does not read.
	UnsupportedError = formats.UnsupportedError
	// MissingError lists what a model needs and edgeinfer lacks.
	MissingError = formats.MissingError
	// Missing is one operator that cannot be run.
	Missing = formats.Missing
)

const formatName = "tflite"

// wrong returns a FormatError with no offset.
func wrong(where, format string, args ...any) error {
	return &FormatError{Format: formatName, Where: where, Offset: -1, What: fmt.Sprintf(format, args...)}
}

// broken turns an error of the flatbuffer under the model into a FormatError.
func broken(where string, err error) error {
	var e *flatbuf.Error
	if errors.As(err, &e) {
		return &FormatError{Format: formatName, Where: where, Offset: e.Offset, What: e.What}
	}
	return err
}
