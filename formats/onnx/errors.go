package onnx

import (
	"errors"
	"fmt"
)

// A FormatError says that a file breaks the format: no reader could read it.
type FormatError struct {
	Where  string // the part of the model, "" for the whole file
	Offset int64  // byte in the file, -1 if no single one is to blame
	What   string
}

func (e *FormatError) Error() string {
	s := "onnx: "
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
		return "onnx: " + e.What
	}
	return "onnx: " + e.Where + ": " + e.What
}

// wrong returns a FormatError with no offset.
func wrong(where, format string, args ...any) error {
	return &FormatError{Where: where, Offset: -1, What: fmt.Sprintf(format, args...)}
}

// unsupported returns an UnsupportedError.
func unsupported(where, format string, args ...any) error {
	return &UnsupportedError{Where: where, What: fmt.Sprintf(format, args...)}
}

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
		return &FormatError{Where: join(place, f.Where), Offset: f.Offset, What: f.What}
	case errors.As(err, &u):
		return &UnsupportedError{Where: join(place, u.Where), What: u.What}
	}
	return fmt.Errorf("onnx: %s: %w", place, err)
}

func join(outer, inner string) string {
	if inner == "" {
		return outer
	}
	return outer + ": " + inner
}
