package tflite

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

// A parser fills in a File, one part of the root table after another. Numbers
// given to accessors are the schema's slots.
type parser struct {
	*File
	buf      *flatbuf.Buffer
	opcodes  []opcode
	external int // number of external buffers
}

type opcode struct {
	builtin BuiltinOperator
	version int32
	custom  string
}

// codes reads the operator codes, each the larger of the old byte and the new int.
func (p *parser) codes(root flatbuf.Table) error {
	for i, t := range root.Tables(1).All() {
		c := opcode{
			builtin: max(BuiltinOperator(t.Int8(0, 0)), BuiltinOperator(t.Int32(3, 0))),
			custom:  t.String(1),
			version: t.Int32(2, 1),
		}
		if c.builtin < 0 {
			return wrong(fmt.Sprintf("operator code %d", i), "negative code %d", int32(c.builtin))
		}
		if c.builtin != OpCustom {
			c.custom = ""
		}
		p.opcodes = append(p.opcodes, c)
	}
	return nil
}

// buffers reads the table of constants. In a file of more than 2 GiB they lie
// after the flatbuffer: at an offset from its start, which is valid if above 1.
func (p *parser) buffers(root flatbuf.Table) error {
	for i, t := range root.Tables(4).All() {
		data := t.Bytes(0)
		if off := t.Uint64(1, 0); off > 1 {
			var err error
			if data, err = p.outside(fmt.Sprintf("buffer %d", i), off, t.Uint64(2, 0)); err != nil {
				return err
			}
		}
		if len(data) == 0 {
			data = nil
		}
		p.Buffers = append(p.Buffers, data)
	}
	if len(p.Buffers) > 0 && p.Buffers[0] != nil {
		return wrong("buffer 0", "has %d bytes; it must be empty, for it stands for no data", len(p.Buffers[0]))
	}
	return nil
}

// outside returns size bytes of the file from off on.
func (p *parser) outside(where string, off, size uint64) ([]byte, error) {
	if n := uint64(len(p.raw)); off > n || size > n-off {
		return nil, wrong(where, "%d bytes at %d lie outside the file of %d bytes", size, off, n)
	}
	end := int(off + size)
	return p.raw[int(off):end:end], nil
}

// externals counts the buffers that lie in files of their own. Parse has one
// file, so a tensor that uses one cannot be read.
func (p *parser) externals(root flatbuf.Table) error {
	p.external = root.Tables(9).Len()
	return nil
}

// compressionMetadata names the metadata of files whose tensors hold indices
// instead of elements, in a form that DECODE operators have replaced.
const compressionMetadata = "COMPRESSION_METADATA"

func (p *parser) metadata(root flatbuf.Table) error {
	p.Metadata = map[string][]byte{}
	for i, t := range root.Tables(6).All() {
		name, n := t.String(0), t.Uint32(1, 0)
		if int64(n) >= int64(len(p.Buffers)) {
			return wrong(fmt.Sprintf("metadata %d %q", i, name), "names buffer %d of %d", n, len(p.Buffers))
		}
		if name == compressionMetadata {
			return &UnsupportedError{Format: formatName, What: "constants compressed by TensorFlow Lite Micro (metadata " + name + "); compress with DECODE operators instead"}
		}
		p.Metadata[name] = p.Buffers[n]
	}
	return nil
}

func (p *parser) signatures(root flatbuf.Table) error {
	for i, t := range root.Tables(7).All() {
		s := Signature{Key: t.String(2)}
		where := fmt.Sprintf("signature %d %q", i, s.Key)
		n := t.Uint32(4, 0)
		if int64(n) >= int64(len(p.Subgraphs)) {
			return wrong(where, "names sub-graph %d of %d", n, len(p.Subgraphs))
		}
		s.Subgraph = int(n)
		var err error
		if s.Inputs, err = p.aliases(t.Tables(0), s.Subgraph, where+" inputs"); err != nil {
			return err
		}
		if s.Outputs, err = p.aliases(t.Tables(1), s.Subgraph, where+" outputs"); err != nil {
			return err
		}
		p.Signatures = append(p.Signatures, s)
	}
	return nil
}

func (p *parser) aliases(v flatbuf.Tables, sub int, where string) (map[string]int32, error) {
	out := make(map[string]int32)
	tensors := int64(len(p.Subgraphs[sub].Tensors))
	for _, t := range v.All() {
		name, n := t.String(0), t.Uint32(1, 0)
		if int64(n) >= tensors {
			return nil, wrong(where, "%q names tensor %d of %d", name, n, tensors)
		}
		out[name] = int32(n)
	}
	return out, nil
}
