package data

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// store is bytes in memory or in a file. The file closes when nothing refers to it
// any more.
type store struct {
	mem    []byte
	file   *os.File // nil for memory
	offset int64    // in file
	size   int64
}

func inMemory(b []byte) store { return store{mem: b, size: int64(len(b))} }

// spool takes bytes one after the other: into memory up to a limit, beyond it into
// a temporary file without a name.
type spool struct {
	limit int64
	mem   []byte
	file  *os.File
	w     *bufio.Writer
	n     int64
}

func (s *spool) Write(p []byte) (int, error) {
	s.n += int64(len(p))
	if s.file == nil && s.n <= s.limit {
		s.mem = append(s.mem, p...)
		return len(p), nil
	}
	if s.file == nil {
		var err error
		if s.file, err = unnamedFile(); err != nil {
			return 0, err
		}
		s.w = bufio.NewWriterSize(s.file, 1<<18)
		if _, err := s.w.Write(s.mem); err != nil {
			return 0, err
		}
		s.mem = nil
	}
	return s.w.Write(p)
}

// store ends the writing.
func (s *spool) store() (store, error) {
	if s.file == nil {
		return inMemory(s.mem), nil
	}
	if err := s.w.Flush(); err != nil {
		return store{}, err
	}
	return store{file: s.file, size: s.n}, nil
}

// unnamedFile returns a temporary file that has no name, or loses it at the end
// where the system does not remove the names of open files.
func unnamedFile() (*os.File, error) {
	f, err := os.CreateTemp("", "edgeinfer-data-")
	if err != nil {
		return nil, fmt.Errorf("no room beyond memory: %w: set TMPDIR, or raise the memory limit", err)
	}
	if os.Remove(f.Name()) != nil {
		runtime.AddCleanup(f, func(name string) { _ = os.Remove(name) }, f.Name())
	}
	return f, nil
}

// read stores exactly n bytes of r, which must end there.
func readStore(r io.Reader, n, memory int64) (store, error) {
	s := &spool{limit: memory}
	got, err := io.Copy(s, io.LimitReader(r, n))
	switch {
	case err == nil && got < n:
		return store{}, fmt.Errorf("%d bytes where the header promises %d: truncated? get the file again", got, n)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return store{}, fmt.Errorf("ends after %d of %d bytes: %w: truncated? get the file again", got, n, err)
	case err != nil:
		return store{}, err
	}
	switch more, err := io.CopyN(io.Discard, r, 1); {
	case more > 0:
		return store{}, fmt.Errorf("more bytes than the %d that the header promises", n)
	case err != io.EOF:
		return store{}, fmt.Errorf("at the end: %w: get the file again", err)
	}
	return s.store()
}
