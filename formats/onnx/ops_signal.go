package onnx

var signalRows = map[string]row{}
