package media

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// maxLabel bounds the index in a labels file, as gaps take memory too.
const maxLabel = 1 << 20

// ReadLabels reads the names of classes, one per line. Where every line begins
// with an index of its own ("0 background", "1: cat", "2,dog") the index is the
// class, and classes between have the empty name. A byte order mark, CRLF and
// empty lines at the end are ignored.
func ReadLabels(r io.Reader, limits Limits) ([]string, error) {
	data, err := limits.readAll(r)
	if err != nil {
		return nil, fmt.Errorf("labels: %w", err)
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	if strings.ContainsRune(text, 0) {
		return nil, errors.New("labels: zero bytes: is this a text file?")
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) == 0 {
		return nil, errors.New("labels: empty file")
	}
	if labels := indexed(lines); labels != nil {
		return labels, nil
	}
	return lines, nil
}

// FormatLabels writes names so that ReadLabels reads them, and most others do: one
// per line, with its index only where the names alone would be misread.
func FormatLabels(names []string) []byte {
	plain := make([]string, len(names))
	for i, name := range names {
		plain[i] = strings.Join(strings.Fields(name), " ")
	}
	text := strings.Join(plain, "\n") + "\n"
	if got, err := ReadLabels(strings.NewReader(text), Limits{}); err == nil && slices.Equal(got, plain) {
		return []byte(text)
	}
	var b strings.Builder
	for i, name := range plain {
		fmt.Fprintf(&b, "%d %s\n", i, name)
	}
	return []byte(b.String())
}

// indexed places labels by their index; nil if not all lines have one, or two
// have the same ("3 of clubs", "3 of hearts").
func indexed(lines []string) []string {
	names := map[int]string{}
	last := 0
	for _, line := range lines {
		if line == "" {
			continue
		}
		index, name, ok := splitIndex(line)
		if _, twice := names[index]; !ok || twice {
			return nil
		}
		names[index] = name
		last = max(last, index)
	}
	labels := make([]string, last+1)
	for index, name := range names {
		labels[index] = name
	}
	return labels
}

// splitIndex splits "12: cat", "12,cat" and "12 cat".
func splitIndex(line string) (int, string, bool) {
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	index, err := strconv.Atoi(line[:digits])
	if err != nil || index >= maxLabel {
		return 0, "", false
	}
	rest := line[digits:]
	if rest == "" || !strings.ContainsRune(" \t:,", rune(rest[0])) {
		return 0, "", false
	}
	name := strings.TrimSpace(strings.TrimLeft(rest, " \t:,"))
	return index, name, name != ""
}
