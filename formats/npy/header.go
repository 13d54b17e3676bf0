package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	magic = "\x93NUMPY"

	// maxHeader bounds the header's text. NumPy itself refuses to evaluate more
	// than 10,000 characters.
	maxHeader = 1 << 16
)

// header is what stands before an array's bytes.
type header struct {
	dtype     DType
	bigEndian bool
	fortran   bool
	shape     []int
}

// readHeader reads magic, version, length and the Python dictionary after them:
//
//	{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
func readHeader(r io.Reader) (header, error) {
	var start [12]byte
	if _, err := io.ReadFull(r, start[:8]); err != nil {
		return header{}, fmt.Errorf("no .npy header: %w", err)
	}
	if string(start[:6]) != magic {
		return header{}, fmt.Errorf("starts with %q, not with the .npy magic %q", start[:6], magic)
	}
	var length uint32
	switch major, minor := start[6], start[7]; {
	case major == 1 && minor == 0:
		if _, err := io.ReadFull(r, start[8:10]); err != nil {
			return header{}, fmt.Errorf("no header length: %w", err)
		}
		length = uint32(binary.LittleEndian.Uint16(start[8:]))
	case (major == 2 || major == 3) && minor == 0:
		if _, err := io.ReadFull(r, start[8:12]); err != nil {
			return header{}, fmt.Errorf("no header length: %w", err)
		}
		length = binary.LittleEndian.Uint32(start[8:])
	default:
		return header{}, fmt.Errorf("format version %d.%d is not supported (1.0, 2.0 and 3.0 are)", major, minor)
	}
	if length > maxHeader {
		return header{}, fmt.Errorf("header of %d bytes is longer than %d", length, maxHeader)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return header{}, fmt.Errorf("header of %d bytes: %w", length, err)
	}
	return parseHeader(string(text))
}

func parseHeader(text string) (header, error) {
	p := &literal{rest: text}
	var h header
	seen := map[string]bool{}
	err := p.dict(func(key string) error {
		if seen[key] {
			return fmt.Errorf("key %q twice", key)
		}
		seen[key] = true
		var err error
		switch key {
		case "descr":
			err = h.descr(p)
		case "fortran_order":
			h.fortran, err = p.boolean()
		case "shape":
			h.shape, err = p.tuple()
		default:
			err = fmt.Errorf("unknown key %q", key)
		}
		return err
	})
	if err != nil {
		return header{}, fmt.Errorf("header: %w", err)
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return header{}, fmt.Errorf("header: no %q", key)
		}
	}
	return h, nil
}

// refused names the kinds of element that NumPy has and models don't.
var refused = [256]string{
	'S': "byte strings", 'a': "byte strings", 'U': "strings", 'T': "strings",
	'O': "pickled Python objects", 'V': "records", 'M': "dates", 'm': "time spans",
}

// descr reads the element type: a byte order (< > | =), a kind, a size.
func (h *header) descr(p *literal) error {
	if p.peek() == '[' {
		return errors.New("records (a structured element type) are not supported: save each field as an array")
	}
	s, err := p.str()
	if err != nil {
		return err
	}
	code := strings.TrimLeft(s, "<>|=")
	if len(s)-len(code) > 1 || code == "" {
		return fmt.Errorf("element type %q is malformed", s)
	}
	if what := refused[code[0]]; what != "" {
		return fmt.Errorf("element type %q: %s are not supported", s, what)
	}
	for _, r := range dtypes {
		if r.code == code {
			h.dtype, h.bigEndian = r.dtype, s[0] == '>'
			return nil
		}
	}
	return fmt.Errorf("element type %q is not supported", s)
}

// formatHeader spells a version 1.0 header as np.save does, down to the padding:
// room for a first dimension of 21 digits, so that a file can be appended to,
// and then 1 to 64 bytes so that the data starts at a multiple of 64.
func formatHeader(d dtypeRow, shape []int) []byte {
	order := "<"
	if d.word == 1 {
		order = "|"
	}
	text := fmt.Sprintf("{'descr': '%s%s', 'fortran_order': False, 'shape': %s, }", order, d.code, shapeText(shape))
	if len(shape) > 0 {
		const growthDigits = 21
		text += strings.Repeat(" ", growthDigits-len(strconv.Itoa(shape[0])))
	}
	const before = len(magic) + 4 // version and a uint16 length
	pad := 64 - (before+len(text)+1)%64
	out := append([]byte(magic), 1, 0)
	out = binary.LittleEndian.AppendUint16(out, uint16(len(text)+pad+1))
	out = append(out, text...)
	out = append(out, strings.Repeat(" ", pad)...)
	return append(out, '\n')
}
