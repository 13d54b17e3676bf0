package tflite

var recurrentRows = map[string]row{}
