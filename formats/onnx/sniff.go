package onnx

import "bytes"

// mistaken has the first bytes of files that are taken for models by mistake. None
// of them can begin a ModelProto: they would be fields of wire types that it lacks.
var mistaken = []struct{ magic, is string }{
	{"PK\x03\x04", "a zip archive such as PyTorch's; a model may be inside"},
	{"\x1f\x8b", "a gzip file; unpack it first"},
	{"\x89HDF", "an HDF5 file, perhaps of Keras; convert it first"},
	{"\x89PNG", "a PNG picture"},
	{"\x7fELF", "a program"},
	{"\x93NUMPY", "a NumPy array"},
	{"\x80\x02", "a Python pickle, perhaps of PyTorch; export it to ONNX first"},
	{"GGUF", "a GGUF file"},
	{"version https://git-lfs", "a Git LFS pointer; fetch the file that it stands for"},
	{"<", "text such as HTML, XML or ONNX's text form; perhaps a failed download"},
	{"{", "JSON text"},
}

// sniff reports what the file is instead, if it is surely no model.
func sniff(data []byte) error {
	const not = "not an ONNX model ("
	if len(data) == 0 {
		return wrong("", not+"the file is empty)")
	}
	if looksLikeTFLite(data) {
		return wrong("", not+"it looks like TensorFlow Lite)")
	}
	if len(data) >= 8 && string(data[4:8]) == "ORTM" && data[2] == 0 {
		return wrong("", not+"it looks like ONNX Runtime's own format; use the .onnx file that it was made from)")
	}
	for _, f := range mistaken {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return wrong("", not+"it looks like %s)", f.is)
		}
	}
	return nil
}

// looksLikeTFLite recognises a flatbuffer's identifier behind a small offset. The
// offset's zero byte begins no field of a protobuf, so no model looks like this.
func looksLikeTFLite(data []byte) bool {
	return len(data) >= 8 && data[2] == 0 && string(data[4:7]) == "TFL"
}
