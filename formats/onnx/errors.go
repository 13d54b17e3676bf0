package onnx

import (
	"errors"
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats"
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

const formatName = "onnx"

// wrong returns a FormatError with no offset.
//
//go:noinline
func wrong(where, format string, args ...any) error {
	return &FormatError{Format: formatName, Where: where, Offset: -1, What: fmt.Sprintf(format, args...)}
}

// unsupported returns an UnsupportedError.
//
//go:noinline
func unsupported(where, format string, args ...any) error {
	return &UnsupportedError{Format: formatName, Where: where, What: fmt.Sprintf(format, args...)}
}

// errorf is fmt.Errorf, half of which the compiler would put into each of hundreds
// of places.
//
//go:noinline
func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }

// within puts a place before that of an error, on its way out to the caller. An
// error from outside this package is wrapped, once: it has no place to add to.
func within(err error, place string, args ...any) error {
	if err == nil {
		return nil
	}
	var (
		f *FormatError
		u *UnsupportedError
	)
	place = fmt.Sprintf(place, args...)
	switch {
	case errors.As(err, &f):
		return &FormatError{Format: formatName, Where: join(place, f.Where), Offset: f.Offset, What: f.What}
	case errors.As(err, &u):
		return &UnsupportedError{Format: formatName, Where: join(place, u.Where), What: u.What}
	}
	return fmt.Errorf("onnx: %s: %w", place, err)
}

func join(outer, inner string) string {
	if inner == "" {
		return outer
	}
	return outer + ": " + inner
}
