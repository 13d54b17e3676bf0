// Package safetensors reads and writes the safetensors format
// (https://huggingface.co/docs/safetensors): a length, a header in JSON, and
// numbers. Reading checks everything before it believes it.
package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
)

// maxHeader is the longest header that is read: the format's own limit.
const maxHeader = 100_000_000

// Tensor is a named array. DType is the format's name: "F32", "I64", "U8".
type Tensor struct {
	Name  string
	DType string
	Shape []int
	Data  []byte // little-endian
}

// File is what a file holds: tensors in the order of their data, and pairs of
// strings.
type File struct {
	Tensors  []Tensor
	Metadata map[string]string
}

// size returns the bytes of an element; 0 of a type that is not known.
func size(dtype string) int {
	switch dtype {
	case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3":
		return 1
	case "I16", "U16", "F16", "BF16":
		return 2
	case "I32", "U32", "F32":
		return 4
	case "I64", "U64", "F64":
		return 8
	}
	return 0
}

// entry is a tensor in the header.
type entry struct {
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

const metadataKey = "__metadata__"

// Write writes f. The header is padded with spaces, so that data start at a
// multiple of 8.
func Write(w io.Writer, f *File) error {
	header := map[string]any{}
	if len(f.Metadata) > 0 {
		header[metadataKey] = f.Metadata
	}
	at := 0
	for _, t := range f.Tensors {
		n, err := bytesOf(t.DType, t.Shape)
		if err == nil && n != len(t.Data) {
			err = fmt.Errorf("%d bytes for %s %v, want %d", len(t.Data), t.DType, t.Shape, n)
		}
		if _, twice := header[t.Name]; twice || t.Name == metadataKey {
			err = errors.New("the name is taken")
		}
		if err != nil {
			return fmt.Errorf("safetensors: tensor %q: %w", t.Name, err)
		}
		header[t.Name] = entry{t.DType, append([]int{}, t.Shape...), [2]int{at, at + n}}
		at += n
	}
	text, err := json.Marshal(header) // keys in order: the same bytes each time
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	text = append(text, bytes.Repeat([]byte(" "), -len(text)&7)...)
	if err := binary.Write(w, binary.LittleEndian, uint64(len(text))); err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	for _, t := range f.Tensors {
		if _, err := w.Write(t.Data); err != nil {
			return err
		}
	}
	return nil
}

// Parse reads a file. Data are slices of b.
func Parse(b []byte) (*File, error) {
	if len(b) < 8 {
		return nil, fmt.Errorf("safetensors: the file has %d bytes, and its header's length alone 8: it is cut short", len(b))
	}
	n := binary.LittleEndian.Uint64(b)
	if n > maxHeader || n > uint64(len(b)-8) {
		return nil, fmt.Errorf("safetensors: a header of %d bytes in a file of %d: it is cut short, or no safetensors file", n, len(b))
	}
	header, data := b[8:8+n], b[8+n:]
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(header, &raw); err != nil {
		return nil, fmt.Errorf("safetensors: header: %w", err)
	}
	f := &File{}
	if m, ok := raw[metadataKey]; ok {
		if err := json.Unmarshal(m, &f.Metadata); err != nil {
			return nil, fmt.Errorf("safetensors: %s: %w", metadataKey, err)
		}
		delete(raw, metadataKey)
	}
	starts := map[string]int{}
	for name, text := range raw {
		t, at, err := tensor(name, text, data)
		if err != nil {
			return nil, fmt.Errorf("safetensors: tensor %q: %w", name, err)
		}
		f.Tensors, starts[name] = append(f.Tensors, t), at
	}
	sort.Slice(f.Tensors, func(i, j int) bool {
		a, b := f.Tensors[i].Name, f.Tensors[j].Name
		return starts[a] < starts[b] || starts[a] == starts[b] && a < b
	})
	return f, covered(f, starts, len(data))
}

// tensor reads one entry of the header.
func tensor(name string, text []byte, data []byte) (t Tensor, at int, err error) {
	var e entry
	if err := json.Unmarshal(text, &e); err != nil {
		return t, 0, err
	}
	n, err := bytesOf(e.DType, e.Shape)
	if err != nil {
		return t, 0, err
	}
	lo, hi := e.Offsets[0], e.Offsets[1]
	if lo < 0 || hi < lo || hi > len(data) {
		return t, 0, fmt.Errorf("bytes %d to %d of %d: the file is cut short", lo, hi, len(data))
	}
	if hi-lo != n {
		return t, 0, fmt.Errorf("%d bytes for %s %v, want %d", hi-lo, e.DType, e.Shape, n)
	}
	return Tensor{name, e.DType, e.Shape, data[lo:hi:hi]}, lo, nil
}

// covered checks that tensors follow each other without gaps.
func covered(f *File, starts map[string]int, n int) error {
	at := 0
	for _, t := range f.Tensors {
		if starts[t.Name] != at {
			return fmt.Errorf("safetensors: tensor %q starts at byte %d, and the one before it ends at %d", t.Name, starts[t.Name], at)
		}
		at += len(t.Data)
	}
	if at != n {
		return fmt.Errorf("safetensors: %d bytes of data follow the last tensor", n-at)
	}
	return nil
}

// bytesOf returns the bytes of a tensor.
func bytesOf(dtype string, shape []int) (int, error) {
	n := size(dtype)
	if n == 0 {
		return 0, fmt.Errorf("element type %q is not known", dtype)
	}
	for _, d := range shape {
		if d < 0 || d > 0 && n > math.MaxInt/d {
			return 0, fmt.Errorf("shape %v is not valid", shape)
		}
		n *= d
	}
	return n, nil
}
