package onnx

var elementwiseRows = map[string]row{}
