package onnx

var mlRows = map[string]row{}
