// Package modeltest writes .tflite files in memory: for tests, as seeds of
// fuzzing, and for tools that make small models.
//
//	m := modeltest.New()
//	q := modeltest.Quant{Scale: []float32{0.5}, Zero: []int64{-3}}
//	x := m.Input("x", tflite.Int8, []int{1, 5, 5, 3}, q)
//	w := m.Const("w", tflite.Int8, []int{8, 3, 3, 3}, weights, q)
//	y := m.Tensor("y", tflite.Int8, []int{1, 3, 3, 8}, q)
//	m.Op("CONV_2D", 3, modeltest.Options{
//		Type:   tflite.Conv2DOptions,
//		Fields: modeltest.Table{0: int8(tflite.PaddingValid), 1: int32(1), 2: int32(1)},
//	}, []int{x, w, -1}, []int{y})
//	m.Outputs(y)
//	file := m.Bytes()
//
// Little is checked, since tests need wrong files too; what cannot be written at
// all (an unknown operator, data of an unknown Go type) panics.
package modeltest

import (
	"encoding/binary"
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
)

// A Model is a file being made. Its embedded Subgraph is the main one.
type Model struct {
	*Subgraph
	Description string
	// DataAfter puts the buffers' data behind the flatbuffer, as files of more
	// than 2 GiB have it.
	DataAfter bool

	subgraphs  []*Subgraph
	buffers    [][]byte
	metadata   []Table
	signatures []Table
	codes      []Table
	codeOf     map[codeKey]uint32
}

type codeKey struct {
	builtin tflite.BuiltinOperator
	version int32
	custom  string
}

// New returns a model with a main sub-graph and no tensors.
func New() *Model {
	m := &Model{Description: "modeltest", buffers: [][]byte{nil}, codeOf: map[codeKey]uint32{}}
	m.Subgraph = m.NewSubgraph("main")
	return m
}

// NewSubgraph adds a sub-graph; Index tells its number to WHILE, IF and others.
func (m *Model) NewSubgraph(name string) *Subgraph {
	s := &Subgraph{Name: name, Index: len(m.subgraphs), model: m}
	m.subgraphs = append(m.subgraphs, s)
	return s
}

// Buffer adds data and returns its index.
func (m *Model) Buffer(data []byte) int {
	m.buffers = append(m.buffers, data)
	return len(m.buffers) - 1
}

// Metadata adds a named piece of metadata.
func (m *Model) Metadata(name string, data []byte) {
	m.metadata = append(m.metadata, Table{0: name, 1: uint32(m.Buffer(data))})
}

// Signature names inputs and outputs of a sub-graph: pairs of alias and tensor.
func (m *Model) Signature(key string, s *Subgraph, inputs, outputs map[string]int) {
	m.signatures = append(m.signatures, Table{0: aliases(inputs), 1: aliases(outputs), 2: key, 4: uint32(s.Index)})
}

func aliases(names map[string]int) []Table {
	return each(sortedKeys(names), func(k string) Table { return Table{0: k, 1: uint32(names[k])} })
}

// code returns the index of an operator code.
func (m *Model) code(k codeKey) uint32 {
	i, ok := m.codeOf[k]
	if !ok {
		i = uint32(len(m.codes))
		m.codeOf[k] = i
		t := Table{0: int8(min(k.builtin, tflite.OpPlaceholderForGreaterOpCodes)), 2: k.version, 3: int32(k.builtin)}
		if k.builtin == tflite.OpCustom {
			t[1] = k.custom
		}
		m.codes = append(m.codes, t)
	}
	return i
}

// Bytes returns the file.
func (m *Model) Bytes() []byte {
	if !m.DataAfter {
		return m.encode(0)
	}
	// The offsets have a fixed width: where the data begin does not depend on them.
	file := m.encode(1 << 20)
	begin := roundUp(len(file))
	file = m.encode(begin)
	for _, data := range m.buffers {
		if len(data) != 0 {
			file = append(file, make([]byte, roundUp(len(file))-len(file))...)
			file = append(file, data...)
		}
	}
	return file
}

// roundUp returns the next multiple of 16, to which data are aligned.
func roundUp(n int) int { return (n + 15) &^ 15 }

// encode writes the flatbuffer, with data outside from byte begin on if that is not 0.
func (m *Model) encode(begin int) []byte {
	root := m.Root()
	if begin != 0 {
		tables := root[4].([]Table)
		at := begin
		for i, data := range m.buffers {
			if len(data) == 0 {
				continue
			}
			tables[i] = Table{1: uint64(at), 2: uint64(len(data))}
			at = roundUp(at + len(data))
		}
	}
	return Encode(tflite.Identifier, root)
}

// Root returns the model's root table, to be changed where a test wants it wrong,
// and given to Encode.
func (m *Model) Root() Table {
	buffers := each(m.buffers, func(data []byte) Table {
		if len(data) == 0 {
			return Table{}
		}
		return Table{0: Aligned(data)}
	})
	return Table{
		0: uint32(tflite.SchemaVersion),
		1: m.codes,
		2: each(m.subgraphs, (*Subgraph).table),
		3: m.Description,
		4: buffers,
		6: m.metadata,
		7: m.signatures,
	}
}

// bytesOf returns elements as the file stores them: little-endian.
func bytesOf(data any) []byte {
	switch v := data.(type) {
	case nil:
		return nil
	case []byte:
		return v
	case []int8, []int16, []uint16, []int32, []uint32, []int64, []uint64, []float32, []float64, []bool:
		out, err := binary.Append(nil, binary.LittleEndian, v)
		if err != nil {
			panic("BUG: modeltest: " + err.Error())
		}
		return out
	}
	panic(fmt.Sprintf("BUG: modeltest: data of Go type %T", data))
}
