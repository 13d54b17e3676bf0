package tflite

import (
	"bytes"
	"strconv"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

// mistaken has the first bytes of files that are taken for models by mistake.
var mistaken = []struct{ magic, is string }{
	{"PK\x03\x04", "a zip archive; a model may be inside"},
	{"\x1f\x8b", "a gzip file; unpack it first"},
	{"\x89HDF", "an HDF5 file, perhaps of Keras; convert it first"},
	{"\x89PNG", "a PNG picture"},
	{"\x7fELF", "a program"},
	{"GGUF", "a GGUF file"},
	{"version https://git-lfs", "a Git LFS pointer; fetch the file that it stands for"},
	{"<", "text such as HTML or XML; perhaps a failed download"},
	{"{", "JSON text"},
}

// sniff reports what the file is instead, if it is no model.
func sniff(data []byte) error {
	const not = "not a TensorFlow Lite model ("
	id := flatbuf.New(data).Identifier()
	switch {
	case len(data) == 0:
		return wrong("", "%sthe file is empty)", not)
	case id == Identifier:
		return nil
	case len(id) == 4 && id[:3] == "TFL" && id[3] >= '0' && id[3] <= '9':
		return &UnsupportedError{Format: formatName, What: "a model of the schema " + strconv.Quote(id) + "; only " + Identifier + " is read"}
	}
	for _, f := range mistaken {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return wrong("", "%sit looks like %s)", not, f.is)
		}
	}
	if looksLikeONNX(data) {
		return wrong("", "%sit looks like ONNX)", not)
	}
	if len(data) < 8 {
		return wrong("", "%sit has only %d bytes)", not, len(data))
	}
	return wrong("", "%sits identifier is %q where %q belongs)", not, id, Identifier)
}

// looksLikeONNX recognises the head of a ModelProto: field 1, ir_version, a small
// number, and then one of the strings or messages that follow it.
func looksLikeONNX(data []byte) bool {
	if len(data) < 3 || data[0] != 0x08 || data[1] == 0 || data[1] > 0x7f {
		return false
	}
	switch data[2] {
	case 0x12, 0x1a, 0x22, 0x3a, 0x42: // producer_name … domain, graph, opset_import
		return true
	}
	return false
}

func itoa(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
