package tflite

var signalRows = map[string]row{}
