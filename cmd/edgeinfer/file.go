package main

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/internal/atomicfile"
)

// writeFile writes a file as a whole: path holds, at any moment, what it held
// before or all of data. What is no regular file, such as a pipe, is written to
// directly.
func writeFile(path string, data []byte) error {
	if err := atomicfile.WriteBytes(path, data); err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	return nil
}
