package data

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// Vocabulary is a Set whose samples are sequences of symbols; each number in them
// is the index of a symbol.
type Vocabulary interface {
	Set
	Symbols() []string
}

// Symbols returns the symbols of a set of sequences, nil if it has none.
func Symbols(s Set) []string {
	if v, ok := origin(s).(Vocabulary); ok {
		return v.Symbols()
	}
	return nil
}

// sequences are parts of a text; the target of each character is the next one.
type sequences struct {
	path    string
	symbols []string
	text    []uint16 // indices of symbols
	length  int
	start   []int // of each sequence in text, if they are windows
	end     []int // of each line in text, if they are lines
	line    []int // number of each in the file, from 1
}

// lineEnd is the symbol before and after each line.
const lineEnd = 0

func (s *sequences) Len() int           { return len(s.start) }
func (s *sequences) Shape() []int       { return []int{s.length} }
func (s *sequences) Classes() []string  { return nil }
func (s *sequences) TargetShape() []int { return []int{s.length} }
func (s *sequences) Symbols() []string  { return s.symbols }

func (s *sequences) Name(i int) string {
	if s.end != nil {
		return fmt.Sprintf("%s: line %d", s.path, s.line[i])
	}
	return fmt.Sprintf("%s: character %d", s.path, s.start[i])
}

// Read fills a window, or a line: the line's end, its characters, and line ends up
// to the length; targets beyond the line are −1.
func (s *sequences) Read(i int, x, y []float32) error {
	if i < 0 || i >= s.Len() || len(x) != s.length || len(y) != s.length {
		return fmt.Errorf("%s: sample %d of %d, room for %d and %d symbols where sequences have %d", s.path, i, s.Len(), len(x), len(y), s.length)
	}
	if s.end == nil {
		for k := range s.length {
			x[k], y[k] = float32(s.text[s.start[i]+k]), float32(s.text[s.start[i]+k+1])
		}
		return nil
	}
	line := s.text[s.start[i]:s.end[i]]
	for k := range s.length {
		x[k], y[k] = lineEnd, -1
		if k > 0 && k <= len(line) {
			x[k] = float32(line[k-1])
		}
		if k < len(line) {
			y[k] = float32(line[k])
		} else if k == len(line) {
			y[k] = lineEnd
		}
	}
	return nil
}

// openText reads UTF-8 text, packed with gzip or not. A tenth at its end is the
// test part, whose symbols count too.
func openText(path string, o *Options) (train, test Set, err error) {
	text, err := readText(path, o.memory())
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	s := &sequences{path: path}
	if o.Text.Lines {
		train, test, err = s.lines(text, o)
	} else {
		train, test, err = s.windows(text, o)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return train, test, nil
}

func readText(path string, limit int64) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var r io.Reader = f
	var start [2]byte
	if _, err := io.ReadFull(f, start[:]); err == nil && start == [2]byte{0x1f, 0x8b} {
		if r, err = gzip.NewReader(io.MultiReader(bytes.NewReader(start[:]), f)); err != nil {
			return "", err
		}
	} else if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return "", fmt.Errorf("%w: get the file again", err)
	}
	if int64(len(b)) > limit {
		return "", fmt.Errorf("more than %d bytes of text: raise Memory", limit)
	}
	for at := 0; at < len(b); {
		r, n := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && n <= 1 {
			return "", fmt.Errorf("byte %d: %#x is not UTF-8: convert the text", at, b[at])
		}
		at += n
	}
	return string(b), nil
}

// encodeAs notes the text by the indices of given symbols.
func (s *sequences) encodeAs(text string, symbols []string) error {
	if len(symbols) > 1<<16 {
		return fmt.Errorf("%d symbols are more than %d", len(symbols), 1<<16)
	}
	number := map[string]uint16{}
	for i, c := range symbols {
		number[c] = uint16(i)
	}
	s.symbols = symbols
	s.text = make([]uint16, 0, utf8.RuneCountInString(text))
	for _, r := range text {
		k, ok := number[string(r)]
		if !ok {
			return fmt.Errorf("the character %q is none of the %d symbols that the model knows: remove it from the text, or train with it", r, len(symbols))
		}
		s.text = append(s.text, k)
	}
	return nil
}

// encode notes the symbols of text, after those that are there already, and the
// text by their indices.
func (s *sequences) encode(text string, o *Options) error {
	if known := o.Text.Symbols; known != nil {
		if s.symbols != nil && known[lineEnd] != s.symbols[lineEnd] {
			return fmt.Errorf("symbol %d is %q where lines end with %q: the model is not one of lines", lineEnd, known[lineEnd], s.symbols[lineEnd])
		}
		return s.encodeAs(text, known)
	}
	seen := map[rune]uint16{}
	for _, r := range text {
		seen[r] = 0
	}
	runes := make([]rune, 0, len(seen))
	for r := range seen {
		runes = append(runes, r)
	}
	slices.Sort(runes)
	if len(runes)+len(s.symbols) > 1<<16 {
		return fmt.Errorf("%d different characters are more than %d", len(runes), 1<<16)
	}
	for _, r := range runes {
		seen[r] = uint16(len(s.symbols))
		s.symbols = append(s.symbols, string(r))
	}
	s.text = make([]uint16, 0, utf8.RuneCountInString(text))
	for _, r := range text {
		s.text = append(s.text, seen[r])
	}
	return nil
}

func (s *sequences) windows(text string, o *Options) (train, test Set, err error) {
	if err := s.encode(text, o); err != nil {
		return nil, nil, err
	}
	s.length = orElse(o.Text.Length, 64)
	stride := orElse(o.Text.Stride, s.length)
	if s.length < 1 || stride < 1 {
		return nil, nil, fmt.Errorf("sequences of %d characters, %d apart: give numbers from 1", s.length, stride)
	}
	n := len(s.text) - part(len(s.text), o.held(0.1))
	for at := 0; at+s.length < n; at += stride {
		s.start = append(s.start, at)
	}
	if s.start == nil {
		return nil, nil, fmt.Errorf("%d characters to train on are no sequence of %d with the next one: give more text or a smaller Text.Length", n, s.length)
	}
	held := *s
	held.start = nil
	for at := n; at+s.length < len(s.text); at += stride {
		held.start = append(held.start, at)
	}
	if held.start == nil {
		return s, nil, nil
	}
	return s, &held, nil
}

func (s *sequences) lines(text string, o *Options) (train, test Set, err error) {
	s.symbols = []string{"\n"}
	var lines []string
	longest, where, number := 0, 0, 0
	for line := range strings.Lines(text) {
		number++
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			continue
		}
		lines, s.line = append(lines, line), append(s.line, number)
		if n := utf8.RuneCountInString(line); n > longest {
			longest, where = n, number
		}
	}
	if lines == nil {
		return nil, nil, errors.New("no lines with text in them")
	}
	s.length = orElse(o.Text.Length, longest+1)
	if longest+1 > s.length {
		return nil, nil, fmt.Errorf("line %d: %d characters and the end are more than Text.Length %d: raise it or shorten the line", where, longest, s.length)
	}
	if err := s.encode(strings.Join(lines, ""), o); err != nil {
		return nil, nil, err
	}
	at := 0
	for _, line := range lines {
		s.start = append(s.start, at)
		at += utf8.RuneCountInString(line)
		s.end = append(s.end, at)
	}
	n := len(lines) - part(len(lines), o.held(0.1))
	all := upTo(len(lines))
	if n == len(lines) {
		return s, nil, nil
	}
	return Subset(s, all[:n]), Subset(s, all[n:]), nil
}
