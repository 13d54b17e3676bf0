package onnx

var convolutionRows = map[string]row{}
