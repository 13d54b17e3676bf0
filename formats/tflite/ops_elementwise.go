package tflite

var elementwiseRows = map[string]row{}
