//go:build unix

package edgeinfer

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// mapFile maps a file into memory, or reads it if it can't be mapped: unmap is nil
// then.
func mapFile(path string) (data []byte, unmap func() error, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	switch {
	case info.IsDir():
		return nil, nil, errors.New("is a directory: give a model file")
	case !info.Mode().IsRegular():
		return nil, nil, errors.New("is not a regular file: copy the model into one")
	case info.Size() == 0:
		return nil, nil, &FormatError{Offset: -1, What: "the file is empty"}
	case int64(int(info.Size())) != info.Size():
		return nil, nil, fmt.Errorf("%d bytes are more than this machine can address", info.Size())
	}
	data, err = unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
	if errors.Is(err, unix.ENODEV) || errors.Is(err, unix.EINVAL) {
		data, err = os.ReadFile(path)
		return data, nil, err
	}
	if err != nil {
		return nil, nil, fmt.Errorf("mapping it into memory: %w", err)
	}
	return data, func() error { return unix.Munmap(data) }, nil
}

// forgetPages gives back the pages of a mapping that lie wholly within part: they
// are read from the file again if they are needed after all. Whether the system
// does it doesn't matter.
func forgetPages(mapped, part []byte) {
	from, ok := offsetIn(mapped, part)
	if !ok {
		return
	}
	size := os.Getpagesize()
	lo, hi := (from+size-1)/size*size, min(from+len(part), len(mapped))/size*size
	if lo < hi {
		_ = unix.Madvise(mapped[lo:hi], unix.MADV_DONTNEED)
	}
}
