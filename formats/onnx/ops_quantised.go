package onnx

var quantisedRows = map[string]row{}
