package npy

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
)

// DefaultLimit bounds an array's bytes where a limit of 0 is given.
const DefaultLimit int64 = 1 << 30

// Read reads one array of at most limit bytes (0: DefaultLimit) and leaves r
// behind it. Memory is taken only as bytes arrive, whatever the header claims.
// A reader that fails passes its error on, wrapped.
func Read(r io.Reader, limit int64) (*Array, error) {
	a, err := read(r, limit, firstBlock)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return a, nil
}

// ReadFile reads the first array of a .npy file.
func ReadFile(path string, limit int64) (*Array, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	defer f.Close()
	block := int64(firstBlock)
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		block = info.Size() // these bytes are there: take the memory at once
	}
	a, err := read(bufio.NewReader(f), limit, block)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

// firstBlock is what is allocated before the first byte of data has come.
const firstBlock = 1 << 20

func read(r io.Reader, limit, block int64) (*Array, error) {
	h, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	n, err := byteSize(h.dtype, h.shape)
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	if limit <= 0 {
		limit = DefaultLimit
	}
	if n > min(limit, math.MaxInt-7) {
		return nil, fmt.Errorf("header says shape %s of %s = %d bytes, more than the limit of %d",
			shapeText(h.shape), h.dtype, n, min(limit, math.MaxInt-7))
	}
	data, err := readData(r, int(n), int(max(1, min(block, n))))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("header says shape %s of %s = %d bytes, file has %d: truncated?",
			shapeText(h.shape), h.dtype, n, len(data))
	}
	if err != nil {
		return nil, err
	}
	return h.normalise(data), nil
}

// readData reads n bytes into memory that starts at block bytes and doubles.
// At the file's end it returns what there was and io.ErrUnexpectedEOF.
func readData(r io.Reader, n, block int) ([]byte, error) {
	data := alignedBytes(min(block, n))
	for have := 0; have < n; {
		if have == len(data) {
			more := alignedBytes(min(n, have+min(have, n-have)))
			copy(more, data)
			data = more
		}
		got, err := io.ReadFull(r, data[have:])
		have += got
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return data[:have], io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
	}
	return data, nil
}

// normalise turns a file's bytes into an Array's: little-endian, C order, bools
// 0 or 1. It may overwrite data.
func (h header) normalise(data []byte) *Array {
	row, ok := h.dtype.row()
	if !ok {
		panic("BUG: npy: header with an unknown element type")
	}
	if h.bigEndian && row.word > 1 {
		for i := 0; i < len(data); i += row.word {
			slices.Reverse(data[i : i+row.word])
		}
	}
	if h.dtype == Bool {
		for i, b := range data {
			if b != 0 {
				data[i] = 1
			}
		}
	}
	if h.fortran && len(h.shape) > 1 {
		data = toC(data, h.shape, row.size)
	}
	return &Array{DType: h.dtype, Shape: h.shape, Data: data}
}

// toC copies elements from Fortran order (first index fastest) to C order.
func toC(data []byte, shape []int, size int) []byte {
	if len(data) == 0 {
		return data
	}
	stride := make([]int, len(shape)) // bytes from one index to the next in data
	step := size
	for d, dim := range shape {
		stride[d] = step
		step *= dim
	}
	out := alignedBytes(len(data))
	index := make([]int, len(shape))
	from := 0
	for to := 0; to < len(out); to += size {
		copy(out[to:to+size], data[from:])
		for d := len(shape) - 1; d >= 0; d-- {
			index[d]++
			from += stride[d]
			if index[d] < shape[d] {
				break
			}
			from -= index[d] * stride[d]
			index[d] = 0
		}
	}
	return out
}
