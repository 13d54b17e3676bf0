package onnx

var recurrentRows = map[string]row{}
