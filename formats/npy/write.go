package npy

import (
	"fmt"
	"io"

	"github.com/edgeinfer/edgeinfer/internal/atomicfile"
)

// Write writes a as np.save does, byte for byte: format version 1.0, C order,
// little-endian.
func Write(w io.Writer, a *Array) error {
	if err := write(w, a); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}

func write(w io.Writer, a *Array) error {
	if err := a.check(); err != nil {
		return err
	}
	row, _ := a.DType.row()
	if _, err := w.Write(formatHeader(row, a.Shape)); err != nil {
		return err
	}
	_, err := w.Write(a.Data)
	return err
}

// WriteFile writes a .npy file so that path holds, at any moment and after any
// crash or full disk, either what it held before or all of a: a temporary file
// in the same folder is synced and renamed. A path that exists and is no regular
// file (a pipe, /dev/stdout) is written to directly.
func WriteFile(path string, a *Array) error {
	if err := a.check(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := atomicfile.Write(path, func(w io.Writer) error { return write(w, a) }); err != nil {
		return fmt.Errorf("npy: %s: %w", path, err)
	}
	return nil
}
