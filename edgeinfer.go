// Package edgeinfer loads quantised and float models (.tflite, .onnx) and runs them,
// in pure Go, with the same bytes on every CPU.
//
// A [Model] is a file; a [Session] is the memory of its runs:
//
//	m, err := edgeinfer.Load("person_detect.tflite")
//	s, err := m.NewSession(edgeinfer.Options{Threads: 4})
//	copy(s.Input(0).Int8(), pixels)
//	err = s.Run()                     // allocates nothing
//	scores := s.Output(0).Int8()
//
// Models are untrusted: sizes are checked before they are believed, and
// [Limits] bound the memory and the work that a model may ask for.
package edgeinfer

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/edgeinfer/edgeinfer/formats"
	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// The errors that callers can act on, with errors.As.
type (
	// FormatError says that the file is not a valid model.
	FormatError = formats.FormatError
	// UnsupportedError says that the file is valid but uses something that
	// edgeinfer doesn't read.
	UnsupportedError = formats.UnsupportedError
	// MissingError lists all operators of a model that edgeinfer lacks.
	MissingError = formats.MissingError
	// LimitError says that the model needs more than Limits allow.
	LimitError = op.LimitError
)

// ErrData is wrapped by errors that the data of a run cause, such as an index
// out of range.
var ErrData = op.ErrData

// Limits bound what a model may take; zero fields mean the defaults.
type Limits = op.Limits

// Model is a loaded model. Its methods may be called by several goroutines.
type Model struct {
	name   string
	file   file
	graph  *graph.Graph
	state  *stateful    // nil if the file's inputs are all the model's
	mapped []byte       // the file, if it is mapped into memory
	unmap  func() error // gives it back; nil if there is nothing, or another model does

	mu    sync.Mutex
	plans []cachedPlan // most recently used first
}

// Load reads the model in a file, whose content says which format it has: what
// it is called doesn't matter. ONNX models may have further data in files of the
// same folder. The file is mapped into memory where the
// system can do that: it must not be changed while the model is in use.
func Load(path string) (*Model, error) {
	data, unmap, err := mapFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, withoutPath(err))
	}
	m, err := load(data, besidePath(path))
	if err != nil {
		if unmap != nil {
			_ = unmap()
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if m.name = path; unmap != nil {
		m.mapped, m.unmap = data, unmap
	}
	return m, nil
}

// LoadFS reads the model in a file of fsys, such as an embed.FS.
func LoadFS(fsys fs.FS, name string) (*Model, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	m, err := load(data, besideFS(fsys, name))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m.name = name
	return m, nil
}

// LoadBytes reads the model in data, which must not be changed afterwards. An
// ONNX model with data in other files is an error.
func LoadBytes(data []byte) (*Model, error) { return load(data, besideBytes) }

func load(data []byte, beside func(*onnx.Model) error) (*Model, error) {
	f, err := parse(data, beside)
	if err != nil {
		return nil, err
	}
	g, err := f.build()
	if err != nil {
		return nil, err
	}
	return &Model{file: f, graph: g}, nil
}

// withoutPath returns the cause of an error that names the path as well.
func withoutPath(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// Close gives the file's memory back. No session of the model may be used
// afterwards.
func (m *Model) Close() error {
	if m.unmap == nil {
		return nil
	}
	unmap := m.unmap
	m.mapped, m.unmap = nil, nil
	return unmap()
}

// TensorInfo describes an input or output.
type TensorInfo struct {
	Name  string
	DType DType
	Shape []int // tensor.Dynamic (-1) where the size depends on data
	Quant *Quant
	Dims  []string // names that the file has for an input's dimensions, "" for those without; nil if there are none
}

// DType is an element type.
type DType = tensor.DType

// The element types.
const (
	Float32 = tensor.F32
	Float16 = tensor.F16
	Float64 = tensor.F64
	Int4    = tensor.I4
	Int8    = tensor.I8
	Uint8   = tensor.U8
	Int16   = tensor.I16
	Uint16  = tensor.U16
	Int32   = tensor.I32
	Uint32  = tensor.U32
	Int64   = tensor.I64
	Uint64  = tensor.U64
	Bool    = tensor.Bool
)

// Inputs describes the model's inputs as the file declares them.
func (m *Model) Inputs() []TensorInfo {
	in := infos(m.graph, m.graph.In)
	for i := range in {
		in[i].Dims = m.file.dims(in[i].Name)
	}
	return in
}

// Outputs describes the model's outputs.
func (m *Model) Outputs() []TensorInfo { return infos(m.graph, m.graph.Out) }

func infos(g *graph.Graph, vs []graph.Value) []TensorInfo {
	out := make([]TensorInfo, len(vs))
	for i, v := range vs {
		x := g.Values[v]
		out[i] = TensorInfo{Name: x.Name, DType: x.Type.DType, Shape: slices.Clone(x.Type.Shape), Quant: x.Type.Quant}
	}
	return out
}

// Signature returns the model whose inputs and outputs a signature of the file
// names, in the order of the names: a file can hold several, one a sub-graph.
// It shares the file's memory with m, and must not be used after m is closed.
func (m *Model) Signature(key string) (*Model, error) {
	g, err := m.file.signature(key)
	if err != nil {
		return nil, m.named(err)
	}
	return &Model{name: m.name, file: m.file, graph: g, mapped: m.mapped}, nil
}

// File returns a .tflite file as it was parsed: operators, signatures, metadata,
// associated files. It is nil for other formats.
func (m *Model) File() *tflite.File { return m.file.tflite }

// Graph returns the graph that the file describes.
func (m *Model) Graph() *graph.Graph { return m.graph }

// Plan returns the plan for the given options, which sessions made with the
// same options share.
func (m *Model) Plan(o Options) (*runtime.Plan, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, err := m.plan(&o)
	return p, m.named(err)
}

// named adds the file's name to an error.
func (m *Model) named(err error) error {
	if err == nil || m.name == "" {
		return err
	}
	return fmt.Errorf("%s: %w", m.name, err)
}
