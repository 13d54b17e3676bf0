package onnx

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// HasExternal reports whether data of the model lie in other files, so that it
// needs LoadExternal.
func (m *Model) HasExternal() bool { return len(m.external) > 0 }

// LoadExternal reads the data that lie in other files, all in the model's folder
// dir or below it. A path that leads out of it, by a symbolic link too, is an error.
// limit is the most bytes to read in all.
func (m *Model) LoadExternal(dir string, limit int64) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return errorf("onnx: opening the model's folder: %w", err)
	}
	defer root.Close()
	return m.LoadExternalFS(root.FS(), limit)
}

// LoadExternalFS is LoadExternal for a file system whose root is the model's
// folder. Whether links lead out of it is up to the file system.
func (m *Model) LoadExternalFS(fsys fs.FS, limit int64) error {
	left := limit
	for _, t := range m.external {
		if t.loaded {
			continue
		}
		data, err := t.External.read(fsys, t, left)
		if err != nil {
			return within(err, "%s: file %q", t.place(), t.External.Location)
		}
		left -= int64(len(data))
		t.data, t.loaded = data, true
	}
	return nil
}

// read returns the part of the file that t's elements fill.
func (e *External) read(fsys fs.FS, t *Tensor, left int64) ([]byte, error) {
	name, err := e.path()
	if err != nil {
		return nil, err
	}
	// Before it is opened, which waits if it is a pipe.
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, cause(err)
	}
	if !info.Mode().IsRegular() {
		return nil, wrong("", "is not a regular file")
	}
	length := info.Size() - e.Offset
	if e.Length >= 0 && length >= e.Length {
		length = e.Length
	} else if e.Length >= 0 || length < 0 {
		return nil, wrong("", "%d bytes at %d lie outside the file of %d bytes", max(0, e.Length), e.Offset, info.Size())
	}
	if err := t.checkSize(length); err != nil {
		return nil, err
	}
	if length > left {
		return nil, unsupported("", "%d bytes are more than what is left of the limit, %d; raise it if you trust the model", length, left)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	data := make([]byte, length)
	if err := readAt(f, data, e.Offset); err != nil {
		return nil, cause(err)
	}
	return data, nil
}

// path returns the location as package fs wants it.
func (e *External) path() (string, error) {
	name := path.Clean(e.Location)
	if slices.Contains(strings.Split(e.Location, "/"), "..") || !fs.ValidPath(name) || strings.ContainsRune(name, 0) {
		return "", wrong("", "the path does not stay in the model's folder")
	}
	return name, nil
}

// readAt fills data from the offset on. Not all files of an fs.FS can seek.
func readAt(f fs.File, data []byte, offset int64) error {
	if r, ok := f.(io.ReaderAt); ok {
		n, err := r.ReadAt(data, offset)
		if n == len(data) {
			return nil
		}
		return err
	}
	if _, err := io.CopyN(io.Discard, f, offset); err != nil {
		return err
	}
	_, err := io.ReadFull(f, data)
	return err
}

// cause drops the operation and path of a PathError, which are said before.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
