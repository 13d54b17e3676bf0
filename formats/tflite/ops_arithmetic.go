package tflite

var arithmeticRows = map[string]row{}
