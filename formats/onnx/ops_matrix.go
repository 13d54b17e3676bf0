package onnx

var matrixRows = map[string]row{}
