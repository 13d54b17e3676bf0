package tflite

var reductionRows = map[string]row{}
