package edgeinfer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats"
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
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

// build makes the graph. Some ONNX models need operators that edgeinfer lacks
// only as long as the shapes of their inputs are open: of those the graph has no
// operators, and buildFor makes one.
func (f file) build() (*graph.Graph, error) {
	if f.onnx == nil {
		return f.tflite.Graph()
	}
	g, err := f.onnx.Build()
	missing, ok := errors.AsType[*MissingError](err)
	if !ok {
		return g, err
	}
	open, err := f.onnx.Declared()
	if err != nil {
		return nil, missing
	}
	var shapes [][]int
	dynamic := false
	for _, v := range open.In {
		shape := slices.Clone(open.Values[v].Type.Shape)
		for i, d := range shape {
			if d == tensor.Dynamic {
				shape[i], dynamic = 1, true
			}
		}
		shapes = append(shapes, shape)
	}
	if _, err := f.onnx.Build(shapes...); !dynamic || is[*MissingError](err) {
		return nil, missing
	}
	return open, nil
}

// buildFor returns the graph for inputs of the given shapes. A .tflite graph,
// g, is the same for all; an ONNX one has decisions in it that depend on them.
func (f file) buildFor(g *graph.Graph, shapes [][]int) (*graph.Graph, error) {
	if f.onnx == nil || !slices.ContainsFunc(shapes, func(s []int) bool { return s != nil }) {
		return g, nil
	}
	return f.onnx.Build(shapes...)
}

// dims returns the names of an input's dimensions, nil if none has one.
func (f file) dims(input string) (names []string) {
	if f.onnx == nil {
		return nil
	}
	for _, in := range f.onnx.Graph.Inputs {
		if in.Name != input || in.Type == nil {
			continue
		}
		named := false
		for _, d := range in.Type.Shape {
			names = append(names, d.Param)
			named = named || d.Param != ""
		}
		if !named {
			return nil
		}
	}
	return names
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
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
