package edgeinfer

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/edgeinfer/edgeinfer/formats"
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// The formats of files.
const (
	FormatTFLite = "tflite"
	FormatONNX   = "onnx"
)

// file is a parsed file of one of the formats: the other's field is nil.
type file struct {
	tflite *tflite.File
	onnx   *onnx.Model
}

// maxExternal is the most bytes that an ONNX model may have in other files.
const maxExternal = 1<<31 - 1

// parse tells the format by its content. beside is the file system of the
// model's folder, where further data of ONNX models are; nil if there is none.
func parse(data []byte, beside func(*onnx.Model) error) (f file, err error) {
	if !onnx.Sniff(data) {
		f.tflite, err = tflite.Parse(data)
		return f, err
	}
	if f.onnx, err = onnx.Parse(data); err == nil && f.onnx.HasExternal() {
		err = beside(f.onnx)
	}
	return f, err
}

// besidePath returns where Load finds data beside the model.
func besidePath(name string) func(*onnx.Model) error {
	return func(m *onnx.Model) error { return m.LoadExternal(filepath.Dir(name), maxExternal) }
}

func besideFS(fsys fs.FS, name string) func(*onnx.Model) error {
	return func(m *onnx.Model) error {
		dir, err := fs.Sub(fsys, path.Dir(name))
		if err != nil {
			return err
		}
		return m.LoadExternalFS(dir, maxExternal)
	}
}

func besideBytes(*onnx.Model) error {
	return &UnsupportedError{Format: FormatONNX, What: "a part of the model's data lies in other files, which are not known here: use Load or LoadFS"}
}

// nothingBeside is enough to describe a model.
func nothingBeside(*onnx.Model) error { return nil }

func (f file) build() (*graph.Graph, error) {
	if f.onnx != nil {
		return f.onnx.Build()
	}
	return f.tflite.Graph()
}

// signature returns the graph of a signature, which only .tflite has.
func (f file) signature(key string) (*graph.Graph, error) {
	if f.tflite == nil {
		return nil, &formats.UnsupportedError{Format: FormatONNX, What: fmt.Sprintf("signature %q: the format has no signatures", key)}
	}
	return f.tflite.SignatureGraph(key)
}

// Format returns the file's format, FormatTFLite or FormatONNX.
func (m *Model) Format() string { return m.file.format() }

func (f file) format() string {
	if f.onnx != nil {
		return FormatONNX
	}
	return FormatTFLite
}

// AssociatedFiles returns the files that are packed into the model's file, by
// name, such as labels. ONNX models have none.
func (m *Model) AssociatedFiles() (map[string][]byte, error) {
	if m.file.tflite == nil {
		return nil, nil
	}
	return m.file.tflite.AssociatedFiles()
}

// ReadInfo describes the model in a file, also one that can't run since it
// needs operators that edgeinfer lacks.
func ReadInfo(name string) (*Info, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	f, err := parse(data, nothingBeside)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f.info(), nil
}

// Info describes the model's file.
func (m *Model) Info() *Info { return m.file.info() }
