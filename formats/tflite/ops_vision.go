package tflite

var visionRows = map[string]row{}
