package npy

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// NPZ is an open .npz file. Its arrays are read when asked for; several
// goroutines may read at once.
type NPZ struct {
	path    string
	limit   int64
	names   []string
	entries map[string]*zip.File
	file    *os.File
}

// OpenNPZ opens a zip of arrays as np.savez and np.savez_compressed write it.
// The limit (0: DefaultLimit) holds for each array, unpacked. Close the NPZ after use.
func OpenNPZ(path string, limit int64) (*NPZ, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("npz: %w", err)
	}
	z, err := newNPZ(f, path, limit)
	if err != nil {
		f.Close()
		return nil, err
	}
	return z, nil
}

// ReadNPZ reads a .npz of size bytes that is not a file. The name is for errors.
func ReadNPZ(r io.ReaderAt, size int64, name string, limit int64) (*NPZ, error) {
	return readNPZ(r, size, name, limit)
}

func newNPZ(f *os.File, path string, limit int64) (*NPZ, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("npz: %w", err)
	}
	z, err := readNPZ(f, info.Size(), path, limit)
	if err != nil {
		return nil, err
	}
	z.file = f
	return z, nil
}

func readNPZ(r io.ReaderAt, size int64, path string, limit int64) (*NPZ, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	z := &NPZ{path: path, limit: limit, entries: map[string]*zip.File{}}
	for _, entry := range archive.File {
		name, ok := strings.CutSuffix(entry.Name, ".npy")
		if !ok {
			continue
		}
		if z.entries[name] != nil {
			return nil, fmt.Errorf("%s: two arrays are called %q", path, name)
		}
		z.entries[name] = entry
		z.names = append(z.names, name)
	}
	return z, nil
}

// Names lists the arrays in the order of the file, without ".npy".
func (z *NPZ) Names() []string { return slices.Clone(z.names) }

// Read reads one array and checks its CRC-32.
func (z *NPZ) Read(name string) (*Array, error) {
	entry, err := z.entry(name)
	if err != nil {
		return nil, err
	}
	a, err := z.read(entry)
	if err != nil {
		return nil, fmt.Errorf("%s: array %q: %w", z.path, name, err)
	}
	return a, nil
}

func (z *NPZ) entry(name string) (*zip.File, error) {
	entry := z.entries[name]
	if entry == nil {
		return nil, fmt.Errorf("%s: no array %q (it has %s)", z.path, name, strings.Join(z.names, ", "))
	}
	return entry, nil
}

func (z *NPZ) read(entry *zip.File) (*Array, error) {
	r, err := openEntry(entry)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	buffered := bufio.NewReader(r)
	a, err := read(buffered, z.limit, firstBlock)
	if err != nil {
		return nil, err
	}
	// The zip reader compares the checksum only when it meets the end.
	switch _, err := buffered.ReadByte(); err {
	case io.EOF:
		return a, nil
	case nil:
		return nil, fmt.Errorf("bytes after the array of shape %s of %s", shapeText(a.Shape), a.DType)
	default:
		return nil, err
	}
}

// Close closes the file. Arrays already read stay valid.
func (z *NPZ) Close() error {
	if z.file == nil {
		return nil
	}
	return z.file.Close()
}
