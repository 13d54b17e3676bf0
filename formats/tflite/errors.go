package tflite

import (
	"errors"
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

// A FormatError says that a file breaks the format: no reader could read it.
type FormatError struct {
	Where  string // the part of the model, "" for the whole file
	Offset int64  // byte in the file, -1 if no single one is to blame
	What   string
}

func (e *FormatError) Error() string {
	s := "tflite: "
	if e.Where != "" {
		s += e.Where + ": "
	}
	if e.Offset >= 0 {
		s += fmt.Sprintf("byte %d: ", e.Offset)
	}
	return s + e.What
}

// An UnsupportedError says that a file is well formed but uses something that
// this package does not read.
type UnsupportedError struct {
	Where string // the part of the model, "" for the whole file
	What  string
}

func (e *UnsupportedError) Error() string {
	if e.Where == "" {
		return "tflite: " + e.What
	}
	return "tflite: " + e.Where + ": " + e.What
}

// wrong returns a FormatError with no offset.
func wrong(where, format string, args ...any) error {
	return &FormatError{Where: where, Offset: -1, What: fmt.Sprintf(format, args...)}
}

// broken turns an error of the flatbuffer under the model into a FormatError.
func broken(where string, err error) error {
	var e *flatbuf.Error
	if errors.As(err, &e) {
		return &FormatError{Where: where, Offset: e.Offset, What: e.What}
	}
	return err
}
