package tflite

var convolutionRows = map[string]row{}
