package onnx

var visionRows = map[string]row{}
