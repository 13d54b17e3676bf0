package feed

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
)

// NamesKey is the property of .onnx models that holds the names of classes, as
// Ultralytics' tools write it; see media.ParseNames.
const NamesKey = "names"

// SymbolsKey is the property of .onnx models that holds what symbols a sequence's
// numbers stand for, as FormatSymbols writes them. A .tflite has them in a file
// that its metadata name as the first input's vocabulary.
const SymbolsKey = "edgeinfer.symbols"

// Labels returns the names of the classes of output i: those of the file at
// path, or, if path is empty, the model's own; nil if it has none.
func Labels(m *edgeinfer.Model, i int, path string) ([]string, error) {
	if path == "" {
		return ownLabels(m, i)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	defer f.Close()
	labels, err := media.ReadLabels(f, media.Limits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return labels, nil
}

func ownLabels(m *edgeinfer.Model, i int) ([]string, error) {
	if m.Format() == edgeinfer.FormatONNX {
		text, ok := m.Property(NamesKey)
		if !ok {
			return nil, nil
		}
		labels, err := media.ParseNames(text)
		if err != nil { // it is some other tool's, of another meaning
			return nil, nil
		}
		return labels, nil
	}
	data, err := m.LabelFile(i)
	if err != nil || data == nil {
		return nil, err
	}
	return media.ReadLabels(bytes.NewReader(data), media.Limits{})
}

// FormatSymbols writes symbols, one a line, with Go's escapes for those that can't
// be printed.
func FormatSymbols(symbols []string) []byte {
	var b strings.Builder
	for _, s := range symbols {
		q := strconv.Quote(s)
		b.WriteString(strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`) + "\n")
	}
	return []byte(b.String())
}

// Symbols returns the symbols that the numbers of a model's sequences stand for;
// nil if the model does not say.
func Symbols(m *edgeinfer.Model) ([]string, error) {
	text, err := symbolText(m)
	if err != nil || text == "" {
		return nil, err
	}
	var out []string
	for line := range strings.Lines(text) {
		var symbol []byte
		for rest := strings.TrimSuffix(line, "\n"); rest != ""; {
			r, wide, tail, err := strconv.UnquoteChar(rest, 0)
			if err != nil {
				return nil, fmt.Errorf("the model's symbols: line %d: %.20q is no symbol", len(out)+1, rest)
			}
			if wide {
				symbol = append(symbol, string(r)...)
			} else {
				symbol = append(symbol, byte(r))
			}
			rest = tail
		}
		out = append(out, string(symbol))
	}
	return out, nil
}

func symbolText(m *edgeinfer.Model) (string, error) {
	if m.Format() == edgeinfer.FormatONNX {
		text, _ := m.Property(SymbolsKey)
		return text, nil
	}
	meta, err := m.InputMetadata(0)
	if err != nil || meta == nil {
		return "", err
	}
	k := slices.IndexFunc(meta.Files, func(f tflite.AssociatedFile) bool { return f.Type == tflite.FileVocabulary })
	if k < 0 {
		return "", nil
	}
	files, err := m.AssociatedFiles()
	if err != nil {
		return "", err
	}
	return string(files[meta.Files[k].Name]), nil
}
