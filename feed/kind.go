package feed

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Kind is a kind of file.
type Kind int

// The kinds of files.
const (
	Auto Kind = iota
	NPY
	NPZ
	Image
	WAV
	CSV
	Raw
)

var kindNames = []string{"auto", "npy", "npz", "image", "wav", "csv", "raw"}

func (k Kind) String() string { return kindNames[k] }

// ParseKind returns the kind that String calls name.
func ParseKind(name string) (Kind, error) {
	if i := slices.Index(kindNames, name); i >= 0 {
		return Kind(i), nil
	}
	return 0, fmt.Errorf("%q is no kind of file: choose one of %s", name, strings.Join(kindNames, ", "))
}

// byName has the kinds that a file's contents do not tell.
func byName(ext string) (k Kind, ok bool) {
	switch ext {
	case ".csv", ".tsv", ".txt":
		return CSV, true
	case ".raw", ".bin", ".dat", ".pcm":
		return Raw, true
	}
	return 0, false
}

var magics = []struct {
	start string
	kind  Kind
}{
	{"\x93NUMPY", NPY}, {"PK\x03\x04", NPZ}, {"PK\x05\x06", NPZ},
	{"\x89PNG", Image}, {"\xff\xd8\xff", Image}, {"GIF8", Image}, {"BM", Image},
}

// kindOf tells a file's kind from its name, where that is one of raw bytes or
// a table, or from its first bytes. A file of no known kind is raw bytes.
func kindOf(name string, start []byte) Kind {
	lower := strings.ToLower(name)
	if k, ok := byName(filepath.Ext(strings.TrimSuffix(lower, ".gz"))); ok {
		return k
	}
	for _, m := range magics {
		if bytes.HasPrefix(start, []byte(m.start)) {
			return m.kind
		}
	}
	if len(start) >= 12 && string(start[:4]) == "RIFF" {
		switch string(start[8:12]) {
		case "WAVE":
			return WAV
		case "WEBP":
			return Image
		}
	}
	if k, ok := byContents(filepath.Ext(lower)); ok {
		return k // it isn't, and the reader will say how
	}
	return Raw
}

// byContents has the names of kinds that contents tell.
func byContents(ext string) (k Kind, ok bool) {
	switch ext {
	case ".npy":
		return NPY, true
	case ".npz":
		return NPZ, true
	case ".wav":
		return WAV, true
	case ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp":
		return Image, true
	}
	return 0, false
}

// known reports whether a file in a folder is taken for data.
func known(name string) bool {
	ext := filepath.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz"))
	_, a := byName(ext)
	_, b := byContents(ext)
	return (a || b) && !strings.HasPrefix(filepath.Base(name), ".")
}
