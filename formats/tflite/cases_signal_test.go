package tflite_test

var signalCases = []opCase{}
