package onnx

var reductionRows = map[string]row{}
