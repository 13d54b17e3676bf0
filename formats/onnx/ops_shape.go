package onnx

var shapeRows = map[string]row{}
