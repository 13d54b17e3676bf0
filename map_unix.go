//go:build unix

package edgeinfer

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// mapFile maps a file into memory, or reads it if it can't be mapped. What unmap
// gives back at the end, forget gives back for a part: it is read from the file
// again if it is needed after all.
func mapFile(path string) (data []byte, unmap func() error, forget func(part []byte), err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, nil, err
	}
	switch {
	case info.IsDir():
		return nil, nil, nil, errors.New("is a directory: give a model file")
	case !info.Mode().IsRegular():
		return nil, nil, nil, errors.New("is not a regular file: copy the model into one")
	case info.Size() == 0:
		return nil, nil, nil, &FormatError{Offset: -1, What: "the file is empty"}
	case int64(int(info.Size())) != info.Size():
		return nil, nil, nil, fmt.Errorf("%d bytes are more than this machine can address", info.Size())
	}
	data, err = unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
	if errors.Is(err, unix.ENODEV) || errors.Is(err, unix.EINVAL) {
		return readFile(path)
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("mapping it into memory: %w", err)
	}
	return data, func() error { return unix.Munmap(data) }, func(part []byte) { forgetPages(data, part) }, nil
}

// forgetPages gives back the pages of a mapping that lie wholly within part.
// Whether the system does it doesn't matter.
func forgetPages(mapped, part []byte) {
	from := uintptr(unsafe.Pointer(unsafe.SliceData(part))) - uintptr(unsafe.Pointer(unsafe.SliceData(mapped)))
	if len(part) == 0 || from >= uintptr(len(mapped)) { // it lies elsewhere, after or before
		return
	}
	size := os.Getpagesize()
	lo, hi := (int(from)+size-1)/size*size, min(int(from)+len(part), len(mapped))/size*size
	if lo < hi {
		_ = unix.Madvise(mapped[lo:hi], unix.MADV_DONTNEED)
	}
}
