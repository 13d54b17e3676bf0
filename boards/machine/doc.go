// Package machine tells what a machine is and how it is doing: processor,
// memory, frequency, temperature, throttling, buses. It reads what Linux shows
// under /proc and /sys; elsewhere, and where a file is missing, fields are zero.
package machine

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// root is where / is; tests put another folder there.
var root = "/"

// read returns the trimmed contents of a small file, "" if it can't be read.
func read(path string) string {
	b, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(b), "\n\x00 ")
}

// readInt returns the number in a file, 0 if there is none.
func readInt(path string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(read(path)), 10, 64)
	return n
}

// glob returns the paths that match, below root.
func glob(pattern string) []string {
	found, _ := filepath.Glob(filepath.Join(root, pattern))
	for i, f := range found {
		rel, err := filepath.Rel(root, f)
		if err != nil {
			continue
		}
		found[i] = "/" + rel
	}
	return found
}

// field returns the value of a line "key: value" or "key value".
func field(text, key string) string {
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, key)
		if !ok {
			continue
		}
		rest = strings.TrimLeft(rest, " \t")
		if value, ok := strings.CutPrefix(rest, ":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
