package data

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// idxType is the element type of an IDX file, by the third byte of its magic;
// numbers are big-endian. Format: yann.lecun.com/exdb/mnist, "the IDX file format".
func idxType(magic byte) (d npy.DType, ok bool) {
	switch magic {
	case 0x08:
		return npy.Uint8, true
	case 0x09:
		return npy.Int8, true
	case 0x0b:
		return npy.Int16, true
	case 0x0c:
		return npy.Int32, true
	case 0x0d:
		return npy.Float32, true
	case 0x0e:
		return npy.Float64, true
	}
	return d, false
}

// idxImages returns the file of samples to train on, of the names in a folder; ""
// if there is none.
func idxImages(files []string) string {
	var found []string
	for _, f := range files {
		lower := strings.TrimSuffix(strings.ToLower(f), ".gz")
		if isIDX(lower) && strings.Contains(lower, "images") && !isTestName(lower) {
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		return ""
	}
	slices.Sort(found)
	return found[0]
}

func isIDX(lower string) bool {
	return strings.HasSuffix(lower, "-ubyte") || strings.HasSuffix(lower, ".idx")
}

func isTestName(lower string) bool {
	return strings.Contains(lower, "t10k") || strings.Contains(lower, "test")
}

// openIDX reads a file of images, the labels beside it, and the test part if it
// is there.
func openIDX(path string, o *Options) (train, test Set, err error) {
	a, err := idxPair(path, o)
	if err != nil {
		return nil, nil, err
	}
	dir, base := filepath.Split(path)
	for _, name := range []string{"t10k", "test"} {
		twin := firstFile(dir, strings.Replace(base, "train", name, 1))
		if twin == "" || !strings.Contains(base, "train") {
			continue
		}
		b, err := idxPair(twin, o)
		if err == nil {
			err = agree(a, b)
		}
		return a, b, err
	}
	if part := o.held(0); part > 0 {
		train, test = Split(a, part, 0)
		return train, test, nil
	}
	return a, nil, nil
}

// firstFile returns the path of a file, packed or not as the other one may be; ""
// if there is neither.
func firstFile(dir, name string) string {
	plain := strings.TrimSuffix(name, ".gz")
	for _, n := range []string{name, plain, plain + ".gz"} {
		path := filepath.Join(dir, n)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path
		}
	}
	return ""
}

// idxPair reads images and labels.
func idxPair(path string, o *Options) (*table, error) {
	dir, base := filepath.Split(path)
	name := strings.NewReplacer("images", "labels", "idx3", "idx1", "idx4", "idx1").Replace(base)
	labels := firstFile(dir, name)
	if labels == "" || name == base {
		return nil, fmt.Errorf("%s: no labels: put %s beside it, and name the file with the images", path, name)
	}
	x, shape, err := idxColumn(path, o, o.Scale)
	if err != nil {
		return nil, err
	}
	if len(shape) == 2 {
		shape = append(shape, 1)
	}
	y, target, err := idxColumn(labels, o, 1)
	if err != nil {
		return nil, err
	}
	t, err := newTable(path, x, y, shape, target)
	if err != nil {
		return nil, err
	}
	if integer(y.dtype) && !o.Regression {
		err = t.nameClasses(o.Classes)
	}
	return t, err
}

// idxColumn reads one file.
func idxColumn(path string, o *Options, scale float32) (*column, []int, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	c, shape, err := readIDX(f, path, o.memory(), scale)
	if c == nil || c.bytes.file != f {
		f.Close()
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	return c, shape, nil
}

func readIDX(f *os.File, path string, memory int64, scale float32) (*column, []int, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	b := bufio.NewReaderSize(f, 1<<16)
	var r io.Reader = b
	packed := false
	if start, _ := b.Peek(2); len(start) == 2 && start[0] == 0x1f && start[1] == 0x8b {
		if r, err = gzip.NewReader(b); err != nil {
			return nil, nil, err
		}
		packed = true
	}
	h, err := readIDXHeader(r)
	if err != nil {
		return nil, nil, err
	}
	if err := h.believable(info.Size(), packed); err != nil {
		return nil, nil, err
	}
	var bytes store
	if !packed && h.size > memory {
		bytes = store{file: f, offset: h.length, size: h.size}
	} else if bytes, err = readStore(r, h.size, memory); err != nil {
		return nil, nil, err
	}
	if scale == 0 {
		scale = 1
		if h.dtype == npy.Uint8 {
			scale = 255
		}
	}
	return newColumn(path, h.dtype, h.shape[0], count(h.shape[1:]), bytes, true, scale), h.shape[1:], nil
}

// idxHeader is what stands before the numbers.
type idxHeader struct {
	dtype  npy.DType
	shape  []int
	length int64 // of the header itself, in bytes
	size   int64 // of the numbers, in bytes
}

// readIDXHeader reads two zeros, a type, the number of dimensions, and these.
func readIDXHeader(r io.Reader) (idxHeader, error) {
	var b [4]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return idxHeader{}, fmt.Errorf("no IDX header: %w: truncated? get the file again", err)
	}
	d, ok := idxType(b[2])
	if b[0] != 0 || b[1] != 0 || !ok {
		return idxHeader{}, fmt.Errorf("starts with % x, which is no IDX file: two zeros and a type of 08 to 0e belong there", b)
	}
	const most = 8
	dims := int(b[3])
	if dims < 1 || dims > most {
		return idxHeader{}, fmt.Errorf("byte 3: %d dimensions are not within 1 to %d", dims, most)
	}
	h := idxHeader{dtype: d, length: int64(4 + 4*dims), size: int64(d.Size())}
	for k := range dims {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return idxHeader{}, fmt.Errorf("byte %d: dimension %d: %w: truncated? get the file again", 4+4*k, k, err)
		}
		n := int64(binary.BigEndian.Uint32(b[:]))
		if n == 0 || n > 1<<31-1 || h.size > 1<<47/n {
			return idxHeader{}, fmt.Errorf("byte %d: dimension %d of %d is empty or larger than any file", 4+4*k, k, n)
		}
		h.shape = append(h.shape, int(n))
		h.size *= n
	}
	return h, checkShape(h.shape[1:])
}

// believable compares what a header promises with the file's size. Deflate packs
// at most 1032 to 1.
func (h *idxHeader) believable(file int64, packed bool) error {
	const ratio = 1032
	switch {
	case !packed && h.length+h.size != file:
		return fmt.Errorf("header says shape %v of %s = %d bytes, the file has %d after it: truncated? get the file again", h.shape, h.dtype, h.size, file-h.length)
	case packed && h.size/ratio > file:
		return fmt.Errorf("header says shape %v of %s = %d bytes, which %d bytes of gzip cannot hold: get the file again", h.shape, h.dtype, h.size, file)
	}
	return nil
}
