package npy

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// Stream is an array of which only the header has been read: for arrays that
// memory does not hold. It reads the elements as the file has them.
type Stream struct {
	DType     DType
	Shape     []int
	BigEndian bool
	Fortran   bool  // the first index is the fastest
	Size      int64 // bytes of all elements
	// Offset is where the elements start in the file, −1 if they are compressed.
	Offset int64
	Path   string // the file that Offset is in

	io.Reader
	close func() error
}

// Close closes what Open or OpenFile opened for the stream.
func (s *Stream) Close() error { return s.close() }

// OpenFile opens a .npy file.
func OpenFile(path string) (*Stream, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	s, err := newStream(f)
	if err == nil {
		err = s.within(f, s.Offset)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.close, s.Path = f.Close, path
	return s, nil
}

// within checks that a file has all the elements.
func (s *Stream) within(f *os.File, at int64) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Mode().IsRegular() && info.Size()-at < s.Size {
		return fmt.Errorf("header says shape %s of %s = %d bytes, file has %d: truncated?", shapeText(s.Shape), s.DType, s.Size, info.Size()-at)
	}
	return nil
}

// Open opens one array. Its checksum is compared when the reader meets the end.
func (z *NPZ) Open(name string) (*Stream, error) {
	entry, err := z.entry(name)
	if err != nil {
		return nil, err
	}
	s, err := z.open(entry)
	if err != nil {
		return nil, fmt.Errorf("%s: array %q: %w", z.path, name, err)
	}
	return s, nil
}

func (z *NPZ) open(entry *zip.File) (*Stream, error) {
	r, err := openEntry(entry)
	if err != nil {
		return nil, err
	}
	s, err := newStream(r)
	if err != nil {
		r.Close()
		return nil, err
	}
	s.close = r.Close
	header := s.Offset
	s.Offset = -1
	if entry.Method != zip.Store || z.file == nil {
		return s, nil
	}
	start, err := entry.DataOffset()
	if err == nil && entry.UncompressedSize64-uint64(header) < uint64(s.Size) {
		err = fmt.Errorf("header says shape %s of %s = %d bytes, the zip has %d: truncated?", shapeText(s.Shape), s.DType, s.Size, entry.UncompressedSize64-uint64(header))
	}
	if err == nil {
		err = s.within(z.file, start+header)
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	s.Offset, s.Path = start+header, z.path
	return s, nil
}

// newStream reads a header; Offset is its length.
func newStream(r io.Reader) (*Stream, error) {
	counted := &countingReader{r: r}
	h, err := readHeader(counted) // reads to the header's end and no further
	if err != nil {
		return nil, err
	}
	n, err := byteSize(h.dtype, h.shape)
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	return &Stream{DType: h.dtype, Shape: h.shape, BigEndian: h.bigEndian, Fortran: h.fortran && len(h.shape) > 1,
		Size: n, Offset: counted.n, Reader: bufio.NewReaderSize(r, 1<<16)}, nil
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// openEntry opens an entry of a zip, and names what is not supported.
func openEntry(entry *zip.File) (io.ReadCloser, error) {
	const encrypted = 1
	if entry.Flags&encrypted != 0 {
		return nil, errors.New("encrypted zip entries are not supported")
	}
	r, err := entry.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return nil, fmt.Errorf("zip method %d is not supported (0 stored and 8 deflated are)", entry.Method)
	}
	return r, err
}
